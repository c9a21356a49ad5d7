"""A session taken apart into positions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from games.errors import IllegalMove, UserError
from games.happenings.happening import inject
from games.protocols.by_rule import act_by_rule
from games.review.positions import Act, Heard, offers_so_far, positions, settled
from games.session import Move, Offer, State, start, step
from games.tactics.tally import Tally
from tests.games.eventful import eventful
from tests.games.review.sessions import ACCEPT, WALK, acts, halves, offers
from tests.support.domains import listed


def test_each_position_holds_what_its_mover_had_before_it():
    moves = [*offers(2, 0, 1), ACCEPT]

    found, final = positions(halves(rounds=2), moves, [0, 1, 2, 3])

    assert [one.state.party for one in found] == ["A", "B", "A", "B"]
    assert [one.state.offer for one in found] == [None, 2, 0, 1]
    assert [*found[2].history] == [Act(0, 0, Offer(2)), Act(1, 1, Offer(0))]
    assert [settled(one) for one in found] == [2, 0, 1, 1]
    assert (final.status, final.agreement) == ("agreement", 1)


def test_what_was_before_a_move_is_a_sequence_like_any_other():
    moves = [*offers(2, 0, 1), ACCEPT]
    found, _ = positions(halves(rounds=2), moves, [0, 1, 2, 3])

    before, listed_ = found[3].history, [one.act for one in found[:3]]

    assert len(before) == 3
    assert (before[0], before[-1], before[1:]) == (listed_[0], listed_[2], listed_[1:])
    assert [*reversed(before)] == listed_[::-1]
    with pytest.raises(IndexError):
        before[3]


def test_offers_counted_move_by_move_are_those_of_the_moves_before():
    game, moves = halves(rounds=3), offers(2, 0, 1, 0, 2, 1)
    found, _ = positions(game, moves, range(6))
    heard = Heard()

    for position in [*found, found[2]]:
        made = [Tally.of(game.space, one) for one in offers_so_far(position.history, 2)]
        counted = heard.before(position)
        assert [one.is_empty for one in counted] == [one.is_empty for one in made]
        for one, other in zip(counted, made, strict=True):
            assert one.model().utilities().tolist() == other.model().utilities().tolist()


class Sliced(list[Act]):
    """Moves that nobody goes through from the first one on."""

    def __iter__(self) -> Iterator[Act]:
        raise AssertionError("gone through from the first move on")


def test_of_what_was_heard_only_the_news_is_gone_through_at_each_move():
    found, _ = positions(halves(rounds=3), [*offers(2, 0, 1, 0, 2), ACCEPT], range(6))
    acts_, heard = Sliced(found[0].acts), Heard()

    last = [heard.last_offer(replace(one, acts=acts_)) for one in found]

    assert last == [None, None, *(one.act for one in found[:4])]


def test_walking_away_stands_for_no_outcome():
    found, final = positions(halves(), [Offer(2), WALK], [0, 1])

    assert settled(found[1]) is None
    assert final.status == "walked-away"


def test_a_session_may_be_unfinished_or_not_even_begun():
    assert positions(halves(), offers(2), [0])[1].is_open
    assert positions(halves(), [], [])[0] == ()


def test_turns_of_those_who_left_are_passed_over():
    game = listed(
        {"A": [0, 1], "B": [0, 1], "C": [0, 1]},
        protocol={"rounds": 2, "opens": "fixed", "agreement": {"quorum": 0.6}},
    )

    found, _ = positions(game, [Offer(1), WALK, Offer(0), Offer(1), ACCEPT], [0, 1, 2, 3, 5])

    assert [one.act.mover for one in found] == [0, 1, 2, 0, 2]


def test_a_move_on_another_turn_than_the_protocol_says_is_refused():
    with pytest.raises(UserError, match="test: move 2 is said to be of turn 3; expected turn 1"):
        positions(halves(), offers(2, 0), [0, 3])


def test_a_move_after_the_end_is_illegal():
    with pytest.raises(IllegalMove, match="the session is over"):
        positions(halves(), [Offer(1), ACCEPT, Offer(1)], [0, 1, 2])


def test_the_seed_draws_the_order_that_the_session_had():
    game = halves(rounds=20, opens="lot")

    firsts = {
        seed: [one.act.mover for one in positions(game, offers(1, 1), [0, 1], seed)[0]]
        for seed in range(8)
    }

    assert {tuple(order) for order in firsts.values()} == {(0, 1), (1, 0)}


def test_offers_are_sorted_by_party():
    made = acts(halves(rounds=2), offers(2, 0, 1))

    assert offers_so_far(made, 2) == [[2, 1], [0]]


@pytest.mark.parametrize("kind", ["alternating-offers", "plenary"])
def test_each_position_of_an_eventful_session_holds_the_scenario_as_it_was_then(kind: str) -> None:
    state = start(eventful(kind), 4)
    moves: list[Move] = []
    made_in: list[State] = []
    while state.is_open:
        if len(moves) == 5:
            state = inject(state, "quota")
        best = int(state.own(state.mover).ranking[0][-1])
        moves.append(act_by_rule(state, lambda best=best: Offer(best)))
        made_in.append(state)
        state, _ = step(state, moves[-1])
    turns = [one.turn for one in made_in]
    found, final = positions(state.opening, moves, turns, 4, state.happened)
    assert final == state
    assert [one.state for one in found] == made_in
    assert len({id(one.state.scenario) for one in found}) > 3
