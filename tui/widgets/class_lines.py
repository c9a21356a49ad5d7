"""The tables of a class as rows in columns that can be ordered by, and what is found of a group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from delegates.classroom.as_json import DESCRIBED, Accuracies
from delegates.classroom.tables import natural
from delegates.debriefing.wording import label, option
from delegates.text import counted, one_line
from games.point_words import tenths
from tui.text.class_words import (
    MOST_SEATS,
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
from tui.text.columns import cut, left, right, width_of
from tui.widgets.fitted import title, wrapped

if TYPE_CHECKING:
    from delegates.classroom.comparison import Comparison, Group
    from delegates.classroom.tables import Table

_EMPTY = Content("")
_NAME, _LEAST_NAME = 24, 10
_COUNTED = 16
"""Columns before which an option's count stands."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the columns of the list of tables."""

    name: str
    what: str
    """In a few words, by what rows are ordered then."""
    width: int
    cell: Callable[[Table], str]
    rank: Callable[[Table], tuple[object, ...]]
    """The least comes first."""
    is_words: bool = False
    """Whether its cells begin at the left."""


def columns_of(found: Comparison, accuracies: Accuracies | None = None) -> list[Column]:
    """Return the columns for a class; seats have theirs where they are few."""
    return [
        Column(name="table", what="its name", width=0, cell=lambda one: one.name, rank=_by_name),
        Column(
            name="ended", what="how it ended", width=15, cell=ended, rank=_by_end, is_words=True
        ),
        Column(
            name="rounds",
            what="rounds, the fewest first",
            width=7,
            cell=lambda one: str(one.rounds),
            rank=lambda one: (one.rounds,),
        ),
        *(_of_seat(party, accuracies) for party in _parties(found)),
        Column(
            name="Nash",
            what="share of the greatest Nash product",
            width=6,
            cell=lambda one: share(one.efficiency.nash_ratio) if one.is_over else "",
            rank=lambda one: _falling(one.efficiency.nash_ratio),
        ),
        Column(
            name="frontier",
            what="distance to the frontier, the nearest first",
            width=9,
            cell=lambda one: distance(one.efficiency.distance_to_frontier) if one.is_over else "",
            rank=lambda one: _rising(one.efficiency.distance_to_frontier),
        ),
        Column(
            name="stand-ins",
            what="moves that stand-ins decided, the most first",
            width=10,
            cell=lambda one: str(one.stand_in_moves) if one.stand_in_moves else "–",
            rank=lambda one: (-one.stand_in_moves,),
        ),
    ]


def _parties(found: Comparison) -> tuple[str, ...]:
    """Return the seats that have columns: those of the first scenario, where they are few."""
    tables = found.tables
    parties = tables[0].scenario.ids if tables else ()
    return parties if len(parties) <= MOST_SEATS else ()


def _of_seat(party: str, accuracies: Accuracies | None) -> Column:
    def worth(one: Table) -> float | None:
        if not one.is_over or party not in one.scenario.ids:
            return None
        return one.seat(party).utility

    def cell(one: Table) -> str:
        found = worth(one)
        told = "" if found is None else tenths(found)
        if accuracies is None or found is None:
            return told
        return f"{told} {played_cell(accuracies, one.name, party):>9}"

    return Column(
        name=party,
        what=f"what {party} got, the most first",
        width=7 if accuracies is None else 17,
        cell=cell,
        rank=lambda one: _falling(worth(one)),
    )


def _by_name(one: Table) -> tuple[object, ...]:
    return (natural(one.name),)


def _by_end(one: Table) -> tuple[object, ...]:
    return (one.status,)


def _falling(value: float | None) -> tuple[object, ...]:
    return (value is None, 0.0 if value is None else -value)


def _rising(value: float | None) -> tuple[object, ...]:
    return (value is None, 0.0 if value is None else value)


def ordered(tables: Sequence[Table], column: Column) -> list[Table]:
    """Return tables by a column; ties stand by their names."""
    by_name = sorted(tables, key=_by_name)
    return sorted(by_name, key=column.rank)


def name_room(names: Sequence[str], columns: Sequence[Column], width: int) -> int:
    """Return how many columns of the terminal names get."""
    longest = max(map(width_of, names), default=0) + 1
    rest = width - sum(one.width for one in columns)
    return min(max(rest, _LEAST_NAME), max(longest, _LEAST_NAME), _NAME)


def table_line(one: Table, columns: Sequence[Column], room: int, best: frozenset[str]) -> Content:
    """Return a table's row.

    Args:
        one: The table.
        columns: What is told of it.
        room: Columns of the terminal for its name.
        best: The names of the columns in which no table of its group has more.
    """
    lead = Content(one_line(one.name)).truncate(room, ellipsis=True, pad=True)
    cells = [
        (_fit(each.cell(one), each), "bold $agreed" if each.name in best else "")
        for each in columns[1:]
    ]
    told = Content.assemble(lead, *cells)
    return told if one.is_over else told.stylize("$muted")


def head_line(columns: Sequence[Column], chosen: str, room: int) -> Content:
    """Return what stands over the rows; the column by which they are ordered stands out."""
    first = columns[0].name
    cells: list[Content] = [_head(first, f"{first:<{room}}", chosen)]
    cells += [_head(one.name, _fit(one.name, one), chosen) for one in columns[1:]]
    return Content.assemble(*cells)


def _head(name: str, fitted: str, chosen: str) -> Content:
    told = Content.styled(fitted, "$muted")
    if name != chosen:
        return told
    # A long name is cut in its column.
    shown = fitted.strip()
    start = fitted.index(shown)
    return told.stylize("bold underline $primary", start, start + len(shown))


def _fit(text: str, column: Column) -> str:
    room = column.width - 1
    aligned = left if column.is_words else right
    return f" {aligned(cut(text, room), room)}"


def class_told(found: Comparison, group: Group | None, table: Table, width: int) -> list[Content]:
    """Return what is found of a table's group, the table's own particulars first."""
    lines = _particulars(table, width)
    if group is not None:
        lines += _found_of(found, group, width)
    apart = apart_words(found)
    if apart:
        lines += [_EMPTY, title("Told apart")]
        for told in apart:
            lines += wrapped(told, width, first="· ")
    lines += [_EMPTY, *wrapped(DESCRIBED, width, style="$muted")]
    return lines


def _particulars(table: Table, width: int) -> list[Content]:
    lines = [Content.styled(one_line(table.name), "bold").truncate(width, ellipsis=True)]
    if len(table.seats) <= MOST_SEATS:
        lines += wrapped(f"At the table: {seated(table)}.", width)
    if not table.is_over:
        lines += wrapped(f"Unfinished after {counted(table.moves, 'move')}: in no figure.", width)
    if table.agreement is not None:
        terms = " · ".join(
            f"{label(table.scenario, issue)} {option(table.scenario, issue, value)}"
            for issue, value in table.agreement.items()
        )
        lines += wrapped(f"Agreed: {terms}.", width)
    if handed(table) != "–":
        lines += wrapped(f"Handed over: {handed(table)}.", width)
    if table.shocks:
        lines += wrapped(f"Struck: {struck(table.shocks)}.", width)
    return lines


def _found_of(found: Comparison, group: Group, width: int) -> list[Content]:
    lines = [_EMPTY, title(group_title(found, group))]
    lines += wrapped(group_words(group), width)
    is_one = len(group.tables) == 1
    names = ("points",) if is_one else ("least", "median", "most")
    lines += [_EMPTY, _spread_line("", (*names, "Nash", "m"), width, "$muted")]
    nash = group.benchmarks[0]
    for one in group.seats:
        least, _, median, _, most = spread_cells(one.points)
        worth = (median,) if is_one else (least, median, most)
        cells = (*worth, reach(nash, one.party), tenths(one.attainable))
        lines.append(_spread_line(party_name(group.scenario, one.party), cells, width, ""))
        most_at = "" if is_one else f"most at {tables_named(one.points.most_at)}; "
        lines += wrapped(
            f"{most_at}without agreement {tenths(one.reservation)}",
            width,
            style="$muted",
            first="  ",
        )
    return [*lines, *_options(group, width), *_theory(group, width)]


def _spread_line(name: str, cells: Sequence[str], width: int, style: str) -> Content:
    wide = max(8, max(map(len, cells)) + 1)
    room = max(width - wide * len(cells), 8)
    lead = Content(name).truncate(min(room, 30), ellipsis=True, pad=True)
    return Content.assemble(lead, ("".join(f"{cell:>{wide}}" for cell in cells), style))


def _options(group: Group, width: int) -> list[Content]:
    if not group.agreed:
        return []
    lines = [_EMPTY, title("What was agreed, ◆ as in a Nash outcome")]
    issue = ""
    for one in group.options:
        if not one.tables and not one.is_nash:
            continue
        if one.issue != issue:
            issue = one.issue
            lines += wrapped(label(group.scenario, issue), width, style="$muted")
        count = f"{len(one.tables)} of {len(group.agreed)}"
        sign = "◆" if one.is_nash else " "
        told = f"{count:<9} {option(group.scenario, issue, one.option)}"
        lines += wrapped(told, width, first=f"{sign} ", rest=" " * _COUNTED)
    return lines


def _theory(group: Group, width: int) -> list[Content]:
    lines = [_EMPTY, title("Theory, in each seat's points")]
    if not group.benchmarks[0].outcomes:
        return [*lines, *wrapped("There is no ZOPA.", width)]
    for one in group.benchmarks:
        worth = " · ".join(f"{party} {reach(one, party)}" for party in group.scenario.ids[:12])
        lines += wrapped(f"{TITLES[one.name]}: {worth}", width, first="· ")
    return lines
