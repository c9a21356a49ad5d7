"""Frontier and solutions are those that NegMAS finds, wherever the definitions agree."""

import numpy as np
import pytest

from games.bargaining.solutions import bargain, utility_rows
from games.outcomes import IndexArray
from games.scenario import Scenario
from games.utility import DIGITS
from tests.oracles.negmas_bargaining import Points, negmas_findings
from tests.support.domains import random_scenario


def distinct(points: Points) -> list[tuple[float, ...]]:
    """Return different points, rounded to millionths, in order."""
    return sorted({tuple(np.round(point, 6).tolist()) for point in points})


def points_of(scenario: Scenario, outcomes: IndexArray) -> list[tuple[float, ...]]:
    """Return the different points of some outcomes of ours."""
    return distinct([tuple(row) for row in utility_rows(scenario, outcomes).T.tolist()])


def solvable(seed: int, parties: int, *, tied: bool) -> Scenario:
    """Return the first random scenario from a seed on whose reservation values matter.

    In its ZOPA every party can gain; nobody's reservation value is below its worst outcome.
    """
    while True:
        game = random_scenario(seed, parties=parties, outcomes=(50, 3000), scale=100.0, tied=tied)
        above_worst = all(own.reservation >= own.lowest for own in game.preferences)
        if above_worst and len(bargain(game).zopa) and not bargain(game).left_out:
            return game
        seed += 1000


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_frontier_and_solutions_are_those_of_negmas(seed, parties, tied):
    game = solvable(seed, parties, tied=tied)
    ours, theirs = bargain(game), negmas_findings(game, DIGITS)

    assert ours.pareto is not None
    assert points_of(game, ours.pareto) == distinct(theirs.frontier)
    nash = points_of(game, ours.solutions["nash"])
    assert set(distinct(theirs.nash)) <= set(nash)
    # Ours also lists ties that rounding in NegMAS's products sets apart.
    least = np.array([own.reservation for own in game.preferences])
    products = [np.prod(np.array(point) - least) for point in (*nash, *theirs.nash)]
    assert products == pytest.approx([products[0]] * len(products))


@pytest.mark.parametrize("parties", [2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_egalitarian_and_utilitarian_outcomes_are_as_good_as_those_of_negmas(seed, parties):
    game = solvable(seed, parties, tied=True)
    ours, theirs = bargain(game), negmas_findings(game, DIGITS)
    least = np.array([own.reservation for own in game.preferences])

    egalitarian = points_of(game, ours.solutions["egalitarian"])
    utilitarian = points_of(game, ours.solutions["utilitarian"])

    # Leximin looks further than NegMAS's least gain, which must be the same.
    worst_off = [min(np.array(point) - least) for point in (*egalitarian, *theirs.egalitarian)]
    assert worst_off == pytest.approx([worst_off[0]] * len(worst_off), abs=1e-5)
    sums = [sum(point) for point in (*utilitarian, *theirs.utilitarian)]
    assert sums == pytest.approx([sums[0]] * len(sums), abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_no_point_of_negmas_gives_the_worst_off_a_larger_share_than_ours(seed):
    game = solvable(seed, 2, tied=False)
    ours, theirs = bargain(game), negmas_findings(game, DIGITS)
    least = np.array([own.reservation for own in game.preferences])

    def worst_share(point: tuple[float, ...]) -> float:
        return min((np.array(point) - least) / (ours.best - least))

    best = worst_share(points_of(game, ours.solutions["kalai_smorodinsky"])[0])
    assert all(worst_share(point) <= best + 1e-6 for point in theirs.kalai_smorodinsky)
    assert all(
        worst_share(point) <= best + 1e-6
        for point in theirs.frontier
        if (np.array(point) >= least).all()
    )
