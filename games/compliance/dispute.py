"""How much political dispute a signature survives: negative linkage, and its release valve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.compliance.enforcement import dispute_threshold
from games.utility import TIE, dispute_cost

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class DisputeLimit:
    """How much dispute a party's signature survives, and how deep a text."""

    party: str
    level: float
    """s* = (u⁰ − r)/(A·d): it signs up to this level; see `dispute_threshold`."""
    depth: float
    """The deepest text, from 0 to 1, that it would sign at the present level of dispute."""
    signs: bool
    """Whether it signs this text at the present level."""


def dispute_limits(scenario: Scenario, outcome: int) -> tuple[DisputeLimit, ...]:
    """Return, for each party, the dispute at which it stops signing an outcome's text.

    A shallower text is the release valve: the depth at which the party would still sign.
    """
    level, depth = dispute_scales(scenario, outcome)
    limits: list[DisputeLimit] = []
    for own in scenario.preferences:
        behind = scenario.dispute
        cost = behind.audience_cost.get(own.party, 0.0) if behind is not None else 0.0
        undisputed = own.utility_in_force(outcome) + dispute_cost(scenario, outcome, own.party)
        gain = undisputed - own.reservation
        limits.append(
            DisputeLimit(
                party=own.party,
                level=dispute_threshold(gain, cost, depth),
                depth=min(max(dispute_threshold(gain, cost, level), 0.0), 1.0),
                signs=gain >= cost * level * depth - TIE and own.may_sign(outcome),
            )
        )
    return tuple(limits)


def dispute_scales(scenario: Scenario, outcome: int) -> tuple[float, float]:
    """Return s and d, the level of the dispute and the depth of an outcome's text; 0 without."""
    if scenario.dispute is None:
        return 0.0, 0.0
    chosen = scenario.space.levels_of(outcome)
    values: list[float] = []
    for scale in (scenario.dispute.level, scenario.dispute.depth):
        if isinstance(scale, int | float):
            values.append(float(scale))
        else:
            position = scenario.space.issues.index(scale.issue)
            text = scenario.issues[scale.issue].texts[chosen[position]]
            values.append(scale.values[text])
    return values[0], values[1]
