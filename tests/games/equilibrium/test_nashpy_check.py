"""Nashpy beside the exact list: its best-reply test, what it misses and what it invents."""

from fractions import Fraction

import numpy as np
import pytest

from games.equilibrium import nashpy_check
from games.equilibrium.exact import bimatrix
from games.equilibrium.nashpy_check import NashpyCheck, compare_with_nashpy, unit_scaled
from games.equilibrium.solve import equilibria
from tests.games.equilibrium.test_solve import TRAP


def test_in_an_ordinary_game_nashpy_agrees():
    check = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]]).nashpy

    assert check is not None
    assert check.agrees
    assert (check.confirmed, check.listed) == (3, 3)


def returns(monkeypatch: pytest.MonkeyPatch, *profiles: tuple[list[float], list[float]]) -> None:
    """Let Nashpy return these profiles: which ones it loses hangs on the machine's last digits."""
    found = [(np.array(row), np.array(column)) for row, column in profiles]
    monkeypatch.setattr(nashpy_check, "_support_enumeration", lambda _: found)


CONVENTIONS = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]])
"""Two pure equilibria, and one at (2/3, 1/3) against (1/3, 2/3)."""

FIRST, SECOND = ([1.0, 0.0], [1.0, 0.0]), ([0.0, 1.0], [0.0, 1.0])
MIXED = ([2 / 3, 1 / 3], [1 / 3, 2 / 3])


def compared() -> NashpyCheck:
    listed = [(one.row, one.column) for one in CONVENTIONS.equilibria]
    check = compare_with_nashpy(CONVENTIONS.game, listed)
    assert check is not None
    return check


def test_an_equilibrium_that_nashpy_loses_is_told(monkeypatch):
    returns(monkeypatch, FIRST, MIXED)

    assert compared().as_json() == {
        "agrees": False,
        "confirmed": 3,
        "rejected": [],
        "listed": 2,
        "missed": [1],
        "unknown": 0,
    }


def test_a_profile_that_nashpy_would_not_call_an_equilibrium_is_told():
    half = (Fraction(1, 2), Fraction(1, 2))
    listed = [(one.row, one.column) for one in CONVENTIONS.equilibria]
    check = compare_with_nashpy(CONVENTIONS.game, [*listed, (half, half)])

    assert check is not None
    assert (check.confirmed, check.rejected, check.missed) == (3, (3,), (3,))
    assert not check.agrees


def test_a_profile_that_nashpy_invents_is_told(monkeypatch):
    returns(monkeypatch, FIRST, SECOND, MIXED, ([0.5, 0.5], [0.5, 0.5]), ([1.0, 0.0], [0.0, 1.0]))

    check = compared()
    assert (check.listed, check.missed, check.unknown, check.agrees) == (5, (), 2, False)


@pytest.mark.parametrize(("off", "is_same"), [(1e-7, True), (1e-5, False)])
def test_profiles_are_the_same_but_for_rounding(monkeypatch, off, is_same):
    returns(monkeypatch, FIRST, SECOND, ([2 / 3 + off, 1 / 3 - off], [1 / 3, 2 / 3]))

    assert compared().agrees == is_same


def test_payoffs_are_scaled_to_the_unit_interval_each_players_by_itself():
    mine, its = unit_scaled(bimatrix([[-10, 0], [5, 10]], [[7, 7], [7, 7]]))

    assert mine.tolist() == [[0.0, 0.5], [0.75, 1.0]]
    assert its.tolist() == [[0.0, 0.0], [0.0, 0.0]]


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
