"""What a seat had best do now, where that can be told by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.review.accuracy import judge
from games.review.advice import can_gain, counsel
from games.review.knowledge import bare_turns
from games.review.positions import positions
from games.review.prospects import LEAST_COUNTERPARTS, prospect
from games.scenario import Scenario
from games.session import Accept, Move, Offer, WalkAway
from tests.games.review.sessions import before, halves, offers, trade
from tests.games.review.test_knowledge import LAPSED, lapsing
from tests.games.test_rescaling import rescaled
from tests.support.domains import listed, random_scenario

FEW = LEAST_COUNTERPARTS


def advised(game: Scenario, moves: Sequence[Move], seed: int = 1):
    state, history = before(game, moves)
    return counsel(game, state, history, seed=seed, counterparts=FEW)


def test_in_the_last_turn_what_is_on_the_table_is_accepted() -> None:
    found = advised(halves(rounds=1), offers(1))
    assert found.best.move == Accept()
    assert (found.best.expected_gain, found.best.standard_error) == (50, 0)
    assert found.best.chance == 1
    assert found.as_good == ()
    # Nobody answers an offer of the last turn any more, and to leave is worth no more.
    assert (found.lead, found.lead_error) == (50, 0)


def test_what_is_worse_than_nothing_is_not_accepted() -> None:
    game = listed({"A": [100, 40], "B": [0, 60]}, {"B": 20}, protocol={"rounds": 1})
    found = advised(game, offers(0))
    assert found.best.move != Accept()
    assert found.best.expected_gain == 0
    assert found.next_best is not None
    assert (found.next_best.move, found.lead) == (Accept(), 20)


def test_an_offer_in_the_last_turn_has_no_chance_and_leaving_asks_for_nothing() -> None:
    found = advised(halves(rounds=1), offers(2))
    chances = {type(one.move): one.chance for one in (found.best, *found.as_good)}
    assert chances == {Accept: 1, Offer: 0, WalkAway: None}


def test_the_best_that_can_be_offered_first_is_asked_for_while_nothing_is_known() -> None:
    game = trade()
    found = advised(game, [])
    assert isinstance(found.best.move, Offer)
    own = game.preferences[0]
    asked = [own.utility(one.move.outcome) for one in found.as_good if isinstance(one.move, Offer)]
    assert own.utility(found.best.move.outcome) >= max(asked)
    assert asked == sorted(asked, reverse=True)
    assert found.wants == {}
    assert found.seen == {"B": 0}


def test_what_was_offered_is_not_taken_back_where_that_is_as_good() -> None:
    game = trade(rounds=8)
    own, order = game.preferences[0], game.preferences[0].ranking[0].tolist()
    theirs = Offer(int(game.preferences[1].ranking[0][-1]))
    lower = next(one for one in reversed(order) if own.utility(one) < 0.9 * own.highest)
    moves: list[Move] = [Offer(order[-1]), theirs, Offer(lower), theirs]
    found = advised(game, moves)
    compared = [found.best, *found.as_good]
    asked = [own.utility(one.move.outcome) for one in compared if isinstance(one.move, Offer)]
    assert max(asked) > own.utility(lower)
    assert asked[0] == own.utility(lower)
    assert asked == [
        *sorted((one for one in asked if one <= asked[0]), reverse=True),
        *sorted(one for one in asked if one > asked[0]),
    ]


def test_a_counterpart_that_holds_out_for_one_issue_is_seen_to_want_it() -> None:
    # B keeps law and yields everything else, to the last.
    game = trade(rounds=8)
    space = game.space
    held = [
        space.index({"gold": gold, "time": time, "law": "3"})
        for gold, time in (("0", "0"), ("1", "0"), ("2", "1"), ("3", "2"), ("3", "2"))
    ]
    moves: list[Move] = []
    for outcome in held:
        moves += [Offer(space.index({"gold": "3", "time": "2", "law": "0"})), Offer(outcome)]
    found = advised(game, moves)
    assert (found.wants["B"].issue, found.wants["B"].option) == ("law", "3")
    assert found.wants["B"].likely > 0.5
    assert found.seen == {"B": 5}


def test_a_quorum_agrees_without_those_it_does_not_need() -> None:
    rule = {"quorum": 0.6, "weights": {}, "vetoes": []}
    game = trade(parties=3, rounds=2, agreement=rule)
    alone = trade(parties=3, rounds=2)
    by_quorum, by_all = (advised(one, []) for one in (game, alone))
    chances = [
        {one.move: one.chance for one in (found.best, *found.as_good)}
        for found in (by_quorum, by_all)
    ]
    shared = [move for move in chances[0] if isinstance(move, Offer) and move in chances[1]]
    assert shared
    assert all((chances[0][move] or 0) >= (chances[1][move] or 0) for move in shared)
    assert any((chances[0][move] or 0) > (chances[1][move] or 0) for move in shared)


def test_nothing_can_be_gained_where_all_is_worth_less_than_no_agreement() -> None:
    game = listed({"A": [10, 20], "B": [0, 0]}, {"A": 30})
    assert not can_gain(before(game, [])[0])
    assert can_gain(before(halves(), [])[0])


@settings(max_examples=15)
@given(st.integers(0, 500), st.sampled_from([0.25, 8.0]), st.integers(0, 3))
def test_the_unit_of_own_points_changes_no_advice(seed: int, factor: float, made: int) -> None:
    game = random_scenario(seed, outcomes=(10, 60), rounds=(3, 6))
    state, _ = before(game, [])
    orders = [own.ranking[0] for own in game.preferences]
    moves = [Offer(int(orders[number % 2][-1])) for number in range(made)]
    state, history = before(game, moves)
    if not can_gain(state):
        return
    scaled = rescaled(game, state.party, factor)
    again, _ = before(scaled, moves)
    one = counsel(game, state, history, seed=seed, counterparts=FEW)
    other = counsel(scaled, again, history, seed=seed, counterparts=FEW)
    assert other.best.move == one.best.move
    assert other.best.expected_gain == pytest.approx(factor * one.best.expected_gain)
    assert other.best.chance == one.best.chance


@settings(max_examples=10)
@given(st.integers(0, 500), st.integers(1, 4))
def test_no_move_that_was_compared_is_better_by_two_standard_errors(seed: int, made: int) -> None:
    game = random_scenario(seed, outcomes=(10, 60), rounds=(3, 6))
    orders = [own.ranking[0] for own in game.preferences]
    state, history = before(game, [Offer(int(orders[n % 2][-1])) for n in range(made)])
    if not can_gain(state):
        return
    found = counsel(game, state, history, seed=seed, counterparts=FEW)
    others = [*found.as_good, *([] if found.next_best is None else [found.next_best])]
    spread = max(found.best.standard_error, *(one.standard_error for one in others), 1e-9)
    # Paired differences vary no more than both sides together.
    assert max(one.expected_gain for one in others) - found.best.expected_gain <= 4 * spread
    assert found.next_best is None or found.lead > 0
    assert np.isfinite(found.lead_error)


def test_an_offer_that_lapsed_is_not_counted_as_refused() -> None:
    # B's offer on turn 3 is off the table before A speaks on turn 4; B moves on turn 5.
    played, _ = positions(lapsing(), LAPSED, range(6))
    last, bare = played[-1], bare_turns(played)
    game = last.state.scenario

    found, unaware = (
        counsel(game, last.state, last.history, seed=0, counterparts=FEW, bare=turns)
        for turns in (bare, frozenset[int]())
    )
    judged = judge(prospect(game, 1, seed=0, counterparts=FEW, bare=bare), last.state, last.history)

    assert found != unaware
    expected = {one.move: one.expected_gain for one in judged.candidates}
    for one in (found.best, *found.as_good):
        if one.move in expected:
            assert one.expected_gain == expected[one.move]
