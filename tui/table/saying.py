"""What is to be said with the next move, written ahead of it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import TextArea

from delegates.persons.person import too_much_said
from delegates.text import one_line
from tui.table.draft import Draft
from tui.table.words_field import WordsField
from tui.widgets.fitted import Text


class SayScreen(ModalScreen[None]):
    """Takes words; they are said with whatever is done next."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(self, draft: Draft) -> None:
        """Ask for words.

        Args:
            draft: Where they are kept.
        """
        super().__init__()
        self._draft = draft

    def compose(self) -> ComposeResult:
        """Hold the field."""
        with Vertical(classes="dialog") as box:
            box.border_title = "What you say with your next move"
            box.border_subtitle = "Enter or Esc closes; it is kept"
            yield Text("Leave it empty and your seat's voice finds the words.", classes="about")
            yield WordsField(self._draft.words, id="words", compact=True)
            yield Text(id="verdict")

    def on_mount(self) -> None:
        """Begin to write."""
        self.query_one(WordsField).focus()

    @on(TextArea.Changed)
    def _worded(self, event: TextArea.Changed) -> None:
        self._draft.words = event.text_area.text
        problem = too_much_said(event.text_area.text)
        told = f"{len(one_line(event.text_area.text))} characters" if problem is None else problem
        self.query_one("#verdict", Text).update(Content.styled(told, "$muted"))

    @on(WordsField.Sent)
    def action_close(self) -> None:
        """Close; the words are kept."""
        self.dismiss(None)
