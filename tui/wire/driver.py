"""What an app draws to and is fed from in place of a terminal: the two ends of a connection.

Textual's own web driver serves a process; many apps in one process need one that touches neither
the process's output nor its signals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal, TextIO

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

MOST_PENDING = 4_000_000
"""Characters that may wait for a reader: some whole pictures of the largest terminal."""

LONGEST_SILENCE = 20_000
"""Characters after which a paste, or a sequence, that does not end is forgotten."""

WIDEST, HIGHEST = 500, 200
"""The largest terminal that is drawn for."""

_MOUSE = ("1000", "1003", "1015", "1006")
_OPENING = "".join(
    ("\x1b[?1049h", *(f"\x1b[?{mode}h" for mode in _MOUSE), "\x1b[?25l\x1b[?2026$p\x1b[?2004h")
)
_CLOSING = "".join(("\x1b[?2004l", *(f"\x1b[?{mode}l" for mode in _MOUSE), "\x1b[?25h\x1b[?1049l"))


class Outlet:
    """What an app has drawn and the other side has not taken yet, within bounds."""

    def __init__(self, most: int = MOST_PENDING) -> None:
        """Hold nothing yet.

        Args:
            most: Characters that may wait; a reader that leaves more waiting gets no more.
        """
        self.over_full = asyncio.Event()
        """Set once the reader has proved too slow."""
        self._most = most
        self._pending: list[str] = []
        self._size = 0
        self._there = asyncio.Event()
        self._closed = False

    def put(self, drawn: str) -> None:
        """Keep what was drawn for the reader."""
        if self._closed:
            return
        self._pending.append(drawn)
        self._size += len(drawn)
        if self._size > self._most:
            self.over_full.set()
            self._pending.clear()
            self.close()
        self._there.set()

    def close(self) -> None:
        """Take no more; what is there can still be read."""
        self._closed = True
        self._there.set()

    async def take(self) -> str:
        """Return what was drawn since, waiting for some; nothing once there will be no more."""
        await self._there.wait()
        drawn = "".join(self._pending)
        self._pending.clear()
        self._size = 0
        if not self._closed:
            self._there.clear()
        return drawn


class WireDriver(Driver):
    """Draws to an outlet, and is fed what was typed."""

    outlet: ClassVar[Outlet]

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._parser = XTermParser()
        self._silence = 0
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def can_suspend(self) -> bool:
        """There is nothing here that could be suspended."""
        return False

    def write(self, data: str) -> None:
        """Draw."""
        self.outlet.put(data)

    def start_application_mode(self) -> None:
        """Begin to draw over the whole of the other side's terminal."""
        self.write(_OPENING)
        self.resize(*(self._size or (80, 24)))

    def stop_application_mode(self) -> None:
        """Leave the other side's terminal as it was."""
        self.disable_input()
        self.write(_CLOSING)

    def disable_input(self) -> None:
        """Take nothing more that is typed."""
        if self._ticking is not None:
            self._ticking.cancel()

    def resize(self, width: int, height: int) -> None:
        """Draw for a terminal of another size, within bounds."""
        self._size = within(width, height)
        size = Size(*self._size)
        self._app.post_message(events.Resize(size, size))

    def feed(self, typed: str) -> None:
        """Pass on what was typed, pointed at and pasted."""
        if not typed:
            return
        self._silence += len(typed)
        self._pass_on(self._parser.feed, typed)
        if self._silence > LONGEST_SILENCE:
            # A paste that never ends would be kept for ever.
            self._parser, self._silence = XTermParser(), 0
        self.disable_input()
        # A lone escape is a key only once nothing follows it.
        self._ticking = self._loop.call_later(ESCAPE_DELAY * 1.5, self._tick)

    def _tick(self) -> None:
        self._pass_on(self._parser.tick)

    def _pass_on(self, parse: Callable[..., Iterable[Message]], *typed: str) -> None:
        try:
            found = list(parse(*typed))
        except (ValueError, OverflowError):
            # Sequences that no terminal sends: the parser takes their numbers as they are.
            self._parser, found = XTermParser(), []
        for event in found:
            self._silence = 0
            # A size that is typed could be any; sizes come by `resize`, within bounds.
            if not isinstance(event, events.Resize):
                self.process_message(event)

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Do nothing: a browser would open at the host's."""

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Do nothing: a file would be written at the host's."""
        del delivery_key, save_path, open_method, encoding, mime_type, name
        binary.close()


def driver_to(outlet: Outlet) -> type[WireDriver]:
    """Return a driver, as an app is given it, that draws to an outlet."""
    return type("WireDriver", (WireDriver,), {"outlet": outlet})


def within(width: int, height: int) -> tuple[int, int]:
    """Return a terminal's size within bounds."""
    return min(max(width, 20), WIDEST), min(max(height, 5), HIGHEST)
