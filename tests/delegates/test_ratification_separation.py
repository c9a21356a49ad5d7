"""A seat knows its own capital's hurdle to the last figure, and nothing of another's."""

import json
import re
from math import exp
from typing import Any

import pytest

from delegates.contract import View
from delegates.models.goal import goal
from delegates.models.prompt import decision_messages, instructions
from delegates.outside.telling import turn_told
from delegates.persons.person import Turn
from games.parts.mandates import Mandate, Ratification
from games.scenario import Scenario
from games.session import Offer
from tests.delegates.sessions import mini, view_at
from tests.delegates.test_separation import parts
from tui.text.seat import briefing, offer_lines

TERMS = {"volume": "3", "price": "20", "rail": "rail"}


def planted(threshold: float = 61.25, cost: float = 7.75) -> Scenario:
    """Return the small game in which DR Congo must ratify."""
    plain: Any = json.loads(mini(rounds=4).canonical())
    plain["mandates"] = {
        "COD": {
            "ratify": {
                "threshold": threshold,
                "slope": 0.125,
                "audience_cost": cost,
                "points": {"rail": {"rail": 3.5}},
                "note": "CANARY-NOTE",
            }
        }
    }
    return Scenario.model_validate(plain)


def views(party: str, game: Scenario) -> list[View]:
    """Return views of a party at several turns."""
    offer = Offer(game.space.index(TERMS))
    walks = ([], [offer], [offer, offer], [offer, offer, offer])
    return [view for moves in walks if (view := view_at(game, moves)).party == party]


def test_a_view_holds_no_mandate_and_no_hurdle_of_another() -> None:
    for view in views("USA", planted()):
        reached = list(parts(view, set()))
        kinds = Ratification | Mandate
        assert [part for part in reached if isinstance(part, kinds)] == []
        figures = [float(part) for part in reached if isinstance(part, int | float)]
        assert not {61.25, 7.75, 0.125, 3.5} & set(figures)
        assert not any("CANARY" in part for part in reached if isinstance(part, str))


@pytest.mark.parametrize(("threshold", "cost"), [(20.0, 0.0), (80.0, 30.0)])
def test_nothing_a_seat_is_told_depends_on_the_hurdles_of_others(
    threshold: float, cost: float
) -> None:
    pairs = zip(views("USA", planted()), views("USA", planted(threshold, cost)), strict=True)
    for one, other in pairs:
        assert instructions(one) == instructions(other)
        assert decision_messages(one, []) == decision_messages(other, [])
        assert briefing(one) == briefing(other)
        assert turn_told(Turn(view=one)) == turn_told(Turn(view=other))
        assert (one.own.utilities == other.own.utilities).all()


def test_whoever_reckons_with_what_the_prompt_says_gets_the_worth_of_signing() -> None:
    game = planted()
    (view, _) = views("COD", game)
    (line,) = [line for line in goal(view) if line.startswith("- ratification")]
    slope, threshold = map(float, re.findall(r"exp\(-([\d.]+) \(x - ([\d.]+)\)", line)[0])
    lost = float(re.findall(r"you score (-?[\d.]+)\. So", line)[0])
    (more,) = re.findall(r"rail rail = \+([\d.]+)", line)
    assert (slope, threshold, lost, float(more)) == (0.125, 61.25, 22.25, 3.5)
    for outcome in range(game.space.size):
        assert view.own.in_force is not None
        points = float(view.own.in_force[outcome])
        at_home = points + float(more) * (game.space.outcome(outcome)["rail"] == "rail")
        chance = 1 / (1 + exp(-slope * (at_home - threshold)))
        assert view.own.utility(outcome) == pytest.approx(lost + chance * (points - lost))


def test_a_person_is_told_the_hurdle_and_what_the_doubt_costs_an_offer() -> None:
    game = planted()
    (view, _) = views("COD", game)
    told = " ".join(" ".join(briefing(view)).split())
    assert "must be ratified at home: a text worth 61.25 there passes with even chances" in told
    assert "at home rail counts besides rail: +3.5" in told
    outcome = game.space.index(TERMS)
    lines = offer_lines(view, outcome)
    (doubt,) = [line for line in lines if "may fail at home" in line]
    in_force = view.own.utility_in_force(outcome)
    assert float(doubt.split()[-1]) == pytest.approx(view.own.utility(outcome) - in_force, abs=1e-3)
