"""How near outcomes are to the frontier and to the Nash outcome is what NegMAS finds.

NegMAS's frontier, its Nash point, its distances and its optimality are asked, in our gains. It
divides by whatever greatest distance it is given; ours is that of all outcomes and no agreement,
found by its distances too. Its own default, the diagonal of all utilities, is another unit.
"""

from typing import Any

import numpy as np
import pytest
from negmas.preferences.ops import (
    ScenarioStats,
    calc_outcome_distances,
    calc_outcome_optimality,
    distance_to,
)

from delegates.evaluation.results.measures import measured, spans
from games.bargaining.solutions import reservations, utility_rows
from games.scenario import Scenario
from games.utility import DIGITS
from tests.oracles.negmas_bargaining import Points, negmas_findings
from tests.oracles.test_bargaining_against_negmas import solvable


def in_gains(scenario: Scenario, points: Points) -> Points:
    scaled = (np.array(points) - reservations(scenario)) / spans(scenario)
    return [tuple(row) for row in scaled.tolist()]


def stats_of(frontier: Points, nash: Points) -> ScenarioStats:
    """Return what NegMAS needs of a scenario for distances to these points alone."""
    names = ("kalai", "modified_kalai", "max_welfare", "max_relative_welfare", "ks", "modified_ks")
    nothing: Any = {f"{name}_{what}": [] for name in names for what in ("utils", "outcomes")}
    return ScenarioStats(
        opposition=0.0,
        utility_ranges=[],
        pareto_utils=tuple(frontier),
        pareto_outcomes=[],
        nash_utils=nash,
        nash_outcomes=[],
        **nothing,
    )


@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("seed", range(6))
def test_optimality_is_that_of_negmas_by_the_same_greatest_distance(seed, parties):
    game = solvable(seed, parties, tied=False)
    theirs = negmas_findings(game, DIGITS)
    frontier, nash = in_gains(game, theirs.frontier), in_gains(game, theirs.nash)
    utilities = utility_rows(game, np.arange(game.space.size)).T.tolist()
    points = [*in_gains(game, [tuple(row) for row in utilities]), (0.0,) * parties]
    stats = stats_of(frontier, nash)
    ours = measured(game, np.array(points))

    for column, goals, name in ((0, frontier, "pareto"), (1, nash, "nash")):
        farthest = max(distance_to(point, goals) for point in points)
        optimality = [
            getattr(
                calc_outcome_optimality(calc_outcome_distances(point, stats), stats, farthest),
                f"{name}_optimality",
            )
            for point in points[:: max(1, len(points) // 60)]
        ]
        assert ours[:: max(1, len(points) // 60), column] == pytest.approx(optimality, abs=1e-6)
