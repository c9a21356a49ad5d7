"""What the charts draw: utilities of offers over time, and the outcome space from two sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.solutions import Bargain
from games.outcomes import FloatArray, IndexArray
from games.tactics.frequency_model import FrequencyModel, frequency_model
from games.utility import Preferences
from tui.replay.history import History

if TYPE_CHECKING:
    from games.scenario import Scenario

LONGEST_CURVE = 320
"""Points of a curve that are drawn; of a longer one each stretch keeps its extremes."""

GRID = 160
"""Cells along each side into which a cloud is thinned, one point a cell."""

LARGEST_SAMPLE = 200_000
"""Outcomes of which a cloud is thinned; of a larger space every so many are looked at."""


LARGEST_READING = 20_000
"""The same of an estimate, which changes with every move."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One party's utility of every offer, as it was then: of its own, and of those made to it."""

    own: tuple[FloatArray, FloatArray]
    """Move numbers from 1, and utilities."""
    received: tuple[FloatArray, FloatArray]
    levels: tuple[tuple[float, float, float], ...]
    """From which move to which its reservation value was what."""

    @property
    def reservation(self) -> float:
        """Its reservation value in the end."""
        return self.levels[-1][2]


def curves(history: History, see: str | None = None) -> tuple[Curve, ...]:
    """Return each party's utility of every offer; in a hall, of every text the chair had.

    Args:
        history: The moves.
        see: The only party whose curve there is; None for all.
    """
    if history.is_hall:
        return _of_texts(history, see)
    only = None if see is None else history.scenario.ids.index(see)
    numbers: FloatArray = (history.offers + 1).astype(np.float64)
    movers = history.movers[history.offers]
    return tuple(
        Curve(
            own=thinned(numbers[movers == party], values[movers == party]),
            received=thinned(numbers[movers != party], values[movers != party]),
            levels=levels,
        )
        for party, (values, levels) in enumerate(
            zip(history.utilities, _reservations(history), strict=True)
        )
        if only in (None, party)
    )


def _reservations(history: History) -> list[tuple[tuple[float, float, float], ...]]:
    """Return each party's reservation value over time, a stretch for each value."""
    begins = np.flatnonzero(np.diff(history.versions, prepend=-1)) if len(history) else [0]
    versions = [history.version_at(int(place) + 1) for place in begins]
    firsts = [float(place + 1) if place else -np.inf for place in begins]
    ends = [*firsts[1:], np.inf]
    return [
        _joined(
            [
                (first, end, history.scenarios[version].preferences[party].reservation)
                for first, end, version in zip(firsts, ends, versions, strict=True)
            ]
        )
        for party in range(len(history.scenario.ids))
    ]


def _joined(levels: list[tuple[float, float, float]]) -> tuple[tuple[float, float, float], ...]:
    """Return stretches, those at the same height one after the other as one."""
    found = levels[:1]
    for first, end, value in levels[1:]:
        if value == found[-1][2]:
            found[-1] = (found[-1][0], end, value)
        else:
            found.append((first, end, value))
    return tuple(found)


MOST_CURVES = 6
"""Parties of a hall up to which each has a curve of its own."""

SUMMARY = ("most", "median", "least")
"""What is drawn of more: the greatest, median and least gain over no agreement."""


def _of_texts(history: History, see: str | None) -> tuple[Curve, ...]:
    """Return what the chair's texts were worth, to one, to each of a few or in sum of many."""
    anew = np.flatnonzero(np.diff(history.versions, prepend=0))
    changed = np.union1d(history.merged, anew[history.texts[anew] >= 0]).astype(np.intp)
    numbers: FloatArray = (changed + 1).astype(np.float64)
    versions = history.versions[changed]
    values = history.worth(history.texts[changed], versions)
    levels = _reservations(history)
    if see is not None:
        only = history.scenario.ids.index(see)
        values, levels = values[only : only + 1], levels[only : only + 1]
    if len(values) > MOST_CURVES:
        nothing = [[one.reservation for one in of.preferences] for of in history.scenarios]
        gains = values - np.array(nothing)[versions].T
        values = np.array([gains.max(axis=0), np.median(gains, axis=0), gains.min(axis=0)])
        levels = [((-np.inf, np.inf, 0.0),)] * len(SUMMARY)
    # A text stands until it is changed: a level from one change to the next.
    ends = np.append(numbers, float(len(history)))[1:]
    across = np.column_stack((numbers, ends)).ravel()
    none = np.array([])
    return tuple(
        Curve(own=thinned(across, np.repeat(row, 2)), received=(none, none), levels=own)
        for row, own in zip(values, levels, strict=True)
    )


def thinned(
    numbers: FloatArray, values: FloatArray, longest: int = LONGEST_CURVE
) -> tuple[FloatArray, FloatArray]:
    """Return a curve of at most so many points that still reaches every extreme."""
    if len(numbers) <= longest:
        return numbers, values
    edges = np.linspace(0, len(values), longest // 2 + 1).astype(int)[:-1]
    ends = np.append(edges[1:], len(values))
    kept = {0, len(values) - 1}
    for start, end in zip(edges, ends, strict=True):
        stretch = values[start:end]
        kept |= {int(start + stretch.argmin()), int(start + stretch.argmax())}
    order = np.array(sorted(kept))
    return numbers[order], values[order]


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """Outcomes in the points of two parties, each array of shape (2, outcomes)."""

    outcomes: FloatArray
    """Thinned."""
    frontier: FloatArray
    """Undominated outcomes; empty where they were not computed."""
    solutions: dict[str, FloatArray]
    reservations: tuple[float, float]
    limits: tuple[tuple[float, float], tuple[float, float]]
    """Least and greatest utility of each of the two."""


def cloud(scenario: Scenario, found: Bargain, pair: tuple[int, int]) -> Cloud:
    """Return the outcome space as two parties see it."""
    space = scenario.space
    possible = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    sample = seen_by(scenario, possible[:: max(len(possible) // LARGEST_SAMPLE, 1)], pair)
    nothing = np.array([], dtype=np.intp)
    frontier = found.pareto if found.pareto is not None else nothing
    across, upward = (scenario.preferences[party] for party in pair)
    return Cloud(
        outcomes=scattered(sample),
        frontier=scattered(seen_by(scenario, frontier, pair)),
        solutions={
            name: seen_by(scenario, outcomes[:1], pair)
            for name, outcomes in found.solutions.items()
            if len(outcomes)
        },
        reservations=(across.reservation, upward.reservation),
        limits=(_limits(across), _limits(upward)),
    )


def _limits(own: Preferences) -> tuple[float, float]:
    values = own.utilities
    return (
        min(float(values.min()), own.reservation),
        max(float(values.max()), own.reservation),
    )


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The outcome space as one party may see it: its own points against what it reads of another.

    What the other wants is estimated from its offers alone; nothing private to it enters.
    """

    model: FrequencyModel
    offers: int
    """How many offers of the other the estimate rests on."""
    own: Preferences
    outcomes: FloatArray
    """Thinned, of shape (2, outcomes): estimated worth to the other in per cent, own points."""

    @property
    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Least and greatest of each of the two."""
        return (0.0, 100.0), _limits(self.own)

    def places(self, outcomes: IndexArray) -> FloatArray:
        """Return where some outcomes stand, shape (2, outcomes)."""
        return np.array([100 * self.model.utility(outcomes), self.own.utilities[outcomes]])


MOST_READ = 400
"""Offers of another party, the last ones, from which it is read what it wants."""


def reading(history: History, moves: int, own: int, other: int) -> Reading:
    """Return the outcome space as a party may see it after so many moves.

    Args:
        history: The moves.
        moves: How many of them were made.
        own: Position of the party that looks on.
        other: Position of the one whose wishes are estimated.
    """
    scenario = history.scenarios[history.version_at(moves)]
    heard = history.hears(scenario.ids[own])
    made = history.last_offers(other, moves, MOST_READ)
    offers = history.outcomes[made[heard[made]]].tolist()
    model = frequency_model(scenario.space, offers)
    space = scenario.space
    possible = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    sample = possible[:: max(len(possible) // LARGEST_READING, 1)]
    preferences = scenario.preferences[own]
    found = np.array([100 * model.utility(sample), preferences.utilities[sample]])
    return Reading(model=model, offers=len(offers), own=preferences, outcomes=scattered(found))


def seen_by(scenario: Scenario, outcomes: IndexArray, pair: tuple[int, int]) -> FloatArray:
    """Return the utilities of some outcomes for two parties, shape (2, outcomes)."""
    return np.array([scenario.preferences[party].utilities[outcomes] for party in pair])


def scattered(points: FloatArray, grid: int = GRID) -> FloatArray:
    """Return one point for each cell of a grid in which there is any."""
    if points.shape[1] <= grid:
        return points
    low = points.min(axis=1, keepdims=True)
    spread = np.maximum(points.max(axis=1, keepdims=True) - low, 1e-12)
    cells = np.minimum((points - low) / spread * grid, grid - 1).astype(np.int64)
    _, kept = np.unique(cells[0] * grid + cells[1], return_index=True)
    return points[:, kept]
