"""Exact arithmetic: reading payoffs, values, regrets."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.equilibrium.exact import (
    MAX_DIGITS,
    bimatrix,
    cell_of,
    comparable,
    digits,
    expected_payoffs,
    integers,
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


def test_what_each_strategy_earns_is_exact():
    earned = values(
        ((Fraction(1), Fraction(2)), (Fraction(2), Fraction(1)), (Fraction(0), Fraction(0))), HALF
    )

    assert earned == (Fraction(3, 2), Fraction(3, 2), Fraction(0))


def test_pure_mixtures_and_supports():
    assert pure_mixture(3, 1) == (0, 1, 0)
    assert support((Fraction(1, 2), Fraction(0), Fraction(1, 2))) == (0, 2)


def test_a_profile_is_a_cell_if_both_are_sure_of_what_they_play():
    one, half = (Fraction(0), Fraction(1)), (Fraction(1, 2), Fraction(1, 2))

    assert cell_of(one, (Fraction(1),)) == (1, 0)
    assert cell_of(one, half) is None


def test_integers_of_numpy_do_not_overflow():
    big = np.array([[2**62, 1], [0, 2**62]])
    game = bimatrix(big, big)  # pyright: ignore[reportArgumentType]

    assert sum(sum(row) for row in game.row_payoffs) * 4 == 4 * (2**63 + 1)


@pytest.mark.parametrize("number", ["1e999999999", "1e-99999", Decimal("1e999999"), "9" * 6000])
def test_numbers_that_would_fill_the_memory_are_refused(number):
    shown = re.escape(repr(str(number)[:40]))
    with pytest.raises(UserError, match=f"^row payoffs: {shown} has more than 5000 digits"):
        bimatrix([[number]], [[1]])


def test_integers_keep_the_order_of_all_mixtures():
    rows = (
        (Fraction(1, 3), Fraction(-1, 2)),
        (Fraction(5, 6), Fraction(-1, 2)),
    )

    # In sixths: 2, −3, 5, −3; from the least up: 5, 0, 8, 0; and one more.
    assert integers(rows) == [[6, 1], [9, 1]]


def test_equal_payoffs_become_ones():
    assert integers(((Fraction(7), Fraction(7)),)) == [[1, 1]]


@given(
    st.lists(
        st.lists(st.fractions(max_denominator=50), min_size=3, max_size=3), min_size=2, max_size=2
    )
)
def test_integers_are_a_positive_affine_map_of_the_payoffs(rows):
    exact = tuple(tuple(row) for row in rows)
    whole = integers(exact)
    flat = [value for row in exact for value in row]
    mapped = [Fraction(value) for row in whole for value in row]
    spread, stretched = max(flat) - min(flat), max(mapped) - min(mapped)

    assert min(mapped) == 1
    assert all(
        (a - min(flat)) * stretched == (b - 1) * spread for a, b in zip(flat, mapped, strict=True)
    )


@pytest.mark.parametrize(
    ("greatest", "fits"), [(2**31, True), (2**63 - 2, True), (2**63 - 1, False), (2**70, False)]
)
def test_payoffs_are_compared_in_machine_words_where_they_fit(greatest, fits):
    # As whole numbers from 1 on the greatest is one more.
    table = comparable(((Fraction(0), Fraction(1), Fraction(greatest)),))

    assert table.tolist() == [[1, 2, greatest + 1]]
    assert (table.dtype == np.int64) == fits


def test_payoffs_become_the_least_whole_numbers_from_one_on_in_the_same_order():
    # In sixths 3, 4 and 9; from the least on 0, 1 and 6.
    third = tuple(map(Fraction, ("1/2", "2/3", "3/2")))
    assert integers((third,)) == [[1, 2, 7]]
    assert integers(((Fraction(0), Fraction(4)), (Fraction(8), Fraction(-4)))) == [[2, 3], [4, 1]]
    assert integers(((Fraction(5), Fraction(5)),)) == [[1, 1]]
    assert integers(((Fraction(1), Fraction(4)),)) == [[1, 2]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("12.5", 4), ("1e5", 3 + 5), ("-2E-12", 6 + 12), ("1e123456789", 11 + 123456789)],
)
def test_digits_are_counted_as_if_written_out(written, expected):
    assert digits(written) == expected


def test_an_exponent_beyond_any_limit_is_not_even_read():
    assert digits("1e" + "9" * 5000) > MAX_DIGITS
    assert digits("1e9999999999") == 12 + 10**9
