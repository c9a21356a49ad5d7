"""What single moves did, worked out by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.review.moves import (
    dominated_as_known,
    dominated_in_truth,
    ground,
    unneeded_concession,
)
from games.review.positions import Position, positions
from games.scenario import Scenario
from games.session import Move, Offer, start
from games.tactics.frequency_model import frequency_model
from tests.games.review.sessions import (
    ACCEPT,
    FIRM,
    HARD,
    SOFT,
    WALK,
    acts,
    halves,
    offers,
    trade,
)
from tests.support.domains import listed, party, scenario, scenarios


def last(game: Scenario, moves: Sequence[Move]) -> Position:
    """Return the position of the last move."""
    return positions(game, moves, [act.turn for act in acts(game, moves)])[0][-1]


def test_a_concession_is_a_share_of_the_possible_gain_a_round():
    # A can gain 100 − 20 = 80; from 90 to 50 in one round is half of it.
    game = listed({"A": [10, 50, 90, 100], "B": [90, 60, 20, 0]}, {"A": 20}, protocol={"rounds": 4})
    moves = offers(2, 0, 0, 1)

    given_up = ground(last(game, moves))

    assert [act.mover for act in acts(game, moves)] == [0, 1, 1, 0]
    assert given_up is not None
    assert given_up.previous == 2
    assert given_up.changes == {"A": -40, "B": 40}
    assert given_up.concession == 0.5
    # Turn 0 to turn 3 is a round and a half.
    assert given_up.concession_rate == pytest.approx(1 / 3)


def test_taking_ground_back_is_a_negative_concession():
    given_up = ground(last(halves(rounds=2), offers(1, 0, 2)))

    assert given_up is not None
    assert (given_up.changes, given_up.concession) == ({"A": 50, "B": -50}, -0.5)


def test_accepting_is_measured_against_ones_own_previous_offer():
    given_up = ground(last(halves(rounds=2), [*offers(2, 1), ACCEPT]))

    assert given_up is not None
    assert given_up.changes == {"A": -50, "B": 50}


@pytest.mark.parametrize("moves", [offers(2), offers(2, 0), [Offer(1), ACCEPT]])
def test_before_ones_first_offer_no_ground_was_held(moves):
    assert ground(last(halves(), moves)) is None
    assert unneeded_concession(last(halves(), moves), [SOFT, SOFT]) is None


def test_walking_away_gives_no_ground():
    walked = last(halves(rounds=2), [*offers(2, 0), WALK])

    assert ground(walked) is None
    assert dominated_in_truth(walked) is None
    assert dominated_as_known(walked) is None


def test_a_party_that_cannot_gain_concedes_nothing_that_could_be_measured():
    game = listed({"A": [3, 3], "B": [0, 1]}, {"A": 3}, protocol={"rounds": 2, "opens": "fixed"})

    given_up = ground(last(game, offers(0, 0, 1)))

    assert given_up is not None
    assert (given_up.concession, given_up.concession_rate) == (None, None)
    assert given_up.changes == {"A": 0, "B": 1}


def apples_and_pears(**more):
    """Return a game in which A cares for apples and B for pears alone, both from 0 to 2."""
    worth = {"0": 0, "1": 50, "2": 100}
    nothing = dict.fromkeys("012", 0)
    return scenario(
        {"apples": ["0", "1", "2"], "pears": ["0", "1", "2"]},
        {
            "A": party({"apples": worth, "pears": nothing}),
            "B": party({"apples": nothing, "pears": worth}, side="supplier", **more),
        },
        protocol={"rounds": 3, "opens": "fixed"},
    )


def at(game, apples, pears):
    """Return the outcome with so many apples and pears for A and B."""
    return game.space.index({"apples": str(apples), "pears": str(pears)})


def test_an_offer_is_dominated_if_the_other_could_have_more_at_no_cost():
    game = apples_and_pears()

    wasteful = dominated_in_truth(last(game, [Offer(at(game, 2, 1))]))
    efficient = dominated_in_truth(last(game, [Offer(at(game, 2, 2))]))

    assert wasteful == (True, at(game, 2, 2))
    assert efficient == (False, None)


def test_what_one_party_may_not_sign_dominates_nothing():
    game = apples_and_pears(red_lines=[{"pears": "2"}])

    assert dominated_in_truth(last(game, [Offer(at(game, 2, 0))])) == (True, at(game, 2, 1))
    assert dominated_in_truth(last(game, [Offer(at(game, 2, 1))])) == (False, None)


def test_what_is_better_for_the_mover_alone_does_not_dominate():
    game = apples_and_pears()

    assert dominated_in_truth(last(game, [Offer(at(game, 1, 2))])) == (False, None)


def test_before_the_others_first_offer_nothing_is_known_of_them():
    game = apples_and_pears()

    assert dominated_as_known(last(game, [Offer(at(game, 2, 1))])) is None


def test_the_others_offers_tell_what_would_be_better_for_it():
    game = apples_and_pears()
    asked = at(game, 1, 2)

    found = dominated_as_known(last(game, [*offers(at(game, 2, 0), asked), Offer(at(game, 2, 0))]))

    # As far as A can see B wants (1, 2): with two apples for A, two pears are nearest to that.
    assert found == (True, at(game, 2, 2))


def test_what_seems_dominated_need_not_be():
    # B asked for pear 0 although it likes pear 2: A cannot see that 2 pears are best for B.
    game = apples_and_pears()

    move = last(game, [*offers(at(game, 2, 0), at(game, 0, 0)), Offer(at(game, 2, 2))])

    assert dominated_as_known(move) == (True, at(game, 2, 0))
    assert dominated_in_truth(move) == (False, None)


@given(scenarios(parties=(2, 3), rounds=(3, 3)), st.lists(st.integers(0, 63), min_size=4))
def test_a_dominating_outcome_costs_nobody_anything(game, numbers):
    state_moves = [
        Offer(int(own.ranking[0][number % len(own.ranking[0])]))
        for own, number in zip(
            (game.preferences[mover] for mover in order(game)), numbers, strict=False
        )
    ]
    move = last(game, state_moves)
    offered = state_moves[-1].outcome
    mover = game.preferences[move.act.mover]

    true, known = dominated_in_truth(move), dominated_as_known(move)

    changes = [
        [own.utility(other) - own.utility(offered) for own in game.preferences]
        for other in np.flatnonzero(np.logical_and.reduce(masks(game))).tolist()
    ]
    others = [position for position in range(len(game.ids)) if position != move.act.mover]
    assert true is not None
    assert true.dominated == any(
        min(change) >= 0 and max(change[position] for position in others) > 0 for change in changes
    )
    better = offered if known is None or known.better is None else known.better
    assert mover.may_sign(better)
    assert mover.utility(better) >= mover.utility(offered)


def order(game):
    """Return who moves on each turn of a session that seed 0 draws."""
    return start(game, 0).turns


def masks(game):
    """Return which outcomes each party may sign."""
    return [[own.may_sign(k) for k in range(game.space.size)] for own in game.preferences]


def test_an_estimate_is_the_frequency_models():
    game = trade()
    asked = [40, 11, 40]
    moves = [one for pair in zip(offers(36, 36, 36), offers(*asked), strict=True) for one in pair]

    found = dominated_as_known(last(game, [*moves, Offer(20)]))

    own = game.preferences[0].utilities
    estimate = frequency_model(game.space, asked).utilities()
    best = estimate[own >= own[20]].max()
    assert found is not None
    assert found.better is not None
    assert estimate[found.better] == pytest.approx(best)


@pytest.mark.parametrize(("mind", "unneeded"), [(SOFT, True), (FIRM, False), (HARD, False)])
def test_a_concession_is_unneeded_if_the_earlier_offer_would_have_been_taken(mind, unneeded):
    # In the last round soft takes nothing, if need be; firm asks for 30.
    move = last(halves(rounds=2), offers(2, 0, 1))

    assert unneeded_concession(move, [FIRM, mind]) is unneeded


def test_repeating_or_raising_an_offer_is_no_concession():
    assert unneeded_concession(last(halves(rounds=2), offers(1, 0, 1)), [FIRM, SOFT]) is False
    assert unneeded_concession(last(halves(rounds=2), offers(1, 0, 2)), [FIRM, SOFT]) is False


def test_accepting_less_than_one_could_have_had_is_an_unneeded_concession():
    move = last(halves(rounds=2), [*offers(2, 1), ACCEPT])

    assert unneeded_concession(move, [FIRM, SOFT]) is True
    assert unneeded_concession(move, [FIRM, HARD]) is False
