"""A class of tables compared, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.classroom.as_json import DESCRIBED, FOR_WHOM, Accuracies
from delegates.debriefing.as_json import NOT_FOR
from delegates.debriefing.wording import label, option, settled
from delegates.text import counted, one_line
from games.point_words import tenths
from tui.text.class_words import (
    COUNTED,
    SHARES,
    STAND_INS,
    TITLES,
    apart_words,
    distance,
    ended,
    group_title,
    group_words,
    handed,
    party_name,
    played_cell,
    reach,
    seated,
    share,
    spread_cells,
    struck,
    tables_named,
)
from tui.text.columns import cut, left
from tui.text.wording import LIMITS, hung, paragraph

if TYPE_CHECKING:
    from delegates.classroom.comparison import Comparison, Group
    from delegates.classroom.tables import Table

_NAME = 18
MOST_SHARES = 12
"""Seats whose points by a solution are told."""

_ABREAST = 3
"""Seats whose points stand in a table's line; of more each line goes on below."""


def class_lines(found: Comparison, accuracies: Accuracies | None = None) -> list[str]:
    """Return a class compared as lines of text."""
    return [
        *_head(found),
        *(line for group in found.groups for line in _group(found, group, accuracies)),
        *_unfinished(found),
        paragraph(DESCRIBED),
        paragraph(COUNTED),
        paragraph(NOT_FOR),
        paragraph(LIMITS),
    ]


def _head(found: Comparison) -> Iterator[str]:
    finished = sum(len(one.tables) for one in found.groups)
    yield paragraph(
        f"A class of {counted(len(found.tables), 'table')}, {finished} finished, "
        f"{len(found.unfinished)} not"
    )
    yield paragraph(FOR_WHOM)
    for told in apart_words(found):
        yield hung("- ", told)
    yield ""


def _group(found: Comparison, group: Group, accuracies: Accuracies | None) -> Iterator[str]:
    yield paragraph(group_title(found, group).upper())
    yield paragraph(group_words(group))
    yield ""
    yield from _tables(group)
    if accuracies is not None:
        yield from _accuracies(group, accuracies)
    yield from _seats(group)
    yield from _agreed(group)
    yield from _theory(group)


def _tables(group: Group) -> Iterator[str]:
    yield f"{'table':<{_NAME}}{'ended':<26}{'rounds':>7}{'Nash share':>12}{'to frontier':>13}"
    for one in group.tables:
        yield (
            f"{left(cut(one.name, _NAME - 1), _NAME)}{left(cut(ended(one), 25), 26)}{one.rounds:>7}"
            f"{share(one.efficiency.nash_ratio):>12}"
            f"{distance(one.efficiency.distance_to_frontier):>13}"
        )
        if len(group.scenario.ids) <= 2 * _ABREAST:
            told = " · ".join(f"{seat.party} {tenths(seat.utility)}" for seat in one.seats)
            yield hung("  ", told)
        yield from _particulars(one)
    yield paragraph(SHARES)
    yield ""


def _particulars(one: Table) -> Iterator[str]:
    if len(one.seats) <= 2 * _ABREAST:
        yield hung("  ", f"at the table: {seated(one)}", "    ")
    if handed(one) != "–":
        yield f"  handed over: {handed(one)}"
    if one.shocks:
        yield hung("  ", f"struck: {struck(one.shocks)}", "    ")


def _accuracies(group: Group, accuracies: Accuracies) -> Iterator[str]:
    yield "HOW ACCURATELY EACH SEAT PLAYED"
    for one in group.tables:
        told = " · ".join(
            f"{seat.party} {played_cell(accuracies, one.name, seat.party)}" for seat in one.seats
        )
        yield hung(f"{left(cut(one.name, _NAME - 1), _NAME)}", told)
    yield paragraph(STAND_INS)
    yield ""


def _seats(group: Group) -> Iterator[str]:
    is_one = len(group.tables) == 1
    across = "" if is_one else f" ACROSS {counted(len(group.tables), 'TABLE').upper()}"
    yield f"SEAT BY SEAT: POINTS{across}"
    names = ("points",) if is_one else ("least", "lower", "median", "upper", "most")
    yield f"{'':<24}{''.join(f'{one:>8}' for one in ('r', *names, 'm'))}"
    nash = group.benchmarks[0]
    for one in group.seats:
        worth = (tenths(one.points.median),) if is_one else spread_cells(one.points)
        cells = (tenths(one.reservation), *worth, tenths(one.attainable))
        name = cut(party_name(group.scenario, one.party), 23)
        yield f"{left(name, 24)}{''.join(f'{cell:>8}' for cell in cells)}"
        most_at = "" if is_one else f"most at {tables_named(one.points.most_at)}; "
        left_by = "" if is_one else ", median"
        yield hung(
            "  ",
            f"{most_at}the Nash outcome gives {reach(nash, one.party)}; left on the table"
            f"{left_by} {tenths(one.left.median)}",
            "    ",
        )
    yield ""


def _agreed(group: Group) -> Iterator[str]:
    if not group.agreed:
        return
    scenario, total = group.scenario, len(group.agreed)
    yield "WHAT WAS AGREED (◆ as in a Nash outcome)"
    issue = ""
    for one in group.options:
        if not one.tables and not one.is_nash:
            continue
        if one.issue != issue:
            issue = one.issue
            yield hung("", label(scenario, issue), "  ")
        sign = "◆" if one.is_nash else " "
        where = f" ({tables_named(one.tables, 6)})" if one.tables else ""
        told = f"{option(scenario, issue, one.option)}: {len(one.tables)} of {total}{where}"
        yield hung(f"  {sign} ", told)
    for text in group.texts:
        if len(text.tables) > 1:
            told = f"{tables_named(text.tables, 12)}: {settled(scenario, text.agreement)}"
            yield hung("= ", f"the same text at {told}")
    yield ""


def _theory(group: Group) -> Iterator[str]:
    yield "WHAT THEORY SAYS BESIDE IT"
    if not group.benchmarks[0].outcomes:
        yield paragraph(
            "No outcome gives every party its points without agreement: there is no ZOPA."
        )
    for one in group.benchmarks if group.benchmarks[0].outcomes else ():
        ids = group.scenario.ids
        more = f" … and {len(ids) - MOST_SHARES} more" if len(ids) > MOST_SHARES else ""
        told = " · ".join(f"{party} {reach(one, party)}" for party in ids[:MOST_SHARES])
        worth = f"{told}{more}"
        ties = "" if len(one.outcomes) == 1 else f" (of {len(one.outcomes)} that tie)"
        outcome = settled(group.scenario, one.outcomes[0])
        yield hung("- ", f"{TITLES[one.name]}: {worth}. {outcome}{ties}")
    yield ""


def _unfinished(found: Comparison) -> Iterator[str]:
    if not found.unfinished:
        return
    yield "UNFINISHED"
    for one in found.unfinished:
        so_far = f"{counted(one.moves, 'move')} so far, {counted(one.rounds, 'round')} begun"
        shocks = f"; struck: {struck(one.shocks)}" if one.shocks else ""
        yield hung("- ", f"{one.name}: {one_line(one.scenario.title)}, {so_far}{shocks}")
    yield ""
