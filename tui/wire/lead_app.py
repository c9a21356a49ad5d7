"""The app of whoever leads an exercise: one table, or a class of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.screen import Screen

from delegates.settings import Settings
from tui.hosting.table import HostedTable
from tui.screens.tables import TablesScreen
from tui.screens.trainer import TrainerScreen
from tui.widgets.sure import SureScreen
from tui.wire.colours import OneOfSeveral

STOP = (
    "Sessions that go on stop for everybody at the tables. What happened is kept and can be "
    "carried on."
)


def still_there(people: int) -> str:
    """Return in a sentence whose screens close when hosting ends; nothing where nobody's does."""
    if not people:
        return ""
    if people == 1:
        return "One person still looks at their table; their screen closes."
    return f"{people} people still look at their tables; their screens close."


class LeadApp(OneOfSeveral):
    """Shows hosted tables; to quit is to stop hosting."""

    def __init__(
        self,
        tables: Sequence[HostedTable],
        settings: Settings,
        looking: Callable[[], int] = lambda: 0,
    ) -> None:
        """Show tables.

        Args:
            tables: The tables; starting and closing them is somebody else's.
            settings: The host's.
            looking: Says how many people have a table on their screen.
        """
        super().__init__(lambda: opening(tables), settings)
        self._tables, self._looking = tuple(tables), looking

    async def action_quit(self) -> None:
        """Stop hosting; where sessions go on, or somebody looks, it is asked first."""
        self.leave_first_screen()

    def action_home(self) -> None:
        """Go back to the first screen: here the tables are home."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def leave_first_screen(self) -> None:
        """Stop hosting; where sessions go on, or somebody looks, it is asked first."""
        stops = "" if all(one.ended is not None for one in self._tables) else STOP
        told = " ".join(filter(None, (stops, still_there(self._looking()))))
        if not told:
            self.exit()
            return
        SureScreen(told, "Stop", "Go on", title="Stop hosting?").ask(self, self.exit)


def opening(tables: Sequence[HostedTable]) -> Screen[Any]:
    """Return the screen with which tables are led: one alone, or a class of them."""
    return TrainerScreen(tables[0]) if len(tables) == 1 else TablesScreen(tables)
