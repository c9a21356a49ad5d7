"""The table: a session under way, watched or played."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from tui.live import LiveSession


class TableScreen(Screen[None]):
    """Shows a session as it happens."""

    def __init__(self, live: LiveSession) -> None:
        super().__init__()
        self.live = live

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
