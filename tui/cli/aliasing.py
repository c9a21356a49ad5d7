"""How a scenario is loaded to be played: under its own names, or under neutral ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import SeatError
from tui.cli.output import note, say

if TYPE_CHECKING:
    from games.aliases import Aliases
    from games.scenario import Scenario

Alias = Annotated[
    bool, typer.Option("--alias", help="Give the parties invented names, which say nothing.")
]


def loaded(scenario: str, *, alias: bool, as_json: bool = False) -> tuple[Scenario, Aliases]:
    """Return the scenario as it is to be played, and who is who; the user alone is told.

    Raises:
        ScenarioError: If there is none, or it cannot be told under aliases.
    """
    from games.aliases import Aliases, aliased
    from games.scenario import load_scenario
    from tui.text.wording import paragraph

    found = load_scenario(scenario)
    if not alias:
        return found, Aliases(known=())
    found, known = aliased(found)
    if as_json:
        note(known.line())
    else:
        say(paragraph(known.line()))
    return found, known


def seated(seats: dict[str, str], known: Aliases) -> dict[str, str]:
    """Return seats by the ids under which parties play, named by these or by their real ids.

    Raises:
        SeatError: If a party is named by both.
    """
    found: dict[str, str] = {}
    for party, spec in seats.items():
        played = known.id_of(party)
        if played in found:
            raise SeatError(f"--seat {party}={spec}: {played} is given twice")
        found[played] = spec
    return found
