"""Hosting from the first connection to the last: the tables, their server, and what is told."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress

from delegates.place import Place
from tui.hosting.table import Happening, HostedTable
from tui.wire.lead_app import LeadApp
from tui.wire.server import HostServer

LOOK_S = 1.0
"""Seconds from one look whether anybody is still there to the next, once all is over."""


def hosted(
    tables: Sequence[HostedTable],
    place: Place,
    ready: Callable[[], object],
    say: Callable[[str], object],
    *,
    on_screen: bool = False,
) -> None:
    """Host tables until every session is over and everybody has left, or it is interrupted.

    Args:
        tables: The tables.
        place: Where to listen.
        ready: Called once links are answered.
        say: Told a line of what is of note.
        on_screen: Whether whoever leads the exercise does so on a screen here; then hosting ends
            when they quit, and no lines are told meanwhile.
    """
    with _streams_kept():
        asyncio.run(_hosted(tables, place, ready, say, on_screen=on_screen))


async def _hosted(
    tables: Sequence[HostedTable],
    place: Place,
    ready: Callable[[], object],
    say: Callable[[str], object],
    *,
    on_screen: bool,
) -> None:
    loop = asyncio.get_running_loop()
    server = HostServer(place, tables)
    stops = asyncio.Event()
    is_told = not on_screen

    def say_so(happening: Happening) -> None:
        if is_told:
            say(told(happening, tables))

    def tell(happening: Happening | None) -> None:
        if happening is not None:
            loop.call_soon_threadsafe(say_so, happening)

    for sign in (signal.SIGINT, signal.SIGTERM):
        # Windows has none of these: there Ctrl+C is an exception.
        with suppress(NotImplementedError):
            loop.add_signal_handler(sign, stops.set)
    await server.open()
    try:
        ready()
        for table in tables:
            table.tell(tell)
            table.start()
        is_done = on_screen and await _led(tables, server, stops)
        is_told = True
        if not is_done:
            await _until_over(tables, server, stops)
    finally:
        await asyncio.gather(*(asyncio.to_thread(table.close) for table in tables))
        await server.close()


async def _led(tables: Sequence[HostedTable], server: HostServer, stops: asyncio.Event) -> bool:
    """Show the tables to whoever leads the exercise until they quit, or one is to stop.

    Returns:
        Whether hosting is to end; a fault of the screen alone does not end it.
    """
    app = LeadApp(tables, tables[0].settings, lambda: server.joined)
    shown = asyncio.ensure_future(app.run_async())
    stopping = asyncio.ensure_future(stops.wait())
    await asyncio.wait((shown, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not shown.done():
        app.exit()
    await asyncio.wait([shown])
    return stops.is_set() or not (shown.exception() or app.return_code)


async def _until_over(
    tables: Sequence[HostedTable], server: HostServer, stops: asyncio.Event
) -> None:
    """Wait until all sessions are over and nobody looks at them any more, or one is to stop."""
    while not stops.is_set():
        if all(table.ended is not None for table in tables) and not server.joined:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await stops.wait()


def told(happening: Happening, tables: Sequence[HostedTable]) -> str:
    """Return what happened at a table, in a line."""
    table = next(one for one in tables if one.number == happening.table)
    if happening.party is None:
        return f"table {table.number}: {happening.words}"
    name = table.scenario.parties[happening.party].name
    return f"table {table.number}: {happening.party} ({name}) {happening.words}"


@contextmanager
def _streams_kept() -> Generator[None]:
    """Put the process's output back in the end, whatever apps have left of it."""
    kept = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept
