"""The tables of a class compared: what each seat got across tables, and what was agreed.

Tables are compared where the same scenario was played and the same shocks struck in the same order;
others stand in groups of their own. Unfinished ones are listed and enter no figure, and a session
that is given twice counts once. No agreement is worth each party's reservation value and counts.
What differs between tables is described, not tested: tables that share their players, their teacher
and their room are no independent draws of anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from delegates.classroom.tables import Table, Unread, Watch, natural, read_tables
from games.bargaining.solutions import SOLUTIONS, bargain
from games.errors import UserError
from games.utility import TIE

if TYPE_CHECKING:
    from games.outcomes import Option
    from games.scenario import Scenario

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A figure across tables: its five-number summary, and where its ends stand.

    Quartiles are taken between the ordered values linearly (Hyndman and Fan's seventh kind).
    """

    count: int
    """Tables that have the figure."""
    least: float
    lower: float
    """Lower quartile."""
    median: float
    upper: float
    """Upper quartile."""
    most: float
    least_at: tuple[str, ...]
    """The tables that have the least, all ties among them."""
    most_at: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeatSpread:
    """One seat across the tables of a group."""

    party: str
    reservation: float
    attainable: float
    """m as it was before any capital spoke."""
    points: Spread
    """Utilities, time not counted."""
    in_time: Spread
    """Payoffs."""
    left: Spread
    """Own points left on the table."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A solution of bargaining theory for the scenario of a group, every tied outcome of it."""

    name: str
    outcomes: tuple[dict[str, Option], ...]
    utilities: tuple[dict[str, float], ...]

    def reach(self, party: str) -> tuple[float, float] | None:
        """Return the least and most that it gives a party; None where the ZOPA is empty."""
        worth = [one[party] for one in self.utilities]
        return (min(worth), max(worth)) if worth else None


@dataclass(frozen=True, kw_only=True)
class OptionCount:
    """How many agreements of a group settled an issue by an option."""

    issue: str
    option: Option
    tables: tuple[str, ...]
    is_nash: bool
    """Whether a Nash outcome settles it so."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text that was agreed, and where."""

    agreement: dict[str, Option]
    tables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Finished tables of one scenario at which the same shocks struck."""

    letter: str
    sha256: str
    scenario: Scenario
    """After the shocks."""
    shocks: tuple[str, ...]
    tables: tuple[Table, ...]
    seats: tuple[SeatSpread, ...]
    texts: tuple[Text, ...]
    """The most frequent first."""
    options: tuple[OptionCount, ...]
    """Issue by issue as the scenario has them, the most frequent option first."""
    benchmarks: tuple[Benchmark, ...]
    nash_ratio: Spread | None
    """None where it is known for no table."""
    distance_to_frontier: Spread | None
    rounds: Spread

    @property
    def agreed(self) -> tuple[Table, ...]:
        """The tables that agreed."""
        return tuple(one for one in self.tables if one.status == "agreement")

    @property
    def capitals_spoke(self) -> tuple[str, ...]:
        """The tables at which capitals changed what may be signed."""
        return tuple(one.name for one in self.tables if one.words_from_capitals)


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """A table that is the same session as another one."""

    name: str
    first: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A class of tables compared."""

    groups: tuple[Group, ...]
    """The largest first."""
    unfinished: tuple[Table, ...]
    repeated: tuple[Repeated, ...]
    unread: tuple[Unread, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table that counts: by group the finished ones, then the unfinished."""
        return (*(one for group in self.groups for one in group.tables), *self.unfinished)


def compared_at(paths: Sequence[Path], *, watch: Watch | None = None) -> Comparison:
    """Return a comparison of the tables whose transcripts are given.

    Args:
        paths: The transcripts.
        watch: Told how many are read.

    Raises:
        UserError: If none can be read.
    """
    tables, unread = read_tables(paths, watch)
    if not tables:
        first = unread[0]
        raise UserError(f"{first.name}: {first.reason}; expected a transcript that can be read")
    return compare(tables, unread)


def compare(tables: Iterable[Table], unread: Sequence[Unread] = ()) -> Comparison:
    """Return a comparison of tables; in which order they are given makes no difference.

    Args:
        tables: What was read, whatever was played at each.
        unread: What could not be read.
    """
    ordered = sorted(tables, key=lambda one: (natural(one.name), str(one.path)))
    once, repeated = _once(ordered)
    alike: dict[tuple[str, ...], list[Table]] = defaultdict(list)
    for one in once:
        if one.is_over:
            alike[one.played].append(one)
    # Equal ones by what they are, not by the order in which they are met.
    largest = sorted(alike.items(), key=lambda pair: (-len(pair[1]), len(pair[0]), pair[0]))
    return Comparison(
        groups=tuple(
            _group(letters(place), played, held) for place, (played, held) in enumerate(largest)
        ),
        unfinished=tuple(one for one in once if not one.is_over),
        repeated=repeated,
        unread=tuple(sorted(unread, key=lambda one: natural(one.name))),
    )


def letters(place: int) -> str:
    """Return the letter of a group by its place from 0; past Z two letters stand together."""
    first, last = divmod(place, len(_LETTERS))
    return (letters(first - 1) if first else "") + _LETTERS[last]


def _once(ordered: Sequence[Table]) -> tuple[list[Table], tuple[Repeated, ...]]:
    """Return the tables, each session once, and those that repeat one.

    Of copies of a session the one that went furthest counts.
    """
    furthest: dict[str, Table] = {}
    for one in ordered:
        before = furthest.get(one.opening)
        if before is None or (one.is_over, one.moves) > (before.is_over, before.moves):
            furthest[one.opening] = one
    kept = [one for one in ordered if furthest[one.opening] is one]
    repeated = tuple(
        Repeated(name=one.name, first=furthest[one.opening].name)
        for one in ordered
        if furthest[one.opening] is not one
    )
    return kept, repeated


def spread(values: Sequence[tuple[str, float]]) -> Spread:
    """Return a figure across tables.

    Args:
        values: Table → figure; at least one.
    """
    figures = np.array([value for _, value in values])
    least, most = float(figures.min()), float(figures.max())
    lower, median, upper = (float(one) for one in np.quantile(figures, (0.25, 0.5, 0.75)))
    return Spread(
        count=len(values),
        least=least,
        lower=lower,
        median=median,
        upper=upper,
        most=most,
        least_at=tuple(name for name, value in values if value <= least + TIE),
        most_at=tuple(name for name, value in values if value >= most - TIE),
    )


def _known(values: Iterable[tuple[str, float | None]]) -> Spread | None:
    known = [(name, value) for name, value in values if value is not None]
    return spread(known) if known else None


def _group(letter: str, played: tuple[str, ...], tables: Sequence[Table]) -> Group:
    scenario, benchmarks = tables[0].now, _benchmarks(tables[0].now)
    texts = _texts(tables)
    return Group(
        letter=letter,
        sha256=played[0],
        scenario=scenario,
        shocks=played[1:],
        tables=tuple(tables),
        seats=_seat_spreads(scenario, tables),
        texts=texts,
        options=_options(scenario, texts, benchmarks[0]),
        benchmarks=benchmarks,
        nash_ratio=_known((one.name, one.efficiency.nash_ratio) for one in tables),
        distance_to_frontier=_known(
            (one.name, one.efficiency.distance_to_frontier) for one in tables
        ),
        rounds=spread([(one.name, float(one.rounds)) for one in tables]),
    )


def _seat_spreads(scenario: Scenario, tables: Sequence[Table]) -> tuple[SeatSpread, ...]:
    best = bargain(scenario).best
    found: list[SeatSpread] = []
    for position, own in enumerate(scenario.preferences):
        seats = [(one.name, one.seat(own.party)) for one in tables]
        found.append(
            SeatSpread(
                party=own.party,
                reservation=own.reservation,
                attainable=float(best[position]),
                points=spread([(name, one.utility) for name, one in seats]),
                in_time=spread([(name, one.payoff) for name, one in seats]),
                left=spread([(name, one.left) for name, one in seats]),
            )
        )
    return tuple(found)


def _benchmarks(scenario: Scenario) -> tuple[Benchmark, ...]:
    solutions = bargain(scenario).solutions
    return tuple(
        Benchmark(
            name=name,
            outcomes=tuple(scenario.space.outcome(int(one)) for one in solutions[name]),
            utilities=tuple(
                {own.party: own.utility(int(one)) for own in scenario.preferences}
                for one in solutions[name]
            ),
        )
        for name in SOLUTIONS
    )


def _texts(tables: Sequence[Table]) -> tuple[Text, ...]:
    found: dict[tuple[tuple[str, Option], ...], list[Table]] = defaultdict(list)
    for one in tables:
        if one.status == "agreement" and one.agreement is not None:
            found[tuple(one.agreement.items())].append(one)
    listed = [
        Text(agreement=dict(text), tables=tuple(one.name for one in at))
        for text, at in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-len(one.tables), natural(one.tables[0]))))


def _options(scenario: Scenario, texts: Sequence[Text], nash: Benchmark) -> tuple[OptionCount, ...]:
    found: list[OptionCount] = []
    for issue, details in scenario.issues.items():
        counted = [
            OptionCount(
                issue=issue,
                option=option,
                tables=tuple(
                    sorted(
                        (
                            name
                            for text in texts
                            if text.agreement[issue] == option
                            for name in text.tables
                        ),
                        key=natural,
                    )
                ),
                is_nash=any(one[issue] == option for one in nash.outcomes),
            )
            for option in details.options
        ]
        found += sorted(counted, key=lambda one: -len(one.tables))
    return tuple(found)
