"""Verbs about scenarios: list them, check one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import SeatError
from tui.cli.output import say

if TYPE_CHECKING:
    from games.lint import Finding
    from games.scenario import Scenario

FEW = 6
"""Parties up to which a list names each."""

ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A scenario file, or a bundled scenario's name.")
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
