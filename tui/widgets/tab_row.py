"""Names in a row of tabs, one of them marked, each to be clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from tui.widgets.fitted import Text


class TabRow(Text):
    """Shows names with the numbers that are their keys, and lets one be clicked."""

    @dataclass
    class Chosen(Message):
        """A name was clicked."""

        key: str

    active: reactive[str] = reactive("")
    """The key of the name that is marked."""
    names: reactive[Mapping[str, str]] = reactive(dict[str, str])
    """Key → name, in the order of their numbers from 1."""

    def __init__(self, names: Mapping[str, str] | None = None, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        """Name the tabs.

        Args:
            names: Key → name; none where they come later.
            id: The row's own id.
        """
        super().__init__(id=id)
        self.names = names or {}
        self.active = next(iter(self.names), "")

    def watch_active(self) -> None:
        """Mark another name."""
        self._show()

    def watch_names(self) -> None:
        """Show other names."""
        self._show()

    def _show(self) -> None:
        tabs = [
            Content.styled(told, "bold reverse" if key == self.active else "$muted")
            for key, told in self._told()
        ]
        self.update(Content(" ").join(tabs))

    def _told(self) -> list[tuple[str, str]]:
        named = enumerate(self.names.items(), start=1)
        return [(key, f" {number} {name} ") for number, (key, name) in named]

    def on_click(self, event: events.Click) -> None:
        """Tell which name was clicked."""
        at = event.get_content_offset(self)
        start = 0
        for key, told in self._told():
            if at is not None and start <= at.x < start + len(told):
                self.post_message(self.Chosen(key))
            start += len(told) + 1
