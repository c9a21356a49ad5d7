"""A stand-in takes nothing back that the person in its place has offered."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate
from delegates.acts_open import moves_allowed
from delegates.minds.firm import Firm
from delegates.minds.standing_in import StandingIn, own_last
from delegates.minds.stonewaller import Stonewaller
from delegates.persons.person import Answer, HandOver, PersonMove, Turn
from games.session import Accept, Move, Offer, WalkAway
from tests.delegates.halls import hall_of
from tests.delegates.sessions import events_of, mini, offer_of, view_at
from transcripts.events import MoveMade
from transcripts.verify import verify

GAME = mini()
BEST = offer_of(GAME, volume=4, price=10, rail="no rail")  # 100 points to the United States
FAIR = offer_of(GAME, volume=3, price=20, rail="rail")  # 74
NEAR = offer_of(GAME, volume=3, price=20, rail="no rail")  # 84
LOW = offer_of(GAME, volume=1, price=40, rail="rail")  # none; without agreement it has 30


@dataclass
class Says:
    """A rule that answers the same always."""

    move: Move

    def choose(self, view: object) -> Move:
        return self.move


@pytest.mark.parametrize(
    ("offered", "answer", "rule", "move"),
    [
        (FAIR, LOW, BEST, FAIR),  # the rule would take back
        (NEAR, LOW, FAIR, FAIR),  # it would concede further
        (FAIR, LOW, FAIR, FAIR),
        (FAIR, NEAR, BEST, Accept()),  # there is more on the table than was offered
        (FAIR, FAIR, BEST, Accept()),
        (FAIR, LOW, Accept(), Accept()),
        (FAIR, LOW, WalkAway(), WalkAway()),
        (LOW, LOW, BEST, BEST),  # worth less than no agreement: nobody stands by that
    ],
)
def test_the_own_last_offer_stands_until_the_rule_asks_for_no_more(
    offered: Offer, answer: Offer, rule: Move, move: Move
) -> None:
    assert StandingIn(Says(rule)).choose(view_at(GAME, [offered, answer])) == move


def test_before_anything_was_offered_the_rule_decides() -> None:
    view = view_at(GAME)
    assert StandingIn(Firm()).choose(view) == Firm().choose(view)


def test_what_may_be_signed_no_longer_is_not_stood_by() -> None:
    view = view_at(GAME, [FAIR, LOW])
    allowed = np.arange(GAME.space.size) != FAIR.outcome
    narrowed = replace(view, own=replace(view.own, signable=allowed))
    assert not narrowed.own.may_sign(FAIR.outcome)
    assert StandingIn(Says(BEST)).choose(narrowed) == BEST


@dataclass
class OffersThenLeaves:
    """A person who makes one offer as soon as that is possible, then hands the seat over."""

    outcome: int
    is_done: bool = False
    seen: list[int] = field(default_factory=list[int])

    async def move(self, turn: Turn) -> Answer:
        view = turn.view
        acts = {one.act for one in moves_allowed(view)} if view.hall is not None else {"offer"}
        if self.is_done or "offer" not in acts:
            return HandOver()
        self.is_done = True
        return PersonMove(Offer(self.outcome))

    def wants_back(self, party: str) -> bool:
        del party
        return not self.is_done


@given(st.integers(0, GAME.space.size - 1), st.sampled_from(["firm", "stonewaller", "boulware"]))
def test_a_counterpart_is_never_offered_what_the_person_had_gone_beyond(
    outcome: int, mind: str
) -> None:
    own = GAME.preferences[0]
    seats = {"USA": f"human(stand-in={mind})", "COD": "linear"}
    record = negotiate(GAME, seats, seed=3, person=OffersThenLeaves(outcome))
    worth = [own.utility(one.outcome) for one in record.moves[::2] if isinstance(one, Offer)]
    kept = not own.falls_short(outcome)
    assert worth[0] == own.utility(outcome)
    assert not kept or max(worth) <= worth[0] + own.tie


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_in_a_hall_too_nothing_is_taken_back(kind: str, tmp_path: Path) -> None:
    scenario = hall_of(kind, rounds=4)
    own = scenario.preferences[scenario.ids.index("USA")]
    order = own.ranking[0]
    outcome = int(order[-3])
    others = {"EUE": "linear", "COD": "linear", "IDN": "linear"}
    seats = {"USA": "human(stand-in=stonewaller)", **others}
    path = tmp_path / "s.jsonl"
    negotiate(scenario, seats, seed=1, transcript=path, person=OffersThenLeaves(outcome))
    assert verify(path).ok
    asked = [
        own.utility(scenario.space.index(one.outcome))
        for one in events_of(path)
        if isinstance(one, MoveMade)
        and (one.party, one.act, one.room) == ("USA", "offer", None)
        and one.outcome is not None
    ]
    assert len(asked) > 1
    assert max(asked) <= asked[0] + own.tie
    alone = tmp_path / "alone.jsonl"
    negotiate(scenario, {"USA": "stonewaller", **others}, seed=1, transcript=alone)
    unchecked = [
        own.utility(scenario.space.index(one.outcome))
        for one in events_of(alone)
        if isinstance(one, MoveMade) and (one.party, one.act) == ("USA", "offer") and one.outcome
    ]
    assert max(unchecked) > asked[0] + own.tie


def test_what_is_not_open_reads_as_the_text_has_it() -> None:
    assert own_last(view_at(GAME, [FAIR, LOW])) == FAIR.outcome
    assert own_last(view_at(GAME)) is None
    assert isinstance(StandingIn(Stonewaller()).choose(view_at(GAME)), Offer)
