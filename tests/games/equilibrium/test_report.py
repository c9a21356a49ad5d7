"""The report in the shape of the JSON contract."""

import json
from fractions import Fraction

from games.equilibrium.solve import equilibria


def test_a_report_is_written_in_the_shape_of_the_contract():
    report = equilibria([[2, 0], [0, 1]], [[1, 0], [0, 2]], rows=["a", "b"], columns=["c", "d"])
    written = json.loads(json.dumps(report.as_json()))

    assert {
        key: written[key] for key in ("shape", "rows", "columns", "degenerate", "complete")
    } == {
        "shape": [2, 2],
        "rows": ["a", "b"],
        "columns": ["c", "d"],
        "degenerate": False,
        "complete": True,
    }
    assert written["completeness_reason"].startswith("all vertices of both best-reply polytopes")
    assert written.keys() == {
        "shape",
        "rows",
        "columns",
        "equilibria",
        "degenerate",
        "complete",
        "completeness_reason",
        "components",
        "dominated",
    }
    assert written["equilibria"][-1] == {
        "profile": [[2 / 3, 1 / 3], [1 / 3, 2 / 3]],
        "exact": [["2/3", "1/3"], ["1/3", "2/3"]],
        "payoffs": [2 / 3, 2 / 3],
        "regret": [0.0, 0.0],
        "pure": False,
        "marks": ["Pareto-dominated"],
    }
    assert written["equilibria"][0]["exact"] == [["1", "0"], ["1", "0"]]


def test_an_equilibrium_is_pure_if_both_play_one_strategy():
    report = equilibria([[1, 1]], [[2, 2]])

    assert [one.pure for one in report.equilibria] == [True, True]
    assert {one.payoffs for one in report.equilibria} == {(Fraction(1), Fraction(2))}


def test_what_costs_more_than_finding_equilibria_is_told_as_well():
    report = equilibria([[1, 1], [0, 0]], [[2, 2], [1, 0]], rows=["up", "down"])
    written = json.loads(json.dumps(report.as_json(beside_nashpy=True)))

    assert "nashpy" not in report.as_json()
    assert written["components"] == [
        {
            "index": 1,
            "payoffs": [[1.0, 1.0], [2.0, 2.0]],
            "subsets": [{"row": [["1", "0"]], "column": [["1", "0"], ["0", "1"]]}],
        }
    ]
    assert written["dominated"] == [
        {"player": "row", "strategy": "down", "kind": "strictly", "by": "up"},
        {"player": "column", "strategy": "column 2", "kind": "weakly", "by": "column 1"},
    ]
    assert written["nashpy"]["confirmed"] == 2


def test_numbers_beyond_floats_are_written_as_the_greatest():
    report = equilibria([[10**400]], [[-(10**400)]])

    assert report.as_json()["equilibria"][0]["payoffs"] == [  # pyright: ignore[reportIndexIssue]
        1.7976931348623157e308,
        -1.7976931348623157e308,
    ]
