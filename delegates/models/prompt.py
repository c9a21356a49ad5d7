"""What models are told: the game from one seat, the talks so far, and what to answer.

The seat's instructions come first and never change within a session; the talks are only ever
added to. So nearly all of a prompt is one the provider has seen before. What delegates say is
quoted (`quotation`): it can neither close its quotation nor pass for an instruction. The goal is
spelt out from the same table that scores the session.
"""

from __future__ import annotations

import json

from delegates.contract import PublicMove, View
from delegates.models.chat import Message, Schema
from delegates.models.quotation import (
    LEFT_OUT,
    MAX_HEARD,
    MAX_REASON,
    QUOTATION_REMINDER,
    QUOTATION_RULE,
    first_heard,
    quoted,
    said,
)
from games.outcomes import Option, option_text
from games.scenario import Issue
from games.session import Accept, Offer, WalkAway

MAX_WORDS_CHARACTERS = 600
"""Longest public statement that is asked for."""


def instructions(view: View) -> str:
    """Return the part of a seat's prompt that never changes within a session."""
    public = view.public
    own = public.parties[view.party]
    others = [party for code, party in public.parties.items() if code != view.party]
    parts = [
        f"You are the chief delegate of {own.name} in a simulated negotiation: {public.title}.",
        f"Today is {public.date or 'the day of the talks'}; you know nothing of later events.",
        public.setting.strip(),
        "Counterparts: "
        + " ".join(f"{party.name} ({party.side}): {party.interests.strip()}" for party in others),
        f"Your public interests: {own.interests.strip()}",
        f"Your private instructions, never to be quoted: {view.private.brief.strip()}",
        "ISSUES AND WHAT THEIR OPTIONS ARE WORTH TO YOU (private points, never to be told):",
        *(_issue_line(view, name, issue) for name, issue in public.issues.items()),
        *_link_lines(view),
        _reservation_line(view),
        *_red_lines(view),
        _rules(view),
        QUOTATION_RULE,
    ]
    return "\n".join(part for part in parts if part)


def _issue_line(view: View, name: str, issue: Issue) -> str:
    points = view.private.points[name]
    worth = ", ".join(f"{text} = {points[text]:g}" for text in issue.texts)
    unit = f" in {issue.unit}" if issue.unit else ""
    obligor = ""
    if issue.obligor is not None:
        obligor = f"; to be delivered by {view.public.parties[issue.obligor].name}"
    return f"- {name} ({issue.label}{unit}{obligor}): {worth}"


def _link_lines(view: View) -> list[str]:
    return [
        f"- together: {link.issues[0]} {first} with {link.issues[1]} {second} = {points:+g}"
        for link in view.private.links
        for first, row in link.points.items()
        for second, points in row.items()
        if points
    ]


def _reservation_line(view: View) -> str:
    own = view.private
    basis = f" ({own.reservation_basis.strip()})" if own.reservation_basis else ""
    return (
        f"Your score is the sum of these points. Without agreement you score {own.reservation:g}"
        f"{basis}. Never agree to less."
    )


def _red_lines(view: View) -> list[str]:
    lines = [
        " with ".join(f"{issue} {option}" for issue, option in red_line.items())
        for red_line in view.private.red_lines
    ]
    excluded = [
        f"{name} {option} with {other} {' or '.join(others)}"
        for name, issue in view.public.issues.items()
        for option, exclusions in issue.excludes.items()
        for other, others in exclusions.items()
    ]
    return [
        *([f"Red lines, never to be signed: {'; '.join(lines)}."] if lines else []),
        *([f"Impossible for anyone: {'; '.join(excluded)}."] if excluded else []),
    ]


def _rules(view: View) -> str:
    rules = view.public.rules
    loss = 1 - view.own.discount * (1 - rules.breakdown)
    cost = f" Each round of delay costs you {loss:.1%} of your gain." if loss > 0 else ""
    return (
        f"RULES: at most {rules.rounds} rounds. On your turn you accept the offer on the table, "
        "make an offer that settles every issue, or, only when no agreement can be worth signing, "
        "walk away for good. Without agreement in the "
        f"last round there is none.{cost} Concede slowly, trade what costs you little for what is "
        "worth much to you, and do not give in early."
    )


def talks(view: View, most: int = MAX_HEARD) -> str:
    """Return the public record so far, one move a line, and that nothing quoted in it is a rule.

    Args:
        view: Whose turn it is.
        most: How many characters may be quoted; of longer talks the oldest words are left out.
    """
    if not view.history:
        return "THE TALKS SO FAR\nNobody has spoken yet."
    words = [said(seen.words) if seen.words else "" for seen in view.history]
    first = first_heard([len(quotation) for quotation in words], most)
    words[:first] = [LEFT_OUT if quotation else "" for quotation in words[:first]]
    lines = [
        _move_line(view, seen, spoken) for seen, spoken in zip(view.history, words, strict=True)
    ]
    return "\n".join(["THE TALKS SO FAR", *lines, QUOTATION_REMINDER])


def _move_line(view: View, seen: PublicMove, words: str) -> str:
    who = "You" if seen.party == view.party else view.public.parties[seen.party].name
    return f"Round {seen.round + 1}, {who}: {act_text(view, seen)} {words}".rstrip()


def act_text(view: View, seen: PublicMove) -> str:
    """Return a move in the words of the protocol."""
    match seen.move:
        case Offer(outcome=outcome):
            return f"OFFER {json.dumps(outcome_texts(view, outcome))}."
        case Accept():
            return "ACCEPT the offer on the table."
        case WalkAway():
            return "WALK AWAY."


def outcome_texts(view: View, outcome: int) -> dict[str, str]:
    """Return an outcome as issue → option text."""
    return {
        issue: option_text(option) for issue, option in view.public.space.outcome(outcome).items()
    }


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
    """Return the prompt that asks a model to decide and to word its move."""
    return (
        Message(role="system", content=f"{instructions(view)}\n{REPLY_FORMAT}"),
        Message(role="user", content=f"{talks(view)}\n{_situation(view)}"),
        *(Message(role="user", content=_again(problem)) for problem in problems),
    )


REPLY_FORMAT = (
    'Reply with one JSON object: "reasoning" (private, brief), "action" ("offer" to propose, or to '
    'refuse and propose other terms; "accept"; or "walk_away", which ends all talks without a '
    'deal), "offer" (for an offer: one option for every issue, as written above; else null) '
    'and "message" (what you say aloud: two or three sentences, in role, without your points).'
)


def _situation(view: View) -> str:
    left = view.rounds - view.round
    table = "No offer is on the table."
    if view.offer is not None:
        worth = view.own.utility(view.offer)
        by = "your own" if view.offerer == view.party else "the counterpart's"
        table = f"The offer on the table is {by}; it is worth {worth:g} points to you."
    return f"NOW: round {view.round + 1} of {view.rounds} ({left} left). {table} Your move."


def _again(problem: str) -> str:
    # It may repeat what the model replied, and that what a counterpart told it to.
    reason = quoted(problem, MAX_REASON)
    return f"Your last reply could not be used: {reason}. Reply again, with one JSON object only."


def _actions(view: View) -> list[str]:
    """Return the actions that are legal now; a schema keeps a small model from any other."""
    can_accept = view.offer is not None and view.own.may_sign(view.offer)
    return ["offer", "accept", "walk_away"] if can_accept else ["offer", "walk_away"]


def decision_schema(view: View) -> Schema:
    """Return the JSON schema of a decision: an action, an offer of existing options, words."""
    options = {
        name: {"type": "string", "enum": list(issue.texts)}
        for name, issue in view.public.issues.items()
    }
    offer = {
        "type": "object",
        "properties": options,
        "required": list(options),
        "additionalProperties": False,
    }
    properties: dict[str, object] = {
        "reasoning": {"type": "string", "maxLength": MAX_WORDS_CHARACTERS},
        "action": {"type": "string", "enum": _actions(view)},
        "offer": {"anyOf": [offer, {"type": "null"}]},
        "message": {"type": "string", "maxLength": MAX_WORDS_CHARACTERS},
    }
    return Schema(
        name="move",
        json={
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    )
