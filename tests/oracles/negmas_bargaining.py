"""What NegMAS finds of a bargaining problem, by its fastest right way.

Utilities by `eval` of each outcome, one utility function after the other (faster than calling them,
than `pareto_frontier` and than `calc_scenario_stats`, which evaluate every outcome again);
`pareto_frontier_numpy`, which NegMAS recommends; then the solutions, sought on the rational part of
the frontier as `calc_scenario_stats` does. NegMAS keeps one of several equal outcomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.ops import (
    kalai_points,
    ks_points,
    max_welfare_points,
    nash_points,
    pareto_frontier_numpy,
)

from games.scenario import Scenario
from tests.oracles.negmas_sessions import utility_functions

Points = list[tuple[float, ...]]
"""Utilities of outcomes, one tuple an outcome."""


@dataclass(frozen=True)
class Findings:
    """Frontier and solutions as utilities of the parties."""

    frontier: Points
    """All undominated points, rational or not."""
    frontier_outcomes: list[int]
    """The outcomes of these points, the first issue varying slowest."""
    nash: Points
    kalai_smorodinsky: Points
    """Least difference between the parties' shares of their range over all outcomes, which is not
    our definition."""
    egalitarian: Points
    utilitarian: Points


def evaluated(functions: Sequence[LinearAdditiveUtilityFunction]) -> np.ndarray:
    """Return the utilities of all outcomes, shape (outcomes, parties), first issue slowest."""
    outcomes = list(functions[0].outcome_space.enumerate_or_sample(max_cardinality=float("inf")))  # pyright: ignore
    return np.column_stack(
        [np.fromiter(map(one.eval, outcomes), float, len(outcomes)) for one in functions]
    )


def negmas_findings(scenario: Scenario, decimals: int | None = None) -> Findings:
    """Return frontier and solutions of an additive scenario, starting from its points.

    Args:
        scenario: Its reservation values must not be below any party's worst utility, which NegMAS
            would put in their place.
        decimals: Kept of utilities, so that the order of summation makes no difference.
    """
    functions = utility_functions(scenario)
    points = evaluated(functions)
    if decimals is not None:
        points = np.round(points, decimals)
    chosen = pareto_frontier_numpy(points)
    frontier = points[chosen]
    least = np.array([one.reserved_value for one in functions])
    rational = [tuple(row) for row in frontier[(frontier >= least).all(axis=1)].tolist()]
    ranges = list(zip(points.min(axis=0).tolist(), points.max(axis=0).tolist(), strict=True))
    solve = {"ufuns": functions, "frontier": rational, "ranges": ranges}
    return Findings(
        frontier=[tuple(row) for row in frontier.tolist()],
        frontier_outcomes=chosen.tolist(),
        nash=[point for point, _ in nash_points(**solve)],  # pyright: ignore[reportArgumentType]
        kalai_smorodinsky=[point for point, _ in ks_points(**solve)],  # pyright: ignore[reportArgumentType]
        egalitarian=[point for point, _ in kalai_points(**solve)],  # pyright: ignore[reportArgumentType]
        utilitarian=[point for point, _ in max_welfare_points(**solve)],  # pyright: ignore[reportArgumentType]
    )
