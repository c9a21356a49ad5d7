"""Every Lemke–Howson path ends in an equilibrium, in games of any shape and however tied."""

from fractions import Fraction
from time import monotonic

import pytest

from games.equilibrium.exact import bimatrix, integers, regrets
from games.equilibrium.lemke_howson import found_by_paths, path_end
from tests.support.games import random_game


@pytest.mark.parametrize("seed", range(60))
def test_every_label_leads_to_an_equilibrium(seed):
    row, column = random_game(seed, largest=6)
    game = bimatrix(row, column)
    own, other = integers(game.row_payoffs), integers(game.transposed_column_payoffs)

    ends = list(found_by_paths(own, other, monotonic() + 60))

    assert len(ends) == sum(game.shape)
    assert {regrets(game, *end) for end in ends} == {(Fraction(0), Fraction(0))}


def test_a_path_is_left_when_the_time_is_up():
    assert path_end([[1, 2], [2, 1]], [[2, 1], [1, 2]], 0, monotonic() - 1) is None
