"""An offer that nobody is left to answer is told as such, to persons and to their stand-ins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate
from delegates.last_word import is_answered, last_word
from delegates.minds.firm import Firm
from delegates.minds.standing_in import StandingIn
from games.protocols.alternating_offers import reaches
from games.scenario import Deadline, Quorum
from games.session import Accept, Move, Offer, WalkAway, start, step
from tests.delegates.halls import hall_of
from tests.delegates.minds.test_standing_in import OffersThenLeaves, Says
from tests.delegates.sessions import mini, offer_of, view_at

GAME = mini(rounds=2)  # United States, DR Congo, United States, DR Congo
BEST = offer_of(GAME, volume=4, price=10, rail="no rail")  # 100 points to the United States, 0
FAIR = offer_of(GAME, volume=3, price=20, rail="rail")  # 74, 67
MEAN = offer_of(GAME, volume=4, price=40, rail="no rail")  # 60, 40
TURNS: list[Move] = [BEST, FAIR, BEST]


@pytest.mark.parametrize(("moves", "answered"), [(0, "yes"), (1, "yes"), (2, "yes"), (3, "no")])
def test_only_the_last_offer_of_all_goes_unanswered(moves: int, answered: str) -> None:
    assert is_answered(view_at(GAME, TURNS[:moves])) == answered


@pytest.mark.parametrize(
    ("moves", "answered"), [(0, "yes"), (1, "yes"), (2, "yes"), (3, "perhaps"), (5, "perhaps")]
)
def test_where_a_lot_ends_the_talks_it_may_go_unanswered(moves: int, answered: str) -> None:
    game = mini(rounds=9, deadline=Deadline.model_validate({"from": 2, "close": 0.01}))
    view = view_at(game, [FAIR] * moves, seed=1)
    assert is_answered(view) == answered
    assert ("may be the last" in (last_word(view) or "")) == (answered == "perhaps")


def test_what_is_told_names_what_can_be_done() -> None:
    told = last_word(view_at(GAME, TURNS)) or ""
    assert told == "Nobody can answer an offer now: accept, or there is no agreement."
    assert last_word(view_at(GAME, TURNS[:2])) is None
    view = view_at(GAME, TURNS)
    barred = replace(view, own=replace(view.own, signable=np.zeros(GAME.space.size, dtype=bool)))
    assert "you may not sign" in (last_word(barred) or "")


def test_in_a_hall_texts_are_decided_on_after_all_have_spoken() -> None:
    assert last_word(view_at(hall_of("plenary", rounds=1))) is None


@given(st.lists(st.sampled_from(range(GAME.space.size)), max_size=3), st.integers(0, 5))
def test_what_goes_unanswered_ends_without_agreement_whatever_is_offered(
    offers: list[int], outcome: int
) -> None:
    state = start(GAME, 0)
    for one in offers:
        state, _ = step(state, Offer(one))
    view = view_at(GAME, [Offer(one) for one in offers])
    after, _ = step(state, Offer(outcome))
    assert (is_answered(view) == "no") == (after.status == "no-agreement")


def test_a_quorum_may_be_reached_without_all() -> None:
    rule = Quorum(quorum=0.6, weights={"A": 2.0}, vetoes=("B",))
    parties = ("A", "B", "C")  # of 4 votes 2.4 are needed
    assert reaches(rule, parties, {"A", "B"})
    assert not reaches(rule, parties, {"A", "C"})
    assert not reaches(rule, parties, {"B", "C"})
    assert not reaches("unanimity", parties, {"A", "B"})


@pytest.mark.parametrize(
    ("on_table", "rule", "move"),
    [
        (MEAN, BEST, Accept()),  # 40 to DR Congo, which has 30 without agreement
        (MEAN, WalkAway(), Accept()),
        (BEST, MEAN, MEAN),  # worth nothing to it
    ],
)
def test_a_stand_in_takes_in_the_last_turn_what_is_no_worse_than_nothing(
    on_table: Offer, rule: Move, move: Move
) -> None:
    assert StandingIn(Says(rule)).choose(view_at(GAME, [BEST, FAIR, on_table])) == move


def test_a_mind_of_its_own_does_as_it_would() -> None:
    view = view_at(GAME, [BEST, FAIR, MEAN])
    assert isinstance(Firm().choose(view), Offer)
    assert StandingIn(Firm()).choose(view) == Accept()


def test_a_seat_handed_over_ends_with_what_is_on_the_table() -> None:
    seats = {"USA": "conceder", "COD": "human(stand-in=stonewaller)"}
    record = negotiate(GAME, seats, seed=3, person=OffersThenLeaves(FAIR.outcome))
    assert record.moves[-1] == Accept()
    assert record.status == "agreement"
