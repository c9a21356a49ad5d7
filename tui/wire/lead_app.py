"""The app of whoever leads an exercise: one table, or a class of them."""

from __future__ import annotations

from collections.abc import Sequence
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


class LeadApp(OneOfSeveral):
    """Shows hosted tables; to quit is to stop hosting."""

    def __init__(self, tables: Sequence[HostedTable], settings: Settings) -> None:
        """Show tables.

        Args:
            tables: The tables; starting and closing them is somebody else's.
            settings: The host's.
        """
        super().__init__(lambda: opening(tables), settings)
        self._tables = tuple(tables)

    async def action_quit(self) -> None:
        """Stop hosting; where sessions go on it is asked first."""
        self.leave_first_screen()

    def action_home(self) -> None:
        """Go back to the first screen: here the tables are home."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def leave_first_screen(self) -> None:
        """Stop hosting; where sessions go on it is asked first."""
        if all(one.ended is not None for one in self._tables):
            self.exit()
            return
        SureScreen(STOP, "Stop", "Go on", title="Stop hosting?").ask(self, self.exit)


def opening(tables: Sequence[HostedTable]) -> Screen[Any]:
    """Return the screen with which tables are led: one alone, or a class of them."""
    return TrainerScreen(tables[0]) if len(tables) == 1 else TablesScreen(tables)
