"""The extreme equilibria of random games are exactly those that Gambit's exact solver finds.

The whole proof is `python -m pytest -m campaign tests/oracles/test_equilibria_against_gambit.py`.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pygambit
import pytest

from games.equilibrium.pure import pure_equilibria
from games.equilibrium.solve import equilibria
from tests.games.equilibrium.test_solve import VON_STENGEL
from tests.support.games import Payoffs, random_game, scaled

Profiles = set[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]]


def _gambit_game(row: Payoffs, column: Payoffs) -> Any:
    arrays = (np.array(side, dtype=object) for side in (row, column))
    return pygambit.StrategicGame.from_arrays(*arrays)  # pyright: ignore[reportAttributeAccessIssue]


def gambits(row: Payoffs, column: Payoffs) -> Profiles:
    """Return the extreme equilibria by Gambit's enumeration in rational numbers."""
    game = _gambit_game(row, column)
    found: Profiles = set()
    for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria:
        weights = [
            Fraction(int(p.numerator), int(p.denominator)) for own in profile for _, p in own
        ]
        found.add((tuple(weights[: len(row)]), tuple(weights[len(row) :])))
    return found


def assert_equal_sets(row: Payoffs, column: Payoffs, seed: int) -> None:
    """Compare the lists, also once the payoffs are scaled, which changes no equilibrium."""
    report = equilibria(row, column)
    ours = {(one.row, one.column) for one in report.equilibria}
    again = equilibria(*scaled(seed, (row, column)))

    assert ours == gambits(row, column)
    assert ours == {(one.row, one.column) for one in again.equilibria}
    assert len(ours) == len(report.equilibria)
    assert report.complete
    assert sum(one.index for one in report.components) == 1


@pytest.mark.parametrize("seed", range(150))
def test_a_random_game_has_the_same_extreme_equilibria_as_in_gambit(seed):
    assert_equal_sets(*random_game(seed, largest=5), seed)


@pytest.mark.parametrize("seed", range(10_000, 10_010))
def test_so_has_a_larger_one(seed):
    assert_equal_sets(*random_game(seed, largest=7), seed)


def test_so_has_von_stengels():
    row, column = ([[Fraction(value) for value in line] for line in side] for side in VON_STENGEL)
    assert_equal_sets(row, column, 0)


def test_where_gambit_finds_nothing_an_equilibrium_is_proved():
    # From payoffs of about 2^31 on its exact enumeration returns an empty list, here of a game
    # in which the column player, alone to choose, simply takes the greater payoff.
    row, column = [[Fraction(1), Fraction(1)]], [[Fraction(10**10), Fraction(1)]]

    (only,) = equilibria(row, column).equilibria

    assert gambits(row, column) == set()
    assert only.column == (1, 0)
    assert only.regret == (0, 0)


@pytest.mark.parametrize("seed", range(40))
def test_pure_equilibria_are_those_of_gambit(seed):
    row, column = random_game(seed, largest=8)
    game = _gambit_game(row, column)
    theirs = {
        tuple(places)
        for profile in pygambit.nash.enumpure_solve(game).equilibria
        for places in [_cell([int(p) for own in profile for _, p in own], len(row))]
    }

    assert {
        tuple(cell) for cell in pure_equilibria(np.array(row), np.array(column)).tolist()
    } == theirs


def _cell(weights: list[int], height: int) -> tuple[int, int]:
    return weights[:height].index(1), weights[height:].index(1)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_two_and_a_half_thousand_games_up_to_eight_strategies():
    for seed in range(2_500):
        try:
            assert_equal_sets(*random_game(seed), seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
