"""How seats conducted themselves, counted from events and moves alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from delegates import negotiate
from delegates.negotiate import resume
from games.moves import Merge, OpenSignature, Pass, Sign
from games.parts.aftermath import Signature
from games.session import Accept, Move, Offer, State, WalkAway, start, step
from tests.delegates.sessions import (
    events_of,
    mini,
    offer_of,
    said,
    settings_at,
)
from tests.games.protocols.halls import after as with_moves
from tests.games.protocols.halls import opened, three
from tests.support.openai_stub import OpenAIStub, in_turn
from transcripts.conduct import UNNAMED, Conduct, conduct
from transcripts.events import (
    Event,
    Failed,
    MoveMade,
    Replied,
    Retried,
    Tokens,
    Unusable,
)
from transcripts.fold import fold
from transcripts.record import SessionRecord, spend

GAME = mini()
GOOD = offer_of(GAME, volume=4, price=10, rail="no rail")
"""Worth 100 to the United States and 0 to DR Congo; both would have 30 without agreement."""
REVERSE = offer_of(GAME, volume=1, price=40, rail="rail")
"""Worth 0 and 100."""


def after(*moves: Move) -> tuple[State, list[Move], list[tuple[int, int]]]:
    state, when = start(GAME), list[tuple[int, int]]()
    for move in moves:
        when.append((state.round, state.mover))
        state, _ = step(state, move)
    return state, list(moves), when


def moved(turn: int, move: Move, words: str = "", **more: Any) -> MoveMade:
    outcome = GAME.space.outcome(move.outcome) if isinstance(move, Offer) else None
    acts: dict[type[Move], Any] = {Offer: "offer", Accept: "accept", WalkAway: "walk-away"}
    details: dict[str, Any] = {"decided_by": "m (freely)", "worded_by": "m"}
    return MoveMade(
        turn=turn,
        round=turn // 2,
        party=GAME.ids[turn % 2],
        act=acts[type(move)],
        outcome=outcome,
        words=words,
        **details | more,
    )


def replied(party: str, cost: float | None, **more: Any) -> Replied:
    tokens = Tokens(input=10, output=3, cached=4, reasoning=2)
    details: Any = {"turn": 0, "purpose": "decide", "call": 0, "text": "x", "tokens": tokens}
    return Replied(**details | more, party=party, cost_usd=cost)


def told(events: list[Event], *moves: Move) -> dict[str, Conduct]:
    return conduct(*after(*moves), events)


def test_nothing_happened_where_nothing_was_recorded() -> None:
    assert conduct(*after(GOOD, REVERSE), None) == {"USA": Conduct(), "COD": Conduct()}


@pytest.mark.parametrize(
    ("moves", "below"),
    [
        ([GOOD, REVERSE], (0, 0)),
        ([REVERSE, GOOD], (1, 1)),
        ([GOOD, Accept()], (0, 1)),
        ([REVERSE, GOOD, REVERSE, GOOD], (2, 2)),
        ([REVERSE, WalkAway()], (1, 0)),
        ([WalkAway()], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_moves_below_the_reservation_value_count_whether_marked_or_not(
    moves: list[Move], below: tuple[int, int]
) -> None:
    found = conduct(*after(*moves), None)
    assert (found["USA"].below_reservation, found["COD"].below_reservation) == below
    events: list[Event] = [moved(turn, move) for turn, move in enumerate(moves)]
    again = told(events, *moves)
    assert (again["USA"].below_reservation, again["COD"].below_reservation) == below


@pytest.mark.parametrize(("signature", "below"), [("binding", 1), ("declaratory", 0), ("out", 0)])
def test_of_signatures_only_a_binding_one_takes_what_the_text_is_worth(
    signature: Signature, below: int
) -> None:
    """The text o0 is worth 0 to A, which has 1 without agreement."""
    moves = [Pass(), Pass(), Pass(), Merge(0), OpenSignature(), Sign(signature)]
    state = opened(three(kind="forum"))
    found = conduct(with_moves(state, *moves), moves, [], None)
    assert found["A"].below_reservation == 1 + below  # it put the text forward


def test_calls_and_what_they_cost_are_counted_by_seat() -> None:
    events: list[Event] = [
        replied("USA", 0.25),
        replied("USA", 0.0, from_cache=True),
        replied("COD", None),
        moved(0, GOOD),
    ]
    found = told(events, GOOD)
    usa = found["USA"]
    assert (usa.model_calls, usa.from_cache, usa.cost_usd) == (2, 1, 0.25)
    assert usa.tokens == Tokens(input=10, output=3, cached=4, reasoning=2), "of those bought"
    assert (found["COD"].model_calls, found["COD"].cost_usd) == (1, None)


def test_failed_attempts_count_by_the_most_they_may_be_billed() -> None:
    tokens = Tokens(input=100, output=50)
    lost: dict[str, Any] = {"turn": 0, "party": "USA", "reason": "503", "tokens": tokens}
    events: list[Event] = [
        Retried(**lost, attempt=1, wait_s=1.0, cost_usd=0.5),
        Retried(turn=0, party="USA", attempt=2, reason="429", wait_s=1.0),
        Failed(**lost, cost_usd=0.5),
    ]
    found = told(events)["USA"]
    assert (found.retries, found.may_be_billed_usd) == (2, 1.0)
    assert found.may_be_billed == Tokens(input=200, output=100)
    unpriced = told([Retried(**lost, attempt=1, wait_s=1.0, cost_usd=None)])["USA"]
    assert unpriced.may_be_billed_usd is None


def test_faults_fallbacks_templates_and_flags_are_counted_by_kind() -> None:
    fault: dict[str, Any] = {"turn": 0, "party": "USA", "purpose": "decide", "call": 0}
    events: list[Event] = [
        Unusable(**fault, reason="?", fault="truncated"),
        Unusable(**fault, reason="?", fault="illegal"),
        Unusable(**fault, reason="?", fault="truncated"),
        Unusable(**fault, reason="?"),
        moved(0, GOOD, fallback="no move", words_fallback="no words", worded_by="templates"),
        moved(1, REVERSE),
        moved(2, GOOD, flags=("below-reservation", "own-figure-told"), words_fallback="long"),
    ]
    usa = told(events, GOOD, REVERSE, GOOD)["USA"]
    assert usa.unusable == {"illegal": 1, "truncated": 2, UNNAMED: 1}
    assert (usa.fallback_moves, usa.template_worded) == (1, 2)
    assert usa.flags == {"below-reservation": 1, "own-figure-told": 1}
    assert told(events, GOOD, REVERSE, GOOD)["COD"].unusable == {}


def test_what_was_let_slip_is_measured_in_the_words_themselves() -> None:
    events: list[Event] = [
        moved(0, GOOD, "Our reservation value is 30; take 77 t."),
        moved(1, REVERSE, "Our reservation value is 30.", worded_by="templates"),
        moved(2, GOOD, "That is worth 100 points."),
    ]
    found = told(events, GOOD, REVERSE, GOOD)
    assert (found["USA"].figures_told, found["USA"].unknown_figures) == (2, 1)
    assert 0 < found["USA"].tellable_figures < found["USA"].private_figures
    # Templates cannot slip: their words hold nothing but the offer's own figures.
    assert (found["COD"].figures_told, found["COD"].private_figures) == (0, 0)


def test_a_branch_is_judged_by_what_happened_in_it_alone() -> None:
    moves = [REVERSE, GOOD, REVERSE, GOOD]
    events: list[Event] = [moved(2, REVERSE, flags=("below-reservation",)), moved(3, GOOD)]
    found = told(events, *moves)
    assert (found["USA"].below_reservation, found["COD"].below_reservation) == (1, 1)


def test_a_record_tells_of_every_seat_in_its_json(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    poor = {"volume": "1", "price": "40", "rail": "rail"}
    replies = [
        "no move",
        said("offer", poor, "We would be content with 30 points."),
    ]
    with OpenAIStub(in_turn(replies)) as stub:
        settings = settings_at(stub.url, home=tmp_path)
        seats = {"USA": "llm(guard=off):m", "COD": "boulware"}
        record = negotiate(GAME, seats, transcript=path, settings=settings)
    told: Any = json.loads(json.dumps(record.as_json(), allow_nan=False))["seats"]
    assert told.keys() == {"USA", "COD"}
    assert told["USA"] == {
        "model_calls": 2,
        "from_cache": 0,
        "tokens": {"input": 20, "output": 10, "cached": 0, "reasoning": 0},
        "cost_usd": None,
        "retries": 0,
        "may_be_billed": {"input": 0, "output": 0, "cached": 0, "reasoning": 0},
        "may_be_billed_usd": 0.0,
        "unusable": {"unparsable": 1},
        "fallback_moves": 0,
        "template_worded": 0,
        "flags": {"own-figure-told": 1},
        "below_reservation": 1,
        "figures_told": 1,
        "quotations_told": 0,
        "unknown_figures": 0,
        "private_figures": told["USA"]["private_figures"],
        "tellable_figures": told["USA"]["tellable_figures"],
    }
    assert fold(events_of(path)).record(path).seats == record.seats
    assert resume(path, settings=settings).seats == record.seats
    assert spend(events_of(path)).tokens == record.seats["USA"].tokens


def test_a_scripted_session_is_judged_without_events(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    record = negotiate(GAME, {"USA": "boulware", "COD": "linear"}, seed=1, transcript=path)
    assert record.events is None
    assert record.seats == {"USA": Conduct(), "COD": Conduct()}
    assert fold(events_of(path)).record(path).seats == record.seats


def test_conduct_is_worked_out_only_when_asked_for() -> None:
    state, moves, _ = after(GOOD, REVERSE)
    record = SessionRecord(session="s", state=state, moves=moves, turns=range(len(moves)))
    assert "seats" not in vars(record)
    assert record.seats is record.seats
