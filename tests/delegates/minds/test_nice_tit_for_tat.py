"""Nice tit for tat: as far as the other has come towards the estimated Nash point."""

import pytest

from delegates.minds.nice_tit_for_tat import NiceTitForTat
from games.scenario import Scenario
from games.session import Accept, Move, Offer
from tests.delegates.minds.pie import answer, pie
from tests.delegates.sessions import view_at
from tests.support.domains import listed

STRICT = NiceTitForTat(goodwill=0.0)


def aspiration(mind: NiceTitForTat, game: Scenario, *moves: Move) -> float:
    """Return what the mind asks for after some moves."""
    return mind.aspiration(view_at(game, moves))


def test_it_never_defects_first() -> None:
    assert answer(STRICT, pie()) == Offer(10)
    assert aspiration(STRICT, pie(), Offer(10), Offer(0)) == pytest.approx(10)


def test_it_mirrors_how_far_the_counterpart_has_come_towards_the_nash_point() -> None:
    # Offers of 0 and 2 say that 2 is liked 1, 0 is liked .9 and k else .5 (1 − |k − 2|/10), at the
    # worst .1: 2 (1 − .1) is the greatest product. Less than half, 5, is not believed. From 0 to 2
    # is two fifths of the way to 5, and so is 10 to 8.
    assert aspiration(STRICT, pie(), Offer(10), Offer(0), Offer(10), Offer(2)) == pytest.approx(8)


def test_without_a_floor_it_believes_what_few_offers_tell() -> None:
    credulous = NiceTitForTat(goodwill=0.0, floor=0.0)
    moves = [Offer(10), Offer(0), Offer(10), Offer(2)]
    assert aspiration(credulous, pie(), *moves) == pytest.approx(2)


def test_points_are_not_mirrored_but_progress_is() -> None:
    # Above a reservation value of 6 the Nash point is 8 while only 0 was offered. After 0, 0, 0 and
    # 2, 9 is liked .15 and 8 .2, at the worst .1: 3 (.05) and 2 (.1) against 1 (.15) at 7, so it
    # still is 8. From 0 to 2 is a quarter of the way there, and so is 10 to 9.5.
    moves = [*[Offer(10), Offer(0)] * 3, Offer(10), Offer(2)]
    assert aspiration(STRICT, pie(6), *moves) == pytest.approx(9.5)


def test_the_best_offer_counts_not_the_last() -> None:
    moves = [Offer(10), Offer(0), Offer(10), Offer(2), Offer(10), Offer(0)]
    floored = NiceTitForTat(goodwill=0.0, floor=0.6)
    # The frequency of 0 leaves the Nash point at most at 6: a third of the way, and 10 − 4/3.
    assert aspiration(floored, pie(), *moves) == pytest.approx(10 - 4 / 3)


def test_goodwill_is_a_share_of_what_is_left_of_its_way() -> None:
    # Nothing given: a tenth of the way from 10 to 5; two fifths given: a tenth of 8 to 5 on top.
    mind = NiceTitForTat(goodwill=0.1)
    assert aspiration(mind, pie(), Offer(10), Offer(0)) == pytest.approx(9.5)
    moves = [Offer(10), Offer(0), Offer(10), Offer(2)]
    assert aspiration(mind, pie(), *moves) == pytest.approx(7.7)


def test_late_it_goes_the_rest_of_its_way_in_even_steps() -> None:
    # Nine rounds: t = .1, …, .9; from .7 to the last round is .2.
    shares = [NiceTitForTat(goodwill=0.0, late=0.7).bonus(k, 9) for k in range(9)]
    assert shares == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0.5, 1])
    assert NiceTitForTat(goodwill=0.6, late=0.7).bonus(7, 9) == pytest.approx(0.6)


@pytest.mark.parametrize("late", [0.0, 0.8, 1.0])
def test_in_the_last_round_it_has_gone_its_way(late: float) -> None:
    assert NiceTitForTat(late=late).bonus(0, 1) == 1
    assert NiceTitForTat(late=late).bonus(4, 5) == 1


def test_of_what_is_worth_its_aspiration_it_offers_what_the_others_like_best() -> None:
    # B asks for 4 twice and then for 0. Both 1 and 3 are worth 8 to A; 1 is nearer to 0, the last.
    game = listed(
        {"A": [0, 8, 10, 8, 0], "B": [9, 5, 0, 5, 9]}, protocol={"opens": "fixed", "rounds": 5}
    )
    moves = [Offer(2), Offer(4), Offer(2), Offer(4), Offer(2), Offer(0)]
    mind = NiceTitForTat(goodwill=1.0)
    assert answer(mind, game, *moves) == Offer(1)


def test_it_offers_the_best_it_was_offered_if_that_is_worth_no_less_than_its_plan() -> None:
    game = listed(
        {"A": [10, 7, 6.5, 6, 0], "B": [0, 5, 6, 7, 10]}, protocol={"opens": "fixed", "rounds": 20}
    )
    # B offered 1, worth 7, and took it back. Asked for 4, 1, 4 and 4 it likes 3 by .375 and 1 by
    # .29: the Nash point is 3, worth 6, and would be the plan of one that goes all its way.
    mind = NiceTitForTat(goodwill=1.0)
    moves = [Offer(0), Offer(4), Offer(0), Offer(1), Offer(0), Offer(4), Offer(0), Offer(4)]
    assert aspiration(mind, game, *moves) == pytest.approx(6)
    assert answer(mind, game, *moves) == Offer(1)


def test_it_accepts_what_is_worth_its_next_offer() -> None:
    mind, moves = NiceTitForTat(goodwill=0.0), [Offer(10), Offer(0), Offer(10)]
    # At 6 the counterpart has passed the Nash point: the mind asks for 5 and is offered more.
    assert answer(mind, pie(), *moves, Offer(6)) == Accept()
    assert answer(mind, pie(), *moves, Offer(2)) == Offer(8)


def test_in_the_last_round_it_accepts_whatever_reaches_its_reservation_value() -> None:
    game, moves = pie(2, rounds=3), [Offer(10), Offer(0), Offer(10)]
    assert answer(STRICT, game, *moves, Offer(2)) == Accept()
    assert answer(STRICT, game, *moves, Offer(1)) != Accept()
    assert answer(STRICT, pie(2, rounds=4), *moves, Offer(2)) != Accept()


@pytest.mark.parametrize(("answers", "asked"), [("mean", 7.5), ("least", 9), ("most", 6)])
def test_among_three_their_mean_progress_is_mirrored_or_as_set(answers: str, asked: float) -> None:
    game = listed(
        {"A": list(range(11)), "B": list(range(10, -1, -1)), "C": list(range(10, -1, -1))},
        protocol={"opens": "fixed", "rounds": 9},
    )
    moves = [Offer(10), Offer(0), Offer(0), Offer(10), Offer(4), Offer(1)]
    # B came four fifths of the way to 5, C one fifth.
    mind = NiceTitForTat(goodwill=0.0, answers=answers)
    assert aspiration(mind, game, *moves) == pytest.approx(asked)


def test_one_that_came_past_the_nash_point_does_not_make_up_for_another() -> None:
    game = listed(
        {"A": list(range(11)), "B": list(range(11)), "C": list(range(10, -1, -1))},
        protocol={"opens": "fixed", "rounds": 9},
    )
    # B went from 0 to 10, C stays at 0. The product of k, of what B is taken to gain, (k − 1)/20,
    # and of what C is, (10 − k)/20, is greatest at 7. B is there and beyond; C has not moved.
    moves = [Offer(10), Offer(0), Offer(0), Offer(10), Offer(10), Offer(0)]
    assert aspiration(STRICT, game, *moves) == pytest.approx(10 - 0.5 * 3)
