"""Panels as a row of tabs, for terminals too small to show them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class TabRow(Static):
    """Shows the names of panels with the numbers that are their keys, and lets one be clicked."""

    @dataclass
    class Chosen(Message):
        """A panel was clicked."""

        panel: str

    active: reactive[str] = reactive("")

    def __init__(self, panels: Mapping[str, str], *, id: str | None = None) -> None:  # noqa: A002
        """Name the panels.

        Args:
            panels: Panel → its name.
            id: The widget's.
        """
        super().__init__(id=id)
        self._panels = panels
        self.active = next(iter(panels))

    def watch_active(self) -> None:
        """Mark the panel that is shown."""
        tabs = [
            Content.styled(label, "bold reverse" if panel == self.active else "$muted")
            for panel, label in self._labels()
        ]
        self.update(Content(" ").join(tabs))

    def _labels(self) -> list[tuple[str, str]]:
        named = enumerate(self._panels.items(), start=1)
        return [(panel, f" {number} {name} ") for number, (panel, name) in named]

    def on_click(self, event: events.Click) -> None:
        """Tell which panel was clicked."""
        at = event.get_content_offset(self)
        start = 0
        for panel, label in self._labels():
            if at is not None and start <= at.x < start + len(label):
                self.post_message(self.Chosen(panel))
            start += len(label) + 1
