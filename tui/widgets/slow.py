"""What is seen while something that was asked for takes its time."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tui.typed_keys import orderly
from tui.widgets.fitted import Text


class SlowScreen(ModalScreen[None]):
    """Says that something is still being read, and has it left if that takes too long."""

    DEFAULT_CSS = """
    SlowScreen {
        align: center middle;
        background: $background 60%;
    }
    SlowScreen Text {
        width: auto;
        padding: 1 2;
        background: $surface;
        border: round $primary;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss", "Leave it")]

    is_over = False
    """Whether what was read is there: it closes as soon as it is on top."""

    def compose(self) -> ComposeResult:
        """Hold one line."""
        yield Text(Content.assemble("Reading…  ", ("Esc leaves it", "$muted")))

    def on_screen_resume(self, _: events.ScreenResume) -> None:
        """Close where it has nothing to say any more."""
        if self.is_over:
            # Dismissed, it would say that what else is being read was left.
            orderly(self).pop_screen()
