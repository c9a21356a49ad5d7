"""The verb of whoever leads an exercise: all debriefs side by side, or a class compared."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui.cli.options import NoScreens
from tui.cli.output import is_plain, note, say, say_json
from tui.cli.review import QUIET_S, Patience

if TYPE_CHECKING:
    from delegates.classroom.as_json import Accuracies
    from delegates.classroom.comparison import Comparison
    from tui.report.document import Document

EXIT_UNREAD = 1
"""Where some of the files could not be read; the others were compared."""

Transcripts = Annotated[
    list[Path],
    typer.Argument(
        metavar="TRANSCRIPT…|FOLDER",
        help="One session's file: its seats side by side. Several, or a folder: a class compared.",
    ),
]


class Format(StrEnum):
    """How it is written."""

    TEXT = "text"
    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Lines, a page to show or print, or JSON.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A new file for it.")]
Stopped = Annotated[
    bool,
    typer.Option(
        "--stopped",
        help="Of one session that is not over: nobody carries it on, so all may be told.",
    ),
]
WithAccuracy = Annotated[
    bool,
    typer.Option(
        "--accuracy", help="Of a class: also how accurately each seat played (takes minutes)."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes for --accuracy; one a processor."),
]


def debrief(
    transcripts: Transcripts,
    *,
    form: FormatOption = None,
    out: Out = None,
    stopped: Stopped = False,
    accuracy: WithAccuracy = False,
    workers: Workers = None,
    plain: NoScreens = False,
) -> int:
    """Set all seats' debriefs side by side, or compare a class of tables: the trainer's page.

    It tells every seat's private side: for whoever leads the exercise, after the session.
    """
    is_class = len(transcripts) > 1 or transcripts[0].is_dir()
    _require_use(is_class, stopped=stopped, accuracy=accuracy, workers=workers)
    if out is not None:
        from tui.cli.convert import require_new

        require_new(out)
    if form is None and out is None and not accuracy and not is_plain(plain=plain):
        return _show(transcripts, stopped=stopped, is_class=is_class)
    wanted = form or _by_ending(out)
    if not is_class:
        _tell(_of_sides(transcripts[0], wanted, stopped=stopped), wanted, out)
        return 0
    found, played = _compared(transcripts, accuracy=accuracy, workers=workers)
    _tell(_of_class(found, played, wanted), wanted, out)
    for one in found.unread:
        note(f"minilateral: {one.name}: {one.reason}")
    return EXIT_UNREAD if found.unread else 0


def _require_use(is_class: bool, *, stopped: bool, accuracy: bool, workers: int | None) -> None:
    """Refuse options that would not be heeded.

    Raises:
        BadParameter: If there are some.
    """
    if is_class and stopped:
        raise typer.BadParameter("--stopped is for one session; a class lists those not over")
    if not is_class and accuracy:
        raise typer.BadParameter("--accuracy is for a class; one session's page always has it")
    if workers is not None and not accuracy:
        raise typer.BadParameter("--workers is for --accuracy; expected that as well")


def _by_ending(out: Path | None) -> Format:
    """Return the form that a file's ending names; lines if it names none."""
    endings = {".html": Format.HTML, ".htm": Format.HTML, ".md": Format.MARKDOWN}
    endings[".json"] = Format.JSON
    return Format.TEXT if out is None else endings.get(out.suffix.lower(), Format.TEXT)


def _of_sides(path: Path, form: Format, *, stopped: bool) -> object:
    """Return one session's debriefs side by side: a text, or for JSON an object."""
    from delegates.classroom.side_by_side import side_by_side

    found = side_by_side(path, is_stopped=stopped, progress=Patience())
    if form is Format.JSON:
        from delegates.classroom.as_json import side_by_side_json

        return side_by_side_json(found)
    if form is Format.TEXT:
        from tui.text.sides import sides_lines

        return "\n".join(sides_lines(found))
    from tui.report.sides import sides_report

    return _printed(sides_report(found), form)


def _of_class(found: Comparison, played: Accuracies | None, form: Format) -> object:
    """Return a class compared, likewise."""
    if form is Format.JSON:
        from delegates.classroom.as_json import comparison_json

        return comparison_json(found, played)
    if form is Format.TEXT:
        from tui.text.class_page import class_lines

        return "\n".join(class_lines(found, played))
    from tui.report.class_page import class_report

    return _printed(class_report(found, played), form)


def _printed(document: Document, form: Format) -> str:
    from tui.report import html_text, markdown_text

    return (html_text if form is Format.HTML else markdown_text)(document)


def _compared(
    given: Sequence[Path], *, accuracy: bool, workers: int | None
) -> tuple[Comparison, Accuracies | None]:
    """Return a class compared, and its accuracies where they are wanted.

    Raises:
        UserError: If there is no such file, or none can be read.
    """
    from delegates.classroom.comparison import compared_at
    from delegates.classroom.tables import transcripts_in

    found = compared_at(transcripts_in(given), watch=Told("read"))
    if not accuracy:
        return found, None
    from delegates.classroom.accuracies import accuracies_of

    finished = [one for group in found.groups for one in group.tables]
    return found, accuracies_of(finished, workers=workers, watch=Told("judged"))


class Told:
    """Says on stderr how many tables are done, once it takes a while; on a terminal in one line."""

    def __init__(self, what: str, now: Callable[[], float] = time.monotonic) -> None:
        """Tell what is done, by a clock in seconds."""
        self._what, self._now = what, now
        self._at = now()

    def __call__(self, done: int, tables: int) -> None:
        """Take note that another table is done."""
        is_due = self._now() - self._at >= QUIET_S
        if is_due and done < tables:
            self._at = self._now()
            note(f"minilateral: {self._what} {done} of {tables} tables …")


def _tell(told: object, form: Format, out: Path | None) -> None:
    """Write what was found to a new file, or say it.

    Raises:
        UserError: If the file cannot be written.
    """
    if out is None:
        if form is Format.JSON:
            say_json(told)
        else:
            say(str(told).removesuffix("\n"))
        return
    from delegates.classroom.as_json import FOR_WHOM
    from games.errors import plain
    from games.files.writing import write_new

    text = json.dumps(told, ensure_ascii=False, indent=1) if form is Format.JSON else str(told)
    write_new({out: f"{text.removesuffix(chr(10))}\n"})
    say(plain(f"{out}: {FOR_WHOM}"))


def _show(given: Sequence[Path], *, stopped: bool, is_class: bool) -> int:
    """Show it on the screen until the user quits.

    Raises:
        TranscriptError: If a transcript cannot be read; nothing was shown then.
        UserError: If there is none.
    """
    from functools import partial

    from tui.app import MinilateralApp

    if is_class:
        from delegates.classroom.tables import transcripts_in
        from tui.screens.class_page import ClassScreen

        MinilateralApp(partial(ClassScreen, transcripts_in(given))).run()
    else:
        from delegates.debriefing.recorded import read_whole
        from tui.screens.debriefs import DebriefsScreen

        read_whole(given[0], is_stopped=stopped)
        MinilateralApp(partial(DebriefsScreen, given[0], is_stopped=stopped)).run()
    return 0
