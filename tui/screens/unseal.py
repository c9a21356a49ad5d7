"""Asks once before what the others know is shown to someone who sits at the same table."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

WARNING = (
    "This session is not over, and a person sits in it. Play seals the others until the close: "
    "their points, prompts and private talks. Show them all the same?"
)


class UnsealScreen(ModalScreen[bool]):
    """Returns whether to show them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Show"),
        Binding("n,escape,q", "answer(False)", "Leave sealed"),
    ]

    def compose(self) -> ComposeResult:
        """Hold the question and two answers."""
        with Vertical(id="unseal") as box:
            box.border_title = "Sealed until the close"
            box.border_subtitle = "y shows · n or Esc leaves sealed"
            yield Static(WARNING, markup=False)
            yield Button("Leave sealed", id="sealed", compact=True)
            yield Button("Show", id="shown", compact=True)

    def action_answer(self, show: bool) -> None:
        """Close with an answer."""
        self.dismiss(show)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close with the answer that was pressed."""
        self.dismiss(event.button.id == "shown")
