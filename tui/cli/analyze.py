"""The verb that says what theory says of a scenario."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.output import note, say, say_json
from tui.cli.scenarios import AsJson, ScenarioName

Sample = Annotated[
    int | None,
    typer.Option(
        "--sample", metavar="N", help="Draw N outcomes where there are too many for tables."
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Draws the sample.")]
Powers = Annotated[
    list[str] | None,
    typer.Option(
        "--power",
        metavar="ID=ALPHA",
        help="Bargaining power of a party in a second Nash solution (1 if not given).",
    ),
]


def analyze(
    scenario: ScenarioName,
    *,
    sample: Sample = None,
    seed: Seed = 0,
    power: Powers = None,
    basins: Annotated[
        bool, typer.Option("--basins", help="Also say where learning leads in each game.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what theory says of a scenario: solutions, equilibria, whether a deal would hold."""
    from games.analysis import analyze as analyse
    from games.scenario import load_scenario

    analysis = analyse(
        load_scenario(scenario), sample=sample, seed=seed, powers=_powers(power or [])
    )
    if sample is not None and analysis.sample is None:
        note(f"--sample was not needed: all {analysis.outcomes:,} outcomes are examined")
    shares = analysis.basins() if basins else {}
    if as_json:
        found = {"basins": {name: one.as_json() for name, one in shares.items()}} if basins else {}
        say_json({**analysis.as_json(), **found})
        return
    from tui.text.analysis import analysis_text

    say(analysis_text(analysis, shares))


def _powers(given: list[str]) -> dict[str, float]:
    """Return bargaining powers by party.

    Raises:
        UserError: If one is not written ID=NUMBER.
    """
    from games.errors import UserError

    powers: dict[str, float] = {}
    for one in given:
        party, _, number = one.partition("=")
        try:
            powers[party] = float(number)
        except ValueError:
            raise UserError(f"--power {one!r}: expected ID=NUMBER, as in USA=2") from None
    return powers
