"""Nashpy beside the exact list: its best-reply test, what it misses and what it invents."""

import pytest

from games.equilibrium.solve import equilibria
from tests.games.equilibrium.test_solve import TRAP


def test_in_an_ordinary_game_nashpy_agrees():
    check = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]]).nashpy

    assert check is not None
    assert check.agrees
    assert (check.confirmed, check.listed) == (3, 3)


def test_equilibria_that_nashpy_loses_are_told():
    # Unscaled, its support enumeration loses one of the three; each is a best reply all the same.
    row, column = TRAP
    check = equilibria(row, column).nashpy

    assert check is not None
    assert check.confirmed == 3
    assert len(check.missed) == 3 - check.listed


def test_large_games_are_not_given_to_nashpy():
    size = 6
    identity = [[int(i == j) for j in range(size)] for i in range(size)]

    assert equilibria(identity, identity).nashpy is None


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
def test_best_replies_are_confirmed_at_every_scale(scale):
    row, column = ([[scale * value for value in line] for line in side] for side in TRAP)
    check = equilibria(row, column).nashpy

    assert check is not None
    assert check.rejected == ()


def test_a_game_of_zeros_does_not_stop_nashpy():
    check = equilibria([[0, 0], [0, 0]], [[0, 0], [0, 0]]).nashpy

    assert check is not None
    assert check.confirmed == 4
