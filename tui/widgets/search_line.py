"""A line to type in what is sought, or the move to go to; and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from tui.widgets.fitted import Text

Purpose = Literal["search", "go"]

_LEADS: dict[Purpose, str] = {"search": "/", "go": ":"}
_HINTS: dict[Purpose, str] = {
    "search": "words, a party, an act or a term · Enter searches · Esc closes",
    "go": "number of a move, or r3 for round 3 · Enter goes there · Esc closes",
}


class SearchLine(Horizontal):
    """Takes a line of text; stays in sight while something is sought."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Close", show=False)]

    @dataclass
    class Entered(Message):
        """A line was entered."""

        purpose: Purpose
        text: str

    class Closed(Message):
        """What was sought is of no interest any more."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self._purpose: Purpose = "search"
        self._lead = Text("/", id="search-lead")
        self._input = Input(id="search-input", compact=True)
        self._told = Text(id="search-told")

    def compose(self) -> ComposeResult:
        """Stand lead, line and findings side by side."""
        yield self._lead
        yield self._input
        yield self._told

    @property
    def is_open(self) -> bool:
        """Whether the line is in sight."""
        return self.has_class("-open")

    def ask(self, purpose: Purpose) -> None:
        """Open the line for a purpose and have the keys go to it."""
        self._purpose = purpose
        self._lead.update(_LEADS[purpose])
        self._input.value = ""
        self._input.placeholder = _HINTS[purpose]
        self._told.update("")
        self.add_class("-open")
        self._input.focus(scroll_visible=False)

    def tell(self, told: Content) -> None:
        """Tell what was found."""
        self._told.update(told)

    def close(self) -> None:
        """Take the line out of sight."""
        self.remove_class("-open")

    def action_cancel(self) -> None:
        """Close the line and forget what was sought."""
        self.post_message(self.Closed())

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self._purpose, event.value.strip()))
