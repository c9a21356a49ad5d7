"""The thin end of a joined seat: bytes from the host to the terminal, keys from there to the host.

It knows nothing of talks. When the connection breaks it says so, tries again by itself, and is back
where it was: the seat is the host's to keep.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

import aiohttp

from delegates.text import one_line
from games.errors import UserError
from tui.joining.link import Link
from tui.joining.picture import Picture

FINAL = frozenset({4000, 4001, 4002, 4003})
"""How the host ends a connection that is not to be tried again by itself."""

LARGEST = 8_000_000
"""Bytes of the largest message that is read."""

HEARTBEAT_S = 10.0
"""Seconds between questions whether the host is still there."""

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0
"""Seconds before a connection is tried again, doubled each time up to the longest."""

INTERRUPT = "\x03"

INSISTS = 3
"""How often the interrupt is typed, and nothing else between, until the seat is left from here: a
host that hangs would not heed it."""

CLOSING = (
    "\x1b[?2026l\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[0m\x1b[?25h\x1b[?1049l"
)
"""Leaves a terminal as it was, whatever was drawn on it."""


class Terminal(Protocol):
    """The terminal at this end."""

    @property
    def size(self) -> tuple[int, int]:
        """Its columns and lines."""
        ...

    @property
    def colours(self) -> str:
        """How many colours it has: `truecolor`, `256` or `16`."""
        ...

    def write(self, drawn: bytes, /) -> None:
        """Draw."""
        ...

    async def said(self) -> str | None:
        """Return what was typed since, waiting for some; None where its size has changed."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a seat was left."""

    words: str
    """What the host said; empty where the person ended it here."""
    is_interrupted: bool = False


@dataclass(frozen=True)
class Joining:
    """A seat that is joined from a terminal."""

    link: Link
    terminal: Terminal
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> Ended:
        """Stay at the seat until the host or the person ends it.

        Raises:
            UserError: If there is no such seat, or nothing answers at all at first.
        """
        tracing = aiohttp.TraceConfig()
        tracing.on_request_redirect.append(_refuse_to_go)
        async with aiohttp.ClientSession(auto_decompress=False, trace_configs=[tracing]) as session:
            wait_s, has_been = FIRST_WAIT_S, False
            while True:
                try:
                    ended = await self._once(session)
                    if ended is not None:
                        return ended
                    has_been, wait_s = True, FIRST_WAIT_S
                except aiohttp.WSServerHandshakeError as error:
                    if error.status == 404 or not has_been:
                        raise UserError(_refused(self.link, error.status)) from None
                except (aiohttp.ClientError, OSError, TimeoutError):
                    if not has_been:
                        raise UserError(
                            f"--join: nothing answers at {self.link.at}; expected a host that runs"
                        ) from None
                if await self._waited(wait_s):
                    return _INTERRUPTED
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def _once(self, session: aiohttp.ClientSession) -> Ended | None:
        """Stay while the connection holds; return how it was ended for good, or None if it broke.

        Raises:
            aiohttp.ClientError: If it could not be made.
        """
        size = self.terminal.size
        asked = {"width": str(size[0]), "height": str(size[1]), "colours": self.terminal.colours}
        connecting = session.ws_connect(
            self.link.socket,
            params=asked,
            heartbeat=HEARTBEAT_S,
            max_msg_size=LARGEST,
            timeout=aiohttp.ClientWSTimeout(ws_close=1.0),  # pyright: ignore[reportCallIssue]
        )
        # Until there is a table, the interrupt is nobody's but ours.
        socket = await _unless(self._interrupted(), _made(connecting))
        if socket is None:
            return _INTERRUPTED
        try:
            return await _unless(self._type(socket, size), self._shown(socket), _INTERRUPTED)
        finally:
            await socket.close()

    async def _shown(self, socket: aiohttp.ClientWebSocketResponse) -> Ended | None:
        """Draw what comes; return how the host ended it for good, or None if it broke."""
        picture = Picture()
        while True:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.BINARY:
                self.terminal.write(picture.drawn(message.data))
            elif message.type is aiohttp.WSMsgType.CLOSE and message.data in FINAL:
                return Ended(words=one_line(message.extra or ""))
            elif message.type is not aiohttp.WSMsgType.TEXT:
                return None

    async def _type(self, socket: aiohttp.ClientWebSocketResponse, size: tuple[int, int]) -> None:
        """Pass on what is typed, until the person insists on the interrupt."""
        if self.terminal.size != size:
            await self._say(socket, None)
        insisted = 0
        async for typed in _typed(self.terminal):
            insisted = insisted + len(typed) if typed and not typed.strip(INTERRUPT) else 0
            if insisted >= INSISTS:
                return
            await self._say(socket, typed)

    async def _say(self, socket: aiohttp.ClientWebSocketResponse, typed: str | None) -> None:
        """Pass on what was typed; None where the size has changed."""
        if typed is None:
            width, height = self.terminal.size
            said = ["resize", {"width": width, "height": height}]
        else:
            said = ["stdin", typed]
        # Whoever draws hears first that the connection has broken.
        with suppress(ConnectionError, aiohttp.ClientError):
            await socket.send_str(json.dumps(said))

    async def _waited(self, seconds: float) -> bool:
        """Wait before the next try; return whether the person ended it meanwhile."""
        height = self.terminal.size[1]
        told = f" The connection is lost; trying again in {seconds:g} s (Ctrl+C ends it) "
        self.terminal.write(f"\x1b[{height};1H\x1b[0;7m{told}\x1b[0m\x1b[K".encode())
        sleeping = asyncio.ensure_future(_slept(self.sleep, seconds))
        interrupting = asyncio.ensure_future(self._interrupted())
        await asyncio.wait((sleeping, interrupting), return_when=asyncio.FIRST_COMPLETED)
        for one in (sleeping, interrupting):
            one.cancel()
        is_interrupted = interrupting.done() and not interrupting.cancelled()
        await asyncio.gather(sleeping, interrupting, return_exceptions=True)
        return is_interrupted

    async def _interrupted(self) -> None:
        async for typed in _typed(self.terminal):
            if typed is not None and INTERRUPT in typed:
                return


_INTERRUPTED = Ended(words="", is_interrupted=True)

Made = TypeVar("Made")
Else = TypeVar("Else")


async def _made(making: Awaitable[Made]) -> Made:
    return await making


async def _unless(
    ending: Coroutine[object, object, object],
    doing: Coroutine[object, object, Made],
    otherwise: Else = None,
) -> Made | Else:
    """Return what something came to, or something else where another thing ended first."""
    end, done = asyncio.ensure_future(ending), asyncio.ensure_future(doing)
    try:
        await asyncio.wait((end, done), return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            return done.result()
        end.result()
        return otherwise
    finally:
        end.cancel()
        done.cancel()
        await asyncio.gather(end, done, return_exceptions=True)


async def _refuse_to_go(*_: object) -> None:
    """Go nowhere else: whoever gave the link is known, and whoever is named there is not.

    Raises:
        aiohttp.ClientError: Always.
    """
    raise aiohttp.ClientError("a host of this version sends nobody elsewhere")


async def _slept(sleep: Callable[[float], Awaitable[None]], seconds: float) -> None:
    await sleep(seconds)


async def _typed(terminal: Terminal) -> AsyncIterator[str | None]:
    while True:
        yield await terminal.said()


def _refused(link: Link, status: int) -> str:
    if status == 404:
        return (
            f"--join: there is no such seat at {link.at}; expected a link of the host that runs "
            "there now"
        )
    return f"--join: {link.at} answers with {status}; expected a host of this version"
