"""What distinguishes equilibria: strict, payoff-dominant, risk-dominant, Pareto-dominated."""

import pytest

from games.equilibrium.solve import equilibria


def marked(row, column) -> dict[tuple[int, int] | None, set[str]]:
    report = equilibria(row, column)
    return {
        one.cell: set(marks) for one, marks in zip(report.equilibria, report.marks, strict=True)
    }


def test_in_a_stag_hunt_the_better_equilibrium_is_not_the_safer_one():
    marks = marked([[5, 0], [4, 3]], [[5, 4], [0, 3]])

    assert marks[0, 0] == {"strict", "payoff-dominant"}
    assert marks[1, 1] == {"strict", "Pareto-dominated", "risk-dominant"}
    assert marks[None] == {"Pareto-dominated"}


def test_symmetric_risks_make_neither_risk_dominant():
    marks = marked([[2, 0], [0, 1]], [[1, 0], [0, 2]])

    assert marks[0, 0] == marks[1, 1] == {"strict"}


def test_a_single_equilibrium_dominates_nothing():
    assert marked([[3, 0], [5, 1]], [[3, 5], [0, 1]]) == {(1, 1): {"strict"}}


def test_risk_dominance_is_told_of_two_by_two_games_only():
    marks = marked([[5, 0, 0], [4, 3, 0], [0, 0, 1]], [[5, 4, 0], [0, 3, 0], [0, 0, 1]])

    assert all("risk-dominant" not in found for found in marks.values())


@pytest.mark.parametrize(("safe", "dominant"), [(4, (1, 1)), (1, (0, 0))])
def test_the_greater_product_of_deviation_losses_is_risk_dominant(safe, dominant):
    # Deviating from (0,0) costs each 5 − safe, from (1,1) each 3.
    marks = marked([[5, 0], [safe, 3]], [[5, safe], [0, 3]])

    assert [cell for cell, found in marks.items() if "risk-dominant" in found] == [dominant]


def test_an_equilibrium_that_leaves_someone_indifferent_is_not_strict():
    marks = marked([[1, 1], [0, 0]], [[1, 1], [0, 0]])

    assert "strict" not in marks[0, 0]


def test_what_is_better_for_one_and_the_same_for_the_other_dominates():
    # (2, 3) beats (1, 3) and (2, 1); nobody is better off at (2, 3) itself.
    marks = marked([[2, 0, 0], [0, 1, 0], [0, 0, 2]], [[3, 0, 0], [0, 3, 0], [0, 0, 1]])

    assert marks[0, 0] == {"strict", "payoff-dominant"}
    assert marks[1, 1] == marks[2, 2] == {"strict", "Pareto-dominated"}
