"""A seat that a person joins from elsewhere: asked once, whoever comes and goes.

The session asks in its own thread; each joined app stays at the table in a thread of its own. What
passes between them passes through here, under the table's lock.
"""

from __future__ import annotations

import asyncio
import threading
from asyncio import FIRST_COMPLETED
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue

from textual.message import Message

from delegates.listening import Partial
from delegates.persons.person import Answer, HandOver, HaveStrike, Timer, Turn
from delegates.settings import Settings
from games.errors import MinilateralError, Paused
from transcripts.record import SessionRecord
from tui.hosting.rights import WATCHER, seat_rights
from tui.live.contract import Kept, Post
from tui.live.messages import (
    EventKept,
    Gathering,
    PauseTold,
    PersonAsked,
    SeatHeld,
    SessionOver,
    SessionStopped,
    TurnOver,
    WordsCame,
)
from tui.live.person import LEFT
from tui.live.rights import Rights

AWAY = "nobody was at the seat for {:g} s"
"""Why a seat was handed over whose person was not there."""

_AWAY = AWAY.partition("{")[0]
"""How that begins, however long was waited."""

WAS_AWAY = (
    "Your stand-in moved while you were away; from your next move on the seat is yours again."
)
STANDS_IN = "Your stand-in holds your seat: {}. It is yours again once it is given back."


CLOSED = "whoever hosts the table closed it"
"""What a seat is told of why the session stopped, where its host did that."""


class ClosedHere(Paused):
    """Whoever hosts a table closed it, as they are told themselves."""

    def __init__(self) -> None:
        super().__init__("you closed the table")


@dataclass(kw_only=True)
class Desk:
    """What the seats of a table share."""

    path: Path
    settings: Settings
    away_s: float
    """How long a person who is not there is waited for."""
    timer: Timer
    lock: threading.RLock = field(default_factory=threading.RLock)
    newest: EventKept | Gathering | None = None
    """What is to be told first to who comes late."""
    is_paused: bool = False
    """Whether those who are there were told that the session is paused."""
    ended: SessionRecord | MinilateralError | None = None
    note: Callable[[str | None, str | None], object] = lambda _party, _words: None
    """Told when something has changed: which party's, and words if it is of note."""

    def ending(self) -> Message | None:
        """Return what tells how it ended, once it has."""
        if isinstance(self.ended, SessionRecord):
            return SessionOver(self.ended)
        return None if self.ended is None else SessionStopped(self.ended, self.path)


class Attending:
    """The session as one app shows it, until that app leaves or the session ends."""

    def __init__(self, desk: Desk, party: str | None, rights: Rights) -> None:
        self.path = desk.path
        self.party = party
        self.settings = desk.settings
        self.rights = rights
        self.is_there = False
        """Whether its app has come and not left."""
        self.has_left = False
        """Whether its app has left."""
        self._desk = desk
        self._kept: dict[type, object] = {}
        self._messages: SimpleQueue[Message | None] = SimpleQueue()

    @property
    def ended(self) -> SessionRecord | MinilateralError | None:
        """How the session ended, once it has."""
        return self._desk.ended

    @property
    def person(self) -> Attending:
        """Where answers go: whoever only watches has none."""
        return self

    def answer(self, answer: Answer, turn: Turn) -> None:
        """Do nothing: nobody is asked here."""

    def take_back(self) -> None:
        """Do nothing: there is no seat here."""

    def keepsake(self, kind: type[Kept]) -> Kept:
        """Return what is kept of a kind; a new one at first."""
        found = self._kept.setdefault(kind, kind())
        if not isinstance(found, kind):
            raise AssertionError(f"{found!r} in the place of {kind}")  # noqa: TRY004
        return found

    def hold(self, post: Post) -> None:
        """Tell the app what happens until the session ends or it leaves; blocks.

        Args:
            post: Where every message goes.
        """
        with self._desk.lock:
            if not self.has_left:
                self.come()
        # Once the app's loop is gone, there is nobody left to tell.
        with suppress(RuntimeError):
            while (message := self._messages.get()) is not None:
                post(message)
            if self.has_left:
                post(SessionStopped(Paused(LEFT)))
            return
        self.leave()

    def come(self) -> None:
        """Note that the app is there, and tell it what a late comer must know."""
        self.is_there = True
        if self._desk.newest is not None:
            self.put(self._desk.newest)
        if self._desk.is_paused:
            self.put(PauseTold(is_paused=True))
        ending = self._desk.ending()
        if ending is not None:
            self.finish(ending)

    def leave(self) -> None:
        """Leave; the session goes on."""
        with self._desk.lock:
            self.has_left, self.is_there = True, False
            self._messages.put(None)

    def put(self, message: Message) -> None:
        """Have the app told something."""
        if self.is_there:
            self._messages.put(message)

    def finish(self, ending: Message) -> None:
        """Have the app told how the session ended; it has nothing to wait for then."""
        self.put(ending)
        self._messages.put(None)

    def hear(self, partial: Partial) -> None:
        """Have the app shown words that come, if whoever is at it may hear them."""
        self.put(WordsCame(partial))


class Watching(Attending):
    """The session as whoever leads the exercise sees it: all of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, None, WATCHER)


class Sitting(Attending):
    """The session as one app shows it that has joined a seat."""

    def __init__(self, desk: Desk, seat: HostedSeat) -> None:
        super().__init__(desk, seat.party, seat_rights(desk.away_s))
        self._kept = seat.kept
        self._seat = seat

    def answer(self, answer: Answer, turn: Turn) -> None:
        """Answer what was asked; nothing is done if that is not the question that is open."""
        self._seat.answered(self, answer, turn)

    @property
    def ended(self) -> SessionRecord | MinilateralError | None:
        """How the session ended, once it has, as it is told to who is not its host."""
        ended = super().ended
        return Paused(CLOSED) if isinstance(ended, ClosedHere) else ended

    def finish(self, ending: Message) -> None:
        """Have the app told how the session ended; it has nothing to wait for then."""
        if isinstance(ending, SessionStopped) and isinstance(self.ended, Paused):
            ending = SessionStopped(self.ended, ending.path)
        super().finish(ending)

    def take_back(self) -> None:
        """Ask for the seat that the stand-in holds, from its next turn on."""
        self._seat.want_back(self)

    def come(self) -> None:
        """Note that the person is there, and tell their app what a late comer must know."""
        super().come()
        self._seat.came(self)

    def leave(self) -> None:
        """Leave the seat; the session goes on."""
        with self._desk.lock:
            was_there = self.is_there
            super().leave()
            if was_there:
                self._seat.went(self)

    def hear(self, partial: Partial) -> None:
        """Have the app shown words that come, if its seat may hear them."""
        in_room = partial.heard_by is None or self.party in partial.heard_by
        if in_room and partial.purpose == "word":
            super().hear(partial)


@dataclass
class _Question:
    """What a seat's person is asked."""

    turn: Turn
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Answer]
    changed: asyncio.Event
    is_answered: bool = False


class HostedSeat:
    """A seat that a person joins from elsewhere."""

    def __init__(self, party: str, desk: Desk) -> None:
        """Keep a seat for a person.

        Args:
            party: Whose seat it is.
            desk: What it shares with the table's other seats.
        """
        self.party = party
        self.link = ""
        """Where the seat is joined; who has it plays the seat. Empty until it is served."""
        self.has_come = False
        """Whether anybody has ever joined it."""
        self.away_since: float | None = desk.timer.now()
        """Since when nobody has been at it, by the table's clock; None while somebody is."""
        self.held: str | None = None
        """Why its stand-in moves until further notice, by the person's own choice, by order, or
        because nobody was there; None where the person does."""
        self.kept: dict[type, object] = {}
        """What an app that comes later finds as it was left, such as a form half filled in."""
        self._desk = desk
        self._current: Sitting | None = None
        self._question: _Question | None = None
        self._was_away = False
        self._wants_back = False

    @property
    def is_here(self) -> bool:
        """Whether somebody is at it now."""
        return self.away_since is None

    @property
    def is_asked(self) -> bool:
        """Whether its person is asked to move now."""
        return self._question is not None

    def sitting(self) -> Sitting:
        """Return the session as one more app that joins shows it; the one before has left."""
        with self._desk.lock:
            if self._current is not None:
                self._current.leave()
            self._current = Sitting(self._desk, self)
            return self._current

    # --- the joined app's side

    def came(self, sitting: Sitting) -> None:
        """Note that an app is at the seat, and tell it what is asked."""
        if sitting is not self._current:
            sitting.leave()
            return
        self.has_come, self.away_since = True, None
        question = self._question
        if question is not None and not question.is_answered:
            sitting.put(PersonAsked(question.turn))
        elif self.held is not None:
            self._tell_held(sitting)
        self._stir()
        self._desk.note(self.party, "joined")

    def went(self, sitting: Sitting) -> None:
        """Note that an app has left the seat."""
        if sitting is self._current:
            self.away_since = self._desk.timer.now()
            self._stir()
            self._desk.note(self.party, "went away")

    def answered(self, sitting: Sitting, answer: Answer, turn: Turn) -> None:
        """Pass an answer on, if it is the newest app's, to what is asked, and the first.

        What the app answers may be asked no more: time ran out, or a shock has struck, and it has
        not heard of it yet. It is asked anew then, and has what was written.
        """
        with self._desk.lock:
            question = self._question
            if question is None or question.turn is not turn or question.is_answered:
                return
            # What strikes is for whoever leads the exercise to say.
            if sitting is not self._current or isinstance(answer, HaveStrike):
                return
            question.is_answered = True
            question.loop.call_soon_threadsafe(_settle, question.answer, answer)

    def want_back(self, sitting: Sitting) -> None:
        """Note that the person wants the seat that the stand-in holds."""
        with self._desk.lock:
            self._wants_back = self._wants_back or sitting is self._current

    def tell(self, message: Message) -> None:
        """Have the app at the seat told something."""
        if self._current is not None:
            self._current.put(message)

    def finish(self, ending: Message) -> None:
        """Have the app at the seat told how the session ended."""
        if self._current is not None:
            self._current.finish(ending)

    def hear(self, partial: Partial) -> None:
        """Have the app at the seat shown words that come, if the seat may hear them."""
        if self._current is not None:
            self._current.hear(partial)

    def hold(self, reason: str | None) -> None:
        """Note why the stand-in moves until further notice; None where the person does again."""
        self.held = reason
        # Who was away when the session was stopped is so for the host that carries it on.
        self._was_away = reason is not None and reason.startswith(_AWAY)
        if reason is None:
            self._wants_back = False
        elif self._current is not None:
            self._tell_held(self._current)

    def _tell_held(self, sitting: Sitting) -> None:
        if self._was_away:
            sitting.put(SeatHeld(WAS_AWAY, may_take_back=False))
        elif self.held == HandOver().reason:
            sitting.put(SeatHeld("", may_take_back=True))
        else:
            sitting.put(SeatHeld(STANDS_IN.format(self.held), may_take_back=False))

    # --- the session's side

    async def move(self, turn: Turn) -> Answer:
        """Return what the person answers; that the stand-in moves where nobody is there for long.

        Shocks are not theirs to order, and what could strike is not theirs to know.
        """
        loop = asyncio.get_running_loop()
        seen = replace(turn, shocks=(), struck=())
        question = _Question(seen, loop, loop.create_future(), asyncio.Event())
        with self._desk.lock:
            self._question = question
            self._wants_back = False
            self.tell(PersonAsked(seen))
        self._desk.note(self.party, None)
        try:
            return await self._answer_to(question)
        except asyncio.CancelledError:
            with self._desk.lock:
                self.tell(TurnOver())
            raise
        finally:
            with self._desk.lock:
                self._question = None

    def wants_back(self, party: str) -> bool:
        """Return whether the person wants the seat that the stand-in holds, or is there again."""
        del party
        with self._desk.lock:
            return self._wants_back or (self._was_away and self.is_here)

    async def _answer_to(self, question: _Question) -> Answer:
        while True:
            question.changed.clear()
            changed: asyncio.Task[bool] = asyncio.ensure_future(_is_set(question.changed))
            waits = [changed]
            if not self.is_here:
                waits.append(asyncio.ensure_future(self._waited()))
            try:
                await asyncio.wait([question.answer, *waits], return_when=FIRST_COMPLETED)
                if question.answer.done():
                    return question.answer.result()
                with self._desk.lock:
                    is_late = any(one.done() and not one.result() for one in waits)
                    # Who answered and was gone at once has answered.
                    if is_late and not self.is_here and not question.is_answered:
                        return self._handed_over()
            finally:
                for one in waits:
                    one.cancel()

    async def _waited(self) -> bool:
        await self._desk.timer.sleep(self._desk.away_s)
        return False

    def _handed_over(self) -> HandOver:
        self._was_away = True
        self._question = None
        self._desk.note(self.party, "its stand-in takes over: nobody is there")
        return HandOver(None, AWAY.format(self._desk.away_s))

    def _stir(self) -> None:
        """Have the session look again who is there."""
        question = self._question
        if question is not None:
            question.loop.call_soon_threadsafe(question.changed.set)


async def _is_set(event: asyncio.Event) -> bool:
    await event.wait()
    return True


def _settle(asked: asyncio.Future[Answer], answer: Answer) -> None:
    if not asked.done():
        asked.set_result(answer)
