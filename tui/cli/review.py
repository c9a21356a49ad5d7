"""The verb that reviews a session: the debrief on the screen, line by line, for print, as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from tui.cli.options import NoScreens, TranscriptPath
from tui.cli.output import is_plain, note, say, say_json

QUIET_S = 2.0
"""Seconds after which it is said what is being worked out."""

Format = Literal["md", "html", "json"]


def review(
    transcript: TranscriptPath,
    *,
    party: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="ID",
            help="Whose play; by default the person's, else the first party's.",
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="For print or for other tools, on standard output."),
    ] = None,
    plain: NoScreens = False,
) -> None:
    """Say how a seat was played: each move, what it gave away, three lessons."""
    if form is None and not is_plain(plain=plain):
        _show(transcript, party)
        return
    from delegates.debriefing.debrief import debrief

    found = debrief(transcript, party, progress=Patience())
    if form == "json":
        from delegates.debriefing.as_json import debrief_json

        say_json(debrief_json(found))
    elif form is not None:
        from tui.report import html_text, markdown_text, review_report

        text = (html_text if form == "html" else markdown_text)(review_report(found))
        say(text.removesuffix("\n"))
    else:
        from tui.text.review import review_lines

        for line in review_lines(found):
            say(line)


class Patience:
    """Says on stderr what is being worked out, once it takes a while and then ever more rarely."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin to measure, by a clock in seconds."""
        self.now = now
        self.began = now()
        self.silent_s = QUIET_S

    def __call__(self, what: str) -> None:
        """Take note of what is begun."""
        waited = self.now() - self.began
        if waited >= self.silent_s:
            self.silent_s = 2 * waited
            note(f"minilateral: {what} …")


def _show(transcript: Path, party: str | None) -> None:
    """Show the review on the screen until the user quits.

    Raises:
        TranscriptError: If the transcript cannot be read; nothing was shown then.
        UserError: If there is no such party.
    """
    from functools import partial

    from delegates.debriefing.recorded import read
    from tui.app import MinilateralApp
    from tui.screens.review import ReviewScreen

    read(transcript, party)
    MinilateralApp(partial(ReviewScreen, transcript, party)).run()
