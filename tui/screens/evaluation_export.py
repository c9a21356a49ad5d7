"""Where the report of an evaluation is written: HTML, Markdown and the figures' data as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen

from delegates.evaluation.judging.found import Found
from delegates.evaluation.playing.folder import Folder
from delegates.text import one_line
from games.errors import MinilateralError
from tui.widgets.fitted import Text

Write = Callable[[Found, Path], Sequence[Path]]
"""Writes the report into an evaluation's folder and returns what was written."""


def write_found(found: Found, path: Path) -> Sequence[Path]:
    """Write the report into an evaluation's folder and return what was written."""
    from tui.report.evaluation import write_report

    folder = Folder(path)
    return [*write_report(found, folder), folder.figures]


class EvaluationExportScreen(ModalScreen[None]):
    """Writes the report in a thread, and says where it is."""

    CSS_PATH = "export.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Back"),
    ]

    @dataclass
    class Written(Message):
        """What was written."""

        files: Sequence[Path]

    @dataclass
    class NotWritten(Message):
        """Why nothing was written."""

        line: str

    def __init__(self, found: Found, path: Path, *, write: Write = write_found) -> None:
        """Write a report.

        Args:
            found: What it tells.
            path: The evaluation's folder.
            write: Writes it; it is called in a thread.
        """
        super().__init__()
        self._found, self._path, self._write = found, path, write

    def compose(self) -> ComposeResult:
        """Hold what is done."""
        with Vertical(id="export") as box:
            box.border_title = "Write the report"
            box.border_subtitle = "Esc back"
            yield Text(
                "One page of HTML, the same as Markdown, and the data of every figure as CSV. It "
                "holds what every party could gain and did."
            )
            yield Text(Content.styled("Writing…", "$muted"), id="written")

    def on_mount(self) -> None:
        """Write it."""
        self._save()

    @work(thread=True, exclusive=True)
    def _save(self) -> None:
        try:
            files = self._write(self._found, self._path)
        except MinilateralError as error:
            self.post_message(self.NotWritten(one_line(str(error))))
        else:
            self.post_message(self.Written(files))

    @on(Written)
    def _tell(self, message: Written) -> None:
        lines = [Content.styled("Written:", "$success")]
        lines += [Content(f"  {one_line(str(file))}") for file in message.files]
        self.query_one("#written", Text).update(Content("\n").join(lines))

    @on(NotWritten)
    def _refuse(self, message: NotWritten) -> None:
        self.query_one("#written", Text).update(Content.styled(f"✗ {message.line}", "$error"))
