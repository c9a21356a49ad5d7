"""Home: what can be played, and what was played lately."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer


class HomeScreen(Screen[None]):
    """Shows scenarios and recent sessions."""

    def __init__(self, home: Path) -> None:
        """Show what lies in the user's data folder."""
        super().__init__()
        self._folder = home

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
