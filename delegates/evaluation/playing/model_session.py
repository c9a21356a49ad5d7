"""One planned session of models: begun or carried on, and what the journal keeps of its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from delegates.attendance import Attendance
from delegates.books import spent_by
from delegates.connections import Caps, Clients
from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.planning.plan import Ended
from delegates.evaluation.playing.finish import failed, finished
from delegates.evaluation.playing.journal import Finished
from delegates.evaluation.playing.open_sessions import CARRIED_ON, OpenSessions
from delegates.evaluation.playing.scripted_session import keep_traceback
from delegates.keeping import beside
from delegates.negotiate import played_with
from delegates.ready import Ready, begun, reopened
from delegates.seats import SeatSpec
from delegates.settings import Settings
from games.errors import (
    CapReached,
    DelegateError,
    NotKept,
    ProviderError,
    SettingError,
    TranscriptError,
)
from transcripts.events import Event, Replied, Retried
from transcripts.fold import Folded
from transcripts.record import SessionRecord
from transcripts.store import utc_now


class Broken(Exception):  # noqa: N818 - it says what became of a session
    """Raised when a session does not go on for now; its transcript lies open."""

    def __init__(self, reason: CapReached | ProviderError) -> None:
        """Keep why."""
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Playing:
    """What all sessions of a batch are played with."""

    design: Design
    seats: Mapping[str, SeatSpec]
    """Strategy → seat."""
    open: OpenSessions
    settings: Settings
    caps: Caps
    clients: Clients
    called: Callable[[str], None]
    """Told why a call failed that is made again, and with nothing when one was answered."""

    def watch(self, event: Event, _: Folded) -> None:
        """See how calls of models go."""
        if isinstance(event, Retried):
            self.called(event.reason)
        elif isinstance(event, Replied) and not event.from_cache:
            self.called("")


@dataclass
class ModelSession:
    """A planned session."""

    playing: Playing
    row: Row
    is_last_try: bool = False
    """Whether a failure of its provider is its end."""
    _ready: Ready | None = field(default=None, init=False)
    _earlier_s: float = field(default=0.0, init=False)
    _began: float = field(default=0.0, init=False)

    def questions(self) -> int:
        """Return how many questions to models follow one another if all rounds are played."""
        playing, row = self.playing, self.row
        asking = sum(bool(playing.seats[name].models) for name in row.seats)
        return asking * playing.design.scenarios[row.scenario].protocol.rounds

    def once_more(self) -> ModelSession:
        """Return the same session as it is carried on a last time."""
        return ModelSession(self.playing, self.row, is_last_try=True)

    async def played(self) -> Finished:
        """Return how it ended; whatever goes wrong in it alone, it ends.

        Raises:
            Broken: If a cap was met, or its provider failed and it is to be tried again.
            SettingError: If a model cannot be asked.
            NotKept: If the transcript cannot be written any more.
            OSError: If nothing else can be.
        """
        self._began = asyncio.get_running_loop().time()
        try:
            return await self._in_time()
        except CapReached as error:
            raise Broken(error) from error
        except ProviderError as error:
            if not self.is_last_try:
                raise Broken(error) from error
            return self._failed("provider", str(error))
        except DelegateError as error:
            return self._failed("refused", self._told(error))
        except (SettingError, NotKept, OSError):
            raise
        except TranscriptError as error:
            path = self.playing.open.path(self.row)
            problem = f"{error}; {path} holds it: deleted, the session is played anew"
            return self._failed("error", problem)
        except Exception as error:  # noqa: BLE001 - the outermost door: one session of a batch
            return self._failed("error", self._told(error))

    async def _in_time(self) -> Finished:
        """Play it for as long as the plan allows, earlier runs counted."""
        ready = await self._open()
        limit_s = self.playing.design.plan.session.timeout_s
        limit = asyncio.timeout(None if limit_s is None else max(0.0, limit_s - self._lasted_s))
        try:
            async with limit:
                if not isinstance(ready, SessionRecord):
                    self._ready = ready
                    ready.table.plays_on = not self.playing.settings.traced
                    ready = await played_with(ready, self.playing.clients)
        except TimeoutError:
            if not limit.expired():
                raise
            return self._failed("timeout", f"took longer than {limit_s:g} s")
        design, row = self.playing.design, self.row
        line = finished(design, row, ready, seconds=self._seconds, at=utc_now())
        kept_as = self.playing.open.kept_as(design, row, line.ended)
        return line.model_copy(update={"transcript": kept_as})

    async def _open(self) -> Ready | SessionRecord:
        opening = asyncio.ensure_future(beside(self._opened))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # A file that was opened meanwhile is closed.
            ready = await opening
            if isinstance(ready, Ready):
                ready.table.recorder.__exit__(None, None, None)
            raise

    def _opened(self) -> Ready | SessionRecord:
        """Return the session begun, or reopened where its transcript lies open."""
        playing, row = self.playing, self.row
        design, path = playing.design, playing.open.path(row)
        scenario, company = design.played_as(row), Attendance(watch=playing.watch)
        if path.exists():
            found = reopened(path, playing.settings, playing.caps, company, scenario=scenario)
            events = found.events if isinstance(found, SessionRecord) else found.record.events
            spent = spent_by(events or (), playing.settings, has_ended=True)
            self._earlier_s = spent.time_s
            return found
        seats = zip(scenario.ids, row.seats, strict=True)
        return begun(
            scenario,
            {party: playing.seats[name] for party, name in seats},
            playing.settings,
            playing.caps,
            company,
            seed=row.seed,
            session=design.session(row.number),
            transcript=path,
        )

    @property
    def _lasted_s(self) -> float:
        """How long it has gone on, earlier runs counted."""
        return self._earlier_s + asyncio.get_running_loop().time() - self._began

    @property
    def _seconds(self) -> float:
        return round(self._lasted_s, 6)

    def _told(self, error: Exception) -> str:
        session = self.playing.design.session(self.row.number)
        return keep_traceback(self.playing.open.folder, session, error)

    def _failed(self, ended: Ended, problem: str) -> Finished:
        design, row, ready = self.playing.design, self.row, self._ready
        return failed(
            design,
            row,
            ended,
            problem,
            record=None if ready is None else ready.record,
            seconds=self._seconds,
            at=utc_now(),
            transcript=self.playing.open.kept_as(design, row, ended),
        )

    def put_away(self, line: Finished) -> None:
        """Put its transcript away, now that the journal has its end."""
        if line.ended not in CARRIED_ON:
            self.playing.open.put_away(self.row.key, line.transcript)
