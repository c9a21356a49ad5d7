"""Nash-seeker: down to the estimated Nash point by the last round, and no further."""

import pytest

from delegates.minds.nash_seeker import NashSeeker
from games.session import Accept, Offer
from tests.delegates.minds.pie import answer, pie
from tests.support.domains import listed, party, scenario


def test_before_anything_is_known_it_offers_its_best() -> None:
    assert answer(NashSeeker(), pie()) == Offer(10)


@pytest.mark.parametrize(("round_", "asked"), [(1, 9), (2, 8), (3, 7), (4, 5)])
def test_against_one_who_gives_nothing_it_goes_down_to_the_middle(round_: int, asked: int) -> None:
    # Only 0 was ever offered: k is liked .5 (1 − k/10) and the product is greatest at 5. The
    # aspiration goes from 10 to 5 in five rounds; the product falls above 5.
    moves = [Offer(10), Offer(0)] * round_
    assert answer(NashSeeker(), pie(rounds=5), *moves) == Offer(asked)


def test_gains_are_measured_from_its_reservation_value() -> None:
    # (k − 6)(10 − k) is greatest at 8.
    assert answer(NashSeeker(), pie(6, rounds=2), Offer(10), Offer(0)) == Offer(8)


def test_it_takes_no_less_than_the_nash_point_even_at_the_end() -> None:
    # Asked for 0, 0, 0 and last for 2: 2 is liked .667, 5 is liked .35 and 6 .3, at the worst .1.
    # 2 (.567) = 1.13 and 6 (.2) = 1.2 are less than 5 (.25) = 1.25: the point is 5.
    moves = [*[Offer(10), Offer(0)] * 3, Offer(10)]
    assert answer(NashSeeker(), pie(rounds=5), *moves, Offer(2)) == Offer(5)
    assert answer(NashSeeker(), pie(rounds=5), *moves, Offer(6)) == Accept()


def test_the_exponent_sets_its_pace() -> None:
    # Half of the time is over: with e = 3 an eighth of the way from 10 to 5 is gone.
    moves = [Offer(10), Offer(0)] * 2
    assert answer(NashSeeker(exponent=3.0), pie(rounds=5), *moves) == Offer(10)
    assert answer(NashSeeker(exponent=0.2), pie(rounds=5), *moves) == Offer(6)


def test_it_gives_where_that_serves_all_best() -> None:
    """Two outcomes are worth the same to it: the other's own offers tell which is worth more."""
    points = {"x": {"ours": 5, "theirs": 0}, "y": {"ours": 5, "theirs": 0}}
    game = scenario(
        {issue: list(row) for issue, row in points.items()},
        {"A": party(points), "B": party(points)},
        protocol={"rounds": 4, "opens": "fixed"},
    )

    def of(x: str, y: str) -> Offer:
        return Offer(game.space.index({"x": x, "y": y}))

    best, all_theirs = of("ours", "ours"), of("theirs", "theirs")
    # B gave y up once and came back to it, or x: the other issue weighs two thirds with it.
    holds_to_x = [best, all_theirs, best, of("theirs", "ours"), best, all_theirs]
    holds_to_y = [best, all_theirs, best, of("ours", "theirs"), best, all_theirs]
    assert answer(NashSeeker(), game, *holds_to_x) == of("theirs", "ours")
    assert answer(NashSeeker(), game, *holds_to_y) == of("ours", "theirs")


def test_among_three_the_product_runs_over_all() -> None:
    values = {
        "A": [10, 8, 6, 4, 0],
        "B": [0, 2, 8, 10, 4],
        "C": [0, 8, 8, 2, 10],
    }
    game = listed(values, protocol={"rounds": 2, "opens": "fixed"})
    # B asked for 3, C for 4: k is liked .5 (1 − |k−3|/4) and .5 (1 − |k−4|/4). With A's own
    # points: 0 (C likes 0 nothing), 8·.25·.125, 6·.375·.25, 4·1·.375, 0.
    assert answer(NashSeeker(), game, Offer(0), Offer(3), Offer(4)) == Offer(3)
