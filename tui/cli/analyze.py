"""The verb that says what theory says of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tui.cli.output import note, say, say_json
from tui.cli.scenarios import AsJson, ScenarioName
from tui.cli.surveying import surveyed

if TYPE_CHECKING:
    from delegates.robustness import Survey

Sample = Annotated[
    int | None,
    typer.Option(
        "--sample", metavar="N", help="Draw N outcomes where there are too many for tables."
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", help="Draws the sample; the first seed of --sensitivity.")
]
Powers = Annotated[
    list[str] | None,
    typer.Option(
        "--power",
        metavar="ID=ALPHA",
        help="Bargaining power of a party in a second Nash solution (1 if not given).",
    ),
]

Draws = Annotated[
    int | None,
    typer.Option(
        "--sensitivity",
        metavar="DRAWS",
        help="Draw every judged number anew so often, and say which findings survive.",
    ),
]
Spread = Annotated[
    float, typer.Option("--spread", help="Factors are drawn from 1 - SPREAD to 1 + SPREAD.")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes that draw; one a processor by default."),
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
    sensitivity: Draws = None,
    spread: Spread = 0.5,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Show what theory says of a scenario: solutions, equilibria, whether a deal would hold.

    With --sensitivity instead: which of its findings survive if its judgements are others.
    """
    from games.analysis import analyze as analyse
    from games.scenario import load_scenario

    if sensitivity is not None:
        _tell_survey(surveyed(load_scenario(scenario), sensitivity, spread, seed, workers), as_json)
        return
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


def _tell_survey(found: Survey, as_json: bool) -> None:
    from tui.text.sensitivity import survey_text

    if as_json:
        say_json(found.as_json())
    else:
        say(survey_text(found))


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
