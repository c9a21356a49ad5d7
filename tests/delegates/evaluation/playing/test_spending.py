"""What a batch has spent is the sum of its journal, time counted once however many went on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.playing.journal import Finished, SeatEnd
from delegates.evaluation.playing.spending import spent_on
from tests.delegates.evaluation.made import ending, made_design

DESIGN = made_design()


def session(number: int, *seats: dict[str, Any], **said: Any) -> Finished:
    """Return a session that spent so much in each seat."""
    ends = tuple(
        SeatEnd(utility=0, payoff=0, demands=(None,) * 11, **seat) for seat in (seats or ({}, {}))
    )
    return ending(DESIGN, DESIGN.row(number), None, seats=ends, **said)


def test_seats_and_lost_answers_add_up():
    first = session(
        0,
        {"calls": 2, "tokens_in": 100, "tokens_out": 10, "tokens_cached": 40, "cost_usd": 0.5},
        {"calls": 1, "tokens_in": 50, "tokens_out": 5, "cost_usd": 0.25},
        lost_tokens=30,
        lost_cost_usd=0.125,
    )
    second = session(1, {"calls": 3, "tokens_in": 7, "cost_usd": None}, {})

    spent = spent_on([first, second])

    assert (spent.calls, spent.input, spent.output, spent.cached) == (6, 157, 15, 40)
    assert (spent.cost_usd, spent.unpriced_calls) == (0.75, 3)
    assert (spent.lost_tokens, spent.lost_cost_usd) == (30, 0.125)


def test_what_is_counted_elsewhere_is_not_counted_again():
    first, second = (session(n, {"calls": 1, "tokens_in": 9}, {}) for n in (0, 1))

    assert spent_on([first, second], besides={first.key}).input == 9


def test_time_is_that_during_which_any_session_went_on():
    def at(second: int) -> str:
        return f"2026-02-04T10:00:{second:02d}.000Z"

    told = [
        session(0, at=at(10), seconds=5.0),
        session(1, at=at(12), seconds=4.0),
        session(2, at=at(11), seconds=1.0),
        session(3, at=at(30), seconds=2.5),
    ]

    assert spent_on(told).time_s == 7.0 + 2.5
    assert spent_on([]).time_s == 0.0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=9))
def test_it_is_counted_second_by_second(spans):
    told = [
        session(n % 9, at=f"2026-02-04T10:00:{end:02d}Z", seconds=float(long))
        for n, (end, long) in enumerate(spans)
    ]

    covered = {second for end, long in spans for second in range(end - long, end)}

    assert spent_on(told).time_s == len(covered)
