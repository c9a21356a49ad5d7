"""Plain text says what the findings say, within 80 columns."""

import pytest

from delegates import negotiate
from games import analyze, load_scenario
from games.point_words import tenths
from games.scenario import Scenario
from tui.text.analysis import analysis_text
from tui.text.matrix import cell_values, is_equilibrium, matrix_lines
from tui.text.result import result_text
from tui.text.scatter import scatter_lines
from tui.text.wording import WIDTH, changes, terms


@pytest.fixture(scope="module", name="scenario")
def bundled_scenario() -> Scenario:
    return load_scenario("cobalt-offtake")


def test_an_analysis_keeps_to_80_columns(scenario: Scenario) -> None:
    text = analysis_text(analyze(scenario))

    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_a_result_keeps_to_80_columns_and_states_the_limits(scenario: Scenario) -> None:
    text = result_text(negotiate(scenario, {"USA": "firm", "COD": "firm"}))

    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert "predicts and advises no government" in " ".join(text.split())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (-0.04, "0.0"),
        (-0.0, "0.0"),
        (0.05, "0.1"),
        (-0.06, "-0.1"),
        (67.0, "67.0"),
        (391.625, "391.6"),
    ],
)
def test_points_that_are_as_good_as_none_have_no_sign(value: float, told: str) -> None:
    assert tenths(value) == told


def test_every_pure_equilibrium_is_marked_in_its_cell(scenario: Scenario) -> None:
    matrix = analyze(scenario).matrices[0]
    marked = [(i, j) for i in range(4) for j in range(4) if is_equilibrium(matrix, i, j)]

    grid = matrix_lines(matrix)[2:6]

    assert len(marked) == sum(found.pure for found in matrix.report.equilibria)
    assert [line.count("◆") for line in grid] == [
        sum(row == i for row, _ in marked) for i in range(4)
    ]


def test_cells_show_points_of_the_two_parties(scenario: Scenario) -> None:
    matrix = analyze(scenario).matrices[0]
    assert matrix.points is not None

    shown = cell_values(matrix, 1, 2)

    assert shown == (matrix.points[1, 2, 0], matrix.points[1, 2, 1])


def test_an_offer_is_told_by_what_it_changes(scenario: Scenario) -> None:
    before = scenario.space.outcome(0)
    after = scenario.space.outcome(1)
    last = list(before)[-1]

    text = changes(scenario, before, after)

    assert text.startswith(scenario.issues[last].label)
    assert text.endswith("; the rest as before")


def test_an_offer_that_changes_nothing_says_so(scenario: Scenario) -> None:
    outcome = scenario.space.outcome(0)

    assert changes(scenario, outcome, outcome) == "the same offer as before"
    assert changes(scenario, None, outcome) == terms(scenario, outcome)


def test_the_picture_of_the_outcome_space_marks_frontier_and_nash(scenario: Scenario) -> None:
    picture = "\n".join(scatter_lines(scenario)[:-1])

    assert "N" in picture.replace("United", "")
    assert "o" in picture
