"""The preparation sheet: what you take the game to be, sealed before the first move."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from tui.live import SessionPlan


class PreparationScreen(Screen[None]):
    """Holds the sheet."""

    def __init__(self, plan: SessionPlan) -> None:
        super().__init__()
        self.plan = plan

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
