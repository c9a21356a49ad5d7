"""What the facilitator alone may see: briefs, reservation values, alternatives, points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.report.document import Block, Heading, Listed, Table, Words
from tui.report.setting import one_line, option_words
from tui.text.wording import points

if TYPE_CHECKING:
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
    yield f"Without agreement: {points(party.reservation)} points{basis}."
    own = scenario.preferences[scenario.ids.index(code)]
    yield f"At best: {points(own.highest)} points. Patience a round: {party.discount:g}."
    share = 0.0 if scenario.market is None else scenario.market.share
    for one in party.alternatives:
        yield f"Instead: {one_line(one.name)}, {points(one.worth(share))} points."
    for line in party.red_lines:
        told = " with ".join(
            f"{one_line(scenario.issues[name].label)} {one_line(option)}"
            for name, option in line.items()
        )
        yield f"Never signs: {told}."
    yield from _mandate(scenario, code)


def _mandate(scenario: Scenario, code: str) -> Iterator[str]:
    mandate = scenario.mandates.get(code)
    if mandate is None:
        return
    for name, options in mandate.limits.items():
        label = one_line(scenario.issues[name].label)
        yield f"May sign of {label}: {', '.join(one_line(str(one)) for one in options)}."
    if mandate.instructions:
        yield f"Instructions that its capital will send: {len(mandate.instructions)}."
    if mandate.face:
        yield f"Loses at home {points(mandate.face)} points per point yielded in plenary."


def _points_table(scenario: Scenario, party: Party) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, issue in scenario.issues.items():
        stated = party.points.get(name, {})
        told = " · ".join(
            f"{option_words(issue, option)}: {points(stated[text])}"
            for option, text in zip(issue.options, issue.texts, strict=True)
            if text in stated
        )
        rows.append((one_line(issue.label), told or "–"))
    return Table(head=("issue", "points by option"), rows=tuple(rows))


def _links(scenario: Scenario, party: Party) -> Iterator[str]:
    for link in party.links:
        first, second = (one_line(scenario.issues[name].label) for name in link.issues)
        for one, others in link.points.items():
            for other, extra in others.items():
                yield (
                    f"{first} {one_line(one)} with {second} {one_line(other)}: "
                    f"{points(extra)} points more."
                )
