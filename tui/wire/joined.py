"""One connection of a seat: an app of its own, drawn to a web socket and fed from it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import WSMsgType, web
from textual.app import App
from textual.driver import Driver

from tui.wire.driver import Outlet, WireDriver, driver_to
from tui.wire.incoming import Allowance, Ping, Resized, Said, Typed, understood

PIECE = 256
"""Characters that an app is given at once."""

HEEDED_S = 0.25
"""How long to wait at most until what was typed has been heeded, before more of it is read: who it
was meant for may be gone by then, as a form is that was sent."""

PATIENCE_S = 5.0
"""How long an app has to end."""

MESSAGE_COST, SIGN_COST = 32, 4096
"""What a message counts for beside its length, and what a sign of life does."""

CELLS_A_COST = 4
"""Cells of a new size that count for as much as a character: all of it is drawn anew."""

_log = logging.getLogger("minilateral.hosting")


@dataclass(frozen=True)
class Farewell:
    """Why a connection ends, as a web socket tells it."""

    code: int
    words: str


LEFT = Farewell(4000, "You left the table. It goes on; come back whenever you like.")
ELSEWHERE = Farewell(4001, "This seat was opened elsewhere; there it goes on.")
FAULT = Farewell(4003, "A fault closed this screen. The session goes on, and so does your seat.")
HOST_ENDS = Farewell(4002, "Whoever hosts the table ended it. What was played is kept there.")
TOO_SLOW = Farewell(1013, "this connection is too slow")
NONSENSE = Farewell(1008, "expected keys and sizes")
GONE = Farewell(1000, "")

Opens = Callable[[type[Driver]], App[None]]
"""Makes the app of a connection, given what it draws to."""


class Joined:
    """A connection and its app."""

    def __init__(self, socket: web.WebSocketResponse, opens: Opens, size: tuple[int, int]) -> None:
        """Join an app to a web socket that has been answered.

        Args:
            socket: The web socket.
            opens: Makes the app.
            size: Of the terminal at the other end.
        """
        self._socket = socket
        self._outlet = Outlet()
        self._app = opens(driver_to(self._outlet))
        self._size = size
        self._ends: asyncio.Future[Farewell] = asyncio.get_running_loop().create_future()
        self._allowance = Allowance(at_s=asyncio.get_running_loop().time())

    def end(self, why: Farewell) -> None:
        """End it from outside; what was said first holds."""
        if not self._ends.done():
            self._ends.set_result(why)

    async def run(self) -> Farewell:
        """Return why it ended, once it has; the app has ended by then."""
        playing = asyncio.ensure_future(self._app.run_async(size=self._size))
        sending = asyncio.ensure_future(self._send())
        reading = asyncio.ensure_future(self._read())
        # Whoever sends waits for a reader that does not read, and cannot tell of it.
        waiting = asyncio.ensure_future(self._outlet.over_full.wait())
        try:
            await asyncio.wait(
                [self._ends, playing, waiting, sending, reading],
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._ends.done():
                why = self._ends.result()
            elif playing.done():
                why = FAULT if playing.exception() or self._app.return_code else LEFT
            elif waiting.done():
                why = TOO_SLOW
            else:
                why = _read_to(reading)
            return why
        finally:
            reading.cancel()
            waiting.cancel()
            await self._close(playing)
            self._outlet.close()
            await asyncio.wait([sending], timeout=0 if self._outlet.over_full.is_set() else 1.0)
            sending.cancel()
            await asyncio.gather(reading, waiting, sending, return_exceptions=True)

    async def _close(self, playing: asyncio.Future[None]) -> None:
        if not playing.done():
            self._app.exit()
            await asyncio.wait([playing], timeout=PATIENCE_S)
        if not playing.done():
            _log.warning("an app of a seat did not end when it was asked to")
            playing.cancel()
            # The seat is not kept from who comes next, whatever becomes of the app.
            await asyncio.wait([playing], timeout=PATIENCE_S)
        if playing.done() and not playing.cancelled():
            playing.exception()  # told by the app itself

    async def _send(self) -> None:
        """Send what is drawn, as fast as it is taken."""
        with suppress(ConnectionError, RuntimeError):
            while drawn := await self._outlet.take():
                await self._socket.send_bytes(drawn.encode("utf-8", "replace"))

    async def _read(self) -> Farewell:
        """Read what is typed, no faster than the app heeds it."""
        loop = asyncio.get_running_loop()
        async for message in self._socket:
            if message.type in (WSMsgType.PING, WSMsgType.PONG):
                # They wait in a queue that has no bounds: who sends them in floods is hung up on.
                if self._allowance.wait_s(SIGN_COST, loop.time()) > 0:
                    return NONSENSE
                if message.type is WSMsgType.PING:
                    await self._socket.pong(message.data)
                continue
            if message.type is not WSMsgType.TEXT:
                return NONSENSE
            try:
                said = understood(message.data)
            except ValueError:
                _log.info("a connection was hung up on", exc_info=True)
                return NONSENSE
            await asyncio.sleep(self._allowance.wait_s(_cost(said, message.data), loop.time()))
            await self._heed(said)
        return GONE

    async def _heed(self, said: Said) -> None:
        driver = self._app._driver  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if isinstance(said, Ping):
            await self._socket.send_str(json.dumps(["pong", said.stamp]))
        elif isinstance(driver, WireDriver):
            if isinstance(said, Resized):
                driver.resize(said.width, said.height)
                await self._heeded()
            elif isinstance(said, Typed):
                for start in range(0, len(said.text), PIECE):
                    driver.feed(said.text[start : start + PIECE])
                    await self._heeded()

    async def _heeded(self) -> None:
        """Wait until what was passed on has reached whoever it was meant for, but not for ever."""
        reached = asyncio.Event()
        app = self._app

        def onwards() -> None:
            whom = app.focused or app.screen
            whom.call_later(reached.set)

        app.call_later(onwards)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEEDED_S):
                await reached.wait()


def _cost(said: Said, text: str) -> float:
    """Return what a message counts for."""
    cost = MESSAGE_COST + len(text)
    return cost + said.width * said.height / CELLS_A_COST if isinstance(said, Resized) else cost


def _read_to(reading: asyncio.Future[Farewell]) -> Farewell:
    """Return how reading ended; where a fault ended it, the log has the details."""
    if not reading.done():
        return GONE
    error = reading.exception()
    if error is None:
        return reading.result()
    _log.error("a connection's reading", exc_info=error)
    return FAULT
