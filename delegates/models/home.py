"""What stands behind a seat, as a model is told it: news, the mandate, a vote at home, face.

What holds all through a session stands with the goal; what changes between turns comes after the
talks, so that a prompt begins as the one before it did.
"""

from __future__ import annotations

from collections.abc import Iterator

from delegates.acts_open import options_to_ask_for
from delegates.contract import News, OwnMandate, View
from delegates.models.goal import figure, rounded, spelt
from delegates.text import unbroken

MOST_NEWS = 40
"""News that a prompt tells at most, the latest."""

_PERCENT = 1
"""Decimals of a chance in percent."""

_KINDS = {
    "instruction": "instruction of your own capital, known to you alone",
    "answer": "answer of your own capital, known to you alone",
}


def home_rules(view: View) -> list[str]:
    """Return what the public at home does to the score, where it does anything."""
    mandate = view.mandate
    if mandate is None:
        return []
    if not mandate.face or view.hall is None:
        return []
    told = (
        f"FACE: what you take before the hall costs you {figure(mandate.face)} points at home for "
        "every point by which it is worth less to you than what you last stood for there; what "
        "you yield in a small room costs nothing."
    )
    return [told]


def home(view: View) -> list[str]:
    """Return what a seat has learned between moves, and how its mandate stands now."""
    return [*_news(view), *(_mandate(view, view.mandate) if view.mandate is not None else ())]


def _news(view: View) -> Iterator[str]:
    if not view.news:
        return
    yield "NEWS (all your points above are those of now):"
    yield from (_told(one) for one in view.news[-MOST_NEWS:])


def _told(one: News) -> str:
    private = "news that not all have heard, you among those who have"
    kind = _KINDS.get(one.kind) or (private if one.is_private else "news that all have heard")
    return f"- Round {one.round + 1}, {kind}: {unbroken(one.words)}"


def _mandate(view: View, mandate: OwnMandate) -> Iterator[str]:
    lines = [*_limits(view, mandate), *_home_vote(view, mandate)]
    if lines:
        yield "YOUR MANDATE (private, never to be told):"
        yield from (f"- {line}" for line in lines)


def _limits(view: View, mandate: OwnMandate) -> Iterator[str]:
    if mandate.is_held:
        speaks = view.hall is None or view.hall.stage in ("floor", "room")
        what = (
            "neither offer nor accept, only pass or ask your capital"
            if speaks
            else "support no text"
        )
        yield f"Your capital lets you sign nothing in this round: you may {what}."
    for issue, options in mandate.limits.items():
        if len(options) < len(view.public.issues[issue].texts):
            yield f"Of {issue} you may sign {' or '.join(map(spelt, options))} alone."
    for issue, option, answer in mandate.asked:
        became = {True: "granted", False: "refused", None: "no answer yet"}[answer]
        yield f"You asked for {issue} {spelt(option)}: {became}."
    if mandate.limits:
        left = mandate.requests_left
        yield (
            f"You may ask your capital for an option beyond {left} more time{'s' * (left != 1)}; "
            "it costs your turn, and the answer comes as the next round begins."
        )
    open_now = options_to_ask_for(view)
    if open_now:
        listed = "; ".join(f"{k} {' or '.join(map(spelt, found))}" for k, found in open_now.items())
        yield f"Now you may ask for {listed}; what is on the table is what it will judge."


def _home_vote(view: View, mandate: OwnMandate) -> Iterator[str]:
    if mandate.ratify is None or mandate.chance is None:
        return
    lost = rounded(view.own.reservation - mandate.ratify.audience_cost)
    yield (
        f"What is on the table would be ratified at home with chance "
        f"{100 * mandate.chance:.{_PERCENT}f}%; if it is signed and fails you have {lost} points."
    )


def not_signable(view: View, outcome: int, verb: str = "accept") -> str:
    """Return as a sentence why a seat may not put its name to an outcome now; nothing if it may."""
    if view.is_held:
        return f" Your capital lets you sign nothing in this round: you may not {verb} it."
    beyond = view.outside_mandate(outcome)
    if view.red_line_crossed(outcome) is None and beyond is not None:
        issue, option = beyond
        return (
            f" It is beyond your mandate, which does not reach as far as {issue} {spelt(option)}: "
            f"you may not {verb} it."
        )
    return f" It crosses one of your red lines: you may not {verb} it."
