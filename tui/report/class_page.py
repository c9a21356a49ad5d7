"""A class of tables compared, as one page that can be shown to the room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from delegates.classroom.as_json import DESCRIBED, FOR_WHOM, Accuracies
from delegates.debriefing.wording import label, option, settled
from delegates.text import counted, one_line
from games.bargaining.solutions import bargain, normalised_gains
from games.point_words import tenths
from games.utility import TIE
from tui.report.class_charts import Agreements, Strip, Strips
from tui.report.document import Block, Caption, Document, Figure, Heading, Listed, Table, Words
from tui.report.review import LIMITS, STAMP
from tui.text.class_words import (
    COUNTED,
    MOST_SEATS,
    SHARES,
    STAND_INS,
    TITLES,
    apart_words,
    distance,
    ended,
    group_title,
    group_words,
    handed,
    marked_name,
    marks,
    party_name,
    played_cell,
    reach,
    seated,
    share,
    spread_cells,
    struck,
    tables_named,
)

if TYPE_CHECKING:
    from delegates.classroom.comparison import Comparison, Group
    from delegates.classroom.tables import Table as Played

MOST_STRIPS = 12
"""Seats up to which each has a strip of the chart."""

MOST_OUTCOMES = 3
"""Tied outcomes of a solution that are written out."""

_STRIPS = Caption(
    in_colours=(
        "Each disc is a table: how much of what the seat could gain it gained, 0% being no "
        "agreement. The upright line is the median, the diamond the Nash outcome."
    ),
    in_words=(
        "How many tables are at each share of what the seat could gain, 0% being no agreement; m "
        "the median, N the Nash outcome."
    ),
)
_ONE_STRIP = Caption(
    in_colours=(
        "The disc is the table: how much of what the seat could gain it gained, 0% being no "
        "agreement. The diamond is the Nash outcome."
    ),
    in_words=(
        "1 is the table: how much of what the seat could gain it gained, 0% being no agreement; N "
        "the Nash outcome."
    ),
)


def class_report(found: Comparison, accuracies: Accuracies | None = None) -> Document:
    """Return a class compared as a document.

    Args:
        found: What was found.
        accuracies: How accurately each seat of each table played, where that was computed.
    """
    titles = list(dict.fromkeys(one_line(one.scenario.title) for one in found.tables))
    finished = sum(len(one.tables) for one in found.groups)
    agreed = sum(len(one.agreed) for one in found.groups)
    told = [
        counted(len(found.tables), "table"),
        f"{finished} finished",
        f"{agreed} agreed",
        *([f"{len(found.unfinished)} unfinished"] if found.unfinished else []),
    ]
    return Document(
        title=f"The class: {titles[0] if len(titles) == 1 else counted(len(titles), 'scenario')}",
        subtitle=" · ".join(told),
        edition="Trainer's page",
        holds=f"{FOR_WHOM} Show it after the last table is done.",
        stamp=STAMP,
        blocks=list(_blocks(found, accuracies)),
        is_wide=True,
    )


def _blocks(found: Comparison, accuracies: Accuracies | None) -> Iterator[Block]:
    if apart := apart_words(found):
        yield Listed(tuple(apart))
    for group in found.groups:
        yield Heading(group_title(found, group))
        yield Words(group_words(group))
        yield from _charts(group)
        yield from _glance(group, accuracies)
        yield from _seats(group)
        yield from _agreed(group)
        yield from _theory(group)
    if found.unfinished:
        yield Heading("Unfinished tables")
        yield _unfinished(found)
    yield Heading("Limits")
    yield Listed((DESCRIBED, COUNTED, *LIMITS))


def _charts(group: Group) -> Iterator[Block]:
    shown = marks([one.name for one in group.tables])
    is_one = len(group.tables) == 1
    gains = _nash_gains(group)
    strips = [
        Strip(
            label=party_name(group.scenario, seat.party),
            shares=_shares(group, seat.party, shown),
            median=None
            if is_one
            else (seat.points.median - seat.reservation) / (seat.attainable - seat.reservation),
            nash=tuple(float(one) for one in gains[position]),
        )
        for position, seat in enumerate(group.seats)
        if seat.attainable - seat.reservation > TIE
    ]
    if strips and len(group.seats) <= MOST_STRIPS:
        yield Figure(
            Strips(strips),
            _ONE_STRIP if is_one else _STRIPS,
        )
    if len(group.seats) == 2 and group.agreed:
        yield Figure(
            _plane(group, shown),
            Caption(
                in_colours=(
                    "Where tables agreed: dots are the Pareto frontier, diamonds Nash outcomes."
                ),
                in_words="What each text that was agreed gives both, and at which tables.",
            ),
        )


def _shares(group: Group, party: str, shown: dict[str, str]) -> list[tuple[str, float]]:
    """Return table's mark → share of what the seat could gain as the talks began."""
    return [
        (shown[one.name], (one.seat(party).utility - seat.reservation) / span)
        for seat in group.seats
        if seat.party == party
        for span in (seat.attainable - seat.reservation,)
        for one in group.tables
    ]


def _nash_gains(group: Group) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    nash = bargain(group.scenario).solutions["nash"]
    return normalised_gains(group.scenario, nash)


def _plane(group: Group, shown: dict[str, str]) -> Agreements:
    scenario = group.scenario
    frontier = bargain(scenario).pareto
    first, second = group.seats
    spans = [one.attainable - one.reservation for one in (first, second)]
    agreed: dict[tuple[float, float], list[str]] = {}
    for one in group.agreed:
        x, y = (
            (one.seat(seat.party).utility - seat.reservation) / span if span > TIE else 0.0
            for seat, span in zip((first, second), spans, strict=True)
        )
        agreed.setdefault((round(x, 9), round(y, 9)), []).append(shown[one.name])
    gains = None if frontier is None else normalised_gains(scenario, frontier)
    nash = _nash_gains(group)
    return Agreements(
        across=party_name(scenario, first.party),
        up=party_name(scenario, second.party),
        frontier=[] if gains is None else [(float(x), float(y)) for x, y in gains.T],
        nash=[(float(x), float(y)) for x, y in nash.T],
        agreed=sorted(agreed.items()),
    )


def _glance(group: Group, accuracies: Accuracies | None) -> Iterator[Block]:
    yield Heading("Table by table", 3)
    parties = group.scenario.ids if len(group.scenario.ids) <= MOST_SEATS else ()
    head = [
        "table",
        "ended",
        "rounds",
        *parties,
        *(f"{party} accuracy" for party in (parties if accuracies is not None else ())),
        "Nash share",
        "to frontier",
        "handed over",
        *(["shocks"] if group.shocks else []),
        *(["who sat"] if parties and _differ(group) else []),
    ]
    shown = marks([one.name for one in group.tables])
    yield Table(
        head=tuple(head),
        rows=tuple(
            (marked_name(one.name, shown[one.name]), *_row(group, one, parties, accuracies))
            for one in group.tables
        ),
        figures=tuple(range(2, head.index("handed over"))),
        marked=tuple(_best_cells(group, parties)),
    )
    whose = "" if accuracies is None else f" {STAND_INS}"
    yield Words(
        f"Points of each seat, the most of the class marked. {SHARES}{whose}",
        is_aside=True,
    )


def _row(
    group: Group, one: Played, parties: tuple[str, ...], accuracies: Accuracies | None
) -> tuple[str, ...]:
    return (
        ended(one),
        str(one.rounds),
        *(tenths(one.seat(party).utility) for party in parties),
        *(
            played_cell(accuracies, one.name, party)
            for party in (parties if accuracies is not None else ())
        ),
        share(one.efficiency.nash_ratio),
        distance(one.efficiency.distance_to_frontier),
        handed(one),
        *([struck(one.shocks)] if group.shocks else []),
        *([seated(one)] if parties and _differ(group) else []),
    )


def _differ(group: Group) -> bool:
    """Return whether others sat at some tables than at others."""
    return len({seated(one) for one in group.tables}) > 1


def _best_cells(group: Group, parties: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the cells of the tables that got most out of a seat, where not all got as much."""
    for column, seat in enumerate(group.seats[: len(parties)], 3):
        if len(seat.points.most_at) < len(group.tables):
            for row, one in enumerate(group.tables):
                if one.name in seat.points.most_at:
                    yield row, column


def _seats(group: Group) -> Iterator[Block]:
    yield Heading("Seat by seat", 3)
    yield _points_of_one(group) if len(group.tables) == 1 else _spreads(group)
    number = len(group.tables)
    where = "at the finished table" if number == 1 else f"across the {number} finished tables"
    yield Words(
        f"Points {where}; r is no agreement, m the most that a seat could have with nobody "
        f"below its r. Left: what other terms would have brought the seat at nobody's cost. "
        f"{COUNTED}",
        is_aside=True,
    )


def _points_of_one(group: Group) -> Table:
    """Return what each seat got at the only table: there is nothing to spread."""
    nash = group.benchmarks[0]
    return Table(
        head=("seat", "r", "points", "Nash", "m", "left"),
        rows=tuple(
            (
                party_name(group.scenario, one.party),
                tenths(one.reservation),
                tenths(one.points.median),
                reach(nash, one.party),
                tenths(one.attainable),
                tenths(one.left.median),
            )
            for one in group.seats
        ),
        figures=(1, 2, 3, 4, 5),
    )


def _spreads(group: Group) -> Table:
    """Return the five-number summary of each seat's points across tables."""
    nash = group.benchmarks[0]
    return Table(
        head=(
            "seat",
            "r",
            "least",
            "lower quarter",
            "median",
            "upper quarter",
            "most",
            "most at",
            "Nash",
            "m",
            "left: median",
        ),
        rows=tuple(
            (
                party_name(group.scenario, one.party),
                tenths(one.reservation),
                *spread_cells(one.points),
                tables_named(one.points.most_at),
                reach(nash, one.party),
                tenths(one.attainable),
                tenths(one.left.median),
            )
            for one in group.seats
        ),
        figures=(1, 2, 3, 4, 5, 6, 8, 9, 10),
    )


def _agreed(group: Group) -> Iterator[Block]:
    if not group.agreed:
        return
    scenario = group.scenario
    yield Heading("What was agreed", 3)
    met = [one for one in group.options if one.tables or one.is_nash]
    labels = [label(scenario, one.issue) for one in met]
    total = len(group.agreed)
    yield Table(
        head=("issue", "option", "agreements", "tables", "Nash"),
        rows=tuple(
            (
                "" if number and met[number - 1].issue == one.issue else labels[number],
                option(scenario, one.issue, one.option),
                f"{len(one.tables)} of {total}",
                tables_named(one.tables, 6) or "–",
                "◆" if one.is_nash else "",
            )
            for number, one in enumerate(met)
        ),
        figures=(2,),
    )
    same = [one for one in group.texts if len(one.tables) > 1]
    if same:
        yield Words("The same text word for word:")
        yield Listed(
            tuple(
                f"{tables_named(one.tables, 12)}: {settled(scenario, one.agreement)}"
                for one in same
            )
        )


def _theory(group: Group) -> Iterator[Block]:
    scenario = group.scenario
    yield Heading("What theory says beside it", 3)
    if not group.benchmarks[0].outcomes:
        yield Words("No outcome gives every party its points without agreement: there is no ZOPA.")
        return
    parties = scenario.ids if len(scenario.ids) <= MOST_SEATS else ()
    yield Table(
        head=("solution", *parties, "outcome"),
        rows=tuple(
            (
                TITLES[one.name],
                *(reach(one, party) for party in parties),
                "; or ".join(settled(scenario, each) for each in one.outcomes[:MOST_OUTCOMES])
                + (
                    f"; and {len(one.outcomes) - MOST_OUTCOMES} more"
                    if len(one.outcomes) > MOST_OUTCOMES
                    else ""
                ),
            )
            for one in group.benchmarks
        ),
        figures=tuple(range(1, len(parties) + 1)),
    )


def _unfinished(found: Comparison) -> Table:
    return Table(
        head=("table", "scenario", "moves so far", "rounds begun", "handed over", "shocks"),
        rows=tuple(
            (
                one.name,
                one_line(one.scenario.title),
                str(one.moves),
                str(one.rounds),
                handed(one),
                struck(one.shocks),
            )
            for one in found.unfinished
        ),
        figures=(2, 3),
    )
