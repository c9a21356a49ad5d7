"""The analysis in the shape of the JSON contract."""

import json

from hypothesis import given, settings

from games.analysis import STANCE_ROUNDS, analyze
from tests.support.domains import listed, scenarios


def test_an_analysis_is_written_in_the_shape_of_the_contract():
    game = listed({"A": [0, 6, 6, 10], "B": [10, 6, 6, 0]}, {"A": 1, "B": 1})

    written = json.loads(json.dumps(analyze(game).as_json()))

    assert {key: written[key] for key in ("outcomes", "parties", "zopa", "passing", "pareto")} == {
        "outcomes": 4,
        "parties": ["A", "B"],
        "zopa": 2,
        "passing": 2,
        "pareto": 4,
    }
    assert written["solutions"]["nash"] == {
        "outcomes": [{"deal": "o1"}, {"deal": "o2"}],
        "utilities": [{"A": 6.0, "B": 6.0}, {"A": 6.0, "B": 6.0}],
    }
    assert [matrix["name"] for matrix in written["matrices"]] == ["stance", "compliance"]
    assert "pareto_note" not in written


def test_without_a_zopa_both_lists_are_empty_and_no_agreement_is_examined():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5})
    written = analyze(game).as_json()

    assert written["solutions"] == {
        name: {"outcomes": [], "utilities": []}
        for name in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
    }
    assert [matrix.name for matrix in analyze(game).matrices] == ["stance"]


def test_without_two_blocs_it_says_why_there_are_no_matrices():
    game = listed({"A": [0, 1], "B": [1, 0]}, parties={"B": {"side": "consumer"}})
    written = analyze(game).as_json()

    assert written["matrices"] == []
    assert "no party is a supplier" in str(written["matrices_note"])


def test_very_long_sessions_have_no_stance_game():
    game = listed({"A": [0, 1], "B": [1, 0]}, protocol={"rounds": STANCE_ROUNDS + 1})

    assert [matrix.name for matrix in analyze(game).matrices] == ["compliance"]


@settings(max_examples=40)
@given(scenarios(parties=(2, 3), rounds=(1, 4)))
def test_any_scenario_can_be_analysed_and_written(scenario):
    written = json.loads(json.dumps(analyze(scenario).as_json()))

    for solution in written["solutions"].values():
        assert len(solution["outcomes"]) == len(solution["utilities"])
    for matrix in written["matrices"]:
        assert all(one["regret"] == [0, 0] for one in matrix["equilibria"])
