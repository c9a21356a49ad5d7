"""Accuracy: hand-worked endings, its invariants, and what it may not depend on."""

from dataclasses import replace

import numpy as np
import pytest

from games.errors import UserError
from games.review.accuracy import (
    LEVELS,
    accuracy,
    candidate_moves,
    hindsight_loss,
    judge,
)
from games.review.positions import Act, positions
from games.review.prospects import prospect
from games.scenario import Scenario
from games.session import Accept, Move, Offer, WalkAway, start, step
from games.tactics.offers import trade_off
from tests.games.review.sessions import (
    ACCEPT,
    BALANCED,
    FIRM,
    HARD,
    SOFT,
    WALK,
    before,
    halves,
    offers,
    played,
    trade,
)
from tests.support.domains import listed


def judged(game: Scenario, moves: list[Move]):
    """Return the judgement of the last move."""
    state, history = before(game, moves[:-1])
    return judge(prospect(game, state.mover), state, history, moves[-1])


def test_refusing_a_half_with_no_turn_to_come_costs_a_half():
    # m = 100, r = 0: taking the half gains 50, anything else nothing.
    found = judged(halves(), offers(1, 0))

    assert [one.expected_gain for one in found.candidates if one.move == ACCEPT] == [50]
    assert (found.candidates[0].expected_gain, found.difference) == (0, 50)
    assert (found.standard_error, found.loss) == (0, 0.5)
    assert found.refused_better


def test_time_is_counted_in_what_is_lost():
    # On turn 2, a round later, a half of the gain over r is left: 25 of 100.
    found = judged(halves(rounds=2, breakdown=0.5), offers(2, 0, 1, 0))

    assert found.loss == 0.25


def test_a_loss_is_a_share_of_what_could_be_gained_at_most():
    # r = 20, m = 100: the half is worth 30 of 80.
    game = listed(
        {"A": [0, 50, 100], "B": [100, 50, 20]}, {"B": 20}, protocol={"rounds": 1, "opens": "fixed"}
    )

    assert judged(game, offers(1, 0)).loss == pytest.approx(30 / 80)


def test_taking_less_than_nothing_with_no_turn_to_come_loses_too():
    # Nothing is best: refusing and walking away both gain 0, accepting −20 of 60.
    game = listed(
        {"A": [0, 50, 100], "B": [80, 60, 0]}, {"B": 20}, protocol={"rounds": 1, "opens": "fixed"}
    )
    found = judged(game, [Offer(2), ACCEPT])

    assert found.loss == pytest.approx(20 / 60)
    assert not found.refused_better


def test_the_best_that_can_be_done_in_the_end_loses_nothing():
    assert judged(halves(), [Offer(1), ACCEPT]).loss == 0
    assert judged(halves(), offers(2, 0)).loss == 0
    assert judged(halves(), [Offer(2), WALK]).loss == 0


def test_refusing_with_better_to_come_is_no_error():
    # B is offered 8 of 100 with five rounds to go.
    game = trade(rounds=6)
    worst = int(np.argmin(game.preferences[1].utilities))
    state, history = before(game, [Offer(worst)])

    refusing = judge(prospect(game, 1), state, history, Offer(game.space.size - 9))
    accepting = judge(prospect(game, 1), state, history, ACCEPT)

    assert not refusing.refused_better
    assert accepting.loss > 0.3


def test_walking_away_from_what_could_be_had_loses():
    state, history = before(trade(), [])

    assert judge(prospect(trade(), 0), state, history, WALK).loss > 0.2


@pytest.mark.parametrize("seed", range(3))
def test_a_difference_under_two_standard_errors_counts_for_nothing(seed):
    game = trade()
    state, history = before(game, offers(36, 10))

    found = [
        judge(prospect(game, 0, seed=seed), state, history, Offer(outcome))
        for outcome in range(0, 48, 5)
    ]

    counted = [one.loss > 0 for one in found]
    assert counted == [
        one.difference > 0 and one.difference >= 2 * one.standard_error for one in found
    ]
    assert any(counted)
    assert any(one.difference > 0 and one.loss == 0 for one in found)


def test_the_moves_compared_are_accepting_leaving_the_own_last_offer_and_eleven_levels():
    game = trade()
    state, history = before(game, offers(36, 10, 24))
    own = game.preferences[1]

    moves = candidate_moves(state, history)

    wanted = [
        trade_off(own, game.space, 20 + level * (own.highest - 20), [[36, 24]]) for level in LEVELS
    ]
    assert len(LEVELS) == 11
    compared = [Accept(), *map(Offer, wanted), Offer(10), WalkAway()]
    assert 10 not in wanted
    assert moves == tuple(dict.fromkeys(compared))


def test_an_own_last_offer_that_one_may_no_longer_make_is_not_compared():
    game = trade()
    state, history = before(game, offers(36, 10, 24))
    held = game.model_copy()
    signable = np.arange(game.space.size) != 10
    one, other = game.preferences
    vars(held)["preferences"] = (one, replace(other, signable=signable))
    state = replace(state, scenario=held)

    assert Offer(10) not in candidate_moves(state, history)


def test_with_nothing_on_the_table_nothing_can_be_accepted():
    state, history = before(trade(), [])

    assert ACCEPT not in candidate_moves(state, history)


@pytest.mark.parametrize("mind", [FIRM, BALANCED])
@pytest.mark.parametrize("game", [trade(4), trade(rounds=3, parties=3), trade(3, opens="lot")])
def test_who_plays_the_best_reply_throughout_is_wholly_accurate(mind, game):
    prepared = prospect(game, 0, seed=5)
    state, history, losses = start(game, 5), list[Act](), list[float]()
    while state.is_open:
        if state.mover == 0:
            found = judge(prepared, state, history)
            move = found.candidates[found.best].move
            losses.append(judge(prepared, state, history, move).loss)
        else:
            move = mind(state, history)
        history.append(Act(state.turn, state.mover, move))
        state, _ = step(state, move)

    assert losses
    assert accuracy(losses) == 100


def test_accuracy_falls_with_the_sum_of_losses_and_ends_at_nothing():
    assert accuracy([]) == 100
    assert accuracy([0.1, 0, 0.25]) == pytest.approx(65)
    assert accuracy([0.6, 0.7]) == 0


def test_one_seed_draws_one_judgement():
    game = trade()
    state, history = before(game, offers(36, 10))

    one, same, other = (
        judge(prospect(game, 0, seed=seed), state, history, Offer(36)) for seed in (3, 3, 4)
    )

    assert one == same
    assert one != other


def test_what_a_seat_could_not_know_changes_no_expectation():
    game = trade()
    fields = game.model_dump(by_alias=True)
    fields["parties"]["B"]["points"] = fields["parties"]["A"]["points"]
    fields["parties"]["B"]["reservation"] = 55.0
    other = Scenario.model_validate(fields)
    moves = offers(36, 10)

    expected = [
        judge(prospect(one, 0), *before(one, moves), Offer(36)).candidates for one in (game, other)
    ]

    assert expected[0] == expected[1]


def test_what_a_counterpart_asked_for_changes_the_expectation():
    game = trade()
    gains = [
        judge(prospect(game, 0), *before(game, offers(36, asked)), Offer(36)).candidates[0]
        for asked in (10, 36)
    ]

    # One who itself asks for the outcome will more likely take it.
    assert gains[1].expected_gain > gains[0].expected_gain + 1


def test_fewer_than_64_counterparts_are_refused():
    with pytest.raises(UserError, match="counterparts: 63 are too few; expected 64 or more"):
        prospect(trade(), 0, counterparts=63)


@pytest.mark.parametrize(("mind", "lost"), [(FIRM, 0.5), (SOFT, 0.0), (HARD, 0.0)])
def test_hindsight_by_hand(mind, lost):
    # In the only round A asks for all. Firm would have taken a half; soft takes nothing if need be,
    # hard takes no less than 55.
    game = halves()
    replies = [FIRM, mind]
    moves, turns = played(game, [lambda *_: Offer(2), mind])
    position = positions(game, moves, turns)[0][0]

    compared = [Offer(2), Offer(1), Offer(0), WALK]

    assert hindsight_loss(position, compared, replies) == lost


def test_in_hindsight_too_nothing_is_lost_where_nothing_can_be_gained():
    game = listed({"A": [5, 5], "B": [0, 1]}, {"A": 5}, protocol={"rounds": 1})
    position = positions(game, offers(0), [0])[0][0]

    assert hindsight_loss(position, [Offer(0), WALK], [FIRM, SOFT]) == 0
