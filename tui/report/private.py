"""What the facilitator alone may see: briefs, reservation values, alternatives, points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.option_words import settled_words, with_unit, with_units
from games.point_words import tenths
from tui.report.document import Block, Heading, Listed, Table, Words
from tui.text.labels import option_with_unit

if TYPE_CHECKING:
    from games.parts.mandates import Instruction
    from games.scenario import Party, Scenario


def private_blocks(scenario: Scenario) -> Iterator[Block]:
    """Yield the private part of a report, party by party."""
    yield Heading("Private briefs and points")
    yield Words("Nobody who is to play should see this part.", is_aside=True)
    for code, party in scenario.parties.items():
        yield Heading(f"{one_line(party.name)} ({code})", 3)
        if party.brief.strip():
            yield Words(party.brief)
        yield Listed(tuple(_figures(scenario, code, party)))
        yield _points_table(scenario, party)
        links = tuple(_links(scenario, party))
        if links:
            yield Listed(links)


def _figures(scenario: Scenario, code: str, party: Party) -> Iterator[str]:
    basis = f" ({one_line(party.reservation_basis)})" if party.reservation_basis.strip() else ""
    yield f"Without agreement: {tenths(party.reservation)} points{basis}."
    own = scenario.preferences[scenario.ids.index(code)]
    yield f"At best: {tenths(own.highest)} points. Patience a round: {party.discount:g}."
    share = 0.0 if scenario.market is None else scenario.market.share
    for one in party.alternatives:
        yield f"Instead: {one_line(one.name)}, {tenths(one.worth(share))} points."
    for line in party.red_lines:
        yield f"Never signs: {one_line(settled_words(scenario.issues, line))}."
    yield from _mandate(scenario, code)


def _mandate(scenario: Scenario, code: str) -> Iterator[str]:
    """Yield what stands behind a delegate, a sentence each."""
    mandate = scenario.mandates.get(code)
    if mandate is None:
        return
    if mandate.limits:
        yield f"May sign: {_limits(scenario, mandate.limits)}."
    for name, options in mandate.grants.items():
        for option, grant in options.items():
            what = one_line(settled_words(scenario.issues, {name: option}))
            yield (
                f"Its capital grants {what} if the text is worth at least "
                f"{tenths(grant.least)} at home."
            )
    for one in mandate.instructions:
        yield f"Round {one.round}, from its capital: {_instruction(scenario, one)}"
    if mandate.ratify is not None:
        ratify = mandate.ratify
        yield (
            f"To be ratified: a text worth {tenths(ratify.threshold)} at home passes with even "
            f"chances; failing costs {tenths(ratify.audience_cost)}. Its chance follows a logistic "
            f"curve with a slope of {ratify.slope:g} a point ({ratify.basis})."
        )
        for name, options in ratify.points.items():
            issue = scenario.issues[name]
            told = ", ".join(
                f"{with_unit(issue, option)} {value:+g}"
                for option, value in options.items()
                if value
            )
            if told:
                yield f"At home besides: {one_line(f'{issue.label} {told}')} points."
    if mandate.face:
        yield f"Loses at home {tenths(mandate.face)} points per point yielded in plenary."


def _limits(scenario: Scenario, limits: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(
        one_line(f"{scenario.issues[name].label} {with_units(scenario.issues[name], options)}")
        for name, options in limits.items()
    )


def _instruction(scenario: Scenario, one: Instruction) -> str:
    what = {
        "tighten": f"sign no more than {_limits(scenario, one.limits)}",
        "widen": f"sign as far as {_limits(scenario, one.limits)}",
        "red-line": "never sign " + one_line(settled_words(scenario.issues, one.red_line)),
        "no-deal": "sign nothing in this round",
    }[one.kind]
    return f"{what} (“{one_line(one.words)}”)." if one.words.strip() else f"{what}."


def _points_table(scenario: Scenario, party: Party) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, issue in scenario.issues.items():
        stated = party.points.get(name, {})
        told = " · ".join(
            f"{option_with_unit(issue, option)}: {tenths(stated[text])}"
            for option, text in zip(issue.options, issue.texts, strict=True)
            if text in stated
        )
        rows.append((one_line(issue.label), told or "–"))
    return Table(head=("issue", "points by option"), rows=tuple(rows))


def _links(scenario: Scenario, party: Party) -> Iterator[str]:
    for link in party.links:
        first, second = link.issues
        for one, others in link.points.items():
            for other, extra in others.items():
                both = settled_words(scenario.issues, {first: one, second: other})
                yield f"{one_line(both)}: {extra:+g} points besides."
