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


def test_the_game_of_which_nashpy_loses_an_equilibrium_has_three():
    report = equilibria(*TRAP)

    assert (f("5/12", "0", "7/12"), f("0", "1/5", "4/5")) in found(*TRAP)
    assert len(report.equilibria) == 3
    assert report.complete
    assert sum(one.index for one in report.components) == 1


VON_STENGEL = (
    [
        [9504, -660, 19976, -20526, 1776, -8976],
        [-111771, 31680, -130944, 168124, -8514, 52764],
        [397584, -113850, 451176, -586476, 29216, -178761],
        [171204, -45936, 208626, -263076, 14124, -84436],
        [1303104, -453420, 1227336, -1718376, 72336, -461736],
        [737154, -227040, 774576, -1039236, 48081, -300036],
    ],
    [
        [72336, 48081, 29216, 14124, 1776, -8514],
        [-461736, -300036, -178761, -84436, -8976, 52764],
        [1227336, 774576, 451176, 208626, 19976, -130944],
        [-1718376, -1039236, -586476, -263076, -20526, 168124],
        [1303104, 737154, 397584, 171204, 9504, -111771],
        [-453420, -227040, -113850, -45936, -660, 31680],
    ],
)
"""Built from dual cyclic polytopes (von Stengel 1999, New maximal numbers of equilibria)."""


def test_von_stengels_game_of_six_strategies_has_75_equilibria():
    report = equilibria(*VON_STENGEL)

    assert len(report.equilibria) == 75
    assert (report.complete, report.degenerate) == (True, False)
    assert sum(one.index for one in report.components) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_game_of_zeros_is_one_set_of_equilibria(size):
    zeros = [[0] * size for _ in range(size)]
    report = equilibria(zeros, zeros)

    assert [one.pure for one in report.equilibria] == [True] * size**2
    assert report.degenerate == (size > 1)
    assert report.complete
    assert [one.index for one in report.components] == [1]


def test_one_row_against_five_columns_is_one_set_of_the_best():
    report = equilibria([[4, 4, 4, 4, 4]], [[0, 2, 2, 1, 2]])

    assert [one.cell for one in report.equilibria] == [(0, 1), (0, 2), (0, 4)]
    assert [one.index for one in report.components] == [1]
    assert len(report.components[0].subsets) == 1
    assert len(report.components[0].subsets[0].columns) == 3


def test_mixed_equilibria_are_listed_by_how_many_strategies_somebody_uses_fewest_first():
    # Column likes all equally where row plays its first; row likes all equally against thirds.
    report = equilibria([[3, 0, 0], [0, 3, 0], [0, 0, 3]], [[0, 0, 0], [0, 0, 1], [0, 1, 0]])

    assert [(one.row, one.column) for one in report.equilibria if not one.pure] == [
        (f("1", "0", "0"), f("1/2", "1/2", "0")),
        (f("1", "0", "0"), f("1/2", "0", "1/2")),
        (f("0", "1/2", "1/2"), f("0", "1/2", "1/2")),
        (f("1", "0", "0"), f("1/3", "1/3", "1/3")),
    ]


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (2, 7), (7, 2), (4, 4), (13, 13)])
def test_every_game_up_to_thirteen_strategies_is_solved_completely(shape):
    draw = Random(str(shape))
    row, column = (
        [[draw.randint(0, 10**6) for _ in range(shape[1])] for _ in range(shape[0])] for _ in "ab"
    )
    # Two dominant strategies keep the large one short; the rule is the same.
    report = equilibria(row[:1] + [[0] * shape[1]] * (shape[0] - 1), column)

    assert report.complete
    assert report.equilibria
    assert "were compared exactly" in report.completeness_reason


def test_a_game_too_large_to_enumerate_ends_in_time_and_says_what_it_did():
    draw = Random(0)
    row, column = ([[draw.random() for _ in range(30)] for _ in range(30)] for _ in "ab")

    report = equilibria(row, column, budget_s=4.0)

    assert not report.complete
    assert report.completeness_reason == (
        "a 30×30 game is too large to enumerate in 4 s: every pure equilibrium is listed; "
        "more mixed ones may exist"
    )
    assert {one.cell for one in report.equilibria if one.pure} == plain_pure(row, column)
    assert any(not one.pure for one in report.equilibria)
    assert all(one.regret == (0, 0) for one in report.equilibria)
    assert report.components == ()


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

    assert found([[huge, 0, 0], [0, 1, 0]], [[huge, 0, 0], [0, 1, 0]]) >= {
        (f("1", "0"), f("1", "0", "0")),
        (f("0", "1"), f("0", "1", "0")),
    }
    assert report.complete


def random_two_by_two(number: int) -> tuple[list[list[int]], list[list[int]]]:
    draw = Random(number)
    row, column = ([[draw.randint(-9, 9) for _ in range(2)] for _ in range(2)] for _ in "ab")
    return row, column


@pytest.mark.parametrize("number", range(60))
def test_a_two_by_two_game_without_ties_has_an_odd_number_of_equilibria(number):
    report = equilibria(*random_two_by_two(number))

    assert report.complete
    assert report.degenerate or len(report.equilibria) % 2 == 1
    assert sum(one.index for one in report.components) == 1


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


@settings(max_examples=100)
@given(games())
def test_every_game_has_an_equilibrium_and_indices_that_sum_to_one(game):
    report = equilibria(*game)

    assert report.complete
    assert report.equilibria
    assert sum(one.index for one in report.components) == 1


@settings(max_examples=60)
@given(games())
def test_every_equilibrium_belongs_to_one_component_and_its_payoffs_lie_in_its_range(game):
    report = equilibria(*game)
    members = [member for one in report.components for member in one.members]

    assert sorted(members) == sorted((one.row, one.column) for one in report.equilibria)
    for component in report.components:
        for one in report.equilibria:
            if (one.row, one.column) in component.members:
                assert component.row_payoff[0] <= one.payoffs[0] <= component.row_payoff[1]
                assert component.column_payoff[0] <= one.payoffs[1] <= component.column_payoff[1]


@settings(max_examples=60)
@given(games(largest=3), st.randoms(use_true_random=False))
def test_every_mixture_within_a_nash_subset_is_an_equilibrium(game, draw):
    report = equilibria(*game)

    for component in report.components:
        for subset in component.subsets:
            row, column = blend(subset.rows, draw), blend(subset.columns, draw)
            assert regrets(report.game, row, column) == (0, 0)


def blend(extremes, draw) -> tuple[Fraction, ...]:
    """Return a random mixture of mixtures."""
    weights = [Fraction(draw.randint(1, 9)) for _ in extremes]
    total = sum(weights)
    return tuple(
        sum((w * one[k] for w, one in zip(weights, extremes, strict=True)), Fraction()) / total
        for k in range(len(extremes[0]))
    )


def test_names_that_do_not_fit_the_strategies_are_refused():
    with pytest.raises(UserError, match="row names: expected 2, one a strategy, found 1"):
        equilibria([[1], [2]], [[1], [2]], rows=["a"])


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan")])
def test_a_budget_that_is_none_is_refused(budget):
    with pytest.raises(UserError, match="budget: expected seconds above 0"):
        equilibria([[1]], [[1]], budget_s=budget)


@pytest.mark.parametrize("shape", [(1, 400), (400, 1), (2, 200)])
def test_a_flat_game_of_ties_lists_every_pure_equilibrium(shape):
    zeros = [[0] * shape[1] for _ in range(shape[0])]
    report = equilibria(zeros, zeros, budget_s=0.2)

    assert sum(one.pure for one in report.equilibria) == shape[0] * shape[1]
    assert all(marks == ("payoff-dominant",) for marks in report.marks)
    assert report.dominated == ()
