"""The analysis in the shape of the JSON contract."""

import json

import pytest
from hypothesis import given, settings

from games.analysis import RANKED, analyze
from games.errors import ScenarioError
from games.matrices.stance_game import MOST_ROUNDS, leavers
from games.scenario import Scenario
from games.tactics.aspirations import STANCES
from tests.support.domains import listed, party, scenario, scenarios


def large(parties: int = 2) -> Scenario:
    """Return a scenario of 10¹² outcomes, in which more for one half is less for the other."""
    options = {f"i{k}": [f"o{j}" for j in range(100)] for k in range(6)}
    rising = {
        name: {text: float(j) for j, text in enumerate(texts)} for name, texts in options.items()
    }
    falling = {
        name: {text: 99.0 - j for j, text in enumerate(texts)} for name, texts in options.items()
    }
    return scenario(
        options,
        {f"P{k}": party(rising if k % 2 else falling, 150.0) for k in range(parties)},
    )


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
    assert analyze(game).matrices == ()
    assert "no outcome is acceptable to all" in str(analyze(game).note)


def test_without_two_blocs_it_says_why_there_are_no_matrices():
    game = listed({"A": [0, 1], "B": [1, 0]}, parties={"B": {"side": "consumer"}})
    written = analyze(game).as_json()

    assert written["matrices"] == []
    assert "no party is a supplier" in str(written["matrices_note"])


def test_without_two_blocs_all_that_needs_none_is_still_told():
    game = scenario(
        {"deal": {"label": "deal", "options": ["o0", "o1", "o2"], "obligor": "B"}},
        {
            "A": party({"deal": {"o0": 0, "o1": 3, "o2": 4}}),
            "B": party({"deal": {"o0": 4, "o1": 3, "o2": 0}}, side="processor"),
        },
        participation={"threshold": 0.5, "kappa": 0.5},
        mandates={"B": {"ratify": {"threshold": 2, "audience_cost": 1}}},
    )
    found = analyze(game)
    told = found.agreement

    assert found.matrices == ()
    assert told is not None
    assert told.verdict is not None
    assert set(told.ratification) == {"B"}
    assert told.signatures is not None
    assert found.note == (
        "the games between consumers and suppliers: those of stances, of honouring and of signing "
        "(no party is a supplier; there is no bloc to compare; B with `bloc: consumer` or "
        "`bloc: supplier` would make one)"
    )


def test_without_an_outcome_for_all_it_lists_what_is_left_out():
    game = listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5})

    assert str(analyze(game).note).startswith(
        "the solutions, the games between the blocs and what would follow from signing: no outcome"
    )


def test_very_long_sessions_have_no_stance_game():
    game = listed({"A": [0, 1], "B": [1, 0]}, protocol={"rounds": MOST_ROUNDS + 1})

    assert [matrix.name for matrix in analyze(game).matrices] == ["compliance"]


@settings(max_examples=40)
@given(scenarios(parties=(2, 3), rounds=(1, 4)))
def test_any_scenario_can_be_analysed_and_written(scenario):
    written = json.loads(json.dumps(analyze(scenario).as_json()))

    for solution in written["solutions"].values():
        assert len(solution["outcomes"]) == len(solution["utilities"])
    for matrix in written["matrices"]:
        assert all(one["regret"] == [0, 0] for one in matrix["equilibria"])


def test_core_perfect_play_and_the_last_word_are_written_out():
    game = listed({"A": [10, 6, 0], "B": [0, 6, 10]}, protocol={"rounds": 1, "opens": "fixed"})
    written = json.loads(json.dumps(analyze(game).as_json()))

    assert written["core"] == {"outcomes": 3, "no_agreement": False}
    assert written["table_bytes"] == 48
    assert written["perfect_play"]["last_word"] == {"A": 10.0, "B": 10.0}
    assert written["perfect_play"]["orders"] == {
        "scenario": {
            "payoffs": {"A": 10.0, "B": 0.0},
            "outcome": {"deal": "o0"},
            "utilities": {"A": 10.0, "B": 0.0},
            "round": 0,
            "proposer": "A",
            "ties": 1,
            "chance": 1.0,
        },
        "reversed": {
            "payoffs": {"A": 0.0, "B": 10.0},
            "outcome": {"deal": "o2"},
            "utilities": {"A": 0.0, "B": 10.0},
            "round": 0,
            "proposer": "B",
            "ties": 1,
            "chance": 1.0,
        },
        "lot": {
            "payoffs": {"A": 5.0, "B": 5.0},
            "note": "in expectation; who opens is drawn anew each round",
        },
    }


def test_what_is_not_computed_is_null_with_a_note():
    game = listed({"A": [1, 2], "B": [2, 1], "C": [1, 1]}, protocol={"agreement": {"quorum": 0.6}})
    written = analyze(game).as_json()

    assert written["perfect_play"] == {
        "orders": {},
        "last_word": None,
        "note": analyze(game).perfect_play.note,
    }


def test_a_nash_solution_under_powers_stands_beside_the_symmetric_one():
    game = listed({"A": [80, 70, 50, 20], "B": [10, 30, 50, 79]})
    written = json.loads(json.dumps(analyze(game, powers={"A": 3.0}).as_json()))

    assert written["solutions"]["nash"]["outcomes"] == [{"deal": "o2"}]
    assert written["nash_with_powers"] == {
        "powers": {"A": 3.0},
        "outcomes": [{"deal": "o1"}],
        "utilities": [{"A": 70.0, "B": 30.0}],
    }


def test_many_parties_get_a_ranking_by_nash_welfare():
    game = listed({f"P{p}": [float(p + k) for k in range(8)] for p in range(11)})
    written = json.loads(json.dumps(analyze(game).as_json()))

    ranking = written["nash_ranking"]
    assert [line["rank"] for line in ranking] == list(range(1, RANKED + 1))
    assert [line["outcome"]["deal"] for line in ranking] == ["o7", "o6", "o5", "o4", "o3"]


def test_a_space_too_large_for_tables_is_refused_in_one_line_that_says_what_to_do():
    with pytest.raises(ScenarioError) as caught:
        analyze(large())

    assert str(caught.value) == (
        "test: issues: 2 parties × 1,000,000,000,000 outcomes need tables of 16,000.0 GB, expected "
        "at most 1.1: leave options out, or analyze --sample N"
    )


def test_a_sample_of_a_large_space_is_analysed_and_flagged():
    analysis = analyze(large(), sample=3000, seed=7)
    written = json.loads(json.dumps(analysis.as_json()))

    assert (written["outcomes"], written["sampled"], written["seed"]) == (10**12, 3000, 7)
    assert written["pareto"] == 3000  # what one gains the other loses
    assert written["zopa"] > 2900
    assert written["solutions"]["nash"]["utilities"][0]["P0"] == pytest.approx(297, abs=1)
    assert written["core"]["outcomes"] is None
    assert "on a sample" in written["core"]["note"]
    assert "on a sample" in written["perfect_play"]["note"]
    assert (written["matrices"], "sample" in written["matrices_note"]) == ([], True)


def test_a_sample_is_not_drawn_where_all_outcomes_can_be_examined():
    game = listed({"A": [0, 6, 10], "B": [10, 6, 0]})

    assert analyze(game, sample=2).as_json() == analyze(game).as_json()


def test_members_that_would_leave_their_blocs_stance_are_told_for_stable_cells():
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 0], "C": [0, 50, 100]},
        parties={"C": {"side": "consumer"}},
        protocol={"rounds": 4, "opens": "fixed"},
    )
    analysis = analyze(game)
    stance = analysis.matrices[0].report
    names = tuple(STANCES)

    assert set(analysis.leavers) == {one.cell for one in stance.equilibria if one.pure}
    for (row, column), members in analysis.leavers.items():
        assert members == leavers(game, names[row], names[column])


def test_between_single_parties_nobody_leaves_a_bloc():
    assert analyze(listed({"A": [0, 9], "B": [9, 0]}, protocol={"rounds": 2})).leavers == {}
