import hashlib
import os
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import portalocker
import pytest

from delegates import resume
from games.errors import NotKept, TranscriptError
from games.files.writing import clear_drafts
from tests.delegates.sessions import events_of
from transcripts import Transcript
from transcripts.events import FORMAT_VERSION, MoveMade, Opened, Resumed
from transcripts.store import (
    Memory,
    TranscriptFile,
    content,
    decode,
    seal,
    unseal,
    write_linked,
    write_whole,
)


def test_a_seal_is_the_hash_of_all_that_stands_before_it() -> None:
    line, digest = seal(b'{"a":1')
    assert digest == hashlib.sha256(b'{"a":1').hexdigest()
    assert line == b'{"a":1,"hash":"' + digest.encode() + b'"}\n'
    assert unseal(line[:-1]) == (b'{"a":1}', digest)


@pytest.mark.parametrize("line", [b"", b"{}", b'{"a":1', b'{"a":1}' * 30, b"\xff" * 200])
def test_a_line_without_a_seal_is_not_read(line: bytes) -> None:
    with pytest.raises(ValueError, match="does not end in a hash"):
        unseal(line)


def test_a_sealed_line_of_an_unknown_event_names_what_is_wrong() -> None:
    line, _ = seal(b'{"n":0,"type":"sang"')
    with pytest.raises(ValueError, match="not an event this version knows"):
        decode(line[:-1])


@pytest.mark.parametrize(
    "spent",
    ['"cost_usd":-1.0', '"cost_usd":NaN', '"tokens":{"input":-9}', '"tokens":{"output":-9}'],
)
@pytest.mark.parametrize(
    "body",
    [
        '{"type":"replied","turn":0,"party":"USA","purpose":"decide","call":0,"text":""',
        '{"type":"failed","turn":0,"party":"USA","reason":""',
        '{"type":"retried","turn":0,"party":"USA","attempt":1,"reason":"","wait_s":0',
    ],
)
def test_no_event_gives_back_what_was_spent(body: str, spent: str) -> None:
    sound, _ = seal(f"{body},".encode() + b'"cost_usd":1.0')
    decode(sound[:-1])
    line, _ = seal(f"{body},{spent}".encode())
    with pytest.raises(ValueError, match="not an event this version knows"):
        decode(line[:-1])


def test_events_are_numbered_dated_and_linked(finished: Path) -> None:
    events = events_of(finished)
    lines = finished.read_bytes().splitlines()
    digests = [decode(line)[1] for line in lines]
    assert [event.n for event in events] == list(range(len(lines)))
    assert [event.prev for event in events] == ["", *digests[:-1]]
    assert all(event.at.endswith("Z") for event in events)


def test_every_line_is_json_that_ends_in_its_hash(finished: Path) -> None:
    content = finished.read_bytes()
    assert content.endswith(b'"}\n')
    assert content.count(b"\n") == len(Transcript(finished))
    assert all(line[-75:].startswith(b',"hash":"') for line in content.splitlines())


def test_the_header_says_what_the_session_depends_on(finished: Path) -> None:
    header = Transcript(finished).header()
    assert header.format == FORMAT_VERSION
    assert header.seed == 1
    assert header.scenario["id"] == "mini"
    assert {party: seat.spec for party, seat in header.seats.items()} == {
        "USA": "boulware",
        "COD": "linear",
    }
    assert "SIMULATION" in header.notice


def test_where_no_file_can_be_claimed_a_new_transcript_is_refused_in_a_line(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise portalocker.exceptions.LockException("not on this file system")

    for what in ("lock", "unlock"):
        monkeypatch.setattr(portalocker, what, refuse)
    with pytest.raises(TranscriptError, match=r"new\.jsonl: cannot be written: No locks available"):
        TranscriptFile.create(finished.with_name("new.jsonl"), Transcript(finished).header())
    assert [path.name for path in finished.parent.iterdir()] == ["finished.jsonl"]


def test_an_existing_file_is_never_overwritten(finished: Path) -> None:
    before = finished.read_bytes()
    with pytest.raises(TranscriptError, match=r"finished\.jsonl: exists already"):
        TranscriptFile.create(finished, Transcript(finished).header())
    assert finished.read_bytes() == before
    assert [path.name for path in finished.parent.iterdir()] == ["finished.jsonl"]


def test_a_file_that_comes_into_being_meanwhile_is_not_overwritten(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = Transcript(finished).header()
    before = finished.read_bytes()
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with pytest.raises(TranscriptError, match="exists already"):
        TranscriptFile.create(finished, header)
    assert finished.read_bytes() == before


@pytest.mark.parametrize("name", ["finished.jsonl/x.jsonl", "y" * 300])
def test_a_file_that_cannot_be_written_gives_one_line(finished: Path, name: str) -> None:
    with pytest.raises(TranscriptError, match="cannot be written") as caught:
        TranscriptFile.create(finished.parent / name, Transcript(finished).header())
    assert "\n" not in str(caught.value)


def test_folders_on_the_way_are_made(finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.jsonl"
    with TranscriptFile.create(path, Transcript(finished).header()):
        assert isinstance(Transcript(path).event(0), Opened)


def test_a_second_writer_is_refused_until_the_first_lets_go(short: Path) -> None:
    first, _ = TranscriptFile.reopen(short)
    with pytest.raises(TranscriptError, match="this very program is writing to it"):
        TranscriptFile.reopen(short)
    first.close()
    second, _ = TranscriptFile.reopen(short)
    second.close()


def test_a_transcript_is_locked_from_its_first_line_on(finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    with (
        TranscriptFile.create(path, Transcript(finished).header()),
        pytest.raises(TranscriptError, match="this very program is writing to it"),
    ):
        TranscriptFile.reopen(path)


def test_a_new_transcript_whose_folder_is_cleared_meanwhile_is_written_once_more(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, due, sync = tmp_path / "new" / "s.jsonl", [clear_drafts], os.fsync

    def clears(number: int) -> None:
        sync(number)
        while due:
            due.pop()(path.parent)

    monkeypatch.setattr(os, "fsync", clears)
    with TranscriptFile.create(path, Transcript(finished).header()) as file:
        file.append(Resumed(turn=0))

    assert [one.name for one in path.parent.iterdir()] == ["s.jsonl"]
    assert [event.type for event in Transcript(path).events()] == ["opened", "resumed"]


def test_a_transcript_is_let_go_of_even_if_the_disk_fails(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    file, before = TranscriptFile.reopen(short)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(NotKept, match="No space left"):
            file.close()
    again, events = TranscriptFile.reopen(short)
    again.close()
    assert events == before


def test_closing_waits_for_the_disk_only_if_something_is_not_known_to_be_there(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []
    reopened, _ = TranscriptFile.reopen(short)
    monkeypatch.setattr(os, "fsync", times.append)
    reopened.close()
    assert len(times) == 1  # whoever wrote it may have died before it was there
    file, _ = TranscriptFile.reopen(short)
    file.append(Resumed(turn=0))
    file.sync()
    file.close()
    assert len(times) == 2
    file, _ = TranscriptFile.reopen(short)
    file.append(Resumed(turn=1), durable=True)
    file.append(Resumed(turn=2))
    file.close()
    assert len(times) == 4


def test_what_is_written_while_the_disk_is_waited_for_is_not_taken_to_be_there(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[int] = []
    file, _ = TranscriptFile.reopen(short)

    def slow(number: int) -> None:
        if not times:
            times.append(number)
            file.append(Resumed(turn=1))
            return
        times.append(number)

    file.append(Resumed(turn=0))
    monkeypatch.setattr(os, "fsync", slow)
    file.sync()
    file.close()
    assert len(times) == 2


def test_a_program_started_meanwhile_does_not_keep_a_transcript_locked(short: Path) -> None:
    file, _ = TranscriptFile.reopen(short)
    inherited = os.dup(file._file.fileno())
    try:
        file.close()
        again, _ = TranscriptFile.reopen(short)
        again.close()
    finally:
        os.close(inherited)


def test_a_lock_dies_with_its_process(short: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from transcripts.store import TranscriptFile\n"
        "kept = TranscriptFile.reopen(Path(sys.argv[1])); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(short)], check=False)
    assert done.returncode == 9
    reopened, _ = TranscriptFile.reopen(short)
    reopened.close()


def test_appending_never_changes_what_stands_there(short: Path) -> None:
    before = short.read_bytes()
    transcript, events = TranscriptFile.reopen(short)
    with transcript:
        kept = transcript.append(Resumed(turn=1))
    assert short.read_bytes().startswith(before)
    assert kept.n == len(events)
    assert events_of(short) == [*events, kept]


def test_a_torn_last_line_is_cut_off_and_kept_beside(short: Path) -> None:
    content = short.read_bytes()
    last = content[:-1].rfind(b"\n") + 1
    short.write_bytes(content[: last + 40])
    transcript, events = TranscriptFile.reopen(short)
    transcript.close()
    assert short.read_bytes() == content[:last]
    assert short.with_name("short.jsonl.torn").read_bytes() == content[last : last + 40]
    assert len(events) == content.count(b"\n") - 1


def test_a_last_line_that_lacks_its_end_only_is_kept(short: Path) -> None:
    content = short.read_bytes()
    short.write_bytes(content[:-1])
    transcript, _ = TranscriptFile.reopen(short)
    transcript.close()
    assert short.read_bytes() == content
    assert not short.with_name("short.jsonl.torn").exists()


@pytest.mark.parametrize("content", [b"a: 1\nb: 2", b"a: 1\n", b"{}\n{", b"\n\n\nx", b"\xff\n\xfe"])
def test_a_file_that_is_no_transcript_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_bytes(content)
    with pytest.raises(TranscriptError, match=r"scenario\.yaml: event 0") as caught:
        TranscriptFile.reopen(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content
    assert [item.name for item in tmp_path.iterdir()] == ["scenario.yaml"]


def test_a_transcript_broken_before_its_end_is_left_as_it_is(short: Path) -> None:
    content = short.read_bytes().replace(b'"act":"offer"', b'"act":"offal"', 1)[:-30]
    short.write_bytes(content)
    with pytest.raises(TranscriptError, match="event 1: the content does not match its hash"):
        TranscriptFile.reopen(short)
    assert short.read_bytes() == content
    assert not short.with_name("short.jsonl.torn").exists()


def test_every_cut_inside_the_header_gives_one_line_and_changes_nothing(short: Path) -> None:
    header = short.read_bytes().partition(b"\n")[0]
    for cut in range(len(header)):
        short.write_bytes(header[:cut])
        with pytest.raises(TranscriptError, match=r"broken|no whole line|empty") as caught:
            resume(short)
        assert "\n" not in str(caught.value)
        assert short.stat().st_size == cut
    assert [path.name for path in short.parent.iterdir()] == ["short.jsonl"]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_what_cannot_be_read_gives_one_line(tmp_path: Path, name: str) -> None:
    for reading in (Transcript, TranscriptFile.reopen):
        with pytest.raises(TranscriptError, match=r"cannot be (read|opened): ") as caught:
            reading(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_file_without_a_whole_line_is_no_transcript(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    path.write_bytes(b'{"n":0,')
    with pytest.raises(TranscriptError, match="no whole line"):
        Transcript(path)


def test_a_page_of_events_is_read_without_the_rest(short: Path) -> None:
    lines = short.read_bytes().split(b"\n")
    lines[1] = b"broken"
    short.write_bytes(b"\n".join(lines))
    transcript = Transcript(short)
    assert transcript.event(2).n == 2
    with pytest.raises(TranscriptError, match="event 1: "):
        transcript.event(1)


def test_memory_numbers_events_and_keeps_no_file() -> None:
    with Memory() as memory:
        kept = [memory.append(Resumed(turn=turn), durable=True) for turn in (3, 5)]
    assert [event.n for event in kept] == [0, 1]
    assert memory.events == kept


@pytest.mark.skipif(os.name == "nt", reason="modes of files are POSIX")
def test_a_transcript_can_be_read_by_its_owner_alone(finished: Path, tmp_path: Path) -> None:
    header = Transcript(finished).header()
    written, whole, linked = (tmp_path / name for name in ("written", "whole", "linked"))
    TranscriptFile.create(written, header).close()
    write_whole(whole, [content(header)])
    write_linked(linked, [header])
    assert {path.stat().st_mode & 0o777 for path in (written, whole, linked)} == {0o600}


def test_which_fields_were_named_is_kept_once_for_all_events_of_a_kind(finished: Path) -> None:
    moves = [event for event in events_of(finished) if isinstance(event, MoveMade)]
    assert len(moves) > 1
    named = [move.__pydantic_fields_set__ for move in moves]
    assert all(one is named[0] for one in named)
    assert moves[0].model_copy(update={"words": "other"}).words == "other"
    assert moves[1].model_dump(exclude_unset=True)["turn"] == moves[1].turn
