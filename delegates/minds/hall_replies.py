"""From a model's reply in a hall to the move it names, or to what is wrong with it.

The protocol itself says what is legal; before it is asked, every name that a reply gives is checked
to be one, so that no complaint repeats what the reply says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, StrictFloat, StrictInt, StrictStr

from delegates.acts_open import base_of
from delegates.contract import View
from delegates.hall import Hall
from delegates.minds.replies import outcome_in, require_on_table, unsignable
from delegates.models.hall_schema import OF_ONE_TERM, TERMS, actions_of_stage
from delegates.models.prompt import outcome_texts
from games.errors import UnusableReply
from games.moves import Accept, Merge, Move, Offer
from games.outcomes import Option
from transcripts.acts import ACTS

_AT_HOME = ("red line", "its mandate does not reach", "its capital lets it")
"""By what the protocol's complaints about what may not be signed are known."""


class RawHallDecision(BaseModel):
    """A model's decision in a hall as it should be written."""

    model_config = ConfigDict(extra="ignore")

    action: StrictStr
    offer: dict[str, StrictStr | StrictInt | StrictFloat | None] | None = None
    on: dict[str, StrictStr | list[StrictStr] | StrictInt | StrictFloat | None] | None = None
    message: StrictStr = ""


def hall_move(view: View, hall: Hall, raw: RawHallDecision) -> Move:
    """Return the move that a decision in a hall names.

    Raises:
        UnusableReply: If the move is not legal now, or the decision contradicts itself.
    """
    if raw.action not in actions_of_stage(view, hall):
        known = ", ".join(actions_of_stage(view, hall))
        raise UnusableReply(f'"action": expected one of {known}', "illegal")
    if raw.offer and raw.action not in ("offer", "merge", "accept"):
        raise UnusableReply(
            f'the action is "{raw.action}" but "offer" is not null', "contradictory"
        )
    move = _made(view, raw)
    problem = hall.problem(move)
    if problem is not None:
        raise _refusal(view, move, problem)
    if isinstance(move, Accept) and raw.offer:
        offer = raw.offer
        require_on_table(view, lambda: _outcome(view, offer))
    return move


def _refusal(view: View, move: Move, problem: str) -> UnusableReply:
    """Return why a move cannot be made, what it runs against at home named where it does."""
    outcome = move.outcome if isinstance(move, Offer | Merge) else view.offer
    if outcome is not None and any(word in problem for word in _AT_HOME):
        return unsignable(view, "that", outcome)
    return UnusableReply(problem, "illegal")


def _made(view: View, raw: RawHallDecision) -> Move:
    action = raw.action
    if action in ("offer", "merge"):
        if raw.offer is None:
            raise UnusableReply(f'the action is "{action}" but "offer" is null', "contradictory")
        outcome = _outcome(view, raw.offer)
        return Offer(outcome) if action == "offer" else Merge(outcome)
    for act, (_, words) in OF_ONE_TERM.items():
        for choice, word in words.items():
            if word == action:
                return _kind(act)(choice)
    if action in TERMS:
        return _with_terms(view, action, raw.on or {})
    return _kind(action)()


def _outcome(view: View, offer: Mapping[str, Option | None]) -> int:
    """Return the outcome that an offer names; an issue it leaves out stays as the text has it."""
    base = base_of(view)
    named = {name: option for name, option in offer.items() if option is not None}
    if base is not None:
        named = {**outcome_texts(view, base), **named}
    outcome = outcome_in(view.public.space, named)
    if not view.public.space.is_possible(outcome):
        raise UnusableReply("the offer combines options that exclude each other", "illegal")
    return outcome


def _with_terms(view: View, action: str, on: Mapping[str, object]) -> Move:
    """Return an act with terms, each checked to name what there is."""
    if action == "threaten" and on.get("measure") in (None, "null"):
        raise UnusableReply('"on": "measure": expected a measure of your own', "illegal")
    names = TERMS[action]
    # An option is one of the issue that is named, wherever it stands.
    terms = {name: _read(view, name, on.get(name)) for name in names if name != "option"}
    if "option" in names:
        terms["option"] = _option(view, cast("str", terms["issue"]), on.get("option"))
    return _kind(action)(**terms)


def _kind(action: str) -> Any:
    """Return the act that an action is the word of."""
    return ACTS[cast("Any", action.replace("_", "-"))]


def _read(view: View, name: str, given: object) -> str | tuple[str, ...] | None:
    hall = view.hall
    match name:
        case "measure":
            measures = [] if hall is None else list(hall.affairs.measures)
            return None if given in (None, "null") else _one_of(name, measures, given)
        case "deal":
            return _one_of(name, [] if hall is None else list(hall.affairs.deals), given)
        case "issue":
            return _one_of(name, list(view.public.issues), given)
        case "issues":
            return _some_of(name, {one: one for one in view.public.issues}, given)
        case _:
            parties = view.public.parties
            known = {one.name: code for code, one in parties.items()} | {c: c for c in parties}
            return _some_of(name, known, given)


def _one_of(name: str, known: Sequence[str], given: object) -> str:
    if given not in known:
        expected = ", ".join(known) or "none, you have none"
        raise UnusableReply(f'"on": "{name}": expected one of {expected}', "illegal")
    return str(given)


def _some_of(name: str, known: Mapping[str, str], given: object) -> tuple[str, ...]:
    listed = cast("list[object]", given) if isinstance(given, list) else [given]
    if not listed or any(not isinstance(one, str) or one not in known for one in listed):
        raise UnusableReply(f'"on": "{name}": expected a list of names as given above', "illegal")
    return tuple(known[str(one)] for one in listed)


def _option(view: View, issue: str, given: object) -> str:
    texts = view.public.issues[issue].texts
    found = str(given) if isinstance(given, str | int | float) else ""
    if found not in texts:
        raise UnusableReply(
            f'"on": "option": expected an option of {issue}: {", ".join(texts)}', "illegal"
        )
    return found
