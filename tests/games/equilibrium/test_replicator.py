"""Replicator dynamics: against Nashpy's solver where that is sound, and by what must hold."""

from random import Random

import numpy as np
import pytest

from games.equilibrium.exact import bimatrix
from games.equilibrium.nashpy_check import nashpy_game, unit_scaled
from games.equilibrium.replicator import Populations, at_horizon, paths


def random_game(seed: int, shape: tuple[int, int]):
    rng = Random(f"replicator/{seed}")
    return bimatrix(*([[rng.random() for _ in range(shape[1])] for _ in range(shape[0])],) * 2)


def random_starts(seed: int, shape: tuple[int, int], count: int = 4) -> Populations:
    draws = np.random.default_rng(seed)
    return Populations(
        rows=draws.dirichlet(np.ones(shape[0]), count),
        columns=draws.dirichlet(np.ones(shape[1]), count),
    )


@pytest.mark.parametrize(("seed", "shape"), [(0, (2, 2)), (1, (3, 2)), (2, (3, 3)), (3, (2, 4))])
def test_paths_are_those_of_nashpys_solver(seed, shape):
    game, starts = random_game(seed, shape), random_starts(seed, shape)
    found = paths(game, starts, times=11, every=4)

    its = nashpy_game(*unit_scaled(game))
    for start in range(4):
        rows, columns = its.asymmetric_replicator_dynamics(
            x0=starts.rows[start], y0=starts.columns[start], timepoints=np.linspace(0, 20, 11)
        )
        assert np.array([at.rows[start] for at in found]) == pytest.approx(rows, abs=1e-4)
        assert np.array([at.columns[start] for at in found]) == pytest.approx(columns, abs=1e-4)


CONVENTIONS = [[3, 0, 0], [0, 2, 0], [0, 0, 1]]
DIFFERENT = Random("replicator/different")

GAMES = {
    "two conventions": ([[2, 0], [0, 1]], [[2, 0], [0, 1]]),
    "three conventions": (CONVENTIONS, CONVENTIONS),
    "prisoner's dilemma": ([[3, 0], [5, 1]], [[3, 5], [0, 1]]),
    "hawk and dove": ([[0, 3], [1, 2]], [[0, 1], [3, 2]]),
    "a set of equilibria": ([[1, 1, 1], [0, 0, 0]], [[1, 1, 0], [1, 1, 0]]),
    "other units": ([[2e6, 0], [0, 1e6]], [[-1e-3, -3e-3], [-3e-3, -2e-3]]),
    "drawn": tuple([[DIFFERENT.random() for _ in range(5)] for _ in range(4)] for _ in range(2)),
}


@pytest.mark.parametrize("name", GAMES)
def test_learning_ends_where_nashpys_solver_ends(name):
    game = bimatrix(*GAMES[name])
    starts = random_starts(6, game.shape, count=8)
    end = at_horizon(game, starts, 1000.0)

    its = nashpy_game(*unit_scaled(game))
    for start in range(8):
        rows, columns = its.asymmetric_replicator_dynamics(
            x0=starts.rows[start],
            y0=starts.columns[start],
            timepoints=np.linspace(0, 1000, 201),
        )
        # A start is left where nothing moves by more than a hundredth any more.
        assert end.rows[start] == pytest.approx(rows[-1], abs=0.01)
        assert end.columns[start] == pytest.approx(columns[-1], abs=0.01)


def test_matching_pennies_keeps_its_distance_from_the_mixture():
    """Between them x(1 − x) y(1 − y) stays what it is (Hofbauer and Sigmund 1998)."""
    pennies = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    starts = random_starts(4, (2, 2))
    end = at_horizon(pennies, starts, 200.0)

    kept = [side.rows.prod(axis=1) * side.columns.prod(axis=1) for side in (starts, end)]
    assert kept[1] == pytest.approx(kept[0], rel=1e-2)


def test_shares_stay_shares_where_strategies_die_out():
    game = bimatrix([[1, 1], [0, 0]], [[1, 0], [1, 0]])
    end = at_horizon(game, random_starts(5, (2, 2)), 1000.0)

    assert end.rows == pytest.approx(np.array([[1, 0]] * 4), abs=1e-6)
    assert np.all(end.columns >= 0)


def test_a_start_that_has_come_to_rest_is_left_there():
    game = bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    resting = Populations(rows=np.array([[0.5, 0.5]]), columns=np.array([[0.5, 0.5]]))

    assert at_horizon(game, resting, 1000.0).rows.tolist() == [[0.5, 0.5]]


def test_a_strategy_that_has_nearly_died_out_comes_back_when_it_pays():
    """A start is at rest only where nobody would change, not where little moves."""
    game = bimatrix([[0, 1], [1, 0]], [[0, 0], [0, 0]])
    start = Populations(rows=np.array([[1e-12, 1 - 1e-12]]), columns=np.array([[0.1, 0.9]]))

    assert at_horizon(game, start, 1000.0).rows[0, 0] == pytest.approx(1, abs=1e-4)
