"""What theory says of a scenario, or of a session and its agreement."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer


class AnalysisScreen(Screen[None]):
    """Shows matrices, solutions, perfect play and what comes after signature."""

    def __init__(self, *, source: str | None = None, path: Path | None = None) -> None:
        super().__init__()
        self._source, self._path = source, path

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
