"""A network that can be cut: passes on what is said to a port of 127.0.0.1, from 127.0.0.2."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Self

HERE, THERE = "127.0.0.1", "127.0.0.2"


class Relay:
    """Listens where the other side is looked for, in a thread of its own."""

    def __init__(self, port: int) -> None:
        """Pass on nothing yet.

        Args:
            port: The same on both sides.
        """
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_up = True
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._joined, THERE, self._port)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def through(self, link: str) -> str:
        """Return a link that goes through here."""
        return link.replace(HERE, THERE)

    def cut(self) -> None:
        """Break every connection, and let none through."""
        done = threading.Event()

        def broken() -> None:
            self._is_up = False
            for writer in self._writers:
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(broken)
        done.wait()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_up = True

    async def _ended(self) -> None:
        self._server.close()
        while self._writers:
            await asyncio.sleep(0.01)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_up:
            writer.transport.abort()
            return
        beyond, onward = await asyncio.open_connection(HERE, self._port)
        self._writers |= {writer, onward}
        with suppress(OSError):
            await asyncio.gather(_passed(reader, onward), _passed(beyond, writer))
        self._writers -= {writer, onward}


async def _passed(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while said := await source.read(65_536):
            sink.write(said)
            await sink.drain()
    finally:
        sink.close()
