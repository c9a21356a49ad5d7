"""Processes that play scripted sessions: fed, listened to, and replaced when one dies.

They are started as commands of their own, not by forking or by importing the caller's main module
again: so an evaluation can be started from a script, a notebook, a thread or a test alike. They sit
in a process group of their own, so that an interrupt at the terminal reaches the caller alone; what
a worker has not told by then is played again by the next run.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Self

from delegates.evaluation.playing.scripted_session import Line
from delegates.evaluation.playing.worker import Asked, Told, Work, receive, send

_log = logging.getLogger("minilateral.evaluation")

_COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from delegates.evaluation.playing.worker import serve; serve()"
)

CHUNK_S = 0.1
"""How long a worker takes for what it is asked at a time."""

MOST_ASKED = 2000
"""Sessions that a worker is asked for at a time, at most."""

AHEAD = 2
"""Requests that a worker has before it, so that it never waits."""

MOST_DEATHS = 3
"""Workers that a session may kill before it counts as an error; as many may die at their start."""

_WAIT_S = 0.2


@dataclass
class _Chunk:
    """Sessions that a worker was asked for and has not told yet."""

    numbers: deque[int]
    deaths: int = 0
    """Workers that died in the midst of it."""


@dataclass(eq=False)
class _Worker:
    """One process."""

    process: subprocess.Popen[bytes]
    asked: deque[_Chunk] = field(default_factory=deque["_Chunk"])
    is_ready: bool = False

    def stop(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                _closed(pipe.close)


def _closed(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:
        # What was still to be sent has nobody to receive it.
        return


@dataclass
class Fallen:
    """A session during which worker after worker died."""

    number: int
    how: str


class Workers:
    """Some workers and the sessions they have before them; a context manager."""

    def __init__(self, work: Work, count: int, numbers: Sequence[int]) -> None:
        """Take in what is to be played.

        Args:
            work: What is evaluated.
            count: How many processes.
            numbers: The sessions.
        """
        self._work = work
        self._fresh = iter(numbers)
        self._again: deque[_Chunk] = deque()
        """What a dead worker left."""
        self._left = len(numbers)
        self._seconds: float | None = None
        """What a session takes, of late."""
        self._size = 1
        self._heard: SimpleQueue[tuple[_Worker, Told | None]] = SimpleQueue()
        self._wanted = max(1, min(count, self._left))
        self._working: list[_Worker] = []
        self._stillborn = 0
        """Workers that died before they were ready, one after the other."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._working:
            worker.stop()

    def play(
        self,
        keep: Callable[[Sequence[Line]], None],
        fell: Callable[[Fallen], None],
        running: Callable[[int], None],
        stop: Event,
    ) -> list[int]:
        """Have everything played, and return what was not because no worker can be started.

        Args:
            keep: Given the lines of sessions as they end, in no particular order.
            fell: Told of a session that no worker survives.
            running: Told how many sessions go on.
            stop: Set by whoever wants it to end early.
        """
        for _ in range(self._wanted):
            self._start()
        while self._left and not stop.is_set():
            told = self._hear()
            running(sum(bool(worker.asked) for worker in self._working))
            if told:
                keep(told)
            for chunk in [one for one in self._again if one.deaths >= MOST_DEATHS]:
                self._again.remove(chunk)
                self._left -= 1
                how = f"{MOST_DEATHS} processes died while they played it"
                fell(Fallen(chunk.numbers[0], how))
            if self._stillborn >= MOST_DEATHS:
                _log.warning("processes for scripted sessions die at their start; playing here")
                return self._unplayed()
        return self._unplayed() if stop.is_set() else []

    def _hear(self) -> list[Line]:
        """Return what workers have told by now; wait a moment if none has."""
        lines: list[Line] = []
        try:
            heard = self._heard.get(timeout=_WAIT_S)
            while True:
                worker, told = heard
                if told is None:
                    self._bury(worker)
                else:
                    self._take(worker, told)
                    lines += told.lines
                heard = self._heard.get_nowait()
        except Empty:
            return lines

    def _take(self, worker: _Worker, told: Told) -> None:
        worker.is_ready, self._stillborn = True, 0
        for _ in told.lines:
            chunk = worker.asked[0]
            chunk.numbers.popleft()
            if not chunk.numbers:
                worker.asked.popleft()
        self._left -= len(told.lines)
        if told.lines:
            self._size_up(told.seconds / len(told.lines))
        self._feed(worker)

    def _size_up(self, seconds: float) -> None:
        """Ask for as much at a time as takes a tenth of a second, by what sessions take of late."""
        before = self._seconds
        self._seconds = seconds if before is None else 0.7 * before + 0.3 * seconds
        fitting = int(CHUNK_S / max(self._seconds, 1e-6))
        self._size = max(1, min(fitting, 4 * self._size, MOST_ASKED))

    def _feed(self, worker: _Worker) -> None:
        """Ask a worker for more, until it has enough before it."""
        while len(worker.asked) < AHEAD:
            chunk = self._next()
            if chunk is None:
                return
            worker.asked.append(chunk)
            pipe = worker.process.stdin
            if pipe is None:
                raise AssertionError("a worker without standard input")
            try:
                send(pipe, Asked([*chunk.numbers]))
            except OSError:
                # It is dead; whoever listens to it will say so.
                return

    def _next(self) -> _Chunk | None:
        if self._again:
            return self._again.popleft()
        numbers = deque(islice(self._fresh, self._size))
        return _Chunk(numbers) if numbers else None

    def _bury(self, worker: _Worker) -> None:
        """Take back what a dead worker left, and start another in its place."""
        self._working.remove(worker)
        worker.stop()
        if not worker.is_ready:
            self._stillborn += 1
        for place, chunk in enumerate(reversed(worker.asked)):
            is_first = place == len(worker.asked) - 1
            self._again.extendleft(reversed(_suspected(chunk)) if is_first else [chunk])
        if self._stillborn < MOST_DEATHS:
            self._start()

    def _start(self) -> None:
        process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-c", _COMMAND, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        worker = _Worker(process)
        self._working.append(worker)
        Thread(target=self._serve, args=(worker,), daemon=True).start()

    def _serve(self, worker: _Worker) -> None:
        """Tell a worker what is evaluated, then pass on all that it tells, and its death."""
        stdin, stdout = worker.process.stdin, worker.process.stdout
        try:
            if stdin is None or stdout is None:
                raise AssertionError("a worker without pipes")
            send(stdin, self._work)
            while True:
                told = receive(stdout)
                if isinstance(told, Told):
                    self._heard.put((worker, told))
        except (EOFError, OSError, ValueError):
            # A pipe that was closed here raises ValueError.
            self._heard.put((worker, None))

    def _unplayed(self) -> list[int]:
        """Return what nobody has told the end of."""
        chunks = [*self._again, *(chunk for one in self._working for chunk in one.asked)]
        return sorted([n for chunk in chunks for n in chunk.numbers] + [*self._fresh])


def _suspected(chunk: _Chunk) -> list[_Chunk]:
    """Return a chunk in whose midst a worker died, in halves, until one session is left alone."""
    numbers = [*chunk.numbers]
    if len(numbers) == 1:
        return [_Chunk(deque(numbers), chunk.deaths + 1)]
    half = len(numbers) // 2
    return [_Chunk(deque(numbers[:half])), _Chunk(deque(numbers[half:]))]
