"""The verb that replays a session, on the screen or line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.options import NoScreens, TranscriptPath
from tui.cli.output import is_plain


def replay(
    transcript: TranscriptPath,
    *,
    plain: NoScreens = False,
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
        from tui.cli.replay_text import room_of_session

        room_of_session(transcript, room, seat=see)
        return
    if is_plain(plain=plain) or prompts or move is not None or verbose:
        from tui.cli.replay_text import replay_lines

        replay_lines(transcript, prompts=prompts, move=move, seat=see, verbose=verbose)
        return
    from tui.app import replay as open_replay

    open_replay(transcript, see)
