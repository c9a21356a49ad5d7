"""Plays a batch's sessions of models: many at a time in one event loop, under one cap.

All sessions share one client a model, one cache of replies and the batch's budget. Each is a
session like any other, with a transcript of its own (see `open_sessions`): what is broken off is
carried on, replies that were paid for are not bought again.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from delegates.connections import Caps, Clients
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished
from delegates.evaluation.playing.model_session import Broken, ModelSession, Playing
from delegates.evaluation.playing.open_sessions import OpenSessions
from delegates.evaluation.playing.order import Upcoming
from delegates.evaluation.playing.pace import AT_FIRST, MOST, Pace
from delegates.keeping import beside
from delegates.models.budget import Budget
from delegates.models.connect import Carriers
from delegates.models.local import SLOTS
from delegates.seats import SeatSpec, parse_seat
from delegates.settings import Settings, resolve_endpoint
from games.errors import CapReached, ProviderError

LOST_IN_A_ROW = 5
"""Sessions that fail at their providers, none ending well between them, after which no more begin;
if those that still go on fail as well, the batch is given up."""

_OTHER_FILES = 100
"""Files that a process has open besides."""

_YOUNG = 10_000
"""Objects made before Python looks for those that nobody needs."""


async def play_with_models(
    rows: Iterable[Row],
    design: Design,
    folder: Folder,
    settings: Settings,
    *,
    budget: Budget,
    keep: Callable[[Finished], None],
    running: Callable[[int], None],
    called: Callable[[str], None] = lambda _: None,
    at_once: int | None = None,
    carriers: Carriers | None = None,
) -> None:
    """Play sessions in which some seat asks a model, and keep each as it ends.

    Args:
        rows: The sessions; those whose transcripts lie open are carried on.
        design: What is evaluated.
        folder: Where transcripts and tracebacks go; it must be held.
        settings: Where models are.
        budget: What the whole batch may use, told of all that was spent before.
        keep: Puts a line into the journal, on disk when it returns; called in other threads.
        running: Told how many sessions go on.
        called: Told why a call failed that is made again, and with nothing when one was answered.
        at_once: Sessions at a time; by default as many as servers and this machine keep up with.
        carriers: Who carry requests; by default this process does.

    Raises:
        SettingError: If a model cannot be asked.
        ProviderError: If sessions fail one after the other, and none ends well.
        CapReached: If the budget does not allow a further call; sessions that did not need one have
            ended by then.
    """
    caps = Caps(shared=budget, retry_budget_s=design.plan.session.retry_budget_s)
    clients = Clients.opened(settings, caps, carriers)
    seats = {name: parse_seat(text) for name, text in design.specs.items()}
    playing = Playing(design, seats, OpenSessions(folder), settings, caps, clients, called)
    pace = Pace(min(at_once or MOST, _most_files()), at_first=_at_first(seats, settings))
    batch = _Batch(playing, keep, running, pace)
    try:
        with _rarely_collected():
            await batch.play(rows)
    finally:
        await clients.close()


def _most_files() -> int:
    """Return how many sessions' files and connections may be open at once."""
    try:
        import resource
    except ImportError:  # only Unix tells
        return MOST
    return max(1, (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OTHER_FILES) // 2)


def _at_first(seats: Mapping[str, SeatSpec], settings: Settings) -> int:
    """Return how many sessions begin at first; an embedded model works on few questions at once."""
    names = {name for spec in seats.values() for name in spec.models}
    is_embedded = any(
        resolve_endpoint(settings, name.model, name.endpoint).embedded for name in names
    )
    return SLOTS + 1 if is_embedded else AT_FIRST


@contextmanager
def _rarely_collected() -> Generator[None]:
    """Have Python look seldom for objects that nobody needs, and never among those there are.

    With a hundred sessions at a time it spent a sixth of all work on that.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(max(before[0], _YOUNG), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class _Batch:
    """Sessions under way."""

    def __init__(
        self,
        playing: Playing,
        keep: Callable[[Finished], None],
        running: Callable[[int], None],
        pace: Pace,
    ) -> None:
        self._playing, self._keep, self._running, self._pace = playing, keep, running, pace
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        """Set when a session has ended."""
        self._lost: list[ModelSession] = []
        """Sessions that failed at their providers, to be carried on once more."""
        self._lost_in_a_row = 0
        self._last_lost: ProviderError | None = None
        self._capped: CapReached | None = None
        self._fault: BaseException | None = None
        """What ends the whole batch."""

    async def play(self, rows: Iterable[Row]) -> None:
        """Play all sessions, those that are lost once more at the end."""
        try:
            await self._play(ModelSession(self._playing, row) for row in rows)
            again, self._lost, self._lost_in_a_row = self._lost, [], 0
            await self._play(session.once_more() for session in again)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._running(0)

    async def _play(self, sessions: Iterator[ModelSession]) -> None:
        upcoming = Upcoming(sessions, ModelSession.questions, self._pace.most)
        while self._fault is None and (upcoming or self._tasks):
            room = 0 if self._is_held else self._pace.room(len(self._tasks))
            while upcoming and room > 0:
                self._begin(upcoming.take(len(self._tasks)))
                room -= 1
            if upcoming and not self._is_held:
                await self._pace.look_on()
            elif self._tasks:
                self._ended.clear()
                await self._ended.wait()
            else:
                break
        self._raise()

    @property
    def _is_held(self) -> bool:
        """Whether no further session begins, for now or for good."""
        hopeless = self._lost_in_a_row >= LOST_IN_A_ROW
        return hopeless or self._capped is not None or self._fault is not None

    def _raise(self) -> None:
        """Raise what ended the batch before all sessions were played, if anything did."""
        if self._fault is not None:
            raise self._fault
        if self._capped is not None:
            raise self._capped
        if self._lost_in_a_row >= LOST_IN_A_ROW:
            raise self._last_lost or ProviderError("every session fails at its provider")

    def _begin(self, session: ModelSession) -> None:
        task = asyncio.create_task(self._one(session))
        self._tasks.add(task)
        task.add_done_callback(self._end)
        self._running(len(self._tasks))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended.set()
        self._running(len(self._tasks))
        if not task.cancelled() and task.exception() is not None:
            self._fault = self._fault or task.exception()

    async def _one(self, session: ModelSession) -> None:
        """Play a session and keep its end."""
        try:
            line = await session.played()
        except Broken as broken:
            self._break(session, broken)
            return
        if line.ended == "provider":
            self._lose(ProviderError(line.problem))
        else:
            self._lost_in_a_row = 0
        await beside(partial(self._keep, line))
        await beside(partial(session.put_away, line))

    def _break(self, session: ModelSession, broken: Broken) -> None:
        """Take in that a session does not go on for now."""
        if isinstance(broken.reason, CapReached):
            self._capped = self._capped or broken.reason
        else:
            self._lost.append(session)
            self._lose(broken.reason)

    def _lose(self, error: ProviderError) -> None:
        self._lost_in_a_row += 1
        self._last_lost = error
