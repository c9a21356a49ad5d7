"""Stonewaller: nothing until late, then in even steps what it has to give."""

import pytest

from delegates.minds.stonewaller import Stonewaller
from games.session import Accept, Offer
from tests.delegates.minds.pie import answer, pie


def asked(mind: Stonewaller, rounds: int, reservation: float = 0.0) -> list[int]:
    """Return what it offers in each round to one who gives nothing."""
    game, moves = pie(reservation, rounds=rounds), [Offer(10), Offer(0)] * rounds
    answers = [answer(mind, game, *moves[: 2 * k]) for k in range(rounds)]
    return [move.outcome for move in answers if isinstance(move, Offer)]


def test_it_gives_nothing_until_its_time_and_then_in_even_steps() -> None:
    # Eleven rounds, t = 0, .1, …, 1. From .6 on it goes from 10 to 10 − .8·10 = 2 in four steps.
    assert asked(Stonewaller(until=0.6, gives=0.8), 11) == [10] * 7 + [8, 6, 4, 2]


def test_what_it_gives_is_a_share_of_its_possible_gain() -> None:
    # From 10 down to 10 − .5·(10 − 6) = 8.
    assert asked(Stonewaller(until=0.0, gives=0.5), 5, reservation=6) == [10, 10, 9, 9, 8]


def test_it_never_gives_below_its_reservation_value() -> None:
    assert asked(Stonewaller(until=0.0, gives=1.0), 3, reservation=7) == [10, 9, 7]


@pytest.mark.parametrize(("round_", "least"), [(1, 10), (6, 10), (7, 8), (8, 6), (10, 2)])
def test_it_accepts_what_it_would_ask_for_and_no_less(round_: int, least: int) -> None:
    mind, before = Stonewaller(until=0.6, gives=0.8), [Offer(10), Offer(0)] * (round_ - 1)
    assert answer(mind, pie(), *before, Offer(10), Offer(least)) == Accept()
    assert answer(mind, pie(), *before, Offer(10), Offer(least - 1)) == Offer(least)


def test_where_there_is_one_round_it_gives_what_it_gives() -> None:
    assert asked(Stonewaller(until=0.8, gives=0.5), 1) == [5]
