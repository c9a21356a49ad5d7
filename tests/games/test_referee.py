"""The referee's reading of a finished session, by hand."""

import json

import pytest
from hypothesis import given, settings

from games import load_scenario
from games.referee import REFEREE_VERSION, referee
from tests.support.domains import listed, outcomes_of, scenarios

# Gains over (10, 20) as shares of (20, 20): (1, 0), (.5, .8), (0, 1); o3 is dominated, o4 below r.
GAME = listed({"A": [30, 20, 10, 20, 0], "B": [20, 36, 40, 30, 60]}, {"A": 10, "B": 20})


def test_an_agreement_is_measured_against_frontier_and_nash():
    found = referee(GAME, 3)  # shares (.5, .5)

    assert found.in_zopa
    assert found.undominated is False
    assert found.distance_to_frontier == pytest.approx(0.3)
    assert found.distance_to_nash == pytest.approx(0.3)
    assert found.nash_ratio == pytest.approx(0.5 * 0.5 / (0.5 * 0.8))


def test_the_nash_outcome_is_at_no_distance():
    found = referee(GAME, 1)

    assert (found.undominated, found.distance_to_frontier, found.distance_to_nash) == (True, 0, 0)
    assert found.nash_ratio == 1


def test_an_outcome_below_a_reservation_value_is_outside_the_zopa_and_has_no_nash_product():
    found = referee(GAME, 4)

    assert not found.in_zopa
    assert found.nash_ratio == 0
    assert [one.gain for one in found.standings] == pytest.approx([-0.5, 2.0])


def test_each_party_stands_at_its_share_of_what_it_could_gain():
    found = referee(GAME, 3)

    assert [
        (one.party, one.utility, one.reservation, one.attainable, one.gain)
        for one in found.standings
    ] == [("A", 20, 10, 30, 0.5), ("B", 30, 20, 40, 0.5)]


def test_without_agreement_everyone_keeps_its_reservation_value():
    found = referee(GAME, None)

    assert [(one.utility, one.gain) for one in found.standings] == [(10, 0), (20, 0)]
    assert (found.in_zopa, found.undominated, found.nash_ratio) == (False, None, 0)
    assert found.distance_to_nash == pytest.approx((0.5**2 + 0.8**2) ** 0.5)
    assert [matrix.name for matrix in found.matrices] == ["stance"]


def test_without_a_zopa_there_is_no_nash_outcome_to_be_compared_with():
    found = referee(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}), 0)

    assert (found.distance_to_nash, found.nash_ratio) == (None, None)


def test_the_compliance_game_is_that_of_what_was_agreed():
    assert [matrix.name for matrix in referee(GAME, 3).matrices] == ["stance", "compliance"]


def test_findings_are_plain_json_and_carry_the_referees_version():
    written = json.loads(json.dumps(referee(GAME, 3).as_json()))

    assert written["version"] == REFEREE_VERSION
    assert written["standings"]["A"]["gain"] == 0.5
    assert written["nash"]["outcomes"] == [{"deal": "o1"}]


@settings(max_examples=30)
@given(scenarios(parties=(2, 3), rounds=(1, 3)))
def test_any_outcome_of_any_scenario_can_be_read(scenario):
    for outcome in [None, *outcomes_of(scenario.space)[:4]]:
        found = referee(scenario, outcome)

        json.dumps(found.as_json())
        assert found.undominated is None or (found.distance_to_frontier == 0) >= found.undominated


def test_the_stances_played_are_told_with_what_another_would_have_been_worth():
    game = load_scenario("cobalt-offtake")

    # The United States insists (0), DR Congo gives ground (2). In shares of gain the row player
    # has .548 and .565 by holding firm; the column player .149 and .246 by holding firm.
    findings = referee(game, None, (0, 2))

    assert findings.as_json()["played"] == [0, 2]
    assert findings.played_words == (
        "As played, the United States came closest to “insists” and DR Congo to “gives ground”. "
        "Against that, by the tactic of this game: “holds firm” would bring the United States 2% "
        "more of its possible gain, “holds firm” would bring DR Congo 10% more of its possible "
        "gain."
    )


def test_an_equilibrium_that_was_played_is_said_to_be_one():
    findings = referee(load_scenario("cobalt-offtake"), None, (0, 1))

    assert str(findings.played_words).endswith("Each is the best reply to the other.")


def test_where_nobody_offered_nothing_is_said_of_stances():
    assert referee(load_scenario("cobalt-offtake"), None).played_words is None
