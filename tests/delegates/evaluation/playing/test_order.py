"""Which session begins next, against hand-worked orders and any other order's end."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from delegates.evaluation.playing.order import LAST, Upcoming


def taken(lengths: Sequence[float], at_once: int) -> list[int]:
    """Return in which order sessions begin, of which so many go on at a time."""
    upcoming = Upcoming(range(len(lengths)), lengths.__getitem__, at_once)
    order: list[int] = []
    while upcoming:
        order.append(upcoming.take(min(len(order), at_once)))
    return order


def ends(lengths: Sequence[float], order: Sequence[int], at_once: int) -> float:
    """Return when the last session ends, each begun when one ends."""
    seats = [0.0] * at_once
    for number in order:
        heapq.heapreplace(seats, seats[0] + lengths[number])
    return max(seats)


def test_the_plans_order_holds_until_few_are_left() -> None:
    # Two at a time: of ten sessions the last four begin the longest first, alike ones in order.
    assert taken([1, 9, 1, 9, 1, 9, 1, 9, 1, 9], 2) == [0, 1, 2, 3, 4, 5, 7, 9, 6, 8]


def test_what_begins_last_is_the_shortest() -> None:
    assert taken([1, 2, 3], 10) == [0, 2, 1]


def test_no_further_is_looked_ahead_than_needed() -> None:
    seen: list[int] = []

    def endless() -> Iterator[int]:
        for number in count():
            seen.append(number)
            yield number

    upcoming = Upcoming(endless(), float, 5)
    assert [upcoming.take(5) for _ in range(3)] == [0, 1, 2]
    assert len(seen) <= LAST * 5 + 1 + 3


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 12))
def test_every_session_begins_once_and_the_end_is_near_the_best(
    lengths: list[int], at_once: int
) -> None:
    order = taken(lengths, at_once)
    assert sorted(order) == list(range(len(lengths)))
    least = max([sum(lengths) / at_once, *lengths], default=0)
    # Graham's bound of any list order; that of the longest first holds for the last ones alone.
    assert ends(lengths, order, at_once) <= (2 - 1 / at_once) * least + 1e-9
