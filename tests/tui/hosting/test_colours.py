"""Several apps in one process are each drawn in the colours of their own terminal."""

import asyncio
from pathlib import Path

import pytest

from tests.tui.hosting.driving import Clock, table_of, three
from tui.hosting.table import HostedTable
from tui.wire.driver import Outlet, driver_to
from tui.wire.seat_app import SeatApp

CODES = {"truecolor": "8;2;", "256": "8;5;"}
"""How many colours a terminal has → what stands in the codes of the best that it can show."""


async def drawn(table: HostedTable, colours: str) -> str:
    """Return what an app that joins a seat draws, until its person is asked."""
    outlet, told = Outlet(), ""
    app = SeatApp(table.seats["AAA"].sitting(), driver_to(outlet), colours)
    running = asyncio.ensure_future(app.run_async(size=(120, 36)))
    while "your move" not in told:
        told += await outlet.take()
    app.exit()
    await running
    return told


@pytest.mark.parametrize(("first", "then"), [("256", "truecolor"), ("truecolor", "256")])
def test_an_app_has_its_own_colours_whoever_was_drawn_before_it(
    tmp_path: Path, first: str, then: str
) -> None:
    seats = {"AAA": "human", "BBB": "firm", "CCC": "firm"}
    table = table_of(tmp_path, three(), seats, Clock())

    async def main() -> dict[str, str]:
        table.start()
        found = {colours: await drawn(table, colours) for colours in (first, then)}
        await asyncio.to_thread(table.close)
        return found

    for colours, told in asyncio.run(main()).items():
        (other,) = CODES.keys() - {colours}
        assert CODES[colours] in told
        assert CODES[other] not in told
