"""How parties, issues and options are called on the screen: cleaned, on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.option_words import with_unit
from games.outcomes import Option
from tui.text.columns import cut

if TYPE_CHECKING:
    from games.scenario import Issue, Scenario

GLYPHS = "●▲■▼✚♣"
"""One sign a party, so that no one is known by colour alone."""

HUES = len(GLYPHS)
"""How many colours there are for parties before they come round again."""

NAME_LENGTH = 40
"""Columns of a party's name, at most."""


@dataclass(frozen=True, kw_only=True)
class PartyLabel:
    """What a party is called and by which sign it is known."""

    id: str
    name: str
    glyph: str
    hue: int

    @property
    def style(self) -> str:
        """The theme variable that colours it."""
        return f"$party-{self.hue}"

    @property
    def signed_id(self) -> str:
        """Its sign and its id."""
        return f"{self.glyph} {self.id}"


def party_labels(scenario: Scenario) -> tuple[PartyLabel, ...]:
    """Return how each party is called, in the order of moves."""
    return tuple(
        PartyLabel(
            id=party,
            name=cut(one_line(details.name), NAME_LENGTH) or party,
            glyph=GLYPHS[position % HUES],
            hue=position % HUES,
        )
        for position, (party, details) in enumerate(scenario.parties.items())
    )


def option_label(option: Option) -> str:
    """Return an option as a person writes it."""
    return one_line(option) if isinstance(option, str) else f"{option:,}"


def option_with_unit(issue: Issue, option: Option) -> str:
    """Return an option with the unit of its issue."""
    return one_line(with_unit(issue, option))
