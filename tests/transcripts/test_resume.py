import shutil
from pathlib import Path

import pytest

from delegates import negotiate, resume
from tests.delegates.sessions import bare, events_of, mini
from transcripts import verify
from transcripts.store import TranscriptFile


def test_a_transcript_truncated_at_any_byte_resumes_to_the_same_end(short: Path) -> None:
    content = short.read_bytes()
    whole = bare(events_of(short))
    copy = short.with_name("cut.jsonl")
    for cut in range(content.index(b"\n") + 1, len(content) + 1):
        copy.write_bytes(content[:cut])
        resume(copy)
        found = verify(copy)
        assert bare(events_of(copy)) == whole, f"cut at byte {cut}"
        assert (found.ok, found.complete, found.notes) == (True, True, []), f"cut at byte {cut}"


def test_every_byte_at_which_a_transcript_is_cut_leaves_its_whole_lines(short: Path) -> None:
    content = short.read_bytes()
    header = content.index(b"\n") + 1
    copy, torn = short.with_name("cut.jsonl"), short.with_name("cut.jsonl.torn")
    for cut in range(header, len(content) + 1):
        kept = content[:cut]
        copy.write_bytes(kept)
        torn.unlink(missing_ok=True)
        TranscriptFile.reopen(copy)[0].close()
        left = copy.read_bytes()
        assert left + (torn.read_bytes() if torn.exists() else b"") in (kept, kept + b"\n")
        assert left.endswith(b"\n")
        assert left.count(b"\n") - kept.count(b"\n") in (0, content[cut : cut + 1] == b"\n")


def test_a_resumed_session_says_where_it_was_resumed(finished: Path) -> None:
    lines = finished.read_bytes().splitlines(keepends=True)
    finished.write_bytes(b"".join(lines[:5]))
    resume(finished)
    resumed = [event for event in events_of(finished) if event.type == "resumed"]
    assert [(event.n, event.turn) for event in resumed] == [(5, 4)]


def test_a_session_cut_before_its_first_move_begins_as_if_never_cut(finished: Path) -> None:
    whole = bare(events_of(finished))
    finished.write_bytes(finished.read_bytes().splitlines(keepends=True)[0])
    resume(finished)
    assert bare(events_of(finished)) == whole


def test_a_finished_session_is_returned_as_it_is(finished: Path) -> None:
    before = finished.read_bytes()
    record = resume(finished)
    assert record.status == "agreement"
    assert record.transcript == finished
    assert finished.read_bytes() == before


def test_a_resumed_record_equals_that_of_the_uninterrupted_session(finished: Path) -> None:
    whole = resume(finished).as_json()
    copy = finished.with_name("copy.jsonl")
    lines = finished.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join(lines[:8]))
    assert resume(copy).as_json() == whole | {"transcript": str(copy)}


def test_two_interruptions_are_as_good_as_one(finished: Path) -> None:
    whole = bare(events_of(finished))
    lines = finished.read_bytes().splitlines(keepends=True)
    copy = finished.with_name("copy.jsonl")
    copy.write_bytes(b"".join(lines[:3]) + lines[3][:50])
    resume(copy)
    again = finished.with_name("again.jsonl")
    again.write_bytes(copy.read_bytes()[:-900])
    resume(again)
    assert bare(events_of(again)) == whole
    assert verify(again).ok


def test_a_session_can_be_resumed_by_the_name_of_its_file(finished: Path) -> None:
    copy = shutil.copy(finished, finished.with_name("copy.jsonl"))
    assert resume(str(copy)).status == "agreement"


@pytest.mark.parametrize("opens", ["fixed", "alternate", "lot"])
def test_lots_are_drawn_the_same_after_an_interruption(tmp_path: Path, opens: str) -> None:
    path = tmp_path / "lots.jsonl"
    negotiate(mini(opens=opens), {"USA": "tit-for-tat", "COD": "firm"}, seed=9, transcript=path)
    whole = bare(events_of(path))
    lines = path.read_bytes().splitlines(keepends=True)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(b"".join(lines[: len(lines) // 2]))
    resume(copy)
    assert bare(events_of(copy)) == whole
