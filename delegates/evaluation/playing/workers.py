"""Workers that play scripted sessions: fed, listened to, and replaced when one dies.

What they are is another's affair: processes of this machine (`processes`), or actors of a cluster
(`cluster`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Protocol, Self

from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.scripted_session import Line
from delegates.evaluation.playing.worker import Told
from games.errors import UserError
from games.files.folders import make_folder
from games.files.writing import put_in_place

Heard = Told | UserError | None
"""What is heard of a worker: what it tells, why none like it can play here, or that it died."""

Tell = Callable[[Heard], None]
"""Told what is heard of a worker, in any thread: at first, with no lines, that it is ready."""

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
    is_suspect: bool = False
    """Whether a worker died in its midst: then it is played by a worker that has nothing else, so
    that the blame falls on nobody else."""


class Worker(Protocol):
    """Plays sessions in the order in which it is asked for them."""

    def ask(self, numbers: Sequence[int]) -> None:
        """Ask for sessions, without waiting; one that is dead has told so or will."""
        ...

    def stop(self) -> None:
        """End it at once."""
        ...


class Crew(Protocol):
    """Where workers come from."""

    @property
    def size(self) -> int:
        """How many there shall be now."""
        ...

    def start(self, tell: Tell) -> Worker:
        """Return a worker that will soon say that it is ready, or that it died."""
        ...


@dataclass(eq=False)
class _Member:
    """A worker, and what it was asked for and has not told."""

    worker: Worker | None = None
    asked: deque[_Chunk] = field(default_factory=deque["_Chunk"])
    is_ready: bool = False


@dataclass
class Fallen:
    """A session during which worker after worker died."""

    number: int
    how: str


class Workers:
    """Some workers and the sessions they have before them; a context manager."""

    def __init__(self, crew: Crew, numbers: Sequence[int], folder: Folder) -> None:
        """Take in what is to be played.

        Args:
            crew: Where workers come from.
            numbers: The sessions.
            folder: Where what they leave beside goes, if they cannot write there.
        """
        self._crew = crew
        self._folder = folder
        self._fresh = iter(numbers)
        self._again: deque[_Chunk] = deque()
        """What a dead worker left."""
        self._left = self._most = len(numbers)
        self._seconds: float | None = None
        """What a session takes, of late."""
        self._size = 1
        self._heard: SimpleQueue[tuple[_Member, Heard]] = SimpleQueue()
        self._members: list[_Member] = []
        self._stillborn = 0
        """Workers that died before they were ready, one after the other."""
        self._refused: UserError | None = None
        """Why no worker can play this."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self._members:
            if member.worker is not None:
                member.worker.stop()

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

        Raises:
            UserError: If no worker can play this.
        """
        while self._left and not stop.is_set():
            self._fill_up()
            told = self._hear()
            running(sum(bool(member.asked) for member in self._members))
            if told:
                keep(told)
            if self._refused is not None:
                raise self._refused
            for chunk in [one for one in self._again if one.deaths >= MOST_DEATHS]:
                self._again.remove(chunk)
                self._left -= 1
                how = f"{MOST_DEATHS} processes died while they played it"
                fell(Fallen(chunk.numbers[0], how))
            if self._stillborn >= MOST_DEATHS:
                return self._unplayed()
        return self._unplayed() if stop.is_set() else []

    def _fill_up(self) -> None:
        """Start as many workers as there shall be and are not."""
        most = max(1, min(self._crew.size, self._most))
        while len(self._members) < most and self._stillborn < MOST_DEATHS:
            member = _Member()
            self._members.append(member)
            member.worker = self._crew.start(partial(self._overhear, member))

    def _overhear(self, member: _Member, heard: Heard) -> None:
        self._heard.put((member, heard))

    def _hear(self) -> list[Line]:
        """Return what workers have told by now; wait a moment if none has."""
        lines: list[Line] = []
        try:
            member, heard = self._heard.get(timeout=_WAIT_S)
            while True:
                if isinstance(heard, UserError):
                    self._refused = heard
                elif heard is None:
                    self._bury(member)
                else:
                    self._take(member, heard)
                    lines += heard.lines
                member, heard = self._heard.get_nowait()
        except Empty:
            return lines

    def _take(self, member: _Member, told: Told) -> None:
        member.is_ready, self._stillborn = True, 0
        for _ in told.lines:
            chunk = member.asked[0]
            chunk.numbers.popleft()
            if not chunk.numbers:
                member.asked.popleft()
        self._left -= len(told.lines)
        if told.lines:
            self._size_up(told.seconds / len(told.lines))
        for name, content in told.files.items():
            _bring(self._folder.path / name, content)
        self._feed(member)

    def _size_up(self, seconds: float) -> None:
        """Ask for as much at a time as takes a tenth of a second, by what sessions take of late."""
        before = self._seconds
        self._seconds = seconds if before is None else 0.7 * before + 0.3 * seconds
        fitting = int(CHUNK_S / max(self._seconds, 1e-6))
        self._size = max(1, min(fitting, 4 * self._size, MOST_ASKED))

    def _feed(self, member: _Member) -> None:
        """Ask a worker for more, until it has enough before it."""
        while member.worker is not None and len(member.asked) < AHEAD:
            chunk = self._next_for(member)
            if chunk is None:
                return
            member.asked.append(chunk)
            member.worker.ask([*chunk.numbers])

    def _next_for(self, member: _Member) -> _Chunk | None:
        if any(chunk.is_suspect for chunk in member.asked):
            return None
        if self._again:
            waits = self._again[0].is_suspect and member.asked
            return None if waits else self._again.popleft()
        numbers = deque(islice(self._fresh, self._size))
        return _Chunk(numbers) if numbers else None

    def _bury(self, member: _Member) -> None:
        """Take back what a dead worker left; another will be started in its place."""
        if member not in self._members:
            return
        self._members.remove(member)
        if member.worker is not None:
            member.worker.stop()
        if not member.is_ready:
            self._stillborn += 1
        for place, chunk in enumerate(reversed(member.asked)):
            is_first = place == len(member.asked) - 1
            self._again.extendleft(reversed(_suspected(chunk)) if is_first else [chunk])

    def _unplayed(self) -> list[int]:
        """Return what nobody has told the end of."""
        chunks = [*self._again, *(chunk for one in self._members for chunk in one.asked)]
        return sorted([n for chunk in chunks for n in chunk.numbers] + [*self._fresh])


def _suspected(chunk: _Chunk) -> list[_Chunk]:
    """Return a chunk in whose midst a worker died, in halves, until one session is left alone."""
    numbers = [*chunk.numbers]
    if len(numbers) == 1:
        return [_Chunk(deque(numbers), chunk.deaths + 1, is_suspect=True)]
    half = len(numbers) // 2
    halves = numbers[:half], numbers[half:]
    return [_Chunk(deque(part), is_suspect=True) for part in halves]


def _bring(path: Path, content: bytes) -> None:
    """Write a file that a worker sent; it bears its name only when it is whole."""
    make_folder(path.parent)
    put_in_place(path, content)
