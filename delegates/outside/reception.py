"""Who is connected to the door, and for how long: strangers first, guests once they show a token.

So many strangers are let wait at a time. When another comes, the one that has waited longest is
hung up on, but not before it has had a moment to say what it wants: of many that come at once,
those that speak up are heard. Until then whoever comes next waits outside, in the order of coming.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp.web_protocol import RequestHandler

from delegates.outside.door import Bounds

BREATHER_S = 0.1
"""How long no connection is taken after the machine had no room for one."""

GLANCE_S = 0.02
"""How often it is looked whether somebody has left while there is no room."""


@dataclass(frozen=True)
class _Known:
    """Since when a connection is known, and when it is hung up on."""

    since: float
    timer: asyncio.TimerHandle


@dataclass
class Reception:
    """Takes connections, and ends each within a bounded time."""

    listening: socket.socket
    bounds: Bounds
    speaker: Callable[[], RequestHandler]
    """Makes what speaks with a new connection."""
    _strangers: dict[RequestHandler, _Known] = field(default_factory=dict[RequestHandler, _Known])
    _guests: dict[RequestHandler, _Known] = field(default_factory=dict[RequestHandler, _Known])
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a stranger became a guest."""
    _taking: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Take connections from now on."""
        self.listening.settimeout(0)
        self._taking = asyncio.ensure_future(self._take())

    async def close(self) -> None:
        """Take no more."""
        if self._taking is not None:
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)
        self.listening.close()

    def hang_up(self) -> None:
        """End every connection that there is."""
        for handler in (*self._strangers, *self._guests):
            self._hang_up(handler)

    def let_in(self, handler: RequestHandler) -> None:
        """Let a connection that showed a token have a place and a time of its own."""
        stranger = self._strangers.pop(handler, None)
        if stranger is not None:
            stranger.timer.cancel()
            self._moved.set()
            # Its body arrives, something is waited for, and the answer is taken.
            longest_s = self.bounds.poll_s + 2 * self.bounds.patience_s
            self._guests[handler] = self._known_for(longest_s, handler)

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                taken, _ = await loop.sock_accept(self.listening)
            except OSError:
                await asyncio.sleep(BREATHER_S)
                continue
            try:
                await self._room()
                handler = self.speaker()
                self._strangers[handler] = self._known_for(self.bounds.patience_s, handler)
                await loop.connect_accepted_socket(lambda known=handler: known, taken)
            except OSError:
                taken.close()
            except asyncio.CancelledError:
                taken.close()
                raise

    async def _room(self) -> None:
        """Wait until there is room for another stranger."""
        while True:
            self._forget_gone()
            if len(self._strangers) < self.bounds.strangers:
                return
            first, known = next(iter(self._strangers.items()))
            left_s = known.since + self.bounds.moment_s - asyncio.get_running_loop().time()
            if left_s <= 0:
                self._hang_up(first)
                continue
            self._moved.clear()
            try:
                async with asyncio.timeout(min(left_s, GLANCE_S)):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def _forget_gone(self) -> None:
        for known in (self._strangers, self._guests):
            for gone in [one for one in known if one.transport is None]:
                known.pop(gone).timer.cancel()

    def _known_for(self, seconds: float, handler: RequestHandler) -> _Known:
        loop = asyncio.get_running_loop()
        return _Known(loop.time(), loop.call_later(seconds, self._hang_up, handler))

    def _hang_up(self, handler: RequestHandler) -> None:
        for known in (self._strangers, self._guests):
            if handler in known:
                known.pop(handler).timer.cancel()
        if handler.transport is not None:
            handler.transport.abort()
