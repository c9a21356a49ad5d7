"""Verbs about scenarios: list them, check one, analyse one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import SeatError
from tui.cli.output import note, say, say_json

if TYPE_CHECKING:
    from games.lint import Finding
    from games.scenario import Scenario

FEW = 6
"""Parties up to which a list names each."""

ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A scenario file, or a bundled scenario's name.")
]
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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def list_scenarios() -> None:
    """List the scenarios that come with Minilateral."""
    from games.scenario import bundled_scenarios, load_scenario
    from tui.text.brackets import some
    from tui.text.wording import paragraph

    for name in bundled_scenarios():
        scenario = load_scenario(name)
        names = [party.name for party in scenario.parties.values()]
        parties = " – ".join(names)
        if len(names) > FEW:
            parties = f"{len(names)} parties: {some(names, FEW // 2)}"
        level = scenario.level
        say(f"{name:<20} {scenario.title}")
        told = (
            f"{parties}; {len(scenario.issues)} issues, {scenario.space.count:,} outcomes, "
            f"{scenario.protocol.kind}, difficulty {level.difficulty} of 5, "
            f"about {level.minutes} minutes"
        )
        say(paragraph(told, " " * 21))


def check(scenario: ScenarioName) -> int:
    """Check a scenario file; exits with 1 where something is worth mending."""
    from games.lint import lint
    from games.scenario import load_scenario

    found = load_scenario(scenario)
    findings = [*lint(found), *_seat_findings(found)]
    for finding in findings:
        say(f"{scenario}: {finding.where}: {finding.what}")
    if not findings:
        say(
            f"{scenario}: clean: {len(found.parties)} parties, {len(found.issues)} issues, "
            f"{found.space.count:,} outcomes"
        )
        from tui.text.surroundings import stated_lines
        from tui.text.wording import paragraph

        for line in stated_lines(found):
            say(paragraph(line, "  "))
    return 1 if findings else 0


def _seat_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the seats of a scenario that nobody could take."""
    from delegates.seats import parse_seat
    from games.lint import Finding

    for party, seat in scenario.seats.items():
        try:
            parse_seat(seat, "a model")
        except SeatError as error:
            yield Finding(f"seats.{party}", str(error))


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
