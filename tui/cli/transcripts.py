"""Verbs about transcripts: replay one, verify one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tui.cli.output import is_plain, note, say, say_json

TranscriptPath = Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="A session's file.")]
Plain = Annotated[bool, typer.Option("--plain", help="Line by line, without colour or screens.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def replay(
    transcript: TranscriptPath,
    *,
    plain: Plain = False,
    prompts: Annotated[
        bool, typer.Option("--prompts", help="Show what every model was asked, and its reply.")
    ] = False,
    move: Annotated[
        int | None, typer.Option(metavar="N", help="Show this move only, from 1.")
    ] = None,
    room: Annotated[
        int | None,
        typer.Option(metavar="N", help="Show one room of a hall, as a session of its own."),
    ] = None,
    see: Annotated[
        str | None, typer.Option("--as", metavar="ID", help="Show only what this party may know.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Show every move in a hall.")
    ] = False,
) -> None:
    """Replay a session: step, jump and scrub through it."""
    if room is not None:
        from tui.cli.replay import room_of_session

        room_of_session(transcript, room, seat=see)
        return
    if is_plain(plain=plain) or prompts or move is not None or verbose:
        from tui.cli.replay import replay_lines

        replay_lines(transcript, prompts=prompts, move=move, seat=see, verbose=verbose)
        return
    from tui.app import replay as open_replay

    open_replay(transcript, see)


def verify(transcript: TranscriptPath, *, as_json: AsJson = False) -> int:
    """Say whether a transcript is what was written; exits with 1 where it is not."""
    from transcripts.verify import verify as verification_of

    found = verification_of(transcript)
    if as_json:
        say_json(found.as_json())
        return 0 if found.ok else 1
    state = "complete" if found.complete else "unfinished"
    verdict = f"sound, {state}" if found.ok else "NOT sound"
    events = f"{found.events} event{'' if found.events == 1 else 's'}"
    say(f"{transcript}: {verdict}, {events}")
    for problem in (*found.problems, *found.notes):
        say(f"  {problem}")
    return 0 if found.ok else 1


def cut_back(transcript: Path) -> None:
    """Give up what follows the first damage in a transcript, if there is any, and say what that is.

    Raises:
        TranscriptError: If nothing of it can be carried on, or it cannot be written.
    """
    from transcripts.rescue import cut_back as cut
    from tui.text.wording import counted

    found = cut(transcript)
    if found is None:
        note(f"minilateral: {transcript}: nothing before its end is damaged; carried on as it is")
        return
    given_up = counted(found.lines, "line")
    if found.replies:
        replies = counted(len(found.replies), "paid answer")
        given_up += f", {replies} of models among them, whose cost still counts"
    note(
        f"minilateral: {transcript}: cut back to event {found.event - 1}; given up: {given_up}; "
        f"the file as it was is kept in {found.kept}"
    )
