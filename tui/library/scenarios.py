"""The scenarios that come with the package, each as a card for a list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.scenario import bundled_scenarios, load_scenario

if TYPE_CHECKING:
    from games.scenario import Scenario

RECOMMENDED = "first-table"
"""The scenario with which to begin."""

PROTOCOLS = {
    "alternating-offers": "offers in turn",
    "plenary": "plenary",
    "forum": "forum",
}
"""Kinds of protocol as a list calls them."""


@dataclass(frozen=True, kw_only=True)
class ScenarioCard:
    """What a list tells of a scenario; all texts are safe to show, on one line."""

    source: str
    """By which it is loaded: a bundled name or a file."""
    title: str
    parties: tuple[str, ...]
    """Their names, in the order of moves."""
    issues: tuple[str, ...]
    """Their labels."""
    outcomes: int
    difficulty: int
    """From 1, easy, to 5."""
    minutes: int
    protocol: str
    """Its kind, in words."""
    rounds: int
    setting: str
    """Its first paragraph."""

    @property
    def searched(self) -> str:
        """What a search looks at, in lower case."""
        told = (self.source, self.title, self.protocol, *self.parties, *self.issues)
        return "\n".join(told).lower()


@cache
def scenario_cards() -> tuple[ScenarioCard, ...]:
    """Return the cards of the bundled scenarios, the easiest and shortest first."""
    cards = [card_of(load_scenario(name), name) for name in bundled_scenarios()]
    return tuple(sorted(cards, key=lambda card: (card.difficulty, card.minutes, card.title)))


def card_of(scenario: Scenario, source: str) -> ScenarioCard:
    """Return the card of a scenario.

    Args:
        scenario: The scenario.
        source: By which it is loaded.
    """
    return ScenarioCard(
        source=source,
        title=one_line(scenario.title),
        parties=tuple(one_line(party.name) for party in scenario.parties.values()),
        issues=tuple(one_line(issue.label) or name for name, issue in scenario.issues.items()),
        outcomes=scenario.space.count,
        difficulty=scenario.level.difficulty,
        minutes=scenario.level.minutes,
        protocol=PROTOCOLS[scenario.protocol.kind],
        rounds=scenario.protocol.rounds,
        setting=one_line(scenario.setting.strip().split("\n\n")[0]),
    )
