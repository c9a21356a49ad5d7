"""What a seat is after, spelt out for a model from the very tables that score the session.

Every rule of the score stands here: points of options and of pairs of them, what a quarrel costs at
home, what no agreement is worth, what may never be signed, what cannot be, whose acceptance an
agreement needs and what delay costs. Figures are written in full, so that whoever adds them up gets
the score.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from delegates.contract import View
from delegates.text import unbroken
from games.scenario import Dispute, Issue, Quorum, Scale

_PLAIN = re.compile(r"-?[^\W_](?:[\w.%/+-]| (?=[^\W_])(?!(?:with|or|and) ))*(?<!\.)")
"""Option texts that can be told apart from what stands around them without quotation marks."""

_DIGITS = 12
"""Decimals kept of a product, beyond which only the last digits of the arithmetic would be told."""


def goal(view: View) -> list[str]:
    """Return the lines that say what an agreement is worth to the seat, and what it may sign."""
    return [
        "ISSUES AND WHAT THEIR OPTIONS ARE WORTH TO YOU (private points, never to be told):",
        *(_issue_line(view, name, issue) for name, issue in view.public.issues.items()),
        *_link_lines(view),
        *_home_lines(view),
        *_ratification_lines(view),
        _reservation_line(view),
        *_limits(view),
    ]


def figure(value: float) -> str:
    """Return a number as the shortest text that reads back to it."""
    text = repr(float(value))
    return text.removesuffix(".0")


def signed(value: float) -> str:
    """Return a number as `figure` does, its sign always shown."""
    return figure(value) if value < 0 else f"+{figure(abs(value))}"


def rounded(points: float) -> str:
    """Return points as `figure` does, to the second decimal."""
    return figure(round(points, 2))


def spelt(option: str) -> str:
    """Return an option's text, in quotation marks where its end could not be seen without."""
    return option if _PLAIN.fullmatch(option) else json.dumps(option)


def _issue_line(view: View, name: str, issue: Issue) -> str:
    points = view.private.points[name]
    worth = ", ".join(f"{spelt(text)} = {figure(points[text])}" for text in issue.texts)
    unit = f" in {unbroken(issue.unit)}" if issue.unit else ""
    obligor = ""
    if issue.obligor is not None:
        obligor = f"; to be delivered by {unbroken(view.public.parties[issue.obligor].name)}"
    open_words = "".join(_open_words(view, name, text) for text in issue.ambiguous)
    return f"- {name} ({unbroken(issue.label)}{unit}{obligor}): {worth}{open_words}"


def _open_words(view: View, issue: str, option: str) -> str:
    """Return that words are open to more than one reading, and how the seat itself reads them."""
    reading = view.readings.get(issue, {}).get(option)
    own = "" if reading is None else f"; you read them as {spelt(reading)}"
    return f"; the words {json.dumps(option)} are left open, to be read by each in its own way{own}"


def _pair(first: str, option: str, second: str, other: str) -> str:
    return f"{first} {spelt(option)} with {second} {spelt(other)}"


def _link_lines(view: View) -> list[str]:
    return [
        f"- together: {_pair(link.issues[0], first, link.issues[1], second)} = {signed(points)}"
        for link in view.private.links
        for first, row in link.points.items()
        for second, points in row.items()
        if points
    ]


def _home_lines(view: View) -> list[str]:
    """Return what signing costs at home, where a quarrel makes it cost anything."""
    dispute = view.dispute
    cost = 0.0 if dispute is None else dispute.audience_cost.get(view.party, 0.0)
    if dispute is None or cost == 0:
        return []
    return [f"- at home: {what} = {signed(-value)}" for what, value in _costs(dispute, cost)]


def _ratification_lines(view: View) -> list[str]:
    """Return what must pass at home once it is signed, with which chance, and what failing costs.

    What the prompt says offers are worth to the seat counts that chance.
    """
    ratify = None if view.mandate is None else view.mandate.ratify
    if ratify is None:
        return []
    more = "; ".join(
        f"{name} {spelt(option)} = {signed(points)}"
        for name, options in ratify.points.items()
        for option, points in options.items()
        if points
    )
    counted = f", counting besides {more}" if more else ""
    lost = round(view.private.reservation - ratify.audience_cost, _DIGITS)
    signature = "what you sign" if view.hall is None else "a text that you are bound by"
    line = (
        f"- ratification: {signature} must pass at home. With x your points of it{counted}, it "
        f"passes with a chance of 1/(1 + exp(-{figure(ratify.slope)} (x - "
        f"{figure(ratify.threshold)}))). If it fails you score {figure(lost)}. So signing is worth "
        f"{figure(lost)} + chance × (points - {figure(lost)})."
    )
    return [line]


def _costs(dispute: Dispute, cost: float) -> Iterator[tuple[str, float]]:
    """Yield what costs points at home: A times the level of the quarrel times the text's depth."""
    level, depth = _levels(dispute.level), _levels(dispute.depth)
    for (issue, option), one in level.items():
        for (other_issue, other), two in depth.items():
            value = cost * one * two
            if value == 0 or (issue and issue == other_issue and option != other):
                continue
            yield _settled(issue, option, other_issue, other), value


def _levels(scale: float | Scale) -> Mapping[tuple[str, str], float]:
    """Return a scale's values by issue and option; by none where it is fixed."""
    if isinstance(scale, Scale):
        return {(scale.issue, option): value for option, value in scale.values.items()}
    return {("", ""): float(scale)}


def _settled(issue: str, option: str, other_issue: str, other: str) -> str:
    if issue and other_issue and issue != other_issue:
        return _pair(issue, option, other_issue, other)
    if not issue and not other_issue:
        return "any agreement"
    return f"{issue} {spelt(option)}" if issue else f"{other_issue} {spelt(other)}"


def _reservation_line(view: View) -> str:
    basis = unbroken(view.private.reservation_basis)
    because = f" ({basis})" if basis else ""
    # In a hall what is threatened changes it, turn by turn: that is told with the turn.
    nothing = view.own.reservation if view.hall is None else view.private.reservation
    return (
        "Your score is the sum of these points. Without agreement you score "
        f"{figure(nothing)}{because}. Never agree to less."
    )


def _limits(view: View) -> list[str]:
    """Return what the seat may never sign, and what nobody can."""
    lines = [
        " with ".join(f"{issue} {spelt(option)}" for issue, option in red_line.items())
        for red_line in view.private.red_lines
    ]
    excluded = [
        f"{name} {spelt(option)} with {other} {' or '.join(map(spelt, others))}"
        for name, issue in view.public.issues.items()
        for option, exclusions in issue.excludes.items()
        for other, others in exclusions.items()
    ]
    return [
        *([f"Red lines, never to be signed: {'; '.join(lines)}."] if lines else []),
        *([f"Impossible for anyone: {'; '.join(excluded)}."] if excluded else []),
    ]


def rules(view: View) -> str:
    """Return the rules of the talks, with whose acceptance binds and what delay costs the seat."""
    talks = view.public.rules
    end = f"at most {talks.rounds} rounds, in each of which every party has a turn."
    if talks.deadline is not None:
        end += (
            f" From round {talks.deadline.start} on every round may be the last, with a chance of "
            f"{figure(talks.deadline.close)}."
        )
    return (
        f"RULES: {end} On your turn you accept the offer on the table, make an offer that settles "
        "every issue, or, only when no agreement can be worth signing, walk away for good. "
        f"{_agreement(view)} Without agreement in the last round there is none.{delay(view)} "
        "Concede slowly, trade what costs you little for what is worth much to you, and do not "
        "give in early."
    )


def _agreement(view: View) -> str:
    rule = view.public.rules.agreement
    if not isinstance(rule, Quorum):
        count = len(view.public.parties)
        everyone = "both parties" if count == 2 else f"all {count} parties"
        return f"An agreement binds once {everyone} accept it."
    names = view.public.parties
    weights = ", ".join(
        f"{unbroken(party.name)} {figure(rule.weights.get(code, 1.0))}"
        for code, party in names.items()
    )
    vetoes = ", ".join(unbroken(names[code].name) for code in rule.vetoes)
    return (
        f"An agreement binds once two parties or more with at least {figure(rule.quorum)} of the "
        f"whole voting weight accept it{f', {vetoes} among them' if vetoes else ''}. Voting "
        f"weights: {weights}."
    )


def delay(view: View) -> str:
    """Return what delay costs the seat, as a sentence; nothing where it costs nothing."""
    talks = view.public.rules
    factor = round(view.own.discount * (1 - talks.breakdown), _DIGITS)
    if factor == 1:
        return ""
    what = "gain over no agreement" if talks.discounting == "gain" else "points"
    if view.hall is not None:
        return (
            " Delay costs: every round that has passed when the text is adopted multiplies your "
            f"{what} by {figure(factor)}."
        )
    return (
        f" Delay costs: every round that has passed when the agreed offer is made multiplies your "
        f"{what} by {figure(factor)} (a turn counts as 1/{len(view.public.parties)} round)."
    )
