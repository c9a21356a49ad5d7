from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate
from delegates.seats import SCRIPTED_MINDS
from games.errors import TranscriptError
from games.scenario import Scenario
from games.session import Accept, Offer, WalkAway, start
from tests.delegates.sessions import events_of, mini
from tests.support.domains import scenarios
from transcripts.events import Act, Asked, Event, MoveMade, Replied, SessionClosed
from transcripts.fold import Folded, act_of, begin, fold, move_of

MINDS = st.sampled_from(sorted(SCRIPTED_MINDS))


@given(game=scenarios(), minds=st.lists(MINDS, min_size=4, max_size=4), seed=st.integers(0, 99))
def test_the_fold_of_what_is_written_is_the_session_that_was_played(
    game: Scenario, minds: list[str], seed: int
) -> None:
    seen: list[Event] = []
    states: list[Any] = []

    def watch(event: Event, folded: Folded) -> None:
        seen.append(event)
        states.append(folded.state)

    seats = dict(zip(game.ids, minds, strict=False))
    record = negotiate(game, seats, seed=seed, watch=watch)
    again = fold(seen)
    assert again.record().as_json() == record.as_json()
    assert again.state.turn == states[-1].turn
    assert (again.state.status, again.state.offer) == (states[-1].status, states[-1].offer)
    assert [fold(seen[: end + 1]).state.turn for end in range(len(seen))] == [
        state.turn for state in states
    ]


def test_a_record_read_from_a_file_is_that_of_the_live_session(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    live = negotiate(mini(), {"USA": "boulware", "COD": "conceder"}, seed=2, transcript=path)
    read = fold(events_of(path)).record(path)
    assert read.as_json() == live.as_json()
    assert read.offers == live.offers


def test_a_session_begins_as_its_header_opens_it(finished: Path) -> None:
    header: Any = events_of(finished)[0]
    folded = begin(header)
    assert folded.state.turns == start(mini(), 1).turns
    assert folded.scenario == mini()
    assert folded.record().status == "incomplete"


ACTS: list[tuple[Act, Any]] = [
    ("offer", {"volume": 3, "price": 20, "rail": "rail"}),
    ("accept", None),
    ("walk-away", None),
]


def test_the_acts_of_a_transcript_are_the_moves_of_the_protocol() -> None:
    game = mini()
    made = [
        MoveMade(turn=0, round=0, party="USA", act=act, outcome=outcome) for act, outcome in ACTS
    ]
    moves = [move_of(game, event) for event in made]
    assert [type(move) for move in moves] == [Offer, Accept, WalkAway]
    assert [act_of(move) for move in moves] == ["offer", "accept", "walk-away"]


def asked(call: int) -> Asked:
    return Asked(turn=0, party="USA", purpose="decide", call=call, model="m", host="h", messages=())


def replied(call: int) -> Replied:
    return Replied(turn=0, party="USA", purpose="decide", call=call, text="{}")


def test_calls_are_pending_until_the_move(finished: Path) -> None:
    header, first = events_of(finished)[:2]
    folded = fold([header, asked(0), replied(0), asked(1)])
    assert folded.pending == [(asked(0), replied(0)), (asked(1), None)]
    folded.add(first)
    assert folded.pending == []


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([], "expected the header"),
        ([asked(0)], "expected the header"),
        (["header", replied(0)], "never asked"),
        (["header", asked(0), replied(1)], "never asked"),
        (["header", "close"], "closed as agreement, but the moves end in open"),
        (["header", "first", "first"], "expected COD at turn 1"),
    ],
)
def test_events_that_cannot_follow_are_refused(
    finished: Path, events: list[Any], reason: str
) -> None:
    kept = events_of(finished)
    close = next(event for event in kept if isinstance(event, SessionClosed))
    known = {"header": kept[0], "first": kept[1], "close": close}
    with pytest.raises(TranscriptError, match=reason):
        fold([known.get(event, event) if isinstance(event, str) else event for event in events])


def test_a_move_after_the_end_is_refused(finished: Path) -> None:
    events = events_of(finished)
    last = [event for event in events if isinstance(event, MoveMade)][-1]
    with pytest.raises(TranscriptError, match="expected no further move"):
        fold([*events, last])
