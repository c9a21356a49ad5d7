"""What the panels share that tell the record, as far as it is read, as one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from tui.replay import History, Recording
from tui.text.labels import party_labels
from tui.widgets.fitted import Text


class RecordPanel(VerticalScroll, inherit_bindings=False):
    """Shows one text, made anew whenever what it is about or the width changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False),
        Binding("down", "scroll_down", "Down", show=False),
    ]

    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""

    def __init__(self, recording: Recording, title: str, id: str) -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id, classes="panel")
        self.border_title = Content(title)
        self._labels = party_labels(recording.scenario)
        self._text = Text(id=f"{id}-text")
        self._height = 0

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield self._text

    def on_resize(self, _: events.Resize) -> None:
        """Lay the text out anew."""
        self._height = 0
        self._show()

    def watch_history(self) -> None:
        """Show what is known now."""
        self._show()

    def watch_see(self) -> None:
        """Show what that party may know."""
        self._show()

    def _show(self) -> None:
        width = self.scrollable_content_region.width
        lines = self.lines(width) if width else None
        if lines is None:
            return
        # A new layout costs more than the text; only another height needs one.
        self._text.update(Content("\n").join(lines), layout=len(lines) != self._height)
        self._height = len(lines)

    def lines(self, width: int) -> Sequence[Content] | None:
        """Return the text as lines of a width; None to leave what is there."""
        raise NotImplementedError


class MovePanel(RecordPanel):
    """Shows a text on how things stand after some moves."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""

    def watch_moves(self) -> None:
        """Show how things stand then."""
        self._show()


READING = (Content.styled("reading the record…", "$muted"),)
"""Shown until the record has been read that far."""
