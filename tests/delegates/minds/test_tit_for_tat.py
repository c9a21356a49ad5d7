"""Tit for tat and firm, on numbers worked by hand."""

import pytest

from delegates.minds.firm import Firm
from delegates.minds.tit_for_tat import TitForTat
from games.session import Accept, Offer
from games.tactics.aspirations import Stance
from tests.delegates.sessions import view_at
from tests.support.domains import listed, party, scenario

PIE = listed(
    {"A": list(range(11)), "B": list(range(10, -1, -1))}, protocol={"rounds": 5, "opens": "fixed"}
)
"""Ten points to share; outcome k gives k to A and 10 - k to B."""


def test_tit_for_tat_opens_with_its_best() -> None:
    assert TitForTat().choose(view_at(PIE)) == Offer(10)


def test_tit_for_tat_gives_one_step_of_goodwill_when_nothing_is_given() -> None:
    view = view_at(PIE, [Offer(10), Offer(0)])
    assert TitForTat(0.1).aspiration(view) == pytest.approx(9)
    assert TitForTat(0.1).choose(view) == Offer(9)
    assert TitForTat(0.0).choose(view) == Offer(10)


def test_tit_for_tat_gives_no_goodwill_before_it_has_spoken() -> None:
    assert TitForTat(0.1).aspiration(view_at(PIE, [Offer(10)])) == pytest.approx(10)


def test_tit_for_tat_gives_as_much_as_it_got() -> None:
    view = view_at(PIE, [Offer(10), Offer(0), Offer(9), Offer(3)])
    assert TitForTat(0.1).aspiration(view) == pytest.approx(10 - 1 - 3)
    assert TitForTat(0.1).choose(view) == Offer(6)


def test_tit_for_tat_does_not_answer_a_withdrawn_concession() -> None:
    view = view_at(PIE, [Offer(10), Offer(3), Offer(9), Offer(0)])
    assert TitForTat(0.1).aspiration(view) == pytest.approx(9)


def test_tit_for_tat_accepts_what_reaches_its_aspiration() -> None:
    view = view_at(PIE, [Offer(10), Offer(2), Offer(9), Offer(6)])
    assert TitForTat(0.1).aspiration(view) == pytest.approx(10 - 1 - 4)
    assert TitForTat(0.1).choose(view) == Accept()


def test_tit_for_tat_never_falls_below_its_reservation_value() -> None:
    game = listed(
        {"A": list(range(11)), "B": list(range(10, -1, -1))},
        reservations={"A": 7},
        protocol={"rounds": 5, "opens": "fixed"},
    )
    view = view_at(game, [Offer(10), Offer(0), Offer(9), Offer(6)])
    assert TitForTat(0.1).aspiration(view) == 7
    assert TitForTat(0.1).choose(view) == Offer(7)


@pytest.mark.parametrize(("answers", "answered"), [("mean", 3), ("least", 2), ("most", 4)])
def test_tit_for_tat_answers_several_concessions_by_their_mean_or_as_set(
    answers: str, answered: float
) -> None:
    game = listed(
        {name: list(range(11)) for name in "ABC"}, protocol={"rounds": 5, "opens": "fixed"}
    )
    moves = [Offer(10), Offer(0), Offer(1), Offer(9), Offer(4), Offer(3)]
    mind = TitForTat(0.0, answers)
    assert mind.aspiration(view_at(game, moves)) == pytest.approx(10 - answered)


def test_who_takes_a_concession_back_does_not_undo_that_of_another() -> None:
    game = listed({name: list(range(11)) for name in "ABC"}, protocol={"opens": "fixed"})
    moves = [Offer(10), Offer(6), Offer(1), Offer(9), Offer(0), Offer(5)]
    assert TitForTat(0.0).aspiration(view_at(game, moves)) == pytest.approx(10 - 2)
    assert TitForTat().answers == "mean"


@pytest.mark.parametrize(
    ("turns", "aspiration"),
    # a = 10 (0.5 + 0.5 (1 - t/4)) in rounds t = 0 to 4
    [(0, 10.0), (2, 8.75), (4, 7.5), (6, 6.25), (8, 5.0)],
)
def test_firm_holds_its_closing_demand_to_the_last_round(turns: int, aspiration: float) -> None:
    mind = Firm(Stance(exponent=1.0, closing_demand=0.5))
    view = view_at(PIE, [Offer(10), Offer(0)] * (turns // 2))
    offer = mind.choose(view)
    assert isinstance(offer, Offer)
    assert aspiration <= offer.outcome < aspiration + 1


def test_firm_accepts_what_reaches_its_aspiration_and_no_less() -> None:
    mind = Firm(Stance(exponent=1.0, closing_demand=0.5))
    moves = [Offer(10), Offer(0)] * 3
    assert mind.choose(view_at(PIE, [*moves[:-1], Offer(7)])) == Accept()
    assert isinstance(mind.choose(view_at(PIE, [*moves[:-1], Offer(6)])), Offer)


@pytest.mark.parametrize(("wanted", "other"), [("x", "y"), ("y", "x")])
def test_firm_gives_way_on_what_the_counterpart_always_asks_for(wanted: str, other: str) -> None:
    def own(x: str, y: str) -> Offer:
        return Offer(game.space.index({wanted: x, other: y, "z": "theirs"}))

    large, small = {"ours": 6, "theirs": 0}, {"ours": 3, "theirs": 0}
    points = {"x": large, "y": large, "z": small}
    game = scenario(
        {issue: list(large) for issue in points},
        {"A": party(points), "B": party(points)},
        protocol={"rounds": 2, "opens": "fixed"},
    )
    talks = [own("theirs", "ours"), Offer(0), own("theirs", "theirs")]
    assert Firm(Stance(exponent=1.0, closing_demand=0.4)).choose(view_at(game, talks)) == own(
        "theirs", "ours"
    )
