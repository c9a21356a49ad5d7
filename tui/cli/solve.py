"""The verb about game files: the equilibria of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tui.cli.options import AsJson
from tui.cli.output import say, say_json


def solve(
    game: Annotated[
        Path, typer.Argument(metavar="GAME.nfg", help="A game file in one of Gambit's forms.")
    ],
    *,
    basins: Annotated[
        bool,
        typer.Option(
            "--basins", help="Also say where replicator dynamics lead from random starts."
        ),
    ] = False,
    budget: Annotated[
        float, typer.Option(help="Seconds a game too large to enumerate may take.")
    ] = 10.0,
    as_json: AsJson = False,
) -> None:
    """Show all equilibria of a game file, verified exactly; pure ones if it has many players."""
    from games.equilibrium.many_players import PureReport, equilibria_of
    from games.equilibrium.words import explanation, plain_phrases
    from games.formats.nfg import load_nfg
    from tui.text.game import cleaned, game_text

    read = load_nfg(game)
    read = read if as_json else cleaned(read)
    report = equilibria_of(read, budget_s=budget)
    shares = None
    if basins and not isinstance(report, PureReport) and report.complete:
        from games.equilibrium.dynamics import basins as basin_shares

        shares = basin_shares(report)
    if not as_json:
        say(game_text(read, report, shares))
    elif isinstance(report, PureReport):
        say_json(report.as_json())
    else:
        extra = {} if shares is None else {"basins": shares.as_json()}
        words = explanation(report, plain_phrases(report, (read.players[0], read.players[1])))
        say_json({**report.as_json(beside_nashpy=True), **extra, "explanation": words})
