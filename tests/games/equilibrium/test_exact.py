"""Exact arithmetic: reading payoffs, regrets, indifference."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from games.equilibrium.exact import (
    best_reply_count,
    bimatrix,
    expected_payoffs,
    indifference,
    pure_mixture,
    regrets,
    support,
    values,
)
from games.errors import UserError

PENNIES = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
HALF = (Fraction(1, 2), Fraction(1, 2))


def test_floats_are_taken_at_their_binary_value_and_the_rest_as_written():
    game = bimatrix([[0.5, "1/3", "0.1", Decimal("0.1"), Fraction(2, 7), 3]], [[0.1] * 6])

    assert game.row_payoffs == (
        (
            Fraction(1, 2),
            Fraction(1, 3),
            Fraction(1, 10),
            Fraction(1, 10),
            Fraction(2, 7),
            Fraction(3),
        ),
    )
    assert game.column_payoffs[0][0] == Fraction(0.1) != Fraction(1, 10)


def test_arrays_are_read_like_lists():
    game = bimatrix(np.array([[1.5, 2.0]]), np.array([[3, 4]]))  # pyright: ignore[reportArgumentType]

    assert game.row_payoffs == ((Fraction(3, 2), Fraction(2)),)
    assert game.shape == (1, 2)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ([], [], "row payoffs: the matrix is empty; expected at least one cell"),
        ([[]], [[]], "row payoffs: the matrix is empty; expected at least one cell"),
        ([[1, 2], [3]], [[1, 2], [3, 4]], "row payoffs: the rows are of different lengths"),
        ([[1, 2], []], [[1, 2], [3, 4]], "row payoffs: the rows are of different lengths"),
        ([[1, 2]], [[1, 2], [3]], "column payoffs: the rows are of different lengths"),
        ([[1, 2]], [[1], [2]], "payoff matrices of different shapes: (1, 2) and (2, 1)"),
        ([[float("nan")]], [[1]], "row payoffs: expected finite numbers, found nan"),
        ([[1]], [[float("inf")]], "column payoffs: expected finite numbers, found inf"),
        ([[float("-inf")]], [[1]], "row payoffs: expected finite numbers, found -inf"),
        ([[Decimal("NaN")]], [[1]], "row payoffs: expected finite numbers, found Decimal('NaN')"),
        ([["two"]], [[1]], "row payoffs: expected finite numbers, found 'two'"),
        ([["1/0"]], [[1]], "row payoffs: expected finite numbers, found '1/0'"),
        ([[None]], [[1]], "row payoffs: expected finite numbers, found None"),
        ([1, 2], [3, 4], "row payoffs: expected rows of numbers, found 1"),
        (7, 7, "row payoffs: expected rows of numbers, found 7"),
    ],
)
def test_what_is_no_finite_game_is_refused_in_one_line(row, column, message):
    with pytest.raises(UserError) as caught:
        bimatrix(row, column)

    assert str(caught.value) == message


def test_regret_is_what_the_best_deviation_gains():
    assert regrets(PENNIES, HALF, HALF) == (0, 0)
    assert regrets(PENNIES, (Fraction(1), Fraction(0)), (Fraction(1), Fraction(0))) == (0, 2)
    assert regrets(PENNIES, (Fraction(3, 4), Fraction(1, 4)), (Fraction(1), Fraction(0))) == (
        Fraction(1, 2),
        Fraction(1),
    )
    assert expected_payoffs(
        PENNIES, (Fraction(3, 4), Fraction(1, 4)), (Fraction(1), Fraction(0))
    ) == (Fraction(1, 2), Fraction(-1, 2))


def test_values_and_best_replies_are_counted_exactly():
    earned = values(
        ((Fraction(1), Fraction(2)), (Fraction(2), Fraction(1)), (Fraction(0), Fraction(0))), HALF
    )

    assert earned == (Fraction(3, 2), Fraction(3, 2), Fraction(0))
    assert best_reply_count(earned) == 2


def test_pure_mixtures_and_supports():
    assert pure_mixture(3, 1) == (0, 1, 0)
    assert support((Fraction(1, 2), Fraction(0), Fraction(1, 2))) == (0, 2)


@pytest.mark.parametrize(
    ("payoffs", "own", "other", "mixture"),
    [
        ([[1, -1], [-1, 1]], (0, 1), (0, 1), HALF),
        ([[2, 0], [0, 1]], (0, 1), (0, 1), (Fraction(1, 3), Fraction(2, 3))),
        (
            [[2, 0, 9], [9, 9, 9], [0, 1, 9]],
            (0, 2),
            (0, 1),
            (Fraction(1, 3), Fraction(2, 3), Fraction(0)),
        ),
        ([[2, 3], [0, 1]], (0, 1), (0, 1), None),  # dominated: no mixture makes them equal
        ([[1, 1], [1, 1]], (0, 1), (0, 1), None),  # every mixture does
        ([[3, 0], [1, 1]], (0,), (1,), (Fraction(0), Fraction(1))),
        ([[2, 1], [0, 0.5]], (0, 1), (0, 1), None),  # equal only at a negative probability
    ],
)
def test_indifference_gives_the_only_mixture_that_makes_a_support_equal(
    payoffs, own, other, mixture
):
    game = bimatrix(payoffs, payoffs)

    assert indifference(game.row_payoffs, own, other) == mixture
