"""A person who sees a screen: asked from the session's thread, answering from the screen's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from textual.message import Message

from delegates.persons.person import Answer, Turn
from games.errors import Paused
from tui.live.messages import PersonAsked, TurnOver

LEFT = "you left the table for now"

PACE_S = 2.0
"""Seconds for which what was done is looked at before a stand-in makes its next move."""


class ScreenPerson:
    """Passes questions to the screen, and the screen's answers back to the session."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self.pace_s = PACE_S
        """Seconds before each move of a stand-in, for the person to take the seat back."""
        self._awaited: asyncio.Future[Answer] | None = None
        self._asked: Turn | None = None
        self._stirred = threading.Event()
        self._back = False
        self._left = False

    async def move(self, turn: Turn) -> Answer:
        """Return what the person answers on the screen.

        Raises:
            Paused: If the person leaves for now.
        """
        if self._left:
            raise Paused(LEFT)
        self._back = False
        self._stirred.clear()
        self._asked, self._awaited = turn, asyncio.get_running_loop().create_future()
        self._post(PersonAsked(turn))
        try:
            return await self._awaited
        except asyncio.CancelledError:
            self._post(TurnOver())
            raise
        finally:
            self._awaited = None

    def wants_back(self, party: str) -> bool:
        """Return whether the person has asked for the seat that the stand-in holds.

        It waits a little for them to: rules would play to the end before anybody saw a move.

        Raises:
            Paused: If the person leaves for now.
        """
        del party
        self._stirred.wait(self.pace_s)
        if self._left:
            raise Paused(LEFT)
        return self._back

    def answer(self, answer: Answer, turn: Turn) -> None:
        """Answer what was asked; nothing is done if that is not the question that is open.

        Another may have been asked already that the screen does not know of yet.
        """
        awaited, asked = self._awaited, self._asked
        if awaited is not None and asked is turn:
            awaited.get_loop().call_soon_threadsafe(_settle, awaited, answer)

    def take_back(self) -> None:
        """Ask for the seat that the stand-in holds, from its next turn on."""
        self._back = True
        self._stirred.set()

    def leave(self) -> None:
        """Leave the table for now."""
        self._left = True
        self._stirred.set()
        awaited = self._awaited
        if awaited is not None:
            awaited.get_loop().call_soon_threadsafe(_settle, awaited, Paused(LEFT))


def _settle(awaited: asyncio.Future[Answer], answer: Answer | Paused) -> None:
    if awaited.done():
        return
    if isinstance(answer, Paused):
        awaited.set_exception(answer)
    else:
        awaited.set_result(answer)
