"""Hard-headed: its best and nothing else, to the last round."""

import pytest

from delegates.minds.hard_headed import HardHeaded
from games.session import Accept, Offer
from tests.delegates.minds.pie import answer, pie
from tests.support.domains import listed


def test_it_repeats_its_best_outcome_to_the_end() -> None:
    moves = [Offer(10), Offer(4)] * 10
    assert {answer(HardHeaded(), pie(), *moves[: 2 * k]) for k in range(11)} == {Offer(10)}


def test_it_takes_nothing_less_than_its_best() -> None:
    assert answer(HardHeaded(), pie(), Offer(10), Offer(9)) == Offer(10)
    assert answer(HardHeaded(), pie(), Offer(10), Offer(10)) == Accept()


@pytest.mark.parametrize(
    ("least", "reservation", "accepted"), [(0.6, 0, 6), (0.6, 5, 8), (0, 5, 5)]
)
def test_it_can_be_content_with_a_share_of_its_possible_gain(
    least: float, reservation: float, accepted: int
) -> None:
    game = pie(reservation)
    assert answer(HardHeaded(least), game, Offer(10), Offer(accepted)) == Accept()
    assert answer(HardHeaded(least), game, Offer(10), Offer(accepted - 1)) == Offer(10)


def test_of_several_best_outcomes_it_asks_for_the_first() -> None:
    game = listed({"A": [3, 7, 7], "B": [1, 2, 3]})
    assert answer(HardHeaded(), game) == Offer(1)
