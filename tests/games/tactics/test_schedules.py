"""A session by schedule is the session played move by move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, payoffs, start, step
from games.tactics.aspirations import BLIND_EXPONENTS
from games.tactics.offers import blind_schedule
from games.tactics.schedules import Moves, Schedule, play_schedules
from tests.support.domains import listed, random_scenario, scenarios


def played_by_step(scenario, schedules: list[Schedule], seed: int) -> tuple[list[Move], State]:
    """Play the blind tactic the plain way: accept what is enough, else make the round's offer."""
    state = start(scenario, seed)
    moves: list[Move] = []
    while state.is_open:
        own = scenario.preferences[state.mover]
        offers, least = schedules[state.mover]
        enough = (
            state.offer is not None
            and own.utility(state.offer) >= least[state.round]
            and own.may_sign(state.offer)
        )
        moves.append(Accept() if enough else Offer(int(offers[state.round])))
        state, _ = step(state, moves[-1])
    return moves, state


def schedules_of(scenario, exponents) -> list[Schedule]:
    """Return each party's blind schedule."""
    rounds = scenario.protocol.rounds
    return [
        blind_schedule(own, rounds, exponent)
        for own, exponent in zip(scenario.preferences, exponents, strict=False)
    ]


def assert_same_session(scenario, schedules, seed) -> None:
    """Compare the session by schedule with the one played move by move."""
    played = play_schedules(scenario, schedules, seed)
    moves, state = played_by_step(scenario, schedules, seed)

    assert list(played.moves) == moves
    assert played.state == state
    assert payoffs(played.state) == payoffs(state)


exponents = st.lists(st.sampled_from(list(BLIND_EXPONENTS.values())), min_size=5, max_size=5)


@settings(max_examples=300)
@given(scenarios(parties=(2, 5), rounds=(1, 12)), exponents, st.integers(0, 99))
def test_any_scenario_is_played_as_by_step(scenario, exponents, seed):
    assert_same_session(scenario, schedules_of(scenario, exponents), seed)


@settings(max_examples=150)
@given(
    scenarios(parties=(2, 4), rounds=(1, 12)),
    exponents,
    st.integers(0, 99),
    st.sets(st.integers(0, 3), min_size=1),
    st.integers(-10, 60),
)
def test_what_must_be_ratified_is_played_and_settled_as_by_step(
    scenario, exponents, seed, ratifying, threshold
):
    values = scenario.model_dump(by_alias=True)
    hurdle = {"threshold": threshold, "slope": 0.05, "audience_cost": 3}
    values["mandates"] = {
        party: {"ratify": hurdle} for k, party in enumerate(scenario.ids) if k in ratifying
    }
    changed = Scenario.model_validate(values)

    assert_same_session(changed, schedules_of(changed, exponents), seed)


@settings(max_examples=150)
@given(scenarios(parties=(2, 2), opens=("fixed",), rounds=(1, 12)), exponents, st.integers(0, 99))
def test_two_parties_in_fixed_order_are_played_as_by_step(scenario, exponents, seed):
    assert_same_session(scenario, schedules_of(scenario, exponents), seed)


@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
@pytest.mark.parametrize("parties", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(6))
def test_longer_sessions_are_played_as_by_step(opens, parties, seed):
    drawn = random_scenario(seed, parties=parties, tied=seed % 2 == 0)
    protocol = drawn.protocol.model_copy(update={"opens": opens})
    scenario = drawn.model_copy(update={"protocol": protocol})
    exponents = [list(BLIND_EXPONENTS.values())[(seed + k) % 3] for k in range(parties)]

    assert_same_session(scenario, schedules_of(scenario, exponents), seed)


@pytest.mark.parametrize("opens", ["fixed", "alternate"])
@pytest.mark.parametrize("seed", range(8))
def test_an_uncertain_deadline_cuts_both_at_the_same_round(opens, seed):
    scenario = listed(
        {"A": [0, 4, 7, 10], "B": [10, 5, 2, 0]},
        protocol={"rounds": 12, "opens": opens, "deadline": {"from": 2, "close": 0.5}},
    )

    assert_same_session(scenario, schedules_of(scenario, [4.0, 4.0]), seed)


def test_a_session_by_hand():
    # Linear, 4 rounds: A asks 80, 60, 40, 20 (less a ten-thousandth), and so does B.
    scenario = listed(
        {"A": [0, 45, 70, 100], "B": [100, 62, 45, 0]}, protocol={"rounds": 4, "opens": "fixed"}
    )

    played = play_schedules(scenario, schedules_of(scenario, [1.0, 1.0]))

    # A: 3 (100 ≥ 80); B: 0 (100 ≥ 80); A: 2 (70 ≥ 60), worth 45 to B, who asks 60 and offers 1;
    # worth 45 to A, who now asks 40 and accepts.
    assert list(played.moves) == [Offer(3), Offer(0), Offer(2), Offer(1), Accept()]
    assert played.agreed_turn == 3


def test_a_red_line_stops_an_acceptance_that_the_points_would_allow():
    scenario = listed(
        {"A": [0, 10], "B": [9, 10]},
        parties={"B": {"red_lines": [{"deal": "o1"}]}},
        protocol={"rounds": 2, "opens": "fixed"},
    )

    played = play_schedules(scenario, schedules_of(scenario, [4.0, 0.25]))

    assert list(played.moves) == [Offer(1), Offer(0), Offer(1), Offer(0)]
    assert played.agreed_turn is None


@pytest.mark.parametrize("agreed", [False, True])
def test_moves_are_a_sequence_like_any_other(agreed):
    moves = Moves(np.array([4, 2, 7]), agreed=agreed)
    plain = [Offer(4), Offer(2), Offer(7), *[Accept()] * agreed]

    assert list(moves) == plain
    assert moves == plain
    assert moves != plain[:-1]
    assert moves != 7
    assert len(moves) == len(plain)
    assert [moves[place] for place in range(-len(plain), len(plain))] == plain * 2
    assert list(moves[1:]) == plain[1:]
    assert Offer(2) in moves
    assert hash(moves) == hash(Moves(np.array([4, 2, 7]), agreed=agreed))
    with pytest.raises(IndexError):
        moves[len(plain)]
