"""Basin shares under replicator dynamics."""

from dataclasses import replace

import numpy as np
import pytest

from games.equilibrium.dynamics import basins
from games.equilibrium.replicator import Populations, at_horizon
from games.equilibrium.solve import equilibria


def test_a_dominant_strategy_draws_every_start():
    found = basins(equilibria([[3, 0], [5, 1]], [[3, 5], [0, 1]]), starts=20)

    assert found.shares == (1.0,)
    assert found.unsettled == 0


def test_two_conventions_divide_the_starts_and_the_mixture_between_them_draws_none():
    report = equilibria([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    found = basins(report, starts=60)

    # The mixed equilibrium is at 1/3: the better convention has the larger basin.
    assert found.shares[2] == 0
    assert found.shares[0] > found.shares[1] > 0
    assert sum(found.shares) == pytest.approx(1)


def test_matching_pennies_never_settles():
    found = basins(equilibria([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), starts=5)

    assert found.unsettled > 0.5


def test_a_set_of_equilibria_is_reached_as_a_set():
    found = basins(equilibria([[1, 1, 1], [0, 0, 0]], [[1, 1, 0], [1, 1, 0]]), starts=10)

    assert found.shares == (1.0,)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_a_player_without_a_choice_is_no_obstacle(shape):
    row = [[float(i + 2 * j) for j in range(shape[1])] for i in range(shape[0])]

    assert basins(equilibria(row, row), starts=5).shares == (1.0,)


def test_the_same_seed_gives_the_same_shares():
    report = equilibria([[2, 0], [0, 1]], [[2, 0], [0, 1]])

    assert basins(report, starts=10, seed=3) == basins(report, starts=10, seed=3)


def test_a_start_comes_to_the_same_end_whoever_else_starts():
    # The first two are at rest from the beginning, one of them at the poorer convention; the others
    # are under way for long.
    game = equilibria([[2, 0], [0, 1]], [[2, 0], [0, 1]]).game
    shares = np.array([[1 - 1e-12, 1e-12], [1e-12, 1 - 1e-12], [0.4, 0.6], [0.3334, 0.6666]])
    together = at_horizon(game, Populations(rows=shares, columns=shares), 50.0)
    alone = [
        at_horizon(game, Populations(rows=one[None], columns=one[None]), 50.0) for one in shares
    ]

    assert together.rows.tolist() == [end.rows[0].tolist() for end in alone]
    assert together.columns.tolist() == [end.columns[0].tolist() for end in alone]


def test_where_not_all_equilibria_are_known_no_start_is_said_to_come_to_one():
    report = replace(equilibria([[2, 0], [0, 1]], [[2, 0], [0, 1]]), complete=False)
    found = basins(report, starts=5)

    assert (found.shares, found.unsettled) == ((), 1)


def test_shares_are_written_as_plain_values():
    found = basins(equilibria([[1]], [[1]]), starts=3)

    assert found.as_json() == {"shares": [1.0], "unsettled": 0.0, "starts": 3}
