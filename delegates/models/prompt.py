"""What models are told: the game from one seat, the talks so far, and what to answer.

The seat's instructions come first and never change within a session; the talks are only ever
added to. So nearly all of a prompt is one the provider has seen before. What delegates say is
quoted (`quotation`): it can neither close its quotation nor pass for an instruction. The goal is
spelt out from the same tables that score the session (`goal`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache

from delegates.contract import PublicMove, PublicParty, View
from delegates.lasting import Lasting
from delegates.models.chat import Message, Schema
from delegates.models.goal import figure, goal, rules
from delegates.models.hall_rules import hall_rules, introductions
from delegates.models.home import home, home_rules, not_signable
from delegates.models.quotation import (
    MAX_HEARD,
    MAX_REASON,
    QUOTATION_REMINDER,
    QUOTATION_RULE,
    quotations,
    quoted,
)
from delegates.models.schema_parts import object_of, one_of, or_null
from delegates.text import MAX_WORDS_CHARACTERS, unbroken
from games.outcomes import Option, OutcomeSpace, option_text
from games.session import Accept, Offer, WalkAway

MOST_SPELT = 1024
"""Outcomes of a seat whose spelling is remembered."""

MOST_LINES = 2048
"""Moves that a seat has seen whose lines are remembered: a talk is told again at every turn."""


def instructions(view: View) -> str:
    """Return the part of a seat's prompt that never changes within a session."""
    public = view.public
    own = public.parties[view.party]
    hall = view.hall
    parts = [
        f"You are the chief delegate of {own.name} in a simulated negotiation: {public.title}.",
        f"Today is {public.date or 'the day of the talks'}; you know nothing of later events.",
        unbroken(public.setting),
        "Counterparts: " + (_counterparts(view) if hall is None else introductions(view)),
        f"Your public interests: {unbroken(own.interests)}",
        f"Your private instructions, never to be quoted: {unbroken(view.private.brief)}",
        *goal(view),
        *home_rules(view),
        rules(view) if hall is None else hall_rules(view, hall),
        QUOTATION_RULE,
    ]
    return "\n".join(part for part in parts if part)


def _counterparts(view: View) -> str:
    others = (one for code, one in view.public.parties.items() if code != view.party)
    return " ".join(_introduced(party) for party in others)


def _introduced(party: PublicParty) -> str:
    return f"{unbroken(party.name)} ({party.side}): {unbroken(party.interests)}"


def talks(view: View, most: int = MAX_HEARD) -> str:
    """Return the public record so far, one move a line, and that nothing quoted in it is a rule.

    Args:
        view: Whose turn it is.
        most: How many characters may be quoted; of longer talks the oldest words are left out.
    """
    if not view.history:
        return "THE TALKS SO FAR\nNobody has spoken yet."
    words = quotations([seen.words for seen in view.history], most)
    lines = map(_LINE(view), view.history, words)
    return "\n".join(["THE TALKS SO FAR", *lines, QUOTATION_REMINDER])


def _lining(view: View) -> Callable[[PublicMove, str], str]:
    """Return what writes down a move with what is quoted of it, and remembers some lines."""

    @lru_cache(maxsize=MOST_LINES)
    def line(seen: PublicMove, words: str) -> str:
        who = "You" if seen.party == view.party else view.public.parties[seen.party].name
        return f"Round {seen.round + 1}, {who}: {act_text(view, seen)} {words}".rstrip()

    return line


_LINE = Lasting(_lining)


def act_text(view: View, seen: PublicMove) -> str:
    """Return a move in the words of the protocol."""
    match seen.move:
        case Offer(outcome=outcome):
            return f"OFFER {_SPELT(view)(outcome)}."
        case Accept():
            return "ACCEPT the offer on the table."
        case WalkAway():
            return "WALK AWAY."
        case _:
            return f"{view.act_words(seen.move)}."


def _spelling(view: View) -> Callable[[int], str]:
    """Return what spells out outcomes as JSON, and remembers some."""
    space = view.public.space

    @lru_cache(maxsize=MOST_SPELT)
    def spelt(outcome: int) -> str:
        return json.dumps(_texts(space, outcome))

    return spelt


_SPELT = Lasting(_spelling)


def outcome_texts(view: View, outcome: int) -> dict[str, str]:
    """Return an outcome as issue → option text."""
    return _texts(view.public.space, outcome)


def _texts(space: OutcomeSpace, outcome: int) -> dict[str, str]:
    return {issue: option_text(option) for issue, option in space.outcome(outcome).items()}


def described(view: View, outcome: dict[str, Option]) -> list[str]:
    """Return an outcome's terms as a person would write them: label, amount, unit."""
    terms: list[str] = []
    for name, option in outcome.items():
        issue = view.public.issues[name]
        amount = f"{option:,}" if isinstance(option, int | float) else option
        unit = f" {issue.unit}" if issue.unit and not isinstance(option, str) else ""
        terms.append(f"{issue.label} {amount}{unit}")
    return terms


def decision_messages(view: View, problems: list[str]) -> tuple[Message, ...]:
    """Return the prompt that asks a model to decide and to word its move.

    Args:
        view: Whose turn it is.
        problems: Why the replies so far could not be used; they stand at the end, so that all
            before is a prompt the provider has seen.
    """
    question = "\n".join([talks(view), *home(view), _situation(view)])
    return (_SYSTEM(view), Message(role="user", content=asked_again(question, problems)))


def _system(view: View) -> Message:
    return Message(role="system", content=f"{instructions(view)}\n{reply_format(view)}")


_SYSTEM = Lasting(_system)


def reply_format(view: View) -> str:
    """Return how a reply is to say what is done."""
    asks = on = ""
    if view.mandate is not None:
        asks = (
            '"ask_capital" to ask for an option beyond your mandate; "pass", only where your '
            "capital lets you sign nothing; "
        )
        on = '"on" (for ask_capital: an object of "issue" and "option"; else null) '
    return (
        'Reply with one JSON object: "reasoning" (private, brief), "action" ("offer" to propose, '
        f'or to refuse and propose other terms; "accept"; {asks}or "walk_away", which ends all '
        'talks without a deal), "offer" (for an offer: one option for every issue, as written '
        f'above; else null) {on}and "message" (what you say aloud: two or three sentences of at '
        f"most {MAX_WORDS_CHARACTERS} characters in all, in role, without your points)."
    )


def _situation(view: View) -> str:
    here, rounds = view.round + 1, view.rounds
    when = f"round {here} of {rounds} (at most {rounds - view.round} left)"
    return f"NOW: {when}. {_table(view)} Your move."


def _table(view: View) -> str:
    if view.offer is None:
        return "No offer is on the table, so there is none to accept."
    worth = figure(view.own.utility(view.offer))
    offerer = view.public.parties[view.offerer or view.party].name
    by = "your own" if view.offerer == view.party else f"that of {unbroken(offerer)}"
    signable = view.own.may_sign(view.offer) and not view.is_held
    limit = "" if signable else not_signable(view, view.offer)
    return f"The offer on the table is {by}; it is worth {worth} points to you.{limit}"


def asked_again(question: str, problems: Sequence[str]) -> str:
    """Return a question with why the replies to it so far could not be used.

    It stays one message: the chat templates of some models take no two of a user's in a row.
    """
    return "\n".join([question, *map(_again, problems)])


def _again(problem: str) -> str:
    # It may repeat what the model replied, and that what a counterpart told it to.
    reason = quoted(problem, MAX_REASON)
    return f"A reply of yours could not be used: {reason}. Reply again, as you were asked to."


def decision_schema(view: View) -> Schema:
    """Return the JSON schema of a decision: an action, an offer of existing options, words.

    It is the same in every turn: providers put it before the prompt, and one that changed would
    make them read all of it anew.
    """
    return _SCHEMA(view)


def _schema(view: View) -> Schema:
    options = {name: one_of(issue.texts) for name, issue in view.public.issues.items()}
    text = {"type": "string", "maxLength": MAX_WORDS_CHARACTERS}
    properties: dict[str, object] = {
        "reasoning": text,
        "action": one_of(_actions(view)),
        "offer": or_null(object_of(options)),
        **_request(view),
        "message": text,
    }
    return Schema(name="move", json=object_of(properties))


_SCHEMA = Lasting(_schema)


def _actions(view: View) -> list[str]:
    capital = ["ask_capital", "pass"] if view.mandate is not None else []
    return ["offer", "accept", *capital, "walk_away"]


def _request(view: View) -> dict[str, object]:
    """Return what a reply may ask a capital for, where the seat has a mandate."""
    if view.mandate is None:
        return {}
    asked = {"issue": one_of([*view.public.issues]), "option": {"type": "string"}}
    return {"on": or_null(object_of(asked))}
