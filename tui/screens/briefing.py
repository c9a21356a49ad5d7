"""The briefing: what the table is about, what your seat wants, and who sits across."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Footer

from tui.live import SessionPlan


class BriefingScreen(Screen[None]):
    """Shows what a seat is told before it sits down."""

    def __init__(self, plan: SessionPlan) -> None:
        super().__init__()
        self.plan = plan

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        yield Footer()
