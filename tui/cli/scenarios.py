"""Verbs about scenarios: list them, check one, analyse one."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.output import say, say_json

ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A scenario file, or a bundled scenario's name.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def list_scenarios() -> None:
    """List the scenarios that come with Minilateral."""
    from games.scenario import bundled_scenarios, load_scenario

    for name in bundled_scenarios():
        scenario = load_scenario(name)
        parties = " – ".join(party.name for party in scenario.parties.values())
        level = scenario.level
        say(f"{name:<20} {scenario.title}")
        say(
            f"{'':<20} {parties}; {len(scenario.issues)} issues, "
            f"{scenario.space.count:,} outcomes, difficulty {level.difficulty} of 5, "
            f"about {level.minutes} minutes"
        )


def check(scenario: ScenarioName) -> int:
    """Check a scenario file; exits with 1 where something is worth mending."""
    from games.lint import lint
    from games.scenario import load_scenario

    found = load_scenario(scenario)
    findings = lint(found)
    for finding in findings:
        say(f"{scenario}: {finding.where}: {finding.what}")
    if not findings:
        say(
            f"{scenario}: clean: {len(found.parties)} parties, {len(found.issues)} issues, "
            f"{found.space.count:,} outcomes"
        )
    return 1 if findings else 0


def analyze(scenario: ScenarioName, *, as_json: AsJson = False) -> None:
    """Show what theory says of a scenario: ZOPA, frontier, solutions, matrices, equilibria."""
    from games.analysis import analyze as analyse
    from games.scenario import load_scenario

    analysis = analyse(load_scenario(scenario))
    if as_json:
        say_json(analysis.as_json())
        return
    from tui.text.analysis import analysis_text

    say(analysis_text(analysis))
