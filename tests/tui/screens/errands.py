"""An app for tests of one screen: the errands it sends are caught instead of run."""

import asyncio
from collections.abc import Awaitable, Callable

from textual import on
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.replaying import SMALL, settled
from tui.app import MinilateralApp
from tui.errands import Analyse, Compare, OpenReplay, OpenReview, TryAgain


class Sender(MinilateralApp):
    """Shows a screen and keeps what it asks for."""

    def __init__(self, opening: Callable[[], Screen[None]]) -> None:
        super().__init__(Screen)
        self.shown = opening
        self.sent: list[Message] = []
        self.animation_level = "none"
        self.typed.pause_s = 0.0

    def on_mount(self) -> None:
        self.push_screen(self.shown())

    @on(Analyse)
    @on(Compare)
    @on(OpenReplay)
    @on(OpenReview)
    @on(TryAgain)
    def _caught(self, errand: Message) -> None:
        errand.prevent_default()
        self.sent.append(errand)


Deed = Callable[[Sender, Pilot[None]], Awaitable[None]]


def acted(opening: Callable[[], Screen[None]], deed: Deed, size: tuple[int, int] = SMALL) -> None:
    """Show a screen, wait until all it reads is read, and act on it."""

    async def main() -> None:
        app = Sender(opening)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await deed(app, pilot)

    asyncio.run(main())
