"""Nashpy beside the exact list: its best-reply test, what it misses and what it invents."""

import pytest

from games.equilibrium.solve import equilibria
from tests.games.equilibrium.test_solve import TRAP


def test_in_an_ordinary_game_nashpy_agrees():
    check = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]]).nashpy

    assert check is not None
    assert check.agrees
    assert (check.confirmed, check.listed) == (3, 3)


def test_an_equilibrium_that_nashpy_loses_is_told():
    row, column = TRAP
    report = equilibria(row, column)
    check = report.nashpy

    assert check is not None
    assert (check.confirmed, check.listed, check.unknown) == (3, 2, 0)
    (lost,) = check.missed
    assert report.equilibria[lost].as_json()["exact"] == [
        ["5/12", "0", "7/12"],
        ["0", "1/5", "4/5"],
    ]
    assert not check.agrees


def test_payoffs_beyond_floats_are_given_to_nashpy_scaled():
    huge = 10**400
    check = equilibria([[huge, 0], [0, huge]], [[huge, 0], [0, huge]]).nashpy

    assert check is not None
    assert check.agrees


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
