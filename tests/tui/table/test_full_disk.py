"""A disk that takes no more while a person plays in the app: a message, and the session is kept."""

import os
from errno import ENOSPC
from pathlib import Path

import pytest

from games.errors import NotKept, TranscriptError
from tests.delegates.sessions import events_of
from tests.tui.table.driving import Seated, at_table, session
from transcripts import verify
from transcripts.events import MoveMade
from transcripts.store import TranscriptFile
from tui.live import carried_on


def full(_: int) -> None:
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_a_full_disk_stops_the_session_with_a_message_and_it_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "session.jsonl"

    async def act(at: Seated) -> None:
        await at.asked()
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", full)
            await at.press("o", "ctrl+s")
            await at.ended()
        assert at.screen.phase == "stopped"
        told = " ".join(at.seen().split())
        assert "The disk takes no more:" in told
        assert "No space left on device" in told
        assert isinstance(at.app.ended, NotKept)

    async def later(at: Seated) -> None:
        await at.asked(2)

    live = session(tmp_path)
    at_table(live, act)
    found = verify(path)
    assert (found.ok, found.complete) == (True, False)
    # What was sent is in the file, and is not asked for again.
    at_table(carried_on(path, live.settings), later)
    assert [event.party for event in events_of(path) if isinstance(event, MoveMade)][:1] == ["USA"]


def test_a_session_that_another_one_plays_is_refused_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"

    async def begin(at: Seated) -> None:
        await at.asked()

    async def refused(at: Seated) -> None:
        await at.ended()
        told = " ".join(at.seen().split())
        assert "It could not go on:" in told
        assert "is writing to it" in told
        assert isinstance(at.app.ended, TranscriptError)

    live = session(tmp_path)
    at_table(live, begin)
    before = path.read_bytes()
    with TranscriptFile.reopen(path)[0]:
        at_table(carried_on(path, live.settings), refused)
    assert path.read_bytes() == before
