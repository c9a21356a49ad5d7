"""The terminal at this end of a joined seat: read key by key, left as it was found."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

from games.errors import UserError
from tui.joining.client import CLOSING

PIECE = 4096
"""Bytes that are read at once."""


class OwnTerminal:
    """The terminal that the program runs in; within a running event loop."""

    def __init__(self, keys: int, picture: int) -> None:
        """Read keys from one file and draw to another.

        Args:
            keys: The file of what is typed.
            picture: The file that is drawn to.
        """
        self._keys, self._picture = keys, picture
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._said: asyncio.Queue[str | None] = asyncio.Queue()
        self._gone: Callable[[], object] = lambda: None

    @property
    def size(self) -> tuple[int, int]:
        """Its columns and lines."""
        with suppress(OSError):
            found = os.get_terminal_size(self._picture)
            return found.columns, found.lines
        return 80, 24

    @property
    def colours(self) -> str:
        """How many colours it says it has."""
        if os.environ.get("COLORTERM", "").casefold() in ("truecolor", "24bit"):
            return "truecolor"
        return "256" if "256" in os.environ.get("TERM", "") else "16"

    def write(self, drawn: bytes) -> None:
        """Draw."""
        left = memoryview(drawn)
        while left:
            try:
                left = left[os.write(self._picture, left) :]
            except BlockingIOError:
                continue
            except OSError:
                self._gone()  # and so is whoever sat at it
                return

    async def said(self) -> str | None:
        """Return what was typed since, waiting for some; None where its size has changed."""
        return await self._said.get()

    def listen(self) -> None:
        """Take what is typed, and every change of size, from now on."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._keys, self._read)
        loop.add_signal_handler(signal.SIGWINCH, self._said.put_nowait, None)

    def end_with(self, task: asyncio.Task[Any]) -> None:
        """Have a task cancelled when the program is told to end, or the terminal is gone."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(sign, task.cancel)
        self._gone = task.cancel

    def _read(self) -> None:
        try:
            typed = os.read(self._keys, PIECE)
        except OSError:
            typed = b""
        if not typed:
            asyncio.get_running_loop().remove_reader(self._keys)
            self._gone()  # and so is whoever sat at it
            return
        text = self._decode(typed)
        if text:
            self._said.put_nowait(text)


@contextmanager
def key_by_key() -> Generator[OwnTerminal]:
    """Give the program's own terminal, read key by key, and leave it as it was, however this ends.

    Raises:
        UserError: If this is no terminal, or one that cannot be read so.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError("--join: expected a terminal at both ends; a browser can open the link too")
    try:
        import termios
        import tty
    except ImportError:
        raise UserError("--join: not on this system; a browser can open the link") from None
    keys, picture = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(keys)
    terminal = OwnTerminal(keys, picture)
    try:
        tty.setraw(keys)
        yield terminal
    finally:
        with suppress(OSError):
            terminal.write(CLOSING.encode())
        with suppress(termios.error):
            termios.tcsetattr(keys, termios.TCSADRAIN, before)
