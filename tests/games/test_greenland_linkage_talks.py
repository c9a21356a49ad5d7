"""How the three over Greenland talk: in a plenary, with threats and promises beside the text."""

import numpy as np
import pytest

from delegates import negotiate
from games.bargaining.solutions import bargain, fair_share
from games.matrices.stance_game import stance_game
from games.protocols.hall import HallState
from games.protocols.perceived import is_credible
from games.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def greenland() -> Scenario:
    return load_scenario("greenland-linkage")


def test_the_host_holds_the_pen_of_a_plenary_that_all_must_support(greenland: Scenario) -> None:
    rules = greenland.protocol

    assert (rules.kind, rules.agreement, rules.chair) == ("plenary", "unanimity", "USA")
    assert (rules.opens, rules.rounds, rules.extension) == ("lot", 10, 1)


def test_hardness_on_both_sides_fails(greenland: Scenario) -> None:
    game = stance_game(greenland)
    consumers, suppliers = (np.array(payoffs, float) for payoffs in game.report.game.floats())

    assert game.failures[0, 0] == 1
    assert consumers[:, 0].max() > consumers[0, 0] + 0.10
    assert suppliers[0, :].max() > suppliers[0, 0]
    share = fair_share(greenland)
    assert share is not None
    assert share < 0.55


def test_whoever_is_believed_to_be_harder_has_the_better_equilibrium(greenland: Scenario) -> None:
    game = stance_game(greenland)
    consumers, suppliers = (np.array(payoffs, float) for payoffs in game.report.game.floats())
    cells = sorted(one.cell for one in game.report.equilibria if one.cell is not None)

    assert len(cells) >= 2
    softer_buyers = [(row, -column) for row, column in cells]
    assert softer_buyers == sorted(softer_buyers)
    assert np.all(np.diff([consumers[cell] for cell in cells]) < 0)
    assert np.all(np.diff([suppliers[cell] for cell in cells]) > 0)
    assert all(game.failures[cell] <= 0.25 for cell in cells)


def test_two_buyers_who_insist_fail_more_often_than_the_kingdom_that_does(
    greenland: Scenario,
) -> None:
    failures = stance_game(greenland).failures

    assert np.all(failures[0] > 0)
    assert failures[0].mean() > failures[:, 0].mean()
    assert np.all(failures[2:, 1:] == 0)


def test_the_delegates_of_the_scenario_agree_whoever_speaks_first(greenland: Scenario) -> None:
    records = [negotiate(greenland, greenland.seats, seed=seed) for seed in range(6)]
    agreed = {record.state.agreement for record in records}
    words = {greenland.space.outcome(one)["status"] for one in agreed if one is not None}

    assert {record.status for record in records} == {"agreement"}
    assert words == {"right of self-determination"}
    assert len(agreed) > 1


def test_three_who_insist_to_the_end_agree_on_nothing(greenland: Scenario) -> None:
    record = negotiate(greenland, dict.fromkeys(greenland.ids, "boulware"), seed=3)

    assert record.status == "no-agreement"


def test_promises_are_believed_and_threats_are_not(greenland: Scenario) -> None:
    believed = {name: is_credible(greenland, name) for name in greenland.statecraft.measures}

    assert believed == {
        "tariffs": False,
        "countermeasures": False,
        "security": True,
        "licences": True,
    }


def test_delegates_by_rule_promise_and_threaten_nobody(greenland: Scenario) -> None:
    state = negotiate(greenland, dict.fromkeys(greenland.ids, "linear"), seed=1).state
    assert isinstance(state, HallState)
    announced = {vow.measure for vow in state.vows if vow.measure is not None}

    assert announced == {"security", "licences"}
    assert not any(vow.is_threat for vow in state.vows)


def test_no_measure_carries_anyone_below_what_it_has_without_a_text_by_the_best_deal(
    greenland: Scenario,
) -> None:
    (outcome,) = bargain(greenland).solutions["nash"]
    for measure in greenland.statecraft.measures.values():
        for party, effect in measure.effect.items():
            own = greenland.preferences[greenland.ids.index(party)]
            assert own.utility(outcome) + effect > own.reservation
        author = greenland.preferences[greenland.ids.index(measure.by)]
        assert author.utility(outcome) - measure.cost > author.reservation
