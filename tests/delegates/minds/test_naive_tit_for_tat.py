"""Naive tit for tat: who gives it three tenths is given three tenths."""

import pytest

from delegates.minds.naive_tit_for_tat import NaiveTitForTat
from delegates.minds.tit_for_tat import TitForTat
from games.session import Accept, Offer
from tests.delegates.minds.pie import answer, pie
from tests.delegates.sessions import view_at
from tests.support.domains import listed


def test_it_opens_with_its_best_whatever_it_was_offered() -> None:
    assert answer(NaiveTitForTat(), pie()) == Offer(10)
    game = listed({"B": list(range(11)), "A": list(range(11))}, protocol={"opens": "fixed"})
    assert answer(NaiveTitForTat(), game, Offer(9)) == Offer(10)


@pytest.mark.parametrize(("offered", "asked"), [(0, 10), (1, 9), (3, 7), (4, 6)])
def test_it_gives_as_much_of_the_cake_as_it_is_given(offered: int, asked: int) -> None:
    assert answer(NaiveTitForTat(), pie(), Offer(10), Offer(offered)) == Offer(asked)


def test_shares_are_those_of_its_possible_gain() -> None:
    # Above 5 the cake is five points: 7 is two fifths of it, so it asks for the other three, 8.
    assert answer(NaiveTitForTat(), pie(5), Offer(10), Offer(7)) == Offer(8)


def test_an_offer_below_its_reservation_value_is_no_concession() -> None:
    assert answer(NaiveTitForTat(), pie(5), Offer(10), Offer(4)) == Offer(10)


def test_it_accepts_from_half_of_the_cake_on() -> None:
    assert answer(NaiveTitForTat(), pie(), Offer(10), Offer(5)) == Accept()
    assert answer(NaiveTitForTat(), pie(4), Offer(10), Offer(7)) == Accept()
    assert answer(NaiveTitForTat(), pie(4), Offer(10), Offer(6)) == Offer(8)


def test_it_answers_what_is_offered_not_how_far_the_counterpart_came() -> None:
    moves = [Offer(10), Offer(3), Offer(10), Offer(3)]
    assert answer(NaiveTitForTat(), pie(), *moves) == Offer(7)
    assert answer(TitForTat(0.0), pie(), *moves) == Offer(10)


def test_kindness_is_given_on_top() -> None:
    kind = NaiveTitForTat(kindness=0.2)
    assert answer(kind, pie(), Offer(10), Offer(3)) == Offer(5)
    assert answer(kind, pie()) == Offer(10)
    # 4 of 5 points above its reservation value and one fifth more: all there is to give.
    assert kind.aspiration(view_at(pie(5), [Offer(10), Offer(9)])) == pytest.approx(5)


@pytest.mark.parametrize(("answers", "asked"), [("mean", 7), ("least", 8), ("most", 6)])
def test_among_three_it_answers_the_mean_of_their_concessions_or_as_set(
    answers: str, asked: int
) -> None:
    game = listed({name: list(range(11)) for name in "ABC"}, protocol={"opens": "fixed"})
    mind = NaiveTitForTat(answers=answers)
    assert answer(mind, game, Offer(10), Offer(4), Offer(2)) == Offer(asked)
    # Who accepts an offer stands where it stands: C is at 4 as well.
    moves = [Offer(10), Offer(4), Offer(2), Offer(10), Offer(4), Accept()]
    assert answer(mind, game, *moves) == Offer(6)


def test_one_who_offers_less_than_nothing_takes_nothing_from_what_another_gives() -> None:
    game = listed({name: list(range(11)) for name in "ABC"}, {"A": 5}, protocol={"opens": "fixed"})
    # B's offer is worth four fifths of the gain above 5, C's none: two fifths in the mean.
    assert answer(NaiveTitForTat(), game, Offer(10), Offer(9), Offer(0)) == Offer(8)
