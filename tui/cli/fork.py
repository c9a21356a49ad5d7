"""The verb that branches a session: the same talks up to a move, then perhaps other delegates."""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from tui.cli.given import seats_given
from tui.cli.options import TranscriptPath
from tui.cli.output import say


def fork(
    transcript: TranscriptPath,
    *,
    at: Annotated[int, typer.Option(metavar="MOVE", help="How many moves are kept.")],
    seat: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=SPEC", help="Who sits for a party from there on."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the branch.")] = None,
) -> None:
    """Begin a session where another one stood after some move; `resume` plays it."""
    from delegates.fork import fork as branched
    from delegates.settings import load_settings
    from delegates.text import counted
    from games.errors import plain
    from games.naming import called
    from transcripts.fold import fold
    from tui.text.wording import paragraph

    branch = branched(
        transcript,
        at=at,
        seats=seats_given(seat or []),
        out=out,
        settings=load_settings(os.environ),
    )
    folded = fold(branch.events())
    state, parties = folded.state, folded.scenario.parties
    moves = counted(at, "move")
    if state.is_open:
        rounds = folded.scenario.protocol.rounds
        who = called(plain(parties[state.party].name))
        say(f"Kept {moves}; next, {who} moves in round {state.round + 1} of {rounds}.")
    else:
        say(f"Kept {moves}, with which the session is over; resume it to have its result.")
    for party, sits in folded.header.seats.items():
        sits_there = f"{parties[party].name}: decided by {sits.decides}, worded by {sits.words}"
        say(paragraph(plain(sits_there), "  "))
    say(f"Transcript: {branch.path}")
    say(f"Carry on:   minilateral resume {quote(str(branch.path))}")
