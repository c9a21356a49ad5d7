"""A question to be answered by yes or no, over a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button

from tui.widgets.fitted import Text


class SureScreen(ModalScreen[bool]):
    """Asks whether something is really meant."""

    CSS_PATH = "sure.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,q", "answer(False)", "No"),
        Binding("left,right", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, question: str, yes: str = "Yes", no: str = "No", *, title: str = "") -> None:
        """Ask.

        Args:
            question: What is asked; it is shown as it is, without markup.
            yes: What the button says that does it.
            no: What the button says that does nothing.
            title: Above it.
        """
        super().__init__()
        self._question, self._yes, self._no, self._title = question, yes, no, title

    def ask(self, app: App[Any], then: Callable[[], object]) -> None:
        """Ask over an app's screen.

        Args:
            app: The app.
            then: Done where the answer is yes.
        """

        def answered(is_sure: bool | None) -> None:
            if is_sure:
                then()

        app.push_screen(self, answered)

    def compose(self) -> ComposeResult:
        """Hold the question and its two answers."""
        with Vertical(id="sure") as box:
            box.border_title = Content(self._title) if self._title else None
            box.border_subtitle = "y · n · ← → and Enter"
            yield Text(Content(self._question))
            with Horizontal(id="sure-answers"):
                yield Button(Content(f"{self._yes} (y)"), id="yes", variant="warning", compact=True)
                yield Button(Content(f"{self._no} (n)"), id="no", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Let Enter do nothing that cannot be undone."""
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer by a button."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by a key."""
        self.dismiss(answer)
