"""The review: how a seat played, move by move, and what it could have done."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer


class ReviewScreen(Screen[None]):
    """Shows the debrief of one party."""

    def __init__(self, path: Path, party: str | None = None) -> None:
        super().__init__()
        self._path, self._party = path, party

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
