"""A batch held in a thread: what it tells, how it is stopped, what a failure comes to."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.playing.progress import Watch
from games.errors import CapReached, Paused
from tests.tui.evaluations import progress
from tui.evaluating import BatchOver, BatchStopped, LiveBatch, Played, ProgressTold

HERE = Path("/evaluations/tiny")


@dataclass
class Ends:
    """What came of a batch."""

    ended: dict[Ended, int]


def test_it_tells_how_far_it_has_come_and_that_it_is_over() -> None:
    async def play(watch: Watch) -> Played:
        watch(progress(done=1))
        watch(progress(done=960))
        return Ends({"agreement": 955, "timeout": 2, "provider": 2, "error": 1})

    told: list[Message] = []
    batch = LiveBatch(play, HERE, "Tiny", 960)
    batch.hold(told.append)

    assert [type(message) for message in told] == [ProgressTold, ProgressTold, BatchOver]
    assert batch.progress == progress(done=960)
    over = told[-1]
    assert isinstance(over, BatchOver)
    assert (over.path, over.failed) == (HERE, 3)


def test_a_newer_telling_replaces_an_older_one() -> None:
    newer, older = ProgressTold(progress(done=2)), ProgressTold(progress(done=1))
    assert newer.can_replace(older)
    assert not newer.can_replace(BatchOver(HERE, 0))


def test_it_is_stopped_from_another_thread_as_by_an_interrupt() -> None:
    begun, cleaned = threading.Event(), threading.Event()

    async def play(watch: Watch) -> Played:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()
        return Ends({})

    told: list[Message] = []
    batch = LiveBatch(play, HERE, "Tiny", 4)
    thread = threading.Thread(target=batch.hold, args=(told.append,))
    thread.start()
    assert begun.wait(10)
    batch.stop()
    thread.join(10)

    assert not thread.is_alive()
    assert cleaned.is_set()
    stopped = told[-1]
    assert isinstance(stopped, BatchStopped)
    assert isinstance(stopped.error, Paused)


def test_one_that_is_stopped_before_it_begins_plays_nothing() -> None:
    async def play(watch: Watch) -> Played:
        await asyncio.sleep(0)
        raise AssertionError("it was played")

    told: list[Message] = []
    batch = LiveBatch(play, HERE, "Tiny", 4)
    batch.stop()
    batch.hold(told.append)

    assert [type(message) for message in told] == [BatchStopped]


def test_what_ends_it_early_is_told() -> None:
    async def play(watch: Watch) -> Played:
        raise CapReached("the cap of 1.00 USD is reached")

    told: list[Message] = []
    LiveBatch(play, HERE, "Tiny", 4).hold(told.append)

    assert isinstance(told[-1], BatchStopped)
    assert isinstance(told[-1].error, CapReached)
    assert told[-1].path == HERE
