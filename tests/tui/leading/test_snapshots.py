"""Pictures of the lead's screens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest
from textual.pilot import Pilot

from games.scenario import load_scenario
from tests.delegates.sessions import settings_at
from tests.tui.hosting.driving import Clock
from tests.tui.leading.driving import MIDDLE, SMALL, Led, Player, laid, listen
from tests.tui.table.driving import Heard
from tui.hosting.table import HostedTable
from tui.screens.trainer import TrainerScreen
from tui.wire.lead_app import LeadApp


class Compare(Protocol):
    def __call__(
        self, app: LeadApp, *, terminal_size: tuple[int, int], run_before: object
    ) -> bool: ...


class Act(Protocol):
    async def __call__(self, at: Led) -> None: ...


SHOWN = pytest.mark.parametrize(
    ("size", "theme"),
    [(MIDDLE, "dark"), (MIDDLE, "light"), (SMALL, "dark")],
    ids=["middle-dark", "middle-light", "small-dark"],
)


def pictured(
    compare: Compare, tables: Sequence[HostedTable], size: tuple[int, int], theme: str, act: Act
) -> bool:
    """Compare the lead's app with its picture, once it has come so far."""
    app = LeadApp(tables, settings_at(home=tables[0].path.parent))
    heard = Heard()

    async def run(pilot: Pilot[None]) -> None:
        app.theme = f"minilateral-{theme}"
        for table in tables:
            table.start()
        await act(Led(app, pilot, heard, tables))
        app.clear_notifications()
        await pilot.pause()

    listen(heard)
    try:
        return compare(app, terminal_size=size, run_before=run)
    finally:
        for table in tables:
            table.close()


@SHOWN
def test_a_table_led(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    clock = Clock()
    seats = {"USA": "human", "KAZ": "human", "EUE": "firm"}
    table = laid(tmp_path, seats, scenario=load_scenario("tungsten-accord"), clock=clock)

    async def act(at: Led) -> None:
        screen = at.app.screen
        assert isinstance(screen, TrainerScreen)
        one, other = Player(table, "USA"), Player(table, "KAZ")
        one.come()
        other.come()
        for _ in range(6):
            await at.until(lambda: one.turn is not None or other.turn is not None)
            (one if one.turn is not None else other).move()
        await at.until(lambda: one.turn is not None or other.turn is not None)
        away = other if one.turn is not None else one
        away.go()
        clock.move(75)
        table.lead.pause()
        assert table.lead.strike(table.lead.shocks_left[0].name) is None
        await at.until(lambda: not table.lead.booked)
        await at.until(lambda: screen.total == table.moves)
        await at.shows("PAUSED", "away for 1 min 15 s")

    assert pictured(snap_compare, [table], size, theme, act)


@SHOWN
def test_what_is_to_strike(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    seats = {"USA": "human", "KAZ": "firm", "EUE": "firm"}
    table = laid(tmp_path, seats, scenario=load_scenario("tungsten-accord"))

    async def act(at: Led) -> None:
        screen = at.app.screen
        assert isinstance(screen, TrainerScreen)
        player = Player(table, "USA")
        player.come()
        await at.until(lambda: player.turn is not None and screen.total == table.moves)
        await at.press("i")

    assert pictured(snap_compare, [table], size, theme, act)


@SHOWN
def test_a_class_of_twenty(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    clock = Clock()
    tables = [laid(tmp_path, number=number, clock=clock) for number in range(1, 21)]

    async def act(at: Led) -> None:
        over, under_way, gathering = tables[:7], tables[7:14], tables[14:17]
        for table in over:
            for party in table.seats:
                Player(table, party, at_once=True).come()
        for table in under_way:
            for party in table.seats:
                Player(table, party).come()
        for table in gathering:
            Player(table, "USA").come()
        await at.until(lambda: all(one.ended is not None for one in over))
        await at.until(lambda: all(one.awaits is not None for one in under_way))
        await at.until(lambda: all(one.seats["USA"].has_come for one in gathering))
        under_way[2].seats["COD"].sitting().come()
        clock.move(40)
        tables[13].lead.pause()
        assert tables[12].lead.hand_over("COD") is None
        at.app.screen.tell()  # type: ignore[attr-defined]
        await at.until(lambda: "stand-in" in at.seen() or at.app.size.height < 30)

    assert pictured(snap_compare, tables, size, theme, act)
