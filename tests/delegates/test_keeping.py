"""What is put on disk beside the event loop is there before anyone goes on with it."""

import asyncio
import os
from errno import ENOSPC
from pathlib import Path

import pytest

from delegates.keeping import beside, on_disk
from delegates.table import Table
from games.errors import NotKept
from tests.delegates.sessions import mini
from transcripts.events import Event, Opened, Resumed
from transcripts.fold import Folded, begin
from transcripts.store import Memory, Transcript, TranscriptFile


def header() -> Opened:
    scenario = mini().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return Opened(program="x", session="s", scenario=scenario, seats={}, seed=0)


def test_an_event_is_synced_before_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync = os.fsync

    def synced(file: int) -> None:
        sync(file)
        done.append("synced")

    def watch(event: Event, _: Folded) -> None:
        done.append(event.type)

    with TranscriptFile.create(tmp_path / "s.jsonl", header()) as file:
        table = Table(begin(header()), file, watch)
        monkeypatch.setattr(os, "fsync", synced)
        asyncio.run(table.record_durably(Resumed(turn=0)))
        assert done == ["synced", "resumed"]


def test_a_disk_that_fails_is_told_to_whoever_waits_and_the_fold_is_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.jsonl"
    with TranscriptFile.create(path, header()) as file:
        table = Table(begin(header()), file)
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", full)
            with pytest.raises(NotKept, match="No space left"):
                asyncio.run(table.record_durably(Resumed(turn=0)))
        table.record(Resumed(turn=1))
    kept = [event.type for event in Transcript(path).events()]
    assert kept == ["opened", "resumed", "resumed"]
    assert [event.type for event in table.folded.events] == kept


def full(_: int) -> None:
    """Do as a full disk does."""
    raise OSError(ENOSPC, os.strerror(ENOSPC))


def test_an_event_whose_writer_is_cancelled_stands_in_the_file_and_the_fold(
    tmp_path: Path,
) -> None:
    async def cut_off(table: Table) -> None:
        writing = asyncio.ensure_future(table.record_durably(Resumed(turn=0)))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    path = tmp_path / "s.jsonl"
    with TranscriptFile.create(path, header()) as file:
        table = Table(begin(header()), file)
        asyncio.run(cut_off(table))
        table.record(Resumed(turn=1))
    kept = [event.type for event in Transcript(path).events()]
    assert kept == ["opened", "resumed", "resumed"]
    assert [event.type for event in table.folded.events] == kept


def test_the_event_loop_goes_on_meanwhile() -> None:
    async def both() -> list[str]:
        done: list[str] = []
        started, may_end = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def work() -> None:
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(may_end.wait(), loop).result(10)
            done.append("work")

        waiting = asyncio.ensure_future(beside(work))
        await started.wait()
        done.append("loop")
        may_end.set()
        await waiting
        return done

    assert asyncio.run(both()) == ["loop", "work"]


def test_nothing_waits_for_a_session_that_keeps_no_file() -> None:
    asyncio.run(on_disk(Memory()))
