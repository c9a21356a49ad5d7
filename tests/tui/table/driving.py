"""Driving the table in tests: real sessions with scripted counterparts, waited for by messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.pilot import Pilot

from delegates.persons.person import Turn
from delegates.settings import Settings
from games.preparation import Sheet
from games.scenario import Scenario
from tests.delegates.sessions import mini, settings_at
from tests.tui.replaying import seen
from tui.app import MinilateralApp
from tui.live import Live, LiveSession, sat_down
from tui.screens.table import TableScreen
from tui.session_plan import SessionPlan

SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (200, 60)


@dataclass
class Heard:
    """Every message that arrives anywhere in the app."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    kinds: list[str] = field(default_factory=list[str])

    def __call__(self, message: Message) -> None:
        self.kinds.append(type(message).__name__)
        self.came.set()


@dataclass
class Seated:
    """A table in a test."""

    app: MinilateralApp
    pilot: Pilot[None]
    heard: Heard

    @property
    def screen(self) -> TableScreen:
        """The table, whatever lies over it."""
        tables = [one for one in self.app.screen_stack if isinstance(one, TableScreen)]
        return tables[-1]

    @property
    def turn(self) -> Turn:
        """What the person is asked."""
        assert self.screen.turn is not None
        return self.screen.turn

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds: message by message, and now and then without one."""
        while not holds():
            self.heard.came.clear()
            # What a message led to may be drawn only after the last of them was heard.
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self.heard.came.wait()
            await self.pilot.pause()
        await self.pilot.pause()
        await self.pilot.pause()

    async def asked(self, turn: int | None = None) -> None:
        """Wait until the person is asked, in some turn, and all before it is shown."""

        def holds() -> bool:
            screen = self.screen
            is_asked = screen.turn is not None and turn in (None, screen.turn.view.turn)
            return is_asked and screen.turn is not None and screen.total == screen.turn.view.turn

        await self.until(holds)

    async def ended(self) -> None:
        """Wait until the session is over or has stopped, and everything is read."""
        await self.until(lambda: not self.screen.is_under_way)
        await self.until(lambda: self.screen.record is None or self.screen.history is not None)
        closed = self.screen.record is not None
        await self.until(lambda: not closed or self.screen.history.closed)  # type: ignore[union-attr]

    async def press(self, *keys: str) -> None:
        """Press keys and let them take effect."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def click(self, text: str) -> None:
        """Click where a text stands on the terminal."""
        for row, line in enumerate(self.seen().split("\n")):
            if text in line:
                await self.pilot.click(offset=(line.index(text) + len(text) // 2, row))
                await self.pilot.pause()
                return
        raise AssertionError(f"{text!r} is not on the screen:\n{self.seen()}")

    async def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        for character in text:
            await self.pilot.press("space" if character == " " else character)
        await self.pilot.pause()

    def seen(self) -> str:
        """Return what stands on the terminal."""
        return seen(self.pilot)


Act = Callable[[Seated], Awaitable[None]]


@asynccontextmanager
async def seated(
    live: Live, size: tuple[int, int] = MIDDLE, see: str | None = None
) -> AsyncIterator[Seated]:
    """Open the table of a session; whatever is under way at the end is left."""
    heard = Heard()
    app = MinilateralApp(partial(TableScreen, live, see=see), live.settings)
    app.typed.pause_s = 0.0
    async with app.run_test(size=size, message_hook=heard) as pilot:
        at = Seated(app, pilot, heard)
        yield at
        tables = [one for one in app.screen_stack if isinstance(one, TableScreen)]
        for table in tables:
            table.live.leave()
        await at.until(lambda: all(not table.is_under_way for table in tables))


def at_table(
    live: LiveSession, act: Act, size: tuple[int, int] = MIDDLE, see: str | None = None
) -> None:
    """Open the table of a session and act on it."""

    async def main() -> None:
        async with seated(live, size, see) as at:
            await act(at)

    asyncio.run(main())


def settings_in(folder: Path) -> Settings:
    """Return settings of a user whose home is a folder, and who has no model."""
    return settings_at(home=folder)


def session(
    folder: Path,
    *,
    scenario: Scenario | None = None,
    party: str | None = "USA",
    seats: Mapping[str, str] | None = None,
    sheet: Sheet | None = None,
    **more: Any,
) -> LiveSession:
    """Return a session of the small game, ready to be held."""
    plan = SessionPlan(
        scenario=scenario or mini(),
        settings=settings_in(folder),
        party=party,
        seats={"COD": "conceder"} if seats is None else seats,
        seed=3,
        out=folder / "session.jsonl",
        **more,
    )
    live = sat_down(plan, sheet)
    live.person.pace_s = 0
    return live
