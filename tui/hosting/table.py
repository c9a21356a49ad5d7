"""A table that several people join: the session in a thread of its own, its seats, who is there."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from delegates.connections import Caps
from delegates.leading.lead import Lead
from delegates.listening import Listener, Partial
from delegates.negotiate import resume_async
from delegates.persons.person import Person, Timer
from delegates.persons.several import SeveralPersons
from delegates.sealing import persons
from delegates.settings import Settings
from delegates.table import Watcher
from games.errors import MinilateralError, SeatError, TranscriptError
from games.scenario import Scenario
from transcripts.events import (
    Event,
    Found,
    HandedOver,
    SessionClosed,
)
from transcripts.fold import Folded, opened
from transcripts.record import SessionRecord
from transcripts.store import Transcript, TranscriptFile
from tui.hosting.seat import ClosedHere, Desk, HostedSeat, Watching
from tui.live.messages import EventKept, Gathering, PauseTold
from tui.live.stoppable import Stoppable
from tui.session_plan import SessionPlan

AWAY_S = 120.0
"""Seconds for which a table waits for a person who is not there, if nothing else is said."""

Phase = Literal["gathering", "playing", "over", "stopped"]
"""Before the first event, until the people have come; while it is played; at the end; on a stop."""

Play = Callable[[Watcher, Person, Listener, Lead], Coroutine[object, object, SessionRecord]]
"""Plays a session to its end."""

_FAULT = "a fault in the program cut the session short; the log has the details"

_log = logging.getLogger("minilateral.hosting")


class CutShort(MinilateralError):  # noqa: N818 - it says what became of a session
    """A fault of our own stopped a table's session; the others go on."""


@dataclass(frozen=True)
class Happening:
    """Something at a table that whoever leads the exercise wants to know."""

    table: int
    party: str | None
    """The seat; None where it is about the table."""
    words: str
    """What happened, in a few words, e.g. "joined"."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How long people who are not there are waited for, and by which clock."""

    away_s: float = AWAY_S
    timer: Timer = field(default_factory=Timer)


class HostedTable:
    """A session that is hosted, with the seats that people join."""

    def __init__(
        self,
        play: Play,
        *,
        number: int,
        path: Path,
        scenario: Scenario,
        seed: int,
        people: Sequence[str],
        settings: Settings,
        waiting: Waiting | None = None,
        lead: Lead | None = None,
    ) -> None:
        """Lay a table; nothing is played before `start`.

        Args:
            play: Plays the session.
            number: The table's, from 1.
            path: The transcript.
            scenario: What is negotiated.
            seed: The session's.
            people: The parties for which people sit.
            settings: The host's.
            waiting: How long people who are not there are waited for.
            lead: Steers the session; a new one if not given.
        """
        waits = waiting or Waiting()
        self.number, self.path, self.scenario = number, path, scenario
        self._seed = seed
        self.settings = settings
        """The host's."""
        self.lead = lead or Lead(timer=waits.timer)
        """Pauses the session, strikes, hands seats over and gives them back."""
        self.phase: Phase = "gathering"
        self.round, self.rounds, self.moves = 0, 0, 0
        """Rounds begun, of how many; moves made."""
        self.awaits: str | None = None
        """The party whose move is awaited."""
        self._desk = Desk(
            path=path,
            settings=settings,
            away_s=waits.away_s,
            # While the session is paused, nobody is waited for in vain.
            timer=self.lead.timer,
            note=self._note,
        )
        self.seats: Mapping[str, HostedSeat] = {
            party: HostedSeat(party, self._desk) for party in scenario.ids if party in people
        }
        """Party → seat, of those for which people sit, in the order of moves."""
        self.lead.tell(self._tell_pause)
        self._play = play
        self._playing = Stoppable[SessionRecord]()
        self._told: list[Callable[[Happening | None], object]] = []
        self._watching: list[Watching] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._presence: asyncio.Event | None = None
        self._begins_at: float | None = None
        """When it begins without who has not come, by the table's clock."""

    @property
    def ended(self) -> SessionRecord | MinilateralError | None:
        """How the session ended, once it has."""
        return self._desk.ended

    def now(self) -> float:
        """Return the time by which `away_since` is told, in seconds."""
        return self._desk.timer.now()

    def begins_in_s(self) -> float | None:
        """Return after how many seconds it begins without who has not come; None while nobody has,
        and once it has begun."""
        if self.phase != "gathering" or self._begins_at is None:
            return None
        return max(self._begins_at - self.now(), 0.0)

    def tell(self, told: Callable[[Happening | None], object]) -> None:
        """Have somebody told, from any thread, whenever something changes; None if not of note."""
        self._told.append(told)

    def forget(self, told: Callable[[Happening | None], object]) -> None:
        """Tell somebody no more."""
        with self._desk.lock:
            self._told = [one for one in self._told if one != told]

    def watching(self) -> Watching:
        """Return the session as a trainer's screen shows it: all of it, and without a seat.

        Any number may watch; to leave one leaves the session alone.
        """
        one = Watching(self._desk)
        with self._desk.lock:
            self._watching = [*(each for each in self._watching if not each.has_left), one]
        return one

    def start(self) -> None:
        """Let the session begin in its thread: once all people have come, or have had their time
        from when the first of them came."""
        self._thread = threading.Thread(
            target=self._run, name=f"minilateral-table-{self.number}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop the session if it goes on, so that it can be resumed; wait until it has."""
        self._playing.stop()
        if self._thread is not None:
            self._thread.join()

    # --- the session's thread

    def _run(self) -> None:
        ended: SessionRecord | MinilateralError
        try:
            ended = self._playing.play(self._gathered_and_played())
        except asyncio.CancelledError:
            ended = ClosedHere()
        except MinilateralError as error:
            ended = error
        except Exception:  # noqa: BLE001 - the outermost door: one table of several
            _log.exception("table %d", self.number)
            ended = CutShort(_FAULT)
        with self._desk.lock:
            self._desk.ended = ended
            self.awaits = None
            self.phase = "over" if isinstance(ended, SessionRecord) else "stopped"
            ending = self._desk.ending()
            for one in (*self.seats.values(), *self._watching):
                if ending is not None:
                    one.finish(ending)
        # Whoever closed it knows, and is told once for all tables.
        stopped = None if isinstance(ended, ClosedHere) else f"stopped: {ended}"
        self._note(None, "is over" if self.phase == "over" else stopped)

    async def _gathered_and_played(self) -> SessionRecord:
        with self._desk.lock:
            self._loop = asyncio.get_running_loop()
            self._presence = asyncio.Event()
        await self._gather()
        self.phase = "playing"
        self._note(None, "begins")
        front = SeveralPersons(dict(self.seats))
        return await self._play(self._watch, front, self._listen, self.lead)

    async def _gather(self) -> None:
        """Wait until all people have come, or the first of them has waited long enough."""
        presence = self._presence
        patience: asyncio.Future[None] | None = None
        while presence is not None and not all(one.has_come for one in self.seats.values()):
            presence.clear()
            coming = asyncio.ensure_future(presence.wait())
            if patience is None and any(one.has_come for one in self.seats.values()):
                patience = asyncio.ensure_future(
                    _slept(self._desk.timer, self._limited() - self.now())
                )
            try:
                waits = [one for one in (coming, patience) if one is not None]
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                coming.cancel()
            if patience is not None and patience.done():
                return
        if patience is not None:
            patience.cancel()

    def _limited(self) -> float:
        """Set once, as somebody has come, when it begins without the others; return that."""
        with self._desk.lock:
            if self._begins_at is None:
                self._begins_at = self.now() + self._desk.away_s
            return self._begins_at

    def _watch(self, event: Event, folded: Folded) -> None:
        state = folded.state
        with self._desk.lock:
            self._desk.newest = kept = EventKept.of(event, folded, self._desk.newest)
            self.awaits = kept.awaits
            self.round, self.rounds = state.rounds_begun, state.rounds
            self.moves = len(folded.made)
            for party, seat in self.seats.items():
                holds = folded.stand_ins.get(party)
                reason = None if holds is None or holds.turns is not None else holds.reason
                if reason != seat.held or (isinstance(event, HandedOver) and event.party == party):
                    seat.hold(reason)
                seat.tell(kept)
            for one in self._watching:
                one.put(kept)
        self._note(None, None)

    def _listen(self, words: Partial) -> None:
        with self._desk.lock:
            for one in (*self.seats.values(), *self._watching):
                one.hear(words)

    def _note(self, party: str | None, words: str | None) -> None:
        with self._desk.lock:
            loop, presence = self._loop, self._presence
            if loop is not None and presence is not None and not loop.is_closed():
                loop.call_soon_threadsafe(presence.set)
            if self.phase == "gathering" and party is not None:
                self._tell_who_is_missing()
        happening = None if words is None else Happening(self.number, party, words)
        for told in self._told:
            told(happening)

    def _tell_pause(self) -> None:
        """Tell those who are there if the session has been paused, or goes on."""
        with self._desk.lock:
            is_paused = self.lead.is_paused and self.ended is None
            if is_paused == self._desk.is_paused:
                return
            self._desk.is_paused = is_paused
            for seat in self.seats.values():
                seat.tell(PauseTold(is_paused))

    def _tell_who_is_missing(self) -> None:
        missing = [party for party, seat in self.seats.items() if not seat.has_come]
        if len(missing) < len(self.seats):
            self._limited()
        self._desk.newest = gathering = Gathering(
            tuple(missing), self.scenario, self._seed, self.begins_in_s
        )
        for seat in self.seats.values():
            seat.tell(gathering)
        for one in self._watching:
            one.put(gathering)


async def _slept(timer: Timer, seconds: float) -> None:
    await timer.sleep(seconds)


def table_laid(plan: SessionPlan, number: int, waiting: Waiting | None = None) -> HostedTable:
    """Return a table at which a planned session will be played.

    Args:
        plan: What is to be played.
        number: The table's, from 1.
        waiting: How long people who are not there are waited for.

    Raises:
        SeatError: If no seat is a person's.
    """
    session, path = plan.new_file()
    people = [party for party, spec in plan.specs().items() if spec.is_person]
    if not people:
        raise SeatError(
            f"{plan.scenario.id}: nobody is to join; expected a seat for a person, e.g. "
            f"--seat {plan.scenario.ids[0]}=human"
        )

    def play(
        watch: Watcher, person: Person, listen: Listener, lead: Lead
    ) -> Coroutine[object, object, SessionRecord]:
        return plan.played(session, path, watch, person, listen, lead=lead)

    return HostedTable(
        play,
        number=number,
        path=path,
        scenario=plan.scenario,
        seed=plan.seed,
        people=people,
        settings=plan.settings,
        waiting=waiting,
    )


def table_again(
    path: Path,
    settings: Settings,
    number: int,
    *,
    caps: Caps | None = None,
    waiting: Waiting | None = None,
) -> HostedTable:
    """Return a table at which an interrupted session will be carried on.

    Args:
        path: The transcript.
        settings: Where models are.
        number: The table's, from 1.
        caps: Limits on money, tokens and time, earlier spending included.
        waiting: How long people who are not there are waited for.

    Raises:
        TranscriptError: If the file cannot be read or written, is damaged or in use, or the session
            has ended.
        SeatError: If no seat is a person's.
    """
    # Whoever comes is not to wait for a session that cannot be carried on.
    TranscriptFile.reopen(path)[0].close()
    transcript = Transcript(path)
    begun = opened(transcript)
    if isinstance(transcript.event(len(transcript) - 1), SessionClosed | Found):
        raise TranscriptError(f"{path}: the session has ended; expected one that goes on")
    people = persons(begun.header)
    if not people:
        raise SeatError(f"{path}: nobody sat there in person; expected minilateral resume")

    def play(
        watch: Watcher, person: Person, listen: Listener, lead: Lead
    ) -> Coroutine[object, object, SessionRecord]:
        return resume_async(
            path,
            settings=settings,
            caps=caps,
            watch=watch,
            person=person,
            listen=listen,
            lead=lead,
        )

    return HostedTable(
        play,
        number=number,
        path=path,
        scenario=begun.scenario,
        seed=begun.header.seed,
        people=people,
        settings=settings,
        waiting=waiting,
    )


def links(tables: Sequence[HostedTable]) -> list[tuple[int, str, str]]:
    """Return table, party and link of every seat that people join."""
    return [(one.number, seat.party, seat.link) for one in tables for seat in one.seats.values()]
