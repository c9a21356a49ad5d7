"""One outside agent's seat: what it is asked, what it has answered, and what became of that.

A move counts once it is on record. Until then its sender is not told that it was made; and whatever
comes for another turn, or a second time, changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Literal

from delegates.minds.outside import HTTP
from delegates.outside.messages import MoveGiven, OverTold, TurnTold
from delegates.outside.reading import answer_meant
from delegates.outside.telling import over_told, turn_told
from delegates.persons.person import Answer, Turn
from games.errors import UnusableReply
from transcripts.events import Decided, Event, HandedOver, SessionClosed


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of a move that was sent."""

    kind: Literal["kept", "not-awaited", "unusable"]
    line: str = ""
    """What is wrong, where it was not kept."""
    turn: int = -1


@dataclass
class _Asked:
    """A turn that is awaited, and what was answered."""

    turn: Turn
    answer: asyncio.Future[Answer]
    told: TurnTold


@dataclass
class OutsideSeat:
    """A seat whose moves come through the door; all of it lives in the loop of its session."""

    party: str
    speaks: str = HTTP
    """How its agent speaks: `http` or `mcp`."""
    token: str = field(default_factory=lambda: token_urlsafe(32), repr=False)
    over: OverTold | None = None
    has_called: bool = False
    """Whether its agent was ever seen."""
    knows_end: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once its agent was told how the session ended."""
    _asked: _Asked | None = None
    _verdict: asyncio.Future[Verdict] | None = None
    _answered: int = -1
    """The turn of the answer whose verdict is awaited."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    """Set anew whenever there may be something to tell."""

    async def move(self, turn: Turn) -> Answer:
        """Return what the agent answers; cancelled when its time runs out."""
        if turn.problem is not None:
            self._judge(Verdict(kind="unusable", line=turn.problem))
        elif self._answered == turn.view.turn:
            self._judge(_overtaken(turn.view.turn))
        answer = asyncio.get_running_loop().create_future()
        self._asked = _Asked(turn, answer, turn_told(turn))
        self._tell()
        try:
            return await answer
        finally:
            self._asked = None

    def hear(self, event: Event) -> None:
        """Take in what has gone on record."""
        match event:
            case Decided(party=self.party, turn=self._answered):
                self._judge(Verdict(kind="kept", turn=event.turn))
            case HandedOver(party=self.party, turn=self._answered):
                self._judge(_too_late(event.turn, event.reason))
            case SessionClosed():
                self.over = over_told(event, self.party)
                self._tell()
            case _:
                pass

    def leave(self) -> None:
        """Tell who waits for a verdict that none will come: the session has stopped."""
        line = "turn: the session has stopped, and the move is not on record; ask for it again"
        self._judge(Verdict(kind="not-awaited", line=line))

    async def told(self, patience_s: float) -> TurnTold | OverTold | None:
        """Return what there is to tell, waited for as long as is said; None if there is nothing."""
        self.has_called = True
        try:
            async with asyncio.timeout(patience_s):
                while self._asked is None and self.over is None:
                    news = self._news
                    await news.wait()
        except TimeoutError:
            return None
        if self.over is not None:
            return self.over
        asked = self._asked
        if asked is None:
            return None
        return asked.told.model_copy(update={"left_s": asked.turn.left_s()})

    async def answered(self, given: Callable[[], MoveGiven]) -> Verdict:
        """Return what became of a move that was sent, once it is read.

        Whoever waits for the verdict may leave; a move that was taken is kept all the same.
        """
        self.has_called = True
        try:
            verdict = self._taken(given())
        except UnusableReply as error:
            return Verdict(kind="unusable", line=str(error))
        return verdict if isinstance(verdict, Verdict) else await asyncio.shield(verdict)

    def _taken(self, given: MoveGiven) -> Verdict | asyncio.Future[Verdict]:
        asked = self._asked
        if asked is None or asked.answer.done() or asked.turn.view.turn != given.turn:
            return _not_awaited(given.turn, asked)
        answer = answer_meant(asked.turn.view, given)
        verdict = asyncio.get_running_loop().create_future()
        self._verdict, self._answered = verdict, given.turn
        asked.answer.set_result(answer)
        return verdict

    def _judge(self, verdict: Verdict) -> None:
        waiting, self._verdict, self._answered = self._verdict, None, -1
        if waiting is not None and not waiting.done():
            waiting.set_result(verdict)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _not_awaited(turn: int, asked: _Asked | None) -> Verdict:
    if asked is None:
        line = "turn: no move of this seat is awaited now; look again before you move"
    elif asked.turn.view.turn == turn:
        line = f"turn: {turn} has been answered; the first answer stands"
    else:
        line = f"turn: {turn} is not awaited; expected {asked.turn.view.turn}"
    return Verdict(kind="not-awaited", line=line)


def _overtaken(turn: int) -> Verdict:
    line = f"turn: something has happened in {turn} since; ask for it again, and move anew"
    return Verdict(kind="not-awaited", line=line)


def _too_late(turn: int, reason: str) -> Verdict:
    why = "as time ran out" if reason.startswith("time ran out") else f"as {reason}"
    line = f"turn: {turn} is over, {why}; the stand-in moves"
    return Verdict(kind="not-awaited", line=line)
