"""CAB: one step down at every turn, and never back behind what it accepted."""

from dataclasses import replace

import pytest

from delegates.contract import PublicMove
from delegates.minds.cab import Cab
from delegates.minds.micro import Micro
from delegates.views import view_of
from games.session import Accept, Offer, WalkAway, start, step
from tests.delegates.minds.pie import answer
from tests.support.domains import listed

# A's ladder is 4 3 2 1 (0 is below its reservation value), B's 0 1 2 3.
GAME = listed(
    {"A": [0, 5, 6, 8, 10], "B": [10, 8, 6, 5, 0]},
    {"A": 5, "B": 5},
    protocol={"rounds": 9, "opens": "fixed"},
)
THREE = listed(
    {"A": [0, 2, 4, 6, 8], "B": [8, 6, 4, 2, 0], "C": [4, 4, 4, 4, 4]},
    protocol={"rounds": 9, "opens": "fixed"},
)


def test_it_goes_down_its_ladder_whatever_the_others_do() -> None:
    stubborn = [Offer(4), Offer(0), Offer(3), Offer(0), Offer(2), Offer(0), Offer(1), Offer(0)]
    assert [answer(Cab(), GAME, *stubborn[: 2 * k]) for k in range(4)] == stubborn[::2]
    assert answer(Micro(), GAME, *stubborn[:4]) in {Offer(4), Offer(3)}


def test_past_its_last_step_it_repeats_it() -> None:
    moves = [Offer(4), Offer(0), Offer(3), Offer(0), Offer(2), Offer(0), Offer(1), Offer(0)]
    assert answer(Cab(), GAME, *moves) == Offer(1)
    assert answer(Cab(), GAME, *moves, Offer(1), Offer(0)) == Offer(1)


def test_between_two_the_first_rational_offer_is_accepted() -> None:
    assert answer(Cab(), GAME, Offer(4), Offer(1)) == Accept()
    assert answer(Cab(), GAME, Offer(4), Offer(0)) == Offer(3)


@pytest.mark.parametrize(
    ("accepts", "worse", "equal", "better"),
    [
        ("better", False, False, True),
        ("not-worse", False, True, True),
        ("rational", True, True, True),
    ],
)
def test_once_it_accepted_an_offer_only_better_ones_of_that_party_will_do(
    accepts: str, worse: bool, equal: bool, better: bool
) -> None:
    # B accepts 2, worth 4 to it, of A; C puts 3 in its place; then A offers again.
    before = [Offer(2), Accept(), Offer(3)]
    answers = [answer(Cab(accepts), THREE, *before, Offer(k)) for k in (3, 2, 1)]
    assert [move == Accept() for move in answers] == [worse, equal, better]


def test_what_it_accepted_of_one_does_not_bind_it_with_another() -> None:
    before = [Offer(2), Accept(), Offer(3), Accept()]
    assert answer(Cab(), THREE, *before) == Accept()


def test_what_it_stands_by_it_lets_stand() -> None:
    game = listed({"A": [4, 2, 0], "B": [0, 2, 4]}, protocol={"opens": "alternate"})
    # B offers last in the first round and moves first in the second: its offer awaits an answer.
    assert answer(Cab(), game, Offer(1), Offer(2)) == Accept()


def test_what_it_has_accepted_it_does_not_replace_when_it_is_asked_again() -> None:
    # The lot has B move last in one round and first in the next.
    state, history = replace(start(THREE), turns=(0, 1, 1, 2)), list[PublicMove]()
    for move in (Offer(2), Accept()):
        history.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    assert Cab().choose(view_of(state, history, 0)) == Accept()


def test_the_best_that_was_accepted_counts_even_where_another_mind_accepted_less() -> None:
    # In B's seat someone accepted 1, worth 6, and then 2, worth 4, of A. 2 is not better than 1.
    moves = [Offer(1), Accept(), Offer(4), Offer(2), Accept(), Offer(4)]
    assert answer(Cab(), THREE, *moves, Offer(1)) == Offer(0)
    assert answer(Cab(), THREE, *moves, Offer(0)) == Accept()


def test_a_party_that_nothing_satisfies_leaves() -> None:
    assert answer(Cab(), listed({"A": [1, 2], "B": [2, 1]}, {"A": 3})) == WalkAway()


def test_steps_that_another_mind_took_in_its_seat_are_not_taken_again() -> None:
    assert answer(Cab(), GAME, Offer(4), Offer(0), Offer(2), Offer(0)) == Offer(3)
    assert answer(Cab(), GAME, Offer(0), Offer(0)) == Offer(4)
