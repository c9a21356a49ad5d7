"""Driving the replay in tests: no sleeping, workers waited for, the screen read as text."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerCancelled

from tui.app import MinilateralApp, replay_app
from tui.replay import Recording
from tui.screens.replay import ReplayScreen

SMALL, WIDE = (80, 24), (160, 50)

Act = Callable[[ReplayScreen, Pilot[None]], Awaitable[None]]


def replayed(path: Path, act: Act, size: tuple[int, int] = SMALL) -> None:
    """Open a transcript, wait until everything is read, and act on the screen."""

    async def main() -> None:
        app = replay_app(Recording(path))
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, ReplayScreen)
            await act(screen, pilot)

    asyncio.run(main())


class Alone(MinilateralApp):
    """Shows one widget of the replay and nothing else."""

    def __init__(self, recording: Recording, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def get_default_screen(self) -> Screen[None]:
        return Screen()

    def compose(self) -> ComposeResult:
        yield self.widget


async def settled(pilot: Pilot[None]) -> None:
    """Wait for the workers, and for what they told to be shown."""
    is_done = False
    while not is_done:
        # A worker that another takes the place of is cancelled.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
            is_done = True
        await pilot.pause()
    await pilot.pause()


def seen(pilot: Pilot[None]) -> str:
    """Return what stands on the terminal, as plain text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)
