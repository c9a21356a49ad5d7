"""From the bytes that an outside agent sends to the move they name, or to what is wrong with them.

Nothing is repaired, and whatever comes is a move that may be made or one printable line. A line
never quotes more than the names that the agent was sent itself.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn, cast

from pydantic import ValidationError

from delegates.acts_open import OpenAct, Term, moves_allowed, named
from delegates.contract import View
from delegates.minds.replies import outcome_in
from delegates.nesting import require_shallow
from delegates.outside.messages import MOST_BYTES, MoveGiven
from delegates.persons.person import PersonMove, too_much_said
from delegates.text import one_line
from games.errors import UnusableReply
from games.faults import fault_text
from games.moves import Move
from games.outcomes import option_text
from transcripts.acts import ACTS

LONGEST_LINE = 400
"""Longest line by which an agent is told what is wrong."""


def json_given(body: bytes) -> object:
    """Return what the body of a request says as JSON, strictly read.

    Raises:
        UnusableReply: If it is none, or can be read in two ways.
    """
    if len(body) > MOST_BYTES:
        raise UnusableReply(f"body: {len(body):,} bytes; expected at most {MOST_BYTES:,}")
    try:
        found: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_number
        )
        require_shallow(found)
    except RecursionError:
        raise UnusableReply("body: JSON nested too deeply; expected one flat object") from None
    except ValueError as error:
        raise UnusableReply(_line(f"body: not JSON ({error}); expected one object")) from None
    return found


def move_given(found: object) -> MoveGiven:
    """Return the message that was meant by what stood in a request.

    Raises:
        UnusableReply: If it is none.
    """
    try:
        return MoveGiven.model_validate(found)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        # What stands below a field of ours is a name that the agent chose.
        where = problem["loc"][0] if problem["loc"] else "move"
        known = isinstance(where, str) and where in MoveGiven.model_fields
        raise UnusableReply(_line(f"{where if known else 'move'}: {fault_text(problem)}")) from None


def answer_meant(view: View, given: MoveGiven) -> PersonMove:
    """Return the move that a message names, with its words.

    Raises:
        UnusableReply: If it cannot be made now.
    """
    try:
        move = _move(view, given)
    except UnusableReply as error:
        raise UnusableReply(_line(str(error))) from None
    words = one_line(given.words)
    problem = too_much_said(words)
    if problem is not None:
        raise UnusableReply(_line(f"words: {problem}"))
    return PersonMove(move, words)


def _line(text: str) -> str:
    return one_line(text, LONGEST_LINE)


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("one key twice")
    return dict(pairs)


def _no_number(_: str) -> NoReturn:
    raise ValueError("NaN and infinity are no numbers")


def _move(view: View, given: MoveGiven) -> Move:
    open_now = moves_allowed(view)
    act = named(open_now, given.act)
    if act is None:
        raise UnusableReply(
            f"act: {given.act} is not open now; expected one of "
            f"{', '.join(one.act for one in open_now)}"
        )
    kind = cast("Any", ACTS[act.act])
    if act.options:
        if given.on:
            raise UnusableReply(f"on: {act.act} takes an outcome alone; expected nothing here")
        return kind(_outcome(view, act, given))
    if given.outcome is not None:
        raise UnusableReply(f"outcome: {act.act} names none; expected null")
    return kind(**_terms(view, act, given))


def _outcome(view: View, act: OpenAct, given: MoveGiven) -> int:
    if given.outcome is None:
        raise UnusableReply(f"outcome: {act.act} names one; expected an option for every issue")
    try:
        outcome = outcome_in(view.public.space, given.outcome)
    except UnusableReply as error:
        raise UnusableReply(f"outcome: {error}") from None
    if not view.public.space.is_possible(outcome):
        raise UnusableReply("outcome: it combines options that exclude each other")
    for name, option in view.public.space.outcome(outcome).items():
        if option_text(option) not in act.options[name]:
            raise UnusableReply(
                f"outcome: {name} is not open now; expected {', '.join(act.options[name])}"
            )
    return outcome


def _terms(view: View, act: OpenAct, given: MoveGiven) -> dict[str, object]:
    for name in given.on:
        if name not in act.terms:
            expected = ", ".join(act.terms) or "nothing"
            raise UnusableReply(f"on: a term that {act.act} does not have; expected {expected}")
    terms: dict[str, object] = {}
    for name, term in act.terms.items():
        if name not in given.on and None not in term.choices:
            raise UnusableReply(f"on: {name} is missing; {act.act} has to say it")
        if term.is_list:
            terms[name] = _several(name, term, given.on.get(name))
        else:
            texts = term.choices or _options(view, terms.get("issue"))
            terms[name] = _one(name, texts, given.on.get(name))
    return terms


def _options(view: View, issue: object) -> tuple[str, ...]:
    return view.public.issues[str(issue)].texts


def _one(name: str, choices: tuple[object, ...], found: object) -> object:
    # In Python true equals 1: the kind counts as well.
    chosen = [one for one in choices if type(one) is type(found) and one == found]
    if not chosen:
        raise UnusableReply(f"on: {name}: expected one of {_listed(choices)}")
    return chosen[0]


def _several(name: str, term: Term, found: object) -> tuple[object, ...]:
    given = cast("list[object]", found) if isinstance(found, list) else None
    if given is None or not term.least <= len(given) <= term.most:
        raise UnusableReply(f"on: {name}: expected a list of {term.least} to {term.most}")
    chosen = tuple(_one(name, term.choices, one) for one in given)
    if len(set(chosen)) < len(chosen):
        raise UnusableReply(f"on: {name}: expected each once")
    return chosen


def _listed(choices: tuple[object, ...]) -> str:
    return ", ".join(json.dumps(one) if not isinstance(one, str) else one for one in choices)
