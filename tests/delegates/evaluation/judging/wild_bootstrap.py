"""The wild cluster bootstrap-t: another way to intervals over scenarios, to hold t against.

Reports do not use it: it agrees with t where t is right and does not repair what skewness does. How
often it holds the truth is measured beside t (`coverage`), and told in docs/theory/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import sqrt
from typing import Literal

import numpy as np

from delegates.evaluation.judging.statistics import (
    ALIKE,
    CONFIDENCE,
    Interval,
    are_alike,
    standard_error,
)
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from games.outcomes import FloatArray

DRAWS = 9_999
"""Draws of the wild bootstrap, where its weights are not enumerated."""

MOST_ENUMERATED = 10_000
"""Combinations of weights up to which all are used instead of draws."""

Weights = Literal["webb", "rademacher"]
"""What a scenario's deviation is multiplied by in the wild bootstrap."""

_POINTS: dict[Weights, tuple[float, ...]] = {
    "webb": tuple(sign * sqrt(size / 2) for sign in (-1, 1) for size in (1, 2, 3)),
    "rademacher": (-1.0, 1.0),
}


def wild_bootstrap_p(
    means: FloatArray,
    null: float = 0.0,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    weights: Weights = "webb",
) -> float | None:
    """Return the p-value of a mean over all scenarios by the wild cluster bootstrap-t.

    The null is imposed: each scenario's deviation from it is multiplied by a random weight, and t
    is computed again; p is the share of |t*| that are at least |t|. Cameron, Gelbach & Miller 2008
    (Review of Economics and Statistics 90). Webb's six points, ±√½, ±1, ±√(3/2) (Webb 2014, Queen's
    Economics Department Working Paper 1315), because signs alone make but 2^(G − 1) values of
    |t*|: with 5 scenarios no p below 1/16.

    Args:
        means: One a scenario.
        null: The mean that is tested.
        seed: Draws the weights, where there are too many combinations to take them all.
        draws: How many.
        weights: Webb's, or signs.

    Returns:
        The p-value; None below `LEAST_SCENARIOS`.
    """
    if len(means) < LEAST_SCENARIOS:
        return None
    return _wild_p(means - null, _weights(len(means), seed, draws, weights))


def wild_bootstrap_interval(
    means: FloatArray, *, seed: int = 0, draws: int = DRAWS, weights: Weights = "webb"
) -> Interval | None:
    """Return the means that the wild cluster bootstrap-t does not reject at 5 %.

    Its limits are found by halving, outwards from the mean; where the weights can reject nothing,
    they are infinite.

    Args:
        means: One a scenario.
        seed: Draws the weights, where there are too many combinations to take them all.
        draws: How many.
        weights: Webb's, or signs.

    Returns:
        The interval; None below `LEAST_SCENARIOS` and of scenarios that are all alike.
    """
    if len(means) < LEAST_SCENARIOS or are_alike(means):
        return None
    table = _weights(len(means), seed, draws, weights)
    mean, unit = float(means.mean()), standard_error(means)
    low, high = (mean + sign * unit * _reach(means, table, sign * unit) for sign in (-1, 1))
    return low, high


FURTHEST = 1_000.0
"""Standard errors from the mean up to which a limit of the wild bootstrap is looked for."""


def _reach(means: FloatArray, table: _Table, unit: float) -> float:
    """Return how many units from the mean a null is just not rejected; infinite if none is."""
    mean, inside, outside = float(means.mean()), 0.0, 2.0
    while _wild_p(means - mean - outside * unit, table) >= 1 - CONFIDENCE:
        inside, outside = outside, 2 * outside
        if outside > FURTHEST:
            return float("inf")
    while outside - inside > 1e-6 * outside:
        middle = (inside + outside) / 2
        if _wild_p(means - mean - middle * unit, table) >= 1 - CONFIDENCE:
            inside = middle
        else:
            outside = middle
    return inside


def _wild_p(deviations: FloatArray, table: _Table) -> float:
    # Weights that are all of one size give |t| itself, in other digits: it counts.
    observed = _alignment(np.ones((1, len(deviations))), np.ones((1, len(deviations))), deviations)
    again = _alignment(table.weights, table.squares, deviations)
    return float(np.count_nonzero(again >= observed[0] * (1 - ALIKE))) / len(again)


def _alignment(weights: FloatArray, squares: FloatArray, deviations: FloatArray) -> FloatArray:
    """Return G·x̄²/Σx² of weighed deviations: it rises with t², which is (G − 1) times its odds."""
    sums, total = weights @ deviations, squares @ deviations**2
    return np.divide(sums**2, len(deviations) * total, out=np.zeros_like(sums), where=total > 0)


@dataclass(frozen=True, eq=False)
class _Table:
    """Weights of the wild bootstrap, a row each time."""

    weights: FloatArray
    squares: FloatArray


@lru_cache(maxsize=16)
def _weights(count: int, seed: int, draws: int, kind: Weights) -> _Table:
    points = _POINTS[kind]
    if len(points) ** count <= MOST_ENUMERATED:
        weights = np.array([*product(points, repeat=count)])
    else:
        weights = np.random.default_rng(seed).choice(np.array(points), size=(draws, count))
    return _Table(weights, weights**2)
