"""What an outside agent is told: all of its own seat, and nothing of another."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from delegates.contract import View
from delegates.outside.messages import (
    Kept,
    Message,
    MoveGiven,
    OverTold,
    Refused,
    TurnTold,
    WaitingTold,
    message_schema,
)
from delegates.outside.telling import over_told, turn_told
from delegates.persons.person import Turn
from games.session import Accept, Offer
from tests.delegates.halls import hall_of, moments
from tests.delegates.sessions import mini, view_at
from tests.delegates.test_separation import GAME, TERMS, figures_told, leaks, views
from tests.support.json_schema import faults
from transcripts.events import SessionClosed

DOCS = Path(__file__).resolve().parents[3] / "docs"
OFFER = Offer(mini().space.index({"volume": 3, "price": 20, "rail": "rail"}))
IN_HALL = ("COD-BRIEF", "COD-BASIS", "31.0625", "26.4375", "4.1875", "2.3125", "7.5625")
"""What would betray DR Congo's secrets in the small hall."""


def told(view: View) -> str:
    return turn_told(Turn(view=view)).model_dump_json()


def test_no_message_to_a_seat_holds_a_secret_of_another() -> None:
    for view in views("USA"):
        message = told(view)
        assert leaks(message) == []
        assert figures_told(message) == set()


def test_the_canaries_are_told_to_the_seat_they_belong_to() -> None:
    for view in views("COD"):
        message = json.loads(told(view))
        assert message["own"]["brief"] == "CANARY-BRIEF"
        assert message["own"]["reservation"] == 391.625
        assert message["own"]["points"]["volume"]["2"] == 612.75
        assert {"731.25", "418.625", "433.125"} <= set(leaks(json.dumps(message)))


@pytest.mark.parametrize("kind", ["plenary", "forum"])
def test_no_message_in_a_hall_holds_a_secret_of_another(kind: str) -> None:
    stages: set[str] = set()
    own: list[str] = []
    for seed in range(4):
        for moment in moments(hall_of(kind), Random(seed), 0.5):
            message = told(moment.view)
            found = [trace for trace in IN_HALL if trace in message]
            if moment.view.party == "COD":
                own += found
                continue
            stages.add(moment.state.stage)
            assert found == []
    assert {"floor", "room", "chair"} <= stages
    assert set(own) == set(IN_HALL)


def test_the_seed_is_not_told_for_it_draws_the_lots_of_all() -> None:
    view = view_at(GAME, [], seed=918_273_645)
    assert view.seed == 918_273_645
    assert "918273645" not in told(view)


def test_what_a_seat_is_told_is_its_view() -> None:
    message = json.loads(told(view_at(mini(), [OFFER])))
    assert (message["kind"], message["turn"], message["round"]) == ("turn", 1, 1)
    assert (message["party"], message["rounds"], message["left_s"]) == ("COD", 12, None)
    assert message["offer"] == {
        "by": "USA",
        "outcome": {"volume": "3", "price": "20", "rail": "rail"},
        "worth": 67.0,
        "may_sign": True,
        "stands_by": False,
    }
    assert message["own"]["ideal"] == {"volume": "1", "price": "40", "rail": "rail"}
    assert message["own"]["ideal_worth"] == 100.0
    assert message["issues"]["price"]["options"] == ["10", "20", "30", "40"]
    assert [one["act"] for one in message["acts"]] == ["offer", "accept", "walk-away"]
    (first,) = message["history"]
    assert (first["party"], first["act"], first["round"]) == ("USA", "offer", 1)


def test_of_the_end_a_seat_learns_the_agreement_and_its_own_figures() -> None:
    closed = SessionClosed(
        status="agreement",
        outcome=mini().space.outcome(OFFER.outcome),
        utilities={"USA": 74.0, "COD": 67.5},
        payoffs={"USA": 60.25, "COD": 55.125},
    )
    over = over_told(closed, "USA")
    assert over.outcome == {"volume": "3", "price": "20", "rail": "rail"}
    assert (over.utility, over.payoff) == (74.0, 60.25)
    assert "67.5" not in over.model_dump_json()
    assert "55.125" not in over.model_dump_json()


def _examples() -> list[Message]:
    hall = next(iter(moments(hall_of(), Random(1)))).view
    return [
        turn_told(Turn(view=view_at(GAME, [Offer(GAME.space.index(TERMS))]))),
        turn_told(Turn(view=hall)),
        OverTold(status="no-agreement", outcome=None, utility=1.0, payoff=1.0),
        MoveGiven(turn=1, act="accept"),
        WaitingTold(),
        Kept(turn=1),
        Refused(problem="what, where, expected"),
    ]


@pytest.mark.parametrize("message", _examples(), ids=lambda one: type(one).__name__)
def test_messages_satisfy_the_schema(message: Message) -> None:
    schema: Any = message_schema()
    plain = json.loads(message.model_dump_json())
    named = {"$ref": f"#/$defs/{type(message).__name__}"}
    assert faults(named, plain, schema) == []
    assert faults(named, {**plain, "more": 1}, schema) != []


def test_the_schema_in_the_docs_is_that_of_the_messages() -> None:
    written = json.loads((DOCS / "examples" / "outside-agents.schema.json").read_text())
    assert written == message_schema()


def test_a_message_says_what_a_move_was_about() -> None:
    game = mini()
    view = view_at(game, [OFFER, Accept()][:1])
    message = turn_told(Turn(view=view))
    assert isinstance(message, TurnTold)
    assert message.history[0].outcome == message.offer.outcome if message.offer else False
