"""The verb that lists the scenarios, and how one is named on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from tui.cli.output import say

FEW = 6
"""Parties up to which a list names each."""

ScenarioName = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A scenario file, or a bundled scenario's name.")
]


def list_scenarios() -> None:
    """List the scenarios that come with Minilateral."""
    from delegates.text import counted
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
            f"{parties}; {counted(len(scenario.issues), 'issue')}, "
            f"{counted(scenario.space.count, 'outcome')}, "
            f"{scenario.protocol.kind}, difficulty {level.difficulty} of 5, "
            f"about {counted(level.minutes, 'minute')}"
        )
        say(paragraph(told, " " * 21))
