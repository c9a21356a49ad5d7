"""Hosted tables led on a screen in tests: people who move when told to, a clock moved by hand."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from textual._context import message_hook
from textual.message import Message
from textual.pilot import Pilot

from delegates.minds.firm import Firm
from delegates.persons.person import PersonMove, Turn
from games.errors import MinilateralError
from games.moves import Pass
from games.scenario import Scenario, load_scenario
from tests.delegates.sessions import settings_at
from tests.tui.hosting.driving import Clock
from tests.tui.replaying import seen
from tests.tui.table.driving import Heard
from tui.hosting.seat import Sitting
from tui.hosting.table import HostedTable, Waiting, table_laid
from tui.live.messages import PersonAsked, SessionStopped, TurnOver
from tui.session_plan import SessionPlan
from tui.wire.lead_app import LeadApp

MIDDLE, SMALL = (120, 36), (80, 24)

PATIENCE_S = 30.0
"""Seconds after which a test that waits in vain fails, and shows the screen."""

TWO = {"USA": "human", "COD": "human"}
"""Both seats of the first scenario with shocks."""


def laid(
    folder: Path,
    seats: Mapping[str, str] = TWO,
    *,
    scenario: Scenario | None = None,
    number: int = 1,
    clock: Clock | None = None,
) -> HostedTable:
    """Return a table at which rules lose no time."""
    plan = SessionPlan(
        scenario=scenario or load_scenario("cobalt-offtake"),
        settings=settings_at(home=folder),
        seats=seats,
        seed=3,
        out=folder / f"table-{number}.jsonl",
    )
    waiting = Waiting(away_s=120.0, timer=(clock or Clock()).timer)
    table = table_laid(plan, number, waiting)
    table.lead.pace_s = 0.0
    return table


@dataclass
class Player:
    """A person at a seat, who moves by rule: once when told to, or always at once."""

    table: HostedTable
    party: str
    at_once: bool = False
    turn: Turn | None = None
    """What is asked now."""
    sitting: Sitting = field(init=False)
    stopped: MinilateralError | None = None
    """Why the session stopped, as it was told here."""

    def come(self) -> None:
        """Be at the seat from now on."""
        self.sitting = self.table.seats[self.party].sitting()
        threading.Thread(target=self.sitting.hold, args=(self._told,), daemon=True).start()

    def go(self) -> None:
        """Leave the seat."""
        self.sitting.leave()

    def _told(self, message: Message) -> None:
        if isinstance(message, PersonAsked):
            self.turn = message.turn
            if self.at_once:
                self.move()
        elif isinstance(message, TurnOver):
            self.turn = None
        elif isinstance(message, SessionStopped):
            self.stopped = message.error

    def move(self) -> None:
        """Make the move of the rule."""
        turn, self.turn = self.turn, None
        assert turn is not None
        view = turn.view
        if view.hall is not None:
            move = view.hall.by_rule(lambda: Firm().choose(view))
        else:
            move = Pass() if view.is_held else Firm().choose(view)
        self.sitting.answer(PersonMove(move, "So we say."), turn)


@dataclass
class Led:
    """The lead's app in a test."""

    app: LeadApp
    pilot: Pilot[None]
    heard: Heard
    tables: Sequence[HostedTable]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait, message by message, until something holds."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    self.heard.came.clear()
                    await self.heard.came.wait()
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"waited in vain before:\n{self.seen()}") from None
        await self.pilot.pause()
        await self.pilot.pause()

    async def shows(self, *words: str) -> None:
        """Wait until all of some words stand on the terminal."""
        await self.until(lambda: all(one in self.seen() for one in words))

    async def press(self, *keys: str) -> None:
        """Press keys and let them take effect."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    def seen(self) -> str:
        """Return what stands on the terminal."""
        return seen(self.pilot)


@asynccontextmanager
async def leading(
    tables: Sequence[HostedTable], size: tuple[int, int] = MIDDLE
) -> AsyncIterator[Led]:
    """Open the lead's app over tables that are started; they are closed in the end."""
    heard = Heard()
    settings = settings_at(home=tables[0].path.parent)
    app = LeadApp(tables, settings)
    app.typed.pause_s = 0.0
    try:
        async with app.run_test(size=size, notifications=True, message_hook=heard) as pilot:
            for table in tables:
                table.start()
            yield Led(app, pilot, heard, tables)
    finally:
        for table in tables:
            await asyncio.to_thread(table.close)


def led(
    tables: Sequence[HostedTable],
    act: Callable[[Led], Awaitable[None]],
    size: tuple[int, int] = MIDDLE,
) -> None:
    """Lead tables, and do something."""

    async def main() -> None:
        async with leading(tables, size) as at:
            await act(at)

    asyncio.run(main())


def listen(heard: Heard) -> None:
    """Have messages heard in an app that somebody else runs."""
    message_hook.set(heard)
