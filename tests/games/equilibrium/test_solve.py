"""No false equilibrium is ever shown, no pure one is missed, and the list says what it is worth."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium.exact import regrets
from games.equilibrium.solve import equilibria
from games.errors import UserError

TRAP = (
    [[5, 4, 3], [9, 3, 2], [8, 0, 4]],
    [[3, 0, 7], [9, 7, 3], [5, 8, 3]],
)
"""Of its three equilibria Nashpy's support enumeration finds two."""


def found(row, column) -> set[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]]:
    """Return the profiles of the equilibria that are listed."""
    return {(one.row, one.column) for one in equilibria(row, column).equilibria}


def f(*weights: str) -> tuple[Fraction, ...]:
    """Return a mixture from its weights as text."""
    return tuple(Fraction(weight) for weight in weights)


def plain_pure(row, column) -> set[tuple[int, int]]:
    """Return the cells that neither player would leave."""
    height, width = len(row), len(row[0])
    return {
        (i, j)
        for i, j in product(range(height), range(width))
        if row[i][j] == max(row[k][j] for k in range(height)) and column[i][j] == max(column[i])
    }


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        pytest.param(
            [[1, -1], [-1, 1]],
            [[-1, 1], [1, -1]],
            {(f("1/2", "1/2"), f("1/2", "1/2"))},
            id="matching pennies",
        ),
        pytest.param(
            [[3, 0], [5, 1]], [[3, 5], [0, 1]], {(f("0", "1"), f("0", "1"))}, id="prisoners"
        ),
        pytest.param(
            [[2, 0], [0, 1]],
            [[1, 0], [0, 2]],
            {
                (f("1", "0"), f("1", "0")),
                (f("0", "1"), f("0", "1")),
                (f("2/3", "1/3"), f("1/3", "2/3")),
            },
            id="battle of the sexes",
        ),
        pytest.param(
            [[0, 7], [2, 6]],
            [[0, 2], [7, 6]],
            {
                (f("1", "0"), f("0", "1")),
                (f("0", "1"), f("1", "0")),
                (f("1/3", "2/3"), f("1/3", "2/3")),
            },
            id="chicken",
        ),
        pytest.param(
            [[4, 0], [3, 3]],
            [[4, 3], [0, 3]],
            {
                (f("1", "0"), f("1", "0")),
                (f("0", "1"), f("0", "1")),
                (f("3/4", "1/4"), f("3/4", "1/4")),
            },
            id="stag hunt",
        ),
        pytest.param(
            [[0, -1, 1], [1, 0, -1], [-1, 1, 0]],
            [[0, 1, -1], [-1, 0, 1], [1, -1, 0]],
            {(f("1/3", "1/3", "1/3"), f("1/3", "1/3", "1/3"))},
            id="rock paper scissors",
        ),
        pytest.param([[7]], [[-3]], {(f("1"), f("1"))}, id="one cell"),
        pytest.param(
            [[1, 1, 1]],
            [[2, 9, 9]],
            {(f("1"), f("0", "1", "0")), (f("1"), f("0", "0", "1"))},
            id="one row, tied",
        ),
        pytest.param(
            [[1], [4], [3]], [[0], [0], [0]], {(f("0", "1", "0"), f("1"))}, id="one column"
        ),
    ],
)
def test_textbook_games(row, column, expected):
    assert found(row, column) == expected


def test_the_game_of_which_nashpy_loses_an_equilibrium_is_not_called_complete():
    report = equilibria(*TRAP)
    third = (f("5/12", "0", "7/12"), f("0", "1/5", "4/5"))

    assert regrets(report.game, *third) == (0, 0)
    assert {one.regret for one in report.equilibria} == {(0, 0)}
    assert report.complete or third not in found(*TRAP)
    assert not report.complete
    assert "miss" in report.completeness_reason


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_in_a_game_of_zeros_every_cell_is_an_equilibrium(size):
    zeros = [[0] * size for _ in range(size)]
    report = equilibria(zeros, zeros)

    assert sum(one.pure for one in report.equilibria) == size**2
    assert report.degenerate == (size > 1)
    assert report.complete == (size == 1)


@pytest.mark.parametrize(
    ("row", "column", "complete"),
    [
        ([[1, 2, 3]], [[3, 9, 1]], True),
        ([[1, 2, 3]], [[9, 9, 1]], False),
        ([[1], [2]], [[0], [0]], True),
        ([[2], [2]], [[0], [0]], False),
        ([[1, 0], [0, 1]], [[1, 0], [0, 1]], True),
        ([[1, 1], [0, 1]], [[1, 0], [0, 1]], False),
        ([[1, 0, 0], [0, 1, 0]], [[1, 0, 0], [0, 1, 0]], False),
    ],
)
def test_a_list_is_called_complete_only_where_that_is_proved(row, column, complete):
    report = equilibria(row, column)

    assert report.complete is complete
    assert report.completeness_reason


@pytest.mark.parametrize(
    ("row", "column", "degenerate"),
    [
        ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], False),
        ([[2, 0], [0, 1]], [[1, 0], [0, 2]], False),
        ([[1, 1], [0, 0]], [[1, 1], [0, 0]], True),
        ([[1, 0], [1, 0]], [[1, 0], [0, 1]], True),
    ],
)
def test_a_pure_strategy_with_two_best_replies_makes_a_game_degenerate(row, column, degenerate):
    assert equilibria(row, column).degenerate is degenerate


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e6, 1e12, 1e100])
def test_the_scale_of_payoffs_makes_no_equilibrium_false(scale):
    row, column = ([[scale * x for x in line] for line in side] for side in TRAP)

    report = equilibria(row, column)

    assert report.equilibria
    assert all(regrets(report.game, one.row, one.column) == (0, 0) for one in report.equilibria)


def test_payoffs_too_great_for_floats_are_still_decided_exactly():
    huge = 10**400
    report = equilibria([[huge, 0, 0], [0, 1, 0]], [[huge, 0, 0], [0, 1, 0]])

    assert {(one.row, one.column) for one in report.equilibria} >= {
        (f("1", "0"), f("1", "0", "0")),
        (f("0", "1"), f("0", "1", "0")),
    }
    assert not report.complete


def random_two_by_two(number: int) -> tuple[list[list[int]], list[list[int]]]:
    draw = Random(number)
    row, column = ([[draw.randint(-9, 9) for _ in range(2)] for _ in range(2)] for _ in "ab")
    return row, column


@pytest.mark.parametrize("number", range(60))
def test_a_complete_list_of_a_two_by_two_game_has_an_odd_number_of_equilibria(number):
    report = equilibria(*random_two_by_two(number))

    assert report.complete is not report.degenerate
    assert not report.complete or len(report.equilibria) % 2 == 1


def test_payoffs_that_differ_beyond_floats_are_told_apart():
    tiny = Fraction(1, 10**30)
    profiles = found([[1, 1], [1 + tiny, 1]], [[0, 0], [0, 0]])

    assert (f("1", "0"), f("1", "0")) not in profiles
    assert (f("0", "1"), f("1", "0")) in profiles


def test_strategies_are_named_as_given_or_by_number():
    named = equilibria([[1, 2]], [[3, 4]], rows=["stay"], columns=["go", "wait"])
    plain = equilibria([[1, 2]], [[3, 4]])

    assert (named.rows, named.columns) == (("stay",), ("go", "wait"))
    assert (plain.rows, plain.columns) == (("row 1",), ("column 1", "column 2"))


@pytest.mark.parametrize("matrix", [[], [[]], [[1], [1, 2]], [[float("nan")]], [[float("inf")]]])
def test_what_is_no_game_is_the_users_to_mend(matrix):
    with pytest.raises(UserError) as caught:
        equilibria(matrix, matrix)

    assert len(str(caught.value).splitlines()) == 1


FEW_DIFFERENT: st.SearchStrategy[float] = st.integers(-3, 3)


@st.composite
def games(draw: st.DrawFn, largest: int = 4, numbers: st.SearchStrategy[float] = FEW_DIFFERENT):
    """Draw a game; few different payoffs make ties the norm."""
    height, width = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    matrix = st.lists(
        st.lists(numbers, min_size=width, max_size=width), min_size=height, max_size=height
    )
    return draw(matrix), draw(matrix)


@settings(max_examples=150)
@given(games())
def test_every_equilibrium_listed_has_no_regret_in_exact_numbers(game):
    report = equilibria(*game)

    for one in report.equilibria:
        assert (sum(one.row), sum(one.column)) == (1, 1)
        assert min(*one.row, *one.column) >= 0
        assert one.regret == regrets(report.game, one.row, one.column) == (0, 0)
        assert all(isinstance(regret, Fraction) for regret in one.regret)


@settings(max_examples=150)
@given(games())
def test_all_pure_equilibria_are_listed_once(game):
    pure = [
        (one.row.index(Fraction(1)), one.column.index(Fraction(1)))
        for one in equilibria(*game).equilibria
        if one.pure
    ]

    assert sorted(pure) == sorted(plain_pure(*game))


@settings(max_examples=40)
@given(games(largest=3, numbers=st.floats(-1e6, 1e6)))
def test_floats_of_any_size_give_no_false_equilibrium(game):
    assert all(one.regret == (0, 0) for one in equilibria(*game).equilibria)


@settings(max_examples=60)
@given(
    games(largest=3),
    st.sampled_from([Fraction(1, 3), Fraction(7), Fraction(1, 1000)]),
    st.integers(-9, 9),
)
def test_rescaling_a_players_payoffs_changes_no_equilibrium(game, factor, shift):
    row, column = game
    other = [[factor * value + shift for value in line] for line in row]

    assert found(other, column) == found(row, column)


@settings(max_examples=40)
@given(games(largest=3))
def test_every_small_game_has_an_equilibrium_that_is_pure_or_possibly_missed(game):
    report = equilibria(*game)

    assert report.equilibria or not report.complete
