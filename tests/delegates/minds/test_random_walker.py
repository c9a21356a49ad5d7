"""Random walker: every rational outcome as likely as any other."""

from collections import Counter
from random import Random

import pytest

from delegates.minds.random_walker import RandomWalker
from games.session import Accept, Offer
from tests.delegates.minds.pie import answer, pie
from tests.support.domains import listed


def test_every_rational_outcome_is_as_likely_as_any_other() -> None:
    drawn = Counter(answer(RandomWalker(), pie(4), seed=seed) for seed in range(1400))
    assert sorted(drawn, key=lambda move: getattr(move, "outcome", -1)) == [
        Offer(outcome) for outcome in range(4, 11)
    ]
    # χ² of seven cells of 200 is above 22.5 once in a thousand.
    assert sum((times - 200) ** 2 / 200 for times in drawn.values()) < 22.5


def test_it_does_not_look_at_what_was_said() -> None:
    for seed in range(20):
        first = answer(RandomWalker(), pie(), Offer(10), Offer(0), seed=seed)
        assert first == answer(RandomWalker(), pie(), Offer(3), Offer(0), seed=seed)


@pytest.mark.parametrize("offered", [4, 7, 10])
def test_it_accepts_what_is_worth_at_least_what_it_drew(offered: int) -> None:
    answers = Counter(
        answer(RandomWalker(), pie(4), Offer(10), Offer(offered), seed=seed) for seed in range(700)
    )
    # Of the seven outcomes from 4 to 10 those up to the one offered are worth no more.
    assert {move.outcome for move in answers if isinstance(move, Offer)} == {
        *range(offered + 1, 11)
    }
    assert answers[Accept()] == pytest.approx(100 * (offered - 3), abs=45)


def test_the_lot_is_the_seats_own() -> None:
    game = listed({"A": list(range(50)), "B": list(range(50))})
    seat = Random("3/A/0/walk").randrange(50)
    assert answer(RandomWalker(), game, seed=3) == Offer(49 - seat)
