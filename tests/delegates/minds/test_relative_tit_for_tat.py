"""Relative tit for tat: x per cent for x per cent."""

import pytest

from delegates.minds.relative_tit_for_tat import RelativeTitForTat
from delegates.minds.tit_for_tat import TitForTat
from games.scenario import Scenario
from games.session import Accept, Move, Offer
from tests.delegates.minds.pie import answer, pie
from tests.delegates.sessions import view_at
from tests.support.domains import listed


def aspiration(mind: RelativeTitForTat | TitForTat, game: Scenario, *moves: Move) -> float:
    """Return what the mind asks for after some moves."""
    return mind.aspiration(view_at(game, moves))


@pytest.mark.parametrize(("opening", "now"), [(0, 1), (0, 3), (0, 5), (2, 4), (5, 9), (4, 7)])
@pytest.mark.parametrize("reservation", [0, 4, 9])
def test_a_concession_of_x_per_cent_is_answered_with_x_per_cent(
    opening: int, now: int, reservation: int
) -> None:
    per_cent = (now - opening) / (10 - opening)
    moves = [Offer(10), Offer(opening), Offer(10), Offer(now)]
    asked = aspiration(RelativeTitForTat(goodwill=0.0), pie(reservation), *moves)
    assert (10 - asked) / (10 - reservation) == pytest.approx(per_cent)


def test_points_are_not_answered_with_points() -> None:
    # From 4 to 7 is half of what was withheld: half of the 10 − 6 points it claimed above its
    # reservation value. The absolute tit for tat gives three points for three.
    moves = [Offer(10), Offer(4), Offer(10), Offer(7)]
    assert aspiration(RelativeTitForTat(0.0), pie(6), *moves) == pytest.approx(8)
    assert aspiration(TitForTat(0.0), pie(6), *moves) == pytest.approx(7)


def test_no_change_of_scale_matters() -> None:
    game = listed(
        {"A": [7 * k - 30 for k in range(11)], "B": list(range(11))},
        {"A": 7 * 4 - 30},
        protocol={"opens": "fixed"},
    )
    moves = [Offer(10), Offer(2), Offer(9), Offer(5)]
    mind = RelativeTitForTat()
    assert aspiration(mind, game, *moves) == pytest.approx(
        7 * aspiration(mind, pie(4), *moves) - 30
    )


def test_it_gives_its_goodwill_once_it_has_spoken() -> None:
    mind = RelativeTitForTat(goodwill=0.2)
    assert answer(mind, pie()) == Offer(10)
    assert aspiration(mind, pie(5), Offer(10), Offer(0)) == pytest.approx(5 + 0.8 * 5)


def test_what_is_taken_back_is_taken_back_in_turn() -> None:
    moves = [Offer(10), Offer(0), Offer(10), Offer(6), Offer(10), Offer(2)]
    assert aspiration(RelativeTitForTat(0.0), pie(), *moves) == pytest.approx(8)
    # Below its opening offer the counterpart claims more than all; no more than all is answered.
    moves = [Offer(10), Offer(3), Offer(10), Offer(1)]
    assert aspiration(RelativeTitForTat(0.0), pie(), *moves) == pytest.approx(10)


@pytest.mark.parametrize(("window", "asked"), [(1, 4), (2, 5), (3, 6), (9, 7)])
def test_the_window_averages_the_last_offers(window: int, asked: float) -> None:
    # Claims of 10, 8, 6 and 4: the last one, and means of the last two, three and all four.
    moves = [Offer(10), Offer(0), Offer(10), Offer(2), Offer(10), Offer(4), Offer(10), Offer(6)]
    mind = RelativeTitForTat(goodwill=0.0, window=window)
    assert aspiration(mind, pie(), *moves) == pytest.approx(asked)


def test_one_that_opened_by_giving_everything_has_nothing_to_concede() -> None:
    game = listed({"A": [0, 5, 10], "B": [5, 5, 5], "C": [1, 1, 1]}, protocol={"opens": "fixed"})
    mind = RelativeTitForTat(0.0, answers="least")
    assert aspiration(mind, game, Offer(1), Offer(2), Accept()) == pytest.approx(0)
    later = [Offer(1), Offer(2), Accept(), Offer(1), Offer(1), Accept()]
    assert aspiration(mind, game, *later) == pytest.approx(10)


@pytest.mark.parametrize(("answers", "asked"), [("mean", 6.5), ("least", 8), ("most", 5)])
def test_among_three_it_answers_the_mean_of_their_concessions_or_as_set(
    answers: str, asked: float
) -> None:
    game = listed({name: list(range(11)) for name in "ABC"}, protocol={"opens": "fixed"})
    # B came from 0 to 5, half of its way; C from 5 to 6, a fifth.
    moves = [Offer(10), Offer(0), Offer(5), Offer(10), Offer(5), Offer(6)]
    mind = RelativeTitForTat(0.0, answers=answers)
    assert aspiration(mind, game, *moves) == pytest.approx(asked)


def test_it_accepts_what_reaches_its_aspiration() -> None:
    moves = [Offer(10), Offer(0), Offer(10)]
    assert answer(RelativeTitForTat(0.0), pie(), *moves, Offer(5)) == Accept()
    assert answer(RelativeTitForTat(0.0), pie(), *moves, Offer(4)) == Offer(6)
