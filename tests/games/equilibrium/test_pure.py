"""The scan for pure equilibria, in games of any number of players."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from games.equilibrium.many_players import PureReport, equilibria_of
from games.equilibrium.normal_form import NormalForm
from games.equilibrium.pure import pure_equilibria
from games.equilibrium.report import EquilibriumReport
from games.errors import UserError


def game_of(shape: tuple[int, ...], payoffs) -> NormalForm:
    """Return a game whose payoffs are given player by player, the last player's fastest."""
    return NormalForm(
        players=tuple(f"P{k}" for k in range(len(shape))),
        strategies=tuple(tuple(f"s{j}" for j in range(width)) for width in shape),
        payoffs=tuple(tuple(Fraction(value) for value in own) for own in payoffs),
    )


def test_cells_come_in_reading_order():
    found = pure_equilibria([[1, 0], [0, 1]], [[1, 0], [0, 1]])

    assert found.tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ([], []),
        ([[]], [[]]),
        ([[1, 2], [3]], [[1, 2], [3, 4]]),
        ([[1, 2]], [[1], [2]]),
        ([1, 2], [1, 2]),
        ([[float("nan")]], [[1]]),
        ([[1]], [[float("inf")]]),
        ([["a"]], [["b"]]),
        ([[1, None]], [[1, 2]]),
        ([[Decimal("NaN"), 1]], [[1, 2]]),
        ([[Fraction(1), float("inf")]], [[1, 2]]),
    ],
)
def test_what_is_no_game_is_refused_in_one_line(row, column):
    with pytest.raises(UserError) as caught:
        pure_equilibria(row, column)

    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("kind", [np.float32, np.int8, np.uint64, object])
def test_arrays_of_any_kind_of_number_are_compared(kind):
    row, column = np.array([[1, 0], [0, 1]], dtype=kind), np.array([[1, 0], [0, 1]], dtype=kind)

    assert pure_equilibria(row, column).tolist() == [[0, 0], [1, 1]]


def test_floats_that_differ_in_the_last_digit_are_told_apart():
    above = np.nextafter(1.0, 2.0)

    assert pure_equilibria([[1.0], [above]], [[0.0], [0.0]]).tolist() == [[1, 0]]


@pytest.mark.parametrize("seed", range(20))
def test_three_players_are_scanned_as_by_hand(seed):
    draw = Random(seed)
    shape = tuple(draw.randint(1, 3) for _ in range(3))
    size = int(np.prod(shape))
    payoffs = [[draw.randint(-2, 2) for _ in range(size)] for _ in shape]
    tables = [np.array(own).reshape(shape) for own in payoffs]
    stable = {
        cell
        for cell in product(*map(range, shape))
        if all(
            table[cell] >= max(table[(*cell[:k], j, *cell[k + 1 :])] for j in range(shape[k]))
            for k, table in enumerate(tables)
        )
    }

    report = equilibria_of(game_of(shape, payoffs))

    assert isinstance(report, PureReport)
    assert set(report.profiles) == stable
    assert not report.complete
    for cell in stable:
        assert report.payoffs(cell) == tuple(table[cell] for table in tables)


def test_three_players_are_written_in_the_shape_of_the_contract():
    report = equilibria_of(game_of((2, 1, 2), [[1, 0, 0, 0], [5, 5, 5, 5], [0, 0, 3, 3]]))
    written = report.as_json()

    assert written["shape"] == [2, 1, 2]
    assert written["strategies"] == [["s0", "s1"], ["s0"], ["s0", "s1"]]
    assert written["complete"] is False
    assert written["equilibria"][0] == {  # pyright: ignore[reportIndexIssue]
        "profile": [[1.0, 0.0], [1.0], [1.0, 0.0]],
        "exact": [["1", "0"], ["1"], ["1", "0"]],
        "payoffs": [1.0, 5.0, 0.0],
        "regret": [0.0, 0.0, 0.0],
        "pure": True,
    }


def test_a_single_player_simply_takes_the_best():
    sure = equilibria_of(game_of((3,), [[1, 3, 2]]))
    torn = equilibria_of(game_of((3,), [[3, 3, 2]]))

    assert isinstance(sure, PureReport)
    assert isinstance(torn, PureReport)
    assert (sure.profiles, sure.complete) == (((1,),), True)
    assert (torn.profiles, torn.complete) == (((0,), (1,)), False)


def test_two_players_get_the_whole_report_with_names():
    report = equilibria_of(game_of((2, 2), [[3, 0, 5, 1], [3, 5, 0, 1]]))

    assert isinstance(report, EquilibriumReport)
    assert (report.rows, report.columns) == (("s0", "s1"), ("s0", "s1"))
    assert [one.cell for one in report.equilibria] == [(1, 1)]


def test_payoffs_beyond_64_bits_are_compared_exactly():
    report = equilibria_of(game_of((1, 1, 2), [[0, 0], [0, 0], [10**30, 10**30 + 1]]))

    assert isinstance(report, PureReport)
    assert report.profiles == ((0, 0, 1),)


def test_more_players_than_arrays_have_axes_are_refused():
    with pytest.raises(UserError, match="a game of 65 players; at most 64 are supported"):
        equilibria_of(game_of((1,) * 65, [[0]] * 65))


@pytest.mark.parametrize(
    ("payoffs", "best"),
    [
        ((Fraction(3, 2), Fraction(5, 4)), 0),  # 6 and 5 fourths
        ((2**63, 2**63 + 1, -1), 1),  # the same as floats
        ((Fraction(2**70 + 1, 3), Fraction(2**70 + 2, 3)), 1),
    ],
)
def test_payoffs_are_compared_exactly_whatever_their_denominators_and_sizes(payoffs, best):
    report = equilibria_of(game_of((len(payoffs),), [payoffs]))

    assert isinstance(report, PureReport)
    assert report.profiles == ((best,),)
