"""Where a review is written to: beside its transcript, as one HTML file or as Markdown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Button

from delegates.text import one_line
from games.errors import UserError
from games.files.writing import write_new
from games.review.debrief import Debrief
from tui.widgets.fitted import Text

FORMS = {"html": "HTML", "md": "Markdown"}
"""What a page may be written as, by the ending of the file's name, in the order in which it is
offered; each has its first letter for a key."""

OPENS_THEN = "e: the export opens once it is there."
"""What is said where the key was pressed before there is anything to write."""

Write = Callable[[Debrief, str], str]
"""Returns a debrief as the text of a file with such an ending."""


def _reported(debrief: Debrief, form: str) -> str:
    from tui.report import html_text, markdown_text, review_report

    return (html_text if form == "html" else markdown_text)(review_report(debrief))


class Written(Message):
    """How the writing ended, in a line."""

    def __init__(self, told: str, form: str, *, is_done: bool) -> None:
        super().__init__()
        self.told, self.form, self.is_done = told, form, is_done


class PageExportScreen(ModalScreen[None]):
    """Asks for the form, writes the file in a thread, and says where it is."""

    CSS_PATH = "export.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back"),
        *(Binding(form[0], f"write('{form}')", name) for form, name in FORMS.items()),
    ]

    def __init__(
        self, page: str, told: str, path: Path, name: str, text: Callable[[str], str]
    ) -> None:
        """Ask about a page.

        Args:
            page: What is written, in a word or two.
            told: Where it is written to and what it holds, in a sentence.
            path: The transcript beside which it is written.
            name: What the file's name has after the transcript's.
            text: Makes the text for a file with such an ending; it is called in a thread.
        """
        super().__init__()
        self._page, self._told = page, told
        self._path, self._name, self._text = path, name, text
        self._asked = set[str]()
        """The forms that are written, or are being written."""

    def compose(self) -> ComposeResult:
        """Lay what is done above the forms."""
        with Vertical(id="export") as box:
            box.border_title = f"Write the {self._page}"
            forms = [f"{form[0]} {name}" for form, name in FORMS.items()]
            box.border_subtitle = " · ".join([*forms, "Esc back"])
            yield Text(self._told, markup=False)
            yield Text(id="written")
            with Horizontal(id="forms"):
                for form, name in FORMS.items():
                    yield Button(name, id=form, compact=True)

    @on(Button.Pressed)
    def _pressed(self, message: Button.Pressed) -> None:
        if message.button.id is not None:
            self.action_write(message.button.id)

    def action_write(self, form: str) -> None:
        """Write the page; once in each form, however often it is asked for."""
        if form in self._asked:
            return
        self._asked.add(form)
        self.query_one("#written", Text).update(Content.styled("Writing…", "$muted"))
        self._save(form)

    @work(thread=True)
    def _save(self, form: str) -> None:
        try:
            file = written_beside(self._path, f"{self._name}.{form}", self._text(form))
        except UserError as error:
            self.post_message(Written(str(error), form, is_done=False))
        else:
            self.post_message(Written(f"Written to {file}", form, is_done=True))

    @on(Written)
    def _tell(self, message: Written) -> None:
        style = "$success" if message.is_done else "$error"
        if not message.is_done:
            self._asked.discard(message.form)
        self.query_one("#written", Text).update(Content.styled(one_line(message.told), style))


class ExportScreen(PageExportScreen):
    """Writes a review."""

    def __init__(self, debrief: Debrief, path: Path, *, write: Write = _reported) -> None:
        """Ask about a debrief.

        Args:
            debrief: What is written.
            path: The session's transcript.
            write: Makes the text; it is called in a thread.
        """
        holds = "what this seat may know by now" if debrief.is_sealed else "what every party wanted"
        super().__init__(
            "review",
            f"It is written beside the transcript, and holds {holds}.",
            path,
            f"{debrief.party}-review",
            lambda form: write(debrief, form),
        )


def written_beside(path: Path, name: str, text: str) -> Path:
    """Write a text into a new file beside a transcript and return the file.

    Args:
        path: The transcript.
        name: What the file's name has after the transcript's; where there is such a file already, a
            number is added, so nothing is ever overwritten.
        text: What is written.

    Raises:
        UserError: If it cannot be written.
    """
    stem, dot, ending = name.rpartition(".")
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        file = path.with_name(f"{path.stem}-{stem}{more}{dot}{ending}")
        if os.path.lexists(file):
            number += 1
            continue
        # It holds every seat's points, as the transcript does.
        write_new({file: text})
        return file
