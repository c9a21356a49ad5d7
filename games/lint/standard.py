"""How far a scenario is from the standard of interesting games, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from games.lint.finding import Finding
from games.standard.figures import DRAWS
from games.standard.levers import LEVERS
from games.standard.lines import Standard, standard
from games.utility import is_tabled

if TYPE_CHECKING:
    from games.scenario import Scenario

MANY = 200_000
"""Outcomes above which the points of a bilateral are shaken less often."""

FEW_DRAWS = 20
"""How often then."""


def held_to_standard(scenario: Scenario) -> Standard | None:
    """Return a scenario held against the standard; None for a bilateral without tables."""
    if len(scenario.ids) == 2 and not is_tabled(scenario):
        return None
    draws = DRAWS if scenario.space.size <= MANY else FEW_DRAWS
    return scenario.once("standard", lambda same: standard(same, draws=draws))


def standard_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the lines of the standard that a scenario misses, as notes with what to try."""
    found = held_to_standard(scenario)
    for line in () if found is None else found.missed:
        yield Finding(
            "standard",
            f"{line.name}: {line.reached}; wanted {line.wanted}",
            "" if line.is_unmeasured else f"Try: {LEVERS[line.name]}.",
            severity="note",
        )
