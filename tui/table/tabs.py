"""Names in a row, one of them marked, each to be clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static


class NameTabs(Static):
    """Shows names, each under its number."""

    active: reactive[str] = reactive("")
    """The key of the one that is marked."""
    names: reactive[Mapping[str, str]] = reactive(dict[str, str])
    """Key → name."""

    @dataclass
    class Chosen(Message):
        """A name was clicked."""

        key: str

    def watch_active(self) -> None:
        """Mark another."""
        self._show()

    def watch_names(self) -> None:
        """Show other names."""
        self._show()

    def _cells(self) -> list[tuple[str, str]]:
        return [
            (key, f" {number} {name} ") for number, (key, name) in enumerate(self.names.items(), 1)
        ]

    def _show(self) -> None:
        cells = [
            Content.styled(text, "bold reverse" if key == self.active else "$muted")
            for key, text in self._cells()
        ]
        self.update(Content(" ").join(cells))

    def on_click(self, event: events.Click) -> None:
        """Tell which name was clicked."""
        start = 0
        for key, text in self._cells():
            if start <= event.x < start + len(text):
                self.post_message(self.Chosen(key))
            start += len(text) + 1
