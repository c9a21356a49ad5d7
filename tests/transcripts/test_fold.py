from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates import negotiate, resume
from delegates.seats import SCRIPTED_MINDS
from games.errors import TranscriptError
from games.scenario import Scenario
from games.session import Accept, Offer, WalkAway, start
from tests.delegates.sessions import events_of, mini
from tests.support.domains import scenarios
from transcripts import branch
from transcripts.acts import act_of, move_of
from transcripts.events import (
    Act,
    Asked,
    Decided,
    Event,
    Failed,
    HandedOver,
    MoveMade,
    Opened,
    Replied,
    Resumed,
    Retried,
    SessionClosed,
    Unusable,
)
from transcripts.fold import Folded, begin, fold, opened
from transcripts.record import spend
from transcripts.store import Transcript

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
    made = [event for event in events_of(path) if isinstance(event, MoveMade)]
    assert list(read.turns) == list(live.turns) == [event.turn for event in made]
    seats = [mini().ids.index(event.party) for event in made]
    assert read.places == [(event.round, k) for event, k in zip(made, seats, strict=True)]


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


def decided(**changes: Any) -> Decided:
    outcome = {"volume": 3, "price": 20, "rail": "rail"}
    told = {"turn": 0, "party": "USA", "act": "offer", "outcome": outcome}
    return Decided.model_validate({**told, **changes})


def handed(**changes: Any) -> HandedOver:
    told = {"turn": 0, "party": "USA", "to": "stand-in", "reason": "so"}
    return HandedOver.model_validate({**told, **changes})


def test_what_a_person_decided_is_awaited_until_the_move(finished: Path) -> None:
    header, first = events_of(finished)[:2]
    assert isinstance(first, MoveMade)
    same = decided(act=first.act, outcome=first.outcome)
    folded = fold([header, same])
    assert folded.decided == same
    folded.add(first)
    assert folded.decided is None


@pytest.mark.parametrize(
    ("turns", "after_own_moves"),
    [(None, [True, True, True]), (1, [True, False, False]), (2, [True, True, False])],
)
def test_a_stand_in_holds_a_seat_for_so_many_moves(
    finished: Path, turns: int | None, after_own_moves: list[bool]
) -> None:
    header, *rest = events_of(finished)
    folded = fold([header, handed(turns=turns)])
    holds = ["USA" in folded.stand_ins]
    for event in rest[:3]:
        folded.add(event)
        if isinstance(event, MoveMade) and event.party == "USA":
            holds.append("USA" in folded.stand_ins)
    assert holds == after_own_moves
    assert all(held.since == 0 for held in folded.stand_ins.values())


def test_a_person_takes_their_seat_back(finished: Path) -> None:
    header = events_of(finished)[0]
    folded = fold([header, handed(), handed(to="person")])
    assert folded.stand_ins == {}


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([], "expected the header"),
        ([asked(0)], "expected the header"),
        (["header", replied(0)], "never asked"),
        (["header", asked(0), replied(1)], "never asked"),
        (["header", "close"], "closed as agreement, but the moves end in open"),
        (["header", "first", "first"], "expected COD at turn 1"),
        (["header", decided(party="COD")], "COD decides at turn 0; expected USA at turn 0"),
        (["header", decided(turn=1)], "USA decides at turn 1; expected USA at turn 0"),
        (["header", handed(party="COD")], "COD hands over at turn 0; expected USA at turn 0"),
        (["header", decided(act="walk-away", outcome=None), "first"], "another move than event"),
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


PASSING: list[Event] = [
    Retried(turn=0, party="USA", attempt=1, reason="HTTP 503", wait_s=0.1),
    Failed(turn=0, party="USA", reason="HTTP 401"),
    Unusable(turn=0, party="USA", purpose="decide", call=0, reason="no JSON", fault="unparsable"),
    Resumed(turn=0),
]


def test_events_that_are_no_moves_are_kept_and_change_nothing(finished: Path) -> None:
    header, *rest = events_of(finished)
    folded = fold([header, asked(0), *PASSING, *rest])
    assert folded.record().as_json() == fold([header, *rest]).record().as_json() | {
        "seats": folded.record().as_json()["seats"]
    }
    assert [event for event in folded.events if event in PASSING] == PASSING


def test_what_is_no_move_leaves_a_question_waiting(finished: Path) -> None:
    folded = fold([events_of(finished)[0], asked(0), *PASSING])
    assert folded.pending == [(asked(0), None)]
    folded.add(replied(0))
    assert folded.pending == [(asked(0), replied(0))]


def test_a_branchs_own_events_are_those_after_what_it_shares(finished: Path) -> None:
    whole = fold(events_of(finished))
    assert whole.own_events == whole.events[1:]
    out = finished.with_name("branch.jsonl")
    branch(finished, out, at=4, session="b", program="test")
    assert fold(events_of(out)).own_events == []
    resume(out)
    again = fold(events_of(out))
    assert again.own_events == again.events[5:]


def test_a_fold_that_keeps_no_events_comes_to_the_same(finished: Path) -> None:
    events = events_of(finished)
    header = events[0]
    assert isinstance(header, Opened)
    whole, lean = fold(events), begin(header, keeps=False)
    for event in events[1:]:
        lean.add(event)
    assert (lean.events, lean.made) == ([header], [])
    assert not opened(Transcript(finished), keeps=False).keeps
    assert opened(Transcript(finished)).keeps
    found, expected = lean.record(), whole.record()
    assert (found.events, expected.events) == (None, whole.own_events)
    assert found.state == expected.state
    assert (found.moves, found.turns, found.places) == (
        expected.moves,
        expected.turns,
        expected.places,
    )
    assert found.spend == expected.spend == spend(whole.own_events)
    assert found.referee.as_json() == expected.referee.as_json()


def test_what_is_forgotten_are_the_events_and_not_what_they_came_to(finished: Path) -> None:
    folded = fold(events_of(finished))
    state, count, moves = folded.state, folded.count, list(folded.moves)
    folded.forget()
    assert (folded.events, folded.made) == ([], [])
    assert [len(kept) for kept in (folded.turns, folded.rounds, folded.movers)] == [0, 0, 0]
    assert (folded.state, folded.count, folded.moves) == (state, count, moves)


def test_a_branch_counts_what_it_spent_itself(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "branch.jsonl"
    branch(finished, out, at=4, session="b", program="test")
    folded = fold(events_of(out))
    assert folded.spending.so_far == spend(folded.own_events)
    assert folded.spending.so_far.calls == 0
