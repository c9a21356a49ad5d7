"""Plays the scripted sessions of a batch: here while they are few, in processes, or elsewhere."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import perf_counter
from typing import Self

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing.finish import failed
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.processes import Processes
from delegates.evaluation.playing.scripted_session import (
    Line,
    interruptible,
    needs_another_thread,
    scripted_session,
    written,
)
from delegates.evaluation.playing.worker import FLUSH_S, Work
from delegates.evaluation.playing.workers import MOST_DEATHS, Crew, Fallen, Workers
from games.errors import UserError
from transcripts.store import utc_now

_log = logging.getLogger("minilateral.evaluation")

Keep = Callable[[Sequence[Line]], None]
"""Given the lines of sessions that ended, in any thread; they are durable when it returns."""

ALONE_S = 1.0
"""How long is played here before it is asked, each time, whether more processes are worth their
start."""

WORTH_S = 2.0
"""Play that must be left for them to be worth it."""


def play_scripted_rows(
    numbers: Sequence[int],
    design: Design,
    folder: Folder,
    *,
    keep: Keep,
    running: Callable[[int], None],
    workers: int | None = None,
    stop: Event | None = None,
    crew_for: Callable[[Work], Crew] | None = None,
) -> None:
    """Play sessions all of whose seats are scripted.

    What comes of a session depends on nothing but its row: not on who plays it, nor on the order.

    Args:
        numbers: The sessions, by number.
        design: What is evaluated.
        folder: Where transcripts and tracebacks go.
        keep: Given the lines of sessions as they end, in no particular order.
        running: Told how many sessions go on.
        workers: Processes to play them in; 1 plays them here. By default one a processor, once it
            shows that it takes long.
        stop: Set by whoever wants it to end early.
        crew_for: Returns who plays them all, in place of this process and others of this machine.

    Raises:
        UserError: If that crew cannot play.
    """
    if not numbers:
        return
    stop = stop or Event()
    work = Work(design, folder)
    if crew_for is not None:
        if _played_apart(numbers, work, keep, running, stop, crew_for(work)) and not stop.is_set():
            raise UserError(
                f"{MOST_DEATHS} workers died at their start, one after the other; what was kept "
                "stays"
            )
        running(0)
        return
    may_play_here = workers in (None, 1) and not needs_another_thread(design)
    left = numbers
    count = available_processors() if workers is None else workers
    if may_play_here:
        running(1)
        left = _played_here(left, work, keep, stop, may_leave=count > 1)
    if left and not stop.is_set():
        left = _played_apart(left, work, keep, running, stop, Processes(work, count))
    if left and not stop.is_set():
        _log.warning("processes for scripted sessions die at their start; playing here")
        _played_here(left, work, keep, stop, may_leave=False)
    running(0)


def available_processors() -> int:
    """Return on how many processors this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _played_here(
    numbers: Sequence[int], work: Work, keep: Keep, stop: Event, *, may_leave: bool
) -> Sequence[int]:
    """Play sessions one after another, and return those left for others to play."""
    design, folder = work.design, work.folder
    lines: list[Line] = []
    asked = flushed = perf_counter()
    before = 0
    with _Beside(keep) as beside, interruptible(design):
        try:
            for done, number in enumerate(numbers):
                lines.append(written(scripted_session(design, design.row(number), folder)))
                now = perf_counter()
                if now - flushed < FLUSH_S:
                    continue
                ready, lines, flushed = lines, [], now
                beside.keep(ready)
                if stop.is_set():
                    return numbers[done + 1 :]
                if may_leave and now - asked >= ALONE_S:
                    # By those of late: scenarios differ, and the slow ones may come last.
                    left, few = numbers[done + 1 :], done + 1 - before
                    if len(left) * (now - asked) / few > WORTH_S:
                        return left
                    asked, before = now, done + 1
        finally:
            if lines:
                beside.keep(lines)
    return ()


class _Beside:
    """Keeps lines in a thread of its own, so that play goes on while the disk works.

    One batch at a time: what fails is raised when the next is to be kept, or in the end.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._pending: Future[None] | None = None

    def keep(self, lines: Sequence[Line]) -> None:
        """Begin to keep some lines, once those before them are kept."""
        self._wait()
        self._pending = self._thread.submit(self._keep, lines)

    def _wait(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._wait()
        finally:
            self._thread.shutdown()


def _played_apart(
    numbers: Sequence[int],
    work: Work,
    keep: Keep,
    running: Callable[[int], None],
    stop: Event,
    crew: Crew,
) -> Sequence[int]:
    """Have sessions played by others, and return those that could not be."""

    def fell(one: Fallen) -> None:
        design = work.design
        line = failed(design, design.row(one.number), "error", one.how, at=utc_now())
        keep([written(line)])

    with Workers(crew, numbers, work.folder) as workers:
        return workers.play(keep, fell, running, stop)
