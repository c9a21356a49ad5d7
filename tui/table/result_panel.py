"""How the session ended and what theory says of it, in place."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from tui.text.wording import clean_line
from tui.widgets.fitted import Text


class ResultPanel(VerticalScroll, inherit_bindings=False):
    """Shows the result once the session is over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False),
        Binding("down", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
    ]

    lines: reactive[tuple[str, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(id="result", classes="panel")
        self.border_title = "Result"
        self._text = Text(id="result-text")

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield self._text

    def on_resize(self, _: events.Resize) -> None:
        """Show what there is."""
        self._show()

    def watch_lines(self) -> None:
        """Show the result."""
        self._show()

    def _show(self) -> None:
        if not self.lines:
            self._text.update(Content.styled("The referee is at work…", "$muted"))
            return
        self._text.update(Content("\n".join(map(clean_line, self.lines))))
