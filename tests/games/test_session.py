"""What an agreement is worth when it comes, and what its absence is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.session import (
    Accept,
    Moved,
    Offer,
    State,
    WalkAway,
    payoff,
    payoffs,
    start,
    step,
    utilities,
)
from tests.support.domains import listed


def played(scenario, *moves) -> State:
    """Return the state after some moves."""
    state = start(scenario)
    for move in moves:
        state, _ = step(state, move)
    return state


def patient(discount: float, **protocol):
    """Return two parties, the first of whom has r = 40 and 65 points for the second option."""
    return listed(
        {"A": [40, 65, 90], "B": [100, 50, 0]},
        {"A": 40, "B": 20},
        {"A": {"discount": discount}},
        protocol={"rounds": 20, "opens": "fixed", **protocol},
    )


def test_time_acts_on_the_gain_over_the_reservation_value():
    # r=40, δ=.95, round index 11, u=65 → 54.2.
    assert payoff(patient(0.95), 0, 65.0, turn=22) == pytest.approx(54.2, abs=0.05)


@pytest.mark.parametrize(
    ("discount", "breakdown", "turn", "expected"),
    [
        (1.0, 0.0, 30, 65.0),  # the patient lose nothing
        (0.9, 0.0, 0, 65.0),  # the first offer is not discounted
        (0.9, 0.0, 2, 40 + 0.9 * 25),  # one round later
        (0.81, 0.0, 1, 40 + 0.9 * 25),  # half a round later
        (1.0, 0.19, 1, 40 + 0.9 * 25),  # breakdown is impatience under another name
        (0.9, 0.1, 2, 40 + 0.81 * 25),
    ],
)
def test_discount_and_breakdown_are_one_formula(discount, breakdown, turn, expected):
    assert payoff(patient(discount, breakdown=breakdown), 0, 65.0, turn) == pytest.approx(expected)


def test_total_discounting_is_the_literatures():
    assert payoff(patient(0.9, discounting="total"), 0, 65.0, 4) == pytest.approx(0.81 * 65)


def test_an_agreement_is_dated_by_its_offer():
    state = played(patient(0.81), Offer(2), Offer(1), Accept())

    assert (state.status, state.agreement, state.offer_turn) == ("agreement", 1, 1)
    assert utilities(state) == {"A": 65, "B": 50}
    assert payoffs(state) == pytest.approx({"A": 40 + 0.9 * 25, "B": 50})


def test_who_walked_away_has_its_reservation_value_though_the_others_agree():
    game = listed(
        {"A": [0, 9], "B": [9, 6], "C": [5, 7]},
        {"A": 1, "B": 2, "C": 3},
        protocol={"rounds": 3, "opens": "fixed", "agreement": {"quorum": 0.6}},
    )
    state = played(game, WalkAway(), Offer(1), Accept())

    assert state.status == "agreement"
    assert utilities(state) == {"A": 1, "B": 6, "C": 7}
    assert payoffs(state)["A"] == 1


@pytest.mark.parametrize("last", [WalkAway(), Offer(2)])
def test_without_agreement_each_has_its_reservation_value_whenever_it_ends(last):
    state = played(patient(0.5, rounds=2), Offer(2), Offer(0), Offer(2), last)

    assert state.status in {"walked-away", "no-agreement"}
    assert utilities(state) == payoffs(state) == {"A": 40, "B": 20}


@given(st.floats(0.01, 1), st.floats(0, 0.9), st.integers(0, 40), st.floats(40, 1000))
def test_waiting_never_pays_and_never_costs_the_reservation_value(
    discount, breakdown, turn, utility
):
    game = patient(discount, breakdown=breakdown)

    now, later = payoff(game, 0, utility, turn), payoff(game, 0, utility, turn + 1)

    assert 40 <= later <= now <= max(utility, 40)


def test_events_say_who_moved_when():
    state = start(patient(1.0))
    state, first = step(state, Offer(2))
    _, second = step(state, Offer(0))

    assert first == (Moved(turn=0, round=0, party="A", move=Offer(2)),)
    assert second == (Moved(turn=1, round=0, party="B", move=Offer(0)),)


def test_rounds_begun_counts_those_with_a_move():
    game = patient(1.0)

    begun = [played(game, *[Offer(0)] * moves).rounds_begun for moves in range(5)]

    assert begun == [0, 1, 1, 2, 2]
