"""Lines that a person types, read by a thread of its own: nobody waits for them but who must.

The file descriptor is read directly: a thread that is stopped at the end of the program inside
Python's own reader would hold its lock and take the program down with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from delegates.text import clean

MAX_LINE_BYTES = 4000
"""Longest line that is read; of a longer one nothing is used."""

_CHUNK = 65_536


@dataclass(frozen=True)
class Typed:
    """A line as it was typed."""

    text: str
    problem: str | None = None
    """Why it cannot be used, if it cannot."""
    early: bool = False
    """Whether it was typed before the turn had begun, by someone who could not know the turn."""


@dataclass
class Lines:
    """The lines of one person, in order."""

    read: Callable[[], bytes]
    """Returns the next bytes, however many; none at the end."""
    live: bool
    """Whether someone types while the talks go on; else the lines are a script."""
    encoding: str = "utf-8"
    forget: Callable[[], None] = lambda: None
    """Drops what is typed but not finished."""
    _waiting: deque[Typed] = field(default_factory=deque["Typed"])
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False
    _started: bool = False
    _stale: int = 0

    @classmethod
    def of_stdin(cls) -> Lines:
        """Return the lines typed on, or piped into, stdin."""
        stdin = sys.stdin
        try:
            number = stdin.fileno()
            live, encoding = stdin.isatty(), stdin.encoding
        except (AttributeError, OSError, ValueError):  # closed, or there is none
            return cls(lambda: b"", live=False)
        return cls(
            lambda: _bytes_of(number),
            live=live,
            encoding=encoding or "utf-8",
            forget=(lambda: _forget_half_typed(number)) if live else lambda: None,
        )

    def begin_turn(self) -> None:
        """Mark what has been typed already as typed before this turn."""
        self._stale = len(self._waiting) if self.live else 0

    async def next(self) -> Typed | None:
        """Return the next line, waiting for it; None when there are no more."""
        self.start()
        while not self._waiting and not self._ended:
            self._arrived.clear()
            await self._arrived.wait()
        return self._taken()

    def ahead(self) -> Typed | None:
        """Return the next line if it has been typed already; it still is the next one."""
        self.start()
        return self._waiting[0] if self._waiting else None

    def drop(self) -> None:
        """Take the line away that `ahead` returned."""
        self._taken()

    def _taken(self) -> Typed | None:
        if not self._waiting:
            return None
        typed = self._waiting.popleft()
        early = self._stale > 0
        self._stale = max(0, self._stale - 1)
        return Typed(typed.text, typed.problem, early)

    def start(self) -> None:
        """Begin to read, within a running event loop."""
        if not self._started:
            self._started = True
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._pump, args=(loop,), name="typed", daemon=True).start()

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        begun = b""
        cut = False
        while chunk := self.read():
            *whole, begun = (begun + chunk).split(b"\n")
            for line in whole:
                if not self._tell(loop, self._typed(line, cut=cut)):
                    return
                cut = False
            if len(begun) > MAX_LINE_BYTES:
                begun, cut = b"", True
        if begun or cut:
            self._tell(loop, self._typed(begun, cut=cut))
        self._tell(loop, None)

    def _tell(self, loop: asyncio.AbstractEventLoop, typed: Typed | None) -> bool:
        """Hand a line, or the end, to the event loop; say whether it still runs."""
        try:
            loop.call_soon_threadsafe(self._arrive, typed)
        except RuntimeError:
            return False
        return True

    def _arrive(self, typed: Typed | None) -> None:
        if typed is None:
            self._ended = True
        else:
            self._waiting.append(typed)
        self._arrived.set()

    def _typed(self, line: bytes, *, cut: bool) -> Typed:
        if cut or len(line) > MAX_LINE_BYTES:
            return Typed("", f"That line is longer than {MAX_LINE_BYTES} bytes; nothing was done.")
        try:
            return Typed(clean(line.decode(self.encoding)))
        except (UnicodeDecodeError, LookupError):
            return Typed("", f"That line is not {self.encoding.upper()} text; nothing was done.")


def _bytes_of(number: int) -> bytes:
    try:
        return os.read(number, _CHUNK)
    except OSError:
        return b""


def _forget_half_typed(number: int) -> None:
    """Drop a line that a terminal holds half typed: its end would belong to another turn."""
    try:
        import termios
    except ImportError:  # a system whose terminals are other ones
        return
    with contextlib.suppress(termios.error, OSError):
        termios.tcflush(number, termios.TCIFLUSH)
