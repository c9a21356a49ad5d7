"""What follows from signing: verdict, signatures, coalitions and years, as far as stated."""

import json

import pytest

from games import analyze, load_scenario
from games.agreement import Agreement
from games.referee import referee
from games.scenario import Scenario
from tests.support.domains import listed, party, scenario
from tui.text.agreement import agreement_lines
from tui.text.wording import WIDTH

DEAL = {
    "tonnes": {"label": "tonnes", "kind": "supply", "obligor": "B", "options": [0, 10]},
    "floor": {"label": "floor", "kind": "price", "obligor": "A", "options": [0, 50]},
}


def deal(**more) -> Scenario:
    """Return a trade of tonnes against a floor, worth 30 to either and 10 to break."""
    return scenario(
        DEAL,
        {
            "A": party({"tonnes": {"0": 0, "10": 30}, "floor": {"0": 10, "50": 0}}, 10.0),
            "B": party(
                {"tonnes": {"0": 10, "10": 0}, "floor": {"0": 0, "50": 30}}, 10.0, side="supplier"
            ),
        },
        **more,
    )


LEAD = {"kind": "total", "mu": 1.0, "sigma": 0.3}
"""About three years until the mine delivers."""

SIGNED = 3
"""Ten tonnes against a floor of 50."""


def test_without_obligors_nothing_is_said_of_keeping():
    game = listed({"A": [0, 9], "B": [0, 9]})

    assert Agreement(game, 1).verdict is None
    assert agreement_lines(Agreement(game, 1)) == []


def test_what_the_scenario_does_not_speak_of_is_left_out():
    signed = Agreement(deal(), SIGNED)

    assert [matrix.name for matrix in signed.matrices] == ["compliance"]
    assert (signed.signatures, signed.coalitions, signed.outlook, signed.floor) == (None,) * 4
    assert set(signed.as_json()) == {"verdict"}


def test_a_scenario_that_speaks_of_everything_is_told_everything():
    signed = Agreement(full(), SIGNED)
    written = json.loads(json.dumps(signed.as_json(), allow_nan=False))
    text = "\n".join(agreement_lines(signed))

    assert [matrix.name for matrix in signed.matrices] == ["compliance", "participation"]
    assert set(written) == {"verdict", "signatures", "coalitions", "outlook", "floor_worth"}
    assert written["verdict"]["kind"] == signed.verdict.kind  # pyright: ignore[reportOptionalMemberAccess]
    assert written["floor_worth"]["least"] <= written["floor_worth"]["most"]
    for heading in ("Will it hold?", "Who signs?", "The years after (simulated)"):
        assert heading in text
    assert max(map(len, text.splitlines())) <= WIDTH


def full() -> Scenario:
    """Return the same trade in a scenario with commitments, participation and years after."""
    return deal(
        commitments={"enforcement": 0.2, "fine": 10, "patience": 0.9},
        participation={"threshold": 1.0, "kappa": 0.3, "access": 1, "reply": 0.5, "spill": 0.1},
        implementation={
            "years": 10,
            "volume": {"issue": "tonnes"},
            "floor": {"issue": "floor"},
            "price": {"spot": 60, "volatility": 0.4},
            "projects": [
                {"name": "mine", "share": 0.5, "lead": LEAD, "capex": 500},
            ],
        },
    )


def test_the_outlook_is_that_of_the_outcome_itself():
    signed, empty = (Agreement(full(), outcome).outlook for outcome in (SIGNED, 0))

    assert signed is not None
    assert empty is not None
    assert signed.delivered[5].mean > empty.delivered[5].mean == 0
    assert signed.floor_budget.mean > empty.floor_budget.mean == 0


def test_an_analysis_speaks_of_the_nash_outcome_and_findings_of_what_was_agreed():
    game = deal()
    analysis = analyze(game)

    assert analysis.agreement is not None
    assert analysis.agreement.outcome == int(analysis.bargain.solutions["nash"][0]) == SIGNED
    assert "nash_agreement" in analysis.as_json()
    findings = referee(game, 1)
    assert findings.agreement is not None
    assert findings.agreement.outcome == 1
    assert [matrix.name for matrix in findings.matrices] == ["stance", "compliance"]
    assert referee(game, None).agreement is None


def test_the_bundled_scenario_says_what_patience_its_nash_outcome_takes():
    signed = analyze(load_scenario("cobalt-offtake")).agreement

    assert signed is not None
    assert signed.verdict is not None
    # (T−R)/((T−R) + q(R−P)) with q = .5: .52 and .43 if reneging were noticed at once.
    assert [one.critical_discount for one in signed.verdict.parties] == [
        pytest.approx(0.69, abs=0.005),
        pytest.approx(0.60, abs=0.005),
    ]


def test_a_quarrel_is_told_as_far_as_signatures_survive_it():
    # At what is agreed each has 20 points over its reservation value of 10 before the quarrel.
    game = deal(dispute={"level": 0.5, "depth": 1.0, "audience_cost": {"A": 30, "B": 50}})
    signed = Agreement(game, SIGNED)
    told = "\n".join(agreement_lines(signed))

    assert signed.as_json()["dispute"] == {
        "A": {"level": pytest.approx(20 / 30), "depth": 1.0, "signs": True},
        "B": {"level": pytest.approx(20 / 50), "depth": pytest.approx(0.8), "signs": False},
    }
    assert "A party would sign this text up to a quarrel of 0.67" in told
    assert "A party would not sign; a text of legal depth 0.80 it would." in told


def test_an_analysis_works_an_agreement_out_once():
    analysis = analyze(deal())

    assert analysis.agreement is analysis.agreement
    assert analysis.agreement is not None
    assert analysis.matrices[1:] == analysis.agreement.matrices


def test_a_text_that_binds_nobody_gets_neither_verdict_nor_years():
    signed = Agreement(full(), SIGNED, bound=())

    assert (signed.verdict, signed.outlook) == (None, None)
    assert signed.as_json()["binds"] is False
    assert any("binds nobody" in line for line in agreement_lines(signed))
