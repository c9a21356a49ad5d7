"""What the author of a plan is told."""

from __future__ import annotations

from typing import Any

import pytest

from delegates.evaluation.planning.notes import DRAWING_MINDS, draws_lots, notes_of
from delegates.minds.registry import SCRIPTED_MINDS
from delegates.negotiate import negotiate
from games.scenario import Scenario, load_scenario
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.planning.test_rows import game
from tests.delegates.sessions import mini
from tests.support.domains import listed

FIVE = tuple(game("consumer", "supplier", name=f"pair{k}") for k in range(5))
TRIO = game("consumer", "supplier", "supplier", name="trio")
LONE = game("consumer", "consumer", name="lone")


def notes(*scenarios: Scenario, **said: Any) -> list[str]:
    """Return the notes on a design of these scenarios."""
    return [*notes_of(made_design(*scenarios, **said))]


def test_nothing_is_said_of_a_plan_without_fault() -> None:
    assert notes(*FIVE) == []


def test_too_few_scenarios_for_intervals_are_told() -> None:
    assert notes(*FIVE[:4]) == [
        (
            "4 scenarios: no interval is given, as means vary from scenario to scenario; from 5 on "
            "there is one."
        )
    ]


def test_repetitions_that_repeat_the_same_session_are_told() -> None:
    told = (
        "3 repetitions, but neither the strategies nor pair0, pair1, pair2, pair3 and pair4 draw "
        "lots: every repetition is the same session, and counts for no more than one."
    )
    lots = [one.model_copy(update={"protocol": mini(opens="lot").protocol}) for one in FIVE]

    assert notes(*FIVE, repetitions=3) == [told]
    assert notes(*FIVE, repetitions=3, strategies={"a": "micro", "b": "firm"}) == []
    assert notes(*FIVE, repetitions=3, strategies={"a": "llm:m", "b": "firm"}) == []
    assert notes(*lots, repetitions=3) == []


def test_names_that_nobody_reads_are_told() -> None:
    told = (
        "No strategy asks a model, and rules do not read names: sessions under aliases repeat the "
        "others."
    )

    assert notes(*FIVE, names=("own", "alias")) == [told]
    assert notes(*FIVE, names=("alias",)) == []
    assert notes(*FIVE, names=("own", "alias"), strategies={"a": "firm+llm:m", "b": "firm"}) == []


def test_what_changes_nothing_is_told() -> None:
    assert notes(*FIVE, seats={"draws": 2}) == [
        "`draws` changes nothing: no seats are dealt in Latin squares."
    ]
    assert notes(*FIVE, seats={"fixed": "linear", "many": "one"}) == [
        "`fixed` changes nothing: no seat is left to a fixed opponent."
    ]
    assert notes(*FIVE, strategies={"a": "firm"}) == [
        "One strategy: there is nothing to compare it with."
    ]


def test_games_that_lack_cells_are_told() -> None:
    assert notes(*FIVE, seats={"self_play": False}) == [
        (
            "No strategy meets itself: games between strategies lack those cells, so that no "
            "equilibrium of them is found."
        )
    ]
    apart = {"tested": ["a"], "against": ["b"], "self_play": False}
    assert notes(*FIVE, strategies={"a": "firm", "b": "linear"}, seats=apart) == []
    partly = {"tested": ["a", "b"], "against": ["b", "c"], "self_play": False}
    three = {"a": "firm", "b": "linear", "c": "conceder"}
    assert notes(*FIVE, strategies=three, seats=partly) == [
        (
            "No strategy meets itself: games between strategies lack those cells, so that "
            "strategies that are not to meet one another are no candidates in them."
        )
    ]
    assert notes(*FIVE, LONE) == [
        "lone has no consumer or no supplier, and so no game between their strategies."
    ]
    assert notes(*FIVE, TRIO, seats={"many": "blocs"}) == []
    assert notes(*FIVE, TRIO) == [
        (
            "trio has more than two parties, seated one by one: not every strategy of all "
            "consumers meets every one of all suppliers, as `many: blocs` would have it for the "
            "games between strategies."
        )
    ]


def test_fewer_strategies_than_seats_are_told() -> None:
    told = notes(*FIVE, TRIO, strategies={"a": "firm", "b": "linear"})

    assert told[0] == (
        "There are fewer strategies than seats in trio (3 parties): a strategy sits in several "
        "seats of a session."
    )


@pytest.mark.parametrize("mind", sorted(SCRIPTED_MINDS))
def test_the_minds_that_draw_lots_are_those_that_are_said_to(mind: str) -> None:
    long = mini(rounds=60)
    played = {
        (other, tuple(map(str, negotiate(long, {"USA": mind, "COD": other}, seed=seed).offers)))
        for other in (mind, "boulware")
        for seed in range(9)
    }

    assert (len(played) > 2) == (mind in DRAWING_MINDS)


@pytest.mark.parametrize(
    ("name", "does"),
    [("first-table", False), ("greenland-linkage", True), ("price-floor-club", False)],
)
def test_scenarios_that_draw_lots_are_known(name: str, does: bool) -> None:
    assert draws_lots(load_scenario(name)) is does


def test_scenarios_in_which_nobody_can_gain_are_told() -> None:
    none = listed({"A": [-1, 1], "B": [1, -1]}, id="apart")

    assert any("In apart nobody can gain" in note for note in notes(*FIVE, none))


def test_a_model_that_does_not_negotiate_is_told() -> None:
    told = notes(*FIVE, strategies={"a": "llm:local", "b": "firm"})

    assert told == [
        (
            "a: decided by the embedded model, which does not negotiate; another is named as in "
            "llm:MODEL."
        )
    ]
