"""What would follow from signing the Nash outcome: is it kept, who signs, the years after."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.analysis import Analysis
from games.implementation.units import volume_unit
from games.implementation.year_rows import OutlookRow, outlook_rows
from tui.report.charts import Years
from tui.report.document import Block, Caption, Figure, Heading, Listed, Table, Words
from tui.report.setting import names
from tui.report.theory import matrix_blocks
from tui.text.agreement import floor_words, verdict_words
from tui.text.labels import option_with_unit
from tui.text.years import units_told, with_range

if TYPE_CHECKING:
    from games.agreement import Agreement
    from games.scenario import Scenario

PROFILES = 3
"""Stable ways to sign that are written out."""


def after_blocks(analysis: Analysis) -> Iterator[Block]:
    """Yield what would follow from signing the first Nash outcome, where there is one to sign."""
    found = analysis.agreement
    if found is None:
        return
    scenario = found.scenario
    yield Heading("If the Nash outcome were signed")
    outcome = scenario.space.outcome(found.outcome)
    yield Words(
        "; ".join(
            f"{one_line(issue.label)} {option_with_unit(issue, outcome[name])}"
            for name, issue in scenario.issues.items()
        )
        + ".",
        is_aside=True,
    )
    for matrix in found.matrices:
        yield Heading(one_line(matrix.title), 3)
        yield from matrix_blocks(matrix)
    yield from _verdict(found)
    yield from _dispute(found)
    yield from _ratification(found)
    yield from _signing(found)
    yield from _years(found)


def _verdict(found: Agreement) -> Iterator[Block]:
    if found.verdict is None:
        return
    yield Heading("Will it hold?", 3)
    if len(found.verdict.parties) <= PARTIES:
        yield Words(one_line(found.verdict.headline))
        yield Listed(tuple(map(one_line, found.verdict.lines)))
    else:
        yield Words(one_line(verdict_words(found.verdict)))


PARTIES = 12
"""Parties up to which each has a line of its own."""


def _dispute(found: Agreement) -> Iterator[Block]:
    if not found.dispute:
        return
    yield Heading("The quarrel", 3)
    parties = found.scenario.parties
    steady = [one for one in found.dispute if one.signs and one.level >= 1]
    lines: list[str] = []
    if steady:
        who = names(found.scenario, [one.party for one in steady])
        lines.append(f"Would sign this text whatever the quarrel: {who}.")
    for one in found.dispute:
        name = one_line(parties[one.party].name)
        if one in steady:
            continue
        if one.signs:
            lines.append(f"{name} would sign up to a quarrel of {one.level:.2f} on a scale to 1.")
        elif one.depth <= 0:
            lines.append(f"{name} would sign no text of this substance, however shallow.")
        else:
            lines.append(f"{name} would sign a text of legal depth {one.depth:.2f} at most.")
    yield Listed(tuple(lines))


def _ratification(found: Agreement) -> Iterator[Block]:
    if not found.ratification:
        return
    yield Heading("Who ratifies?", 3)
    parties = found.scenario.parties
    yield Table(
        head=("capital", "chance that it ratifies"),
        rows=tuple(
            (one_line(parties[code].name), f"{chance:.0%}")
            for code, chance in found.ratification.items()
        ),
        figures=(1,),
    )
    yield Words(f"In all of them: {prod(found.ratification.values()):.0%}.")


def _signing(found: Agreement) -> Iterator[Block]:
    if found.signatures is None or found.coalitions is None:
        return
    scenario, ways = found.scenario, found.signatures
    yield Heading("Who signs?", 3)
    if not ways.found:
        yield Words(f"No way to sign is stable ({ways.note}).")
    else:
        yield Words(
            f"Ways to sign from which nobody departs alone: {len(ways.found)} ({ways.note})."
        )
        rows: list[tuple[str, ...]] = []
        for one in ways.found[:PROFILES]:
            groups = {
                how: [code for code, signed in one.signatures.items() if signed == how]
                for how in ("binding", "declaratory", "out")
            }
            told = (
                f"{len(group)}: {names(scenario, group)}" if group else "–"
                for group in groups.values()
            )
            rows.append((*told, "yes" if one.in_force else "no"))
        yield Table(
            head=("sign binding", "sign declaratory", "stay out", "in force"), rows=tuple(rows)
        )
        if len(ways.found) > PROFILES:
            yield Words(f"… and {len(ways.found) - PROFILES} more.", is_aside=True)
    if not found.coalitions.found:
        yield Words(f"No coalition is stable ({found.coalitions.note}).")
        return
    members = list(found.coalitions.found[0].members)
    who = names(scenario, members) if members else "nobody"
    yield Words(
        f"Largest coalition that nobody would leave or join: {who} ({found.coalitions.note})."
    )


def _years(found: Agreement) -> Iterator[Block]:
    if found.outlook is None or found.outlook_words is None:
        return
    yield Heading("The years after signature (simulated)", 3)
    yield Words(one_line(found.outlook_words))
    rows = outlook_rows(found.scenario, found.outlook)
    if any(row.tonnes or row.tonnes_high for row in rows):
        yield Figure(
            Years(
                label=f"deliveries a year{_unit(found.scenario)}",
                mean=[row.tonnes for row in rows],
                low=[row.tonnes_low for row in rows],
                high=[row.tonnes_high for row in rows],
            ),
            _YEARS,
        )
        yield _year_table(rows)
        yield Words(
            "Means, and in brackets from the 5 % to the 95 % quantile. "
            + units_told(found.scenario),
            is_aside=True,
        )
    if found.floor is not None:
        yield Words(floor_words(found.scenario, found.floor))


_YEARS = Caption(
    "Line: mean of the simulated futures. Band: from the 5 % to the 95 % quantile, year by year.",
    "Mean of the simulated futures; the table has the ranges.",
)


def _unit(scenario: Scenario) -> str:
    """Return the unit of deliveries, if an issue's own options state it."""
    unit = volume_unit(scenario)
    return "" if unit is None else f", {one_line(unit)}"


def _year_table(rows: tuple[OutlookRow, ...]) -> Table:
    has_floor = any(row.floor or row.floor_high for row in rows)
    return Table(
        head=("year", "delivered", "worth at the market", *(("paid for floor",) * has_floor)),
        rows=tuple(
            (
                str(row.year),
                with_range(row.tonnes, row.tonnes_low, row.tonnes_high),
                with_range(row.money, row.money_low, row.money_high),
                *((with_range(row.floor, row.floor_low, row.floor_high),) * has_floor),
            )
            for row in rows
        ),
        figures=(0, 1, 2, 3) if has_floor else (0, 1, 2),
    )
