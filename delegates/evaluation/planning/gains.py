"""Who has anything to gain in a scenario: of others there is no advantage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.text import one_line
from games.bargaining.quorum import zopa
from games.naming import listed
from games.scenario import Scenario
from games.utility import TIE, is_tabled


def on_gains(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield in which scenarios nobody can gain, and which parties of others cannot, a sentence
    each; nothing of scenarios that have too many outcomes for tables."""
    nobody: list[str] = []
    some: list[str] = []
    for scenario in scenarios:
        if not is_tabled(scenario):
            continue
        without = _without_gain(scenario)
        if len(without) == len(scenario.ids):
            nobody.append(one_line(scenario.id))
        elif without:
            some.append(f"{listed(without)} in {one_line(scenario.id)}")
    if nobody:
        yield (
            f"In {listed(nobody)} nobody can gain by an outcome that all would accept: advantage "
            "is not defined there, and sessions count in agreement and rounds only."
        )
    if some:
        yield (
            f"By no outcome that all would accept can these gain: {'; '.join(some)}. Advantage is "
            "not defined in their seats."
        )


def _without_gain(scenario: Scenario) -> list[str]:
    rational = zopa(scenario)
    return [
        one_line(party)
        for party, own in zip(scenario.ids, scenario.preferences, strict=True)
        if not len(rational) or own.utilities[rational].max() - own.reservation <= TIE
    ]
