"""Verbs about transcripts: replay one, verify one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from games.errors import TranscriptError
from tui.cli.output import is_plain, say, say_json

TranscriptPath = Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="A session's file.")]
Plain = Annotated[bool, typer.Option("--plain", help="Line by line, without colour or screens.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def replay(transcript: TranscriptPath, *, plain: Plain = False) -> None:
    """Replay a session: step, jump and scrub through it."""
    if is_plain(plain=plain):
        _replay_lines(transcript)
        return
    from tui.app import replay as open_replay

    open_replay(transcript)


def _replay_lines(path: Path) -> None:
    from transcripts.fold import begin
    from transcripts.store import Transcript
    from tui.cli.live import LiveText
    from tui.text.result import result_text

    file = Transcript(path)
    folded = begin(file.header())
    live = LiveText(say, colour=False)
    live.open(folded)
    for number in range(1, len(file)):
        event = file.event(number)
        try:
            folded.add(event)
        except TranscriptError as error:
            raise TranscriptError(f"{path}: {error}") from None
        live.show(event, folded)
    say()
    say(result_text(folded.record(path)))


def verify(transcript: TranscriptPath, *, as_json: AsJson = False) -> int:
    """Say whether a transcript is what was written; exits with 1 where it is not."""
    from transcripts.verify import verify as verification_of

    found = verification_of(transcript)
    if as_json:
        say_json(found.as_json())
        return 0 if found.ok else 1
    state = "complete" if found.complete else "unfinished"
    verdict = f"sound, {state}" if found.ok else "NOT sound"
    say(f"{transcript}: {verdict}, {found.events} events")
    for problem in (*found.problems, *found.notes):
        say(f"  {problem}")
    return 0 if found.ok else 1
