from pathlib import Path

import pytest

from tests.tui.recordings import (
    TALKS,
    closed,
    long_recording,
    moved,
    offers,
    pair,
    recorded,
    several,
    spoilt,
)
from transcripts.events import Asked, MoveMade, Replied
from transcripts.fold import begin
from transcripts.store import Transcript
from tui.replay import History, Recording, read_history
from tui.replay.history import ACCEPT, CHECKPOINT, LEAVE, OFFER, STAND


def whole(path: Path) -> History:
    return [*read_history(Recording(path))][-1]


def test_every_state_is_the_one_the_transcript_folds_to() -> None:
    history = whole(TALKS)
    events = iter(Transcript(TALKS).events())
    folded = begin(Recording(TALKS).header)
    next(events)
    moves = 0
    for event in events:
        assert history.state(moves) == folded.state
        folded.add(event)
        moves += isinstance(event, MoveMade)

    assert history.state(moves) == folded.state == history.last
    assert history.status == "agreement"
    assert history.closed
    assert history.problem is None


@pytest.mark.parametrize("moves", [CHECKPOINT - 1, CHECKPOINT, CHECKPOINT + 1, 599])
def test_states_between_checkpoints_are_stepped_to(tmp_path: Path, moves: int) -> None:
    history = whole(long_recording(tmp_path / "t.jsonl", 600))

    state = history.state(moves)

    assert state.turn == moves
    assert state.offer_turn == moves - 1


def test_standing_by_an_offer_is_no_acceptance(tmp_path: Path) -> None:
    of = several(3)
    moves = [*offers(of, [1, None, 2, 3, None, None, None])]
    history = whole(recorded(tmp_path / "t.jsonl", of, moves[:6]))

    assert history.acts.tolist() == [OFFER, ACCEPT, OFFER, OFFER, ACCEPT, ACCEPT]
    assert history.status == "agreement"


def test_a_party_may_stand_by_its_own_offer_and_leave(tmp_path: Path) -> None:
    of = pair(rounds=4)
    of = of.model_copy(update={"protocol": of.protocol.model_copy(update={"opens": "alternate"})})
    moves = [
        moved(of, 0, 1),
        moved(of, 1, 2),
        moved(of, 2, None, party="SUP"),
        moved(of, 3, None, party="BUY", act="walk-away"),
    ]
    history = whole(recorded(tmp_path / "t.jsonl", of, moves))

    assert history.acts.tolist() == [OFFER, OFFER, STAND, LEAVE]
    assert history.status == "walked-away"


def test_reading_stops_at_the_first_line_that_is_not_sound(tmp_path: Path) -> None:
    of = pair()
    path = spoilt(recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3, 1])), 3)

    history = whole(path)

    assert len(history) == 2
    assert history.status == "incomplete"
    assert history.problem is not None
    assert history.problem.startswith("sound up to event 2; event 3: the content does not match")


def test_a_broken_line_that_is_no_move_stops_the_reading_too(tmp_path: Path) -> None:
    of = pair()
    asked = Asked(turn=0, party="BUY", purpose="word", call=0, model="m", host="h", messages=())
    replied = Replied(turn=0, party="BUY", purpose="word", call=0, text="Words")
    path = recorded(tmp_path / "t.jsonl", of, [asked, replied, *offers(of, [1])])
    path.write_bytes(path.read_bytes().replace(b'"text":"Words"', b'"text":"words"'))

    history = whole(path)

    assert len(history) == 0
    assert history.problem is not None
    assert history.problem.startswith("sound up to event 1; event 2")


def test_a_line_taken_out_is_noticed(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3]))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))

    history = whole(path)

    assert len(history) == 1
    assert "missing" in (history.problem or "")


def test_a_torn_last_line_leaves_everything_before_it(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, offers(of, [1, 2, 3]))
    path.write_bytes(path.read_bytes()[:-40])

    history = whole(path)

    assert len(history) == 2
    assert history.problem == "the last line is torn; everything before it is shown"


def test_a_result_that_the_moves_do_not_lead_to_is_noticed(tmp_path: Path) -> None:
    of = pair()
    path = recorded(tmp_path / "t.jsonl", of, [*offers(of, [1]), closed(of)])

    assert "closed as agreement" in (whole(path).problem or "")


def test_a_long_record_is_told_as_it_is_read(tmp_path: Path) -> None:
    recording = Recording(long_recording(tmp_path / "t.jsonl", 4500))

    told = [(len(history), history.whole) for history in read_history(recording)]

    assert told == [(1000, False), (2000, False), (4000, False), (4500, True)]


def test_rounds_are_found_from_any_move() -> None:
    history = whole(TALKS)

    assert history.round_start(0, -1) == 0
    assert history.round_start(3, 1) == 4
    assert history.round_start(5, -1) == 2
    assert history.round_start(13, 5) == int((history.rounds < history.rounds[-1]).sum())


def test_moves_that_a_fallback_made_are_known() -> None:
    assert whole(TALKS).troubled.tolist() == [4]
