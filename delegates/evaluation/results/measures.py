"""How good what came of a session is, measured against all outcomes of its scenario.

All of it is in normalised gains (u − r)/(m − r) of the parties that can gain, with m a party's
greatest utility in the ZOPA: nothing changes when a party's points are rescaled. What is measured
is what the parties had in the end, undiscounted, which is the outcome's worth to them, unless a
signature, a capital, a side deal or a shock made something else of it.

- *pareto*: 1 − distance to the Pareto frontier, as a share of the greatest such distance. The
  frontier is that of all outcomes that can happen, ties kept. What no outcome on it improves on for
  someone at nobody's cost is at distance 0, even if it lies beyond.
- *nash*: 1 − distance to the nearest of the tied Nash outcomes, likewise.
- *joint*: the sum of gains, as a share of the greatest in the ZOPA.
- *product*: the product of gains, as a share of the greatest in the ZOPA; 0 where someone loses.

Distances are Euclidean, and the greatest is over all outcomes that can happen and no agreement;
what lies farther still counts as 0. No agreement is a gain of 0 for everybody. Without a ZOPA
nothing is measured, nor where there are too many outcomes for tables; `pareto` is missing where the
frontier is not computed, `product` where no outcome lets everyone gain. The definitions are those
of the automated negotiation competitions (Baarslag 2016, Exploring the Strategy Space of
Negotiating Agents), with the distances made shares of the farthest there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from games.bargaining.solutions import bargain, normalised_gains
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.utility import TIE, is_tabled

if TYPE_CHECKING:
    from games.scenario import Scenario

MEASURES = ("pareto", "nash", "joint", "product")
"""What is measured, in the order of the columns of `measured`."""

NEAR = 1e-7
"""Distances and gains below this, as shares of what can be gained, are none."""

_BLOCK = 2**16
"""Outcomes that are looked at together."""


class _Tree(Protocol):
    def query(self, x: FloatArray) -> tuple[FloatArray, IndexArray]: ...


@dataclass(frozen=True, eq=False)
class Goal:
    """Points in gains that a session may come near to."""

    points: FloatArray
    """Each once, shape (points, parties)."""

    @cached_property
    def _tree(self) -> _Tree:
        from scipy.spatial import KDTree  # pyright: ignore[reportMissingTypeStubs]

        return cast("_Tree", KDTree(self.points))

    def distances(self, points: FloatArray) -> FloatArray:
        """Return how far each of some points is from the nearest of these."""
        found, _ = self._tree.query(points)
        return np.where(found <= NEAR, 0.0, found)

    def improve_on(self, points: FloatArray) -> BoolArray:
        """Return on which points one of these improves: better for someone and worse for none."""
        step = max(1, _BLOCK // self.points.size)
        found = np.zeros(len(points), dtype=bool)
        for begin in range(0, len(points), step):
            few = points[begin : begin + step, None]
            is_better = (self.points >= few - NEAR).all(axis=2)
            is_better &= (self.points > few + NEAR).any(axis=2)
            found[begin : begin + step] = np.any(is_better, axis=-1)
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Yardstick:
    """What a scenario's sessions are measured by."""

    gaining: IndexArray
    """Positions of the parties that can gain."""
    frontier: Goal | None
    """The Pareto frontier in gains; None if it is not computed."""
    nash: Goal
    """The Nash outcomes in gains."""
    farthest: tuple[float, float]
    """The greatest distance to the frontier, and to a Nash outcome."""
    joint: float
    """The greatest sum of gains in the ZOPA."""
    product: float
    """The logarithm of the greatest product of gains; −∞ where someone always gains nothing."""


def yardstick(scenario: Scenario) -> Yardstick | None:
    """Return what a scenario's sessions are measured by, computed once.

    None without a ZOPA in which someone can gain, or where there are too many outcomes for tables.
    """
    return scenario.once("evaluation/yardstick", _yardstick)


def spans(scenario: Scenario) -> FloatArray:
    """Return m − r, what each party can gain, shape (parties,); NaN where that is nothing.

    NaN for all where there are too many outcomes for tables.
    """
    if not is_tabled(scenario):
        return np.full(len(scenario.ids), np.nan)
    reservations = np.array([own.reservation for own in scenario.preferences])
    found = bargain(scenario).best - reservations
    return np.where(found > TIE, found, np.nan)


def measured(scenario: Scenario, gains: FloatArray) -> FloatArray:
    """Return the `MEASURES` of what sessions came to, shape (sessions, 4); NaN of what is not.

    Args:
        scenario: Theirs.
        gains: (u − r)/(m − r) of each party, shape (sessions, parties).
    """
    by = yardstick(scenario)
    if by is None or len(gains) == 0:
        return np.full((len(gains), len(MEASURES)), np.nan)
    points, back = np.unique(gains[:, by.gaining], axis=0, return_inverse=True)
    return _measures(by, points)[back.reshape(-1)]


def _measures(by: Yardstick, points: FloatArray) -> FloatArray:
    pareto = np.full(len(points), np.nan)
    if by.frontier is not None:
        pareto = _closeness(_from_frontier(by.frontier, points), by.farthest[0])
    nash = _closeness(by.nash.distances(points), by.farthest[1])
    product = np.full(len(points), np.nan)
    if np.isfinite(by.product):
        product = np.exp(_logarithm(points) - by.product)
    return np.column_stack([pareto, nash, points.sum(axis=1) / by.joint, product])


def _closeness(distances: FloatArray, farthest: float) -> FloatArray:
    if farthest <= NEAR:
        return np.where(distances <= NEAR, 1.0, 0.0)
    return np.maximum(0.0, 1 - distances / farthest)


def _from_frontier(frontier: Goal, points: FloatArray) -> FloatArray:
    """Return distances to the frontier; 0 of what nothing on it improves on."""
    found = frontier.distances(points)
    away = np.flatnonzero(found)
    found[away[~frontier.improve_on(points[away])]] = 0.0
    return found


def _logarithm(points: FloatArray) -> FloatArray:
    """Return log Π gains; −∞ where someone gains nothing or loses."""
    with np.errstate(divide="ignore"):
        return np.log(np.where(points > NEAR, points, 0.0)).sum(axis=1)


def _yardstick(scenario: Scenario) -> Yardstick | None:
    gaining = np.flatnonzero(np.isfinite(spans(scenario)))
    if len(gaining) == 0:
        return None
    found = bargain(scenario)
    nash = Goal(_distinct(_gains(scenario, gaining, found.solutions["nash"])))
    frontier = None
    if found.pareto is not None:
        frontier = Goal(_distinct(_gains(scenario, gaining, found.pareto)))
    nothing = np.zeros((1, len(gaining)))
    farthest = [0.0, 0.0]
    for points in chain((nothing,), _blocks(scenario, gaining, _possible(scenario))):
        if frontier is not None:
            farthest[0] = max(farthest[0], float(frontier.distances(points).max()))
        farthest[1] = max(farthest[1], float(nash.distances(points).max()))
    joint = max(float(p.sum(axis=1).max()) for p in _blocks(scenario, gaining, found.zopa))
    return Yardstick(
        gaining=gaining,
        frontier=frontier,
        nash=nash,
        farthest=(farthest[0], farthest[1]),
        joint=joint,
        product=float(_logarithm(nash.points).max()),
    )


def _possible(scenario: Scenario) -> IndexArray:
    space = scenario.space
    return np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)


def _blocks(scenario: Scenario, gaining: IndexArray, outcomes: IndexArray) -> Iterator[FloatArray]:
    for begin in range(0, len(outcomes), _BLOCK):
        yield _gains(scenario, gaining, outcomes[begin : begin + _BLOCK])


def _gains(scenario: Scenario, gaining: IndexArray, outcomes: IndexArray) -> FloatArray:
    return np.ascontiguousarray(normalised_gains(scenario, outcomes)[gaining].T)


def _distinct(points: FloatArray) -> FloatArray:
    """Return points without those that others repeat, but for the last digits."""
    return points[np.unique(np.round(points, 9), axis=0, return_index=True)[1]]
