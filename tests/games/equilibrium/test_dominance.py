"""Dominated strategies, strictly or weakly, by pure or by mixed ones."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium.exact import values
from games.equilibrium.solve import equilibria


def told(report) -> list[tuple[str, int, str, int | None]]:
    return [(one.player, one.strategy, one.kind, one.by) for one in report.dominated]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        pytest.param(
            [[3, 0], [5, 1]],
            [[3, 5], [0, 1]],
            [("row", 0, "strictly", 1), ("column", 0, "strictly", 1)],
            id="prisoners",
        ),
        pytest.param([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [], id="pennies"),
        pytest.param(
            [[4, 0], [0, 4], [1, 1]],
            [[0, 0]] * 3,
            [("row", 2, "strictly", None)],
            id="by a mixture",
        ),
        pytest.param(
            [[4, 0], [0, 4], [2, 2]], [[0, 0]] * 3, [], id="equal to a mixture is not dominated"
        ),
        pytest.param(
            [[1, 1], [1, 0]], [[0, 0]] * 2, [("row", 1, "weakly", 0)], id="weakly by a pure one"
        ),
        pytest.param(
            [[4, 0, 1], [0, 4, 1], [2, 2, 0]],
            [[0, 0, 0]] * 3,
            [("row", 2, "weakly", None)],
            id="weakly by a mixture",
        ),
        pytest.param(
            [[1, 1], [0, 1]], [[0, 0]] * 2, [("row", 1, "weakly", 0)], id="weakly on the first"
        ),
        pytest.param(
            [[1, 1], [1, 0], [0, 5]],
            [[0, 0]] * 3,
            [("row", 1, "weakly", 0)],
            id="weakly by a pure one, which is worse than a third",
        ),
        pytest.param([[1, 2], [1, 2]], [[0, 0]] * 2, [], id="duplicates"),
        pytest.param([[7]], [[7]], [], id="one cell"),
    ],
)
def test_textbook_cases(row, column, expected):
    assert told(equilibria(row, column)) == expected


payoffs = st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=3, max_size=3)


@settings(max_examples=150)
@given(payoffs)
def test_a_strategy_is_strictly_dominated_iff_it_is_never_a_best_reply(row):
    report = equilibria(row, [[0, 0]] * 3)
    strictly = {one.strategy for one in report.dominated if one.kind == "strictly"}
    # Two payoffs a strategy: best replies change only where two lines cross.
    crossings = {Fraction(0), Fraction(1)} | {
        Fraction(b[1] - a[1], (a[0] - a[1]) - (b[0] - b[1]))
        for a, b in product(row, repeat=2)
        if (a[0] - a[1]) != (b[0] - b[1])
    }
    best = set()
    for weight in crossings:
        if 0 <= weight <= 1:
            earned = values(report.game.row_payoffs, (weight, 1 - weight))
            best |= {place for place, worth in enumerate(earned) if worth == max(earned)}

    assert strictly == {0, 1, 2} - best


@settings(max_examples=100)
@given(payoffs)
def test_what_a_pure_strategy_dominates_is_found_and_by_which(row):
    report = equilibria(row, [[0, 0]] * 3)

    for one in report.dominated:
        if one.by is not None:
            pairs = list(zip(row[one.by], row[one.strategy], strict=True))
            assert all(mine >= its for mine, its in pairs)
            assert any(mine > its for mine, its in pairs)
    for strategy, other in product(range(3), repeat=2):
        if all(mine > its for mine, its in zip(row[other], row[strategy], strict=True)):
            assert ("row", strategy, "strictly") in [
                (one.player, one.strategy, one.kind) for one in report.dominated
            ]


def test_in_a_game_too_large_to_enumerate_only_pure_dominators_are_found():
    size = 30
    row = [[(i * 7 + j * 3) % 11 for j in range(size)] for i in range(size - 1)] + [[-1] * size]
    report = equilibria(row, row, budget_s=0.1)

    assert not report.complete
    assert ("row", size - 1, "strictly", 0) in told(report)
