"""A question to be answered by yes or no, over a screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class SureScreen(ModalScreen[bool]):
    """Asks whether something is really meant."""

    CSS_PATH = "sure.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "dismiss(True)", "Yes"),
        Binding("n,escape", "dismiss(False)", "No"),
    ]

    def __init__(self, question: str, yes: str = "Yes", no: str = "No") -> None:
        """Ask.

        Args:
            question: What is asked.
            yes: What yes does.
            no: What no does.
        """
        super().__init__()
        self._question = question
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """Hold the question and its two answers."""
        with Vertical(id="sure"):
            yield Static(Content(self._question))
            with Horizontal(id="sure-answers"):
                yield Button(Content(f"{self._no} (n)"), id="sure-no", compact=True)
                yield Button(Content(f"{self._yes} (y)"), id="sure-yes", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "sure-yes")
