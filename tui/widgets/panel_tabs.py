"""The panels as a row of tabs, for terminals too small to show them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

PANELS = {
    "conversation": "Conversation",
    "agenda": "Agenda",
    "utilities": "Utilities",
    "outcomes": "Outcomes",
    "referee": "Referee",
}
"""The panels by their ids, in the order of their keys 1 to 5."""


class PanelTabs(Static):
    """Shows the panels' names and lets one be clicked."""

    @dataclass
    class Chosen(Message):
        """A panel was clicked."""

        panel: str

    active: reactive[str] = reactive("conversation")

    def __init__(self, panels: Mapping[str, str] = PANELS, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        """Name the panels.

        Args:
            panels: Their names by their ids, in the order of their keys from 1.
            id: The row's own id.
        """
        super().__init__(id=id)
        self._panels = panels

    def watch_active(self) -> None:
        """Mark the panel that is shown."""
        tabs = [
            Content.styled(
                f" {number} {name} ", "bold reverse" if panel == self.active else "$muted"
            )
            for number, (panel, name) in enumerate(self._panels.items(), start=1)
        ]
        self.update(Content(" ").join(tabs))

    def on_click(self, event: events.Click) -> None:
        """Tell which panel was clicked."""
        start = 0
        for number, (panel, name) in enumerate(self._panels.items(), start=1):
            end = start + len(f" {number} {name} ")
            if start <= event.x < end:
                self.post_message(self.Chosen(panel))
            start = end + 1
