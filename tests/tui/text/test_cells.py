"""What is said of a cell, on games worked out by hand."""

from fractions import Fraction

import numpy as np
import pytest

from games.equilibrium.solve import equilibria
from games.matrices.matrix import Matrix
from games.matrices.stance_game import Leaver
from tui.text.cells import cell_lines, game_lines, replies


def game(first: list[list[int]], second: list[list[int]], failing: float = 0.0) -> Matrix:
    """Return a game of two parties who are called Ann and Bob, payoffs as points."""
    acts = ("insists", "yields", "waits")[: len(first)]
    return Matrix(
        name="stance",
        title="A game",
        row_player="Ann",
        column_player="Bob",
        report=equilibria(first, second, rows=acts, columns=acts),
        points=np.stack([np.array(first, float), np.array(second, float)], axis=2),
        failures=np.array([[failing, 0.0], [0.0, 0.0]]),
        explanation="It is a game of chicken.",
        unanimous=(),
    )


CHICKEN = game([[0, 7], [2, 6]], [[0, 2], [7, 6]], failing=0.25)
"""Insist and yield: two stable cells off the diagonal, and a mixture of 1/3 and 2/3."""


def words(matrix: Matrix, i: int, j: int, *leavers: Leaver) -> str:
    return " ".join(" ".join(cell_lines(matrix, i, j, leavers)).split())


def test_a_stable_cell_is_the_best_reply_of_both() -> None:
    assert words(CHICKEN, 0, 1) == (
        "Ann insists, Bob yields: 7.0 and 2.0 points. "
        "If Bob yields, “insists” is the best reply of Ann. "
        "If Ann insists, “yields” is the best reply of Bob. "
        "An equilibrium: each would lose by changing its own strategy alone. Regret 0 and 0."
    )


def test_a_cell_that_both_would_leave_says_for_what_and_how_much_they_gain() -> None:
    told = words(CHICKEN, 0, 0)
    assert "If Bob insists, the best reply of Ann is “yields”: it would gain 2.0" in told
    assert "Not stable: Ann and Bob would leave it. Regret 2.0 and 2.0." in told
    assert "A mixed equilibrium comes here in 11%." in told
    assert "× 25% of the sessions in it end without agreement." in told


def test_a_cell_that_one_would_leave_names_it() -> None:
    matrix = game([[3, 3], [1, 1]], [[2, 1], [2, 1]])
    told = words(matrix, 1, 0)
    assert "Not stable: Ann would leave it. Regret 2.0 and 0.0." in told
    assert "“insists” is the best reply of Bob" in told


def test_ties_are_equally_good_replies() -> None:
    matrix = game([[1, 1], [1, 1]], [[1, 1], [1, 1]])
    told = words(matrix, 0, 0)
    assert "If Bob insists, “insists” or “yields” are equally good replies of Ann." in told
    assert "An equilibrium: neither gains by changing its own strategy alone." in told


def test_who_would_leave_its_bloc_is_told() -> None:
    told = words(CHICKEN, 0, 1, Leaver(party="JPN", regret=0.2, act="yields early"))
    assert "Alone, a member would rather: JPN “yields early” (+20%) of what it can gain." in told


def test_best_replies_are_decided_exactly() -> None:
    tiny = Fraction(1, 10**30)
    matrix = game([[0, 0], [0, 0]], [[0, 0], [0, 0]])
    exact = equilibria([[1, 0], [1 + tiny, 0]], [[0, 0], [0, 0]], rows="ab", columns="ab")
    first, _ = replies(
        Matrix(
            **{
                **{name: getattr(matrix, name) for name in matrix.__dataclass_fields__},
                "report": exact,
            }
        ),
        0,
        0,
    )
    assert not first.is_best


def test_a_game_is_told_with_exact_mixtures_components_and_what_may_be_believed() -> None:
    told = " ".join(" ".join(game_lines(CHICKEN)).split())
    assert "Ann insists: 1/3, yields: 2/3; Bob insists: 1/3, yields: 2/3" in told
    assert "(2×2 in use, regret 0 and 0)" in told
    assert "index +1: 1" in told
    assert "index -1: 3" in told
    assert "3 equilibria, verified exactly; the list is complete" in told


def test_a_degenerate_game_says_so() -> None:
    matrix = game([[1, 1], [1, 1]], [[1, 1], [1, 1]])
    told = " ".join(" ".join(game_lines(matrix)).split())
    assert "the game is degenerate: some cells tie" in told


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_regret_is_what_the_best_reply_gains(cell: tuple[int, int]) -> None:
    points = CHICKEN.points
    assert points is not None
    first, second = replies(CHICKEN, *cell)
    assert first.regret == points[:, cell[1], 0].max() - points[(*cell, 0)]
    assert second.regret == points[cell[0], :, 1].max() - points[(*cell, 1)]
