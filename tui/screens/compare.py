"""Two futures of a session side by side."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from tui.replay import Recording


class CompareScreen(Screen[None]):
    """Shows what two sessions share and what became of each."""

    def __init__(self, first: Recording, second: Recording) -> None:
        super().__init__()
        self._first, self._second = first, second

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
