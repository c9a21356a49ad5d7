"""Where learning leads: replicator dynamics from random starts.

In the replicator dynamics of a game of two populations (Taylor 1979) a strategy grows by what it
earns above its population's mean. The share of random starts that come to rest in a component of
equilibria is the size of its basin: how likely adaptive players are to end up there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from games.equilibrium.components import NashSubset
from games.equilibrium.exact import Mixture
from games.equilibrium.replicator import Populations, at_horizon
from games.equilibrium.report import EquilibriumReport
from games.outcomes import FloatArray

STARTS = 100
"""Random starts, by default: a share is then known to about ten points in a hundred."""

HORIZON = 1_000.0
"""Time the dynamics run, payoffs scaled to [0, 1]."""

LEAST_SHARE = 1e-300
"""Share of a strategy that a start has at least: one that is absent never comes back."""

PLACES = 4
"""Decimals to which two ends are the same."""

NEAR = 0.02
"""Greatest distance, between profiles, at which a start has come to rest in a component."""


@dataclass(frozen=True, kw_only=True)
class Basins:
    """What share of random starts ends in each component."""

    shares: tuple[float, ...]
    """Aligned with the report's components."""
    unsettled: float
    """Share of starts that were nowhere near an equilibrium in the end: cycles, or slow."""
    starts: int

    def as_json(self) -> dict[str, object]:
        """Return the shares as plain JSON values."""
        return {"shares": list(self.shares), "unsettled": self.unsettled, "starts": self.starts}


def basins(report: EquilibriumReport, starts: int = STARTS, seed: int = 0) -> Basins:
    """Return the basin shares of a game's components under replicator dynamics.

    Args:
        report: A complete report; its components are told apart.
        starts: Random starts, both populations uniform on their simplex.
        seed: Draws them.
    """
    draws = np.random.default_rng(seed)
    height, width = report.game.shape
    counts = [0] * len(report.components)
    # Drawn by turns, so that a start is the same however many follow.
    drawn = [
        (draws.dirichlet(np.ones(height)), draws.dirichlet(np.ones(width))) for _ in range(starts)
    ]
    rows, columns = (np.maximum(np.array(side), LEAST_SHARE) for side in zip(*drawn, strict=True))
    ends = at_horizon(report.game, Populations(rows=rows, columns=columns), HORIZON)
    # Many starts come to rest in the same place, which is looked up once.
    joined = np.hstack([ends.rows, ends.columns]).round(PLACES)
    points, times = np.unique(joined, axis=0, return_counts=True)
    for point, count in zip(points, times.tolist(), strict=True):
        end = point[:height], point[height:]
        distances = [
            min(_distance(end, subset) for subset in component.subsets)
            for component in report.components
        ]
        nearest = int(np.argmin(distances)) if distances else -1
        if nearest >= 0 and distances[nearest] <= NEAR:
            counts[nearest] += count
    return Basins(
        shares=tuple(count / starts for count in counts),
        unsettled=1 - sum(counts) / starts,
        starts=starts,
    )


def _distance(end: tuple[FloatArray, FloatArray], subset: NashSubset) -> float:
    """Return the Euclidean distance of a profile from a maximal Nash subset."""
    row, column = end
    return math.hypot(_from_hull(row, subset.rows), _from_hull(column, subset.columns))


def _from_hull(point: FloatArray, extremes: Sequence[Mixture]) -> float:
    """Return the distance of a point from the convex hull of some mixtures."""
    from scipy.optimize import nnls  # pyright: ignore[reportMissingTypeStubs,reportUnknownVariableType]

    corners = np.array([[float(weight) for weight in extreme] for extreme in extremes]).T
    if len(extremes) == 1:
        return float(np.linalg.norm(point - corners[:, 0]))
    # Weights that sum to one: a row so heavy that missing it costs more than any distance.
    heavy = 1e3
    system = np.vstack([corners, np.full(corners.shape[1], heavy)])
    weights, _ = cast("tuple[FloatArray, float]", nnls(system, np.append(point, heavy)))
    return float(np.linalg.norm(point - corners @ weights))
