"""What linking the parts of an agreement does for each party that owes something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from games.compliance.enforcement import Linkage, linkage
from games.compliance.game import attainable_gain, benefit_from_others, own_cost
from games.compliance.verdicts import owes

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Package:
    """One party's parts of an agreement by kind of issue, each alone and all together."""

    party: str
    kinds: tuple[str, ...]
    """Kinds of issues with something owed, in the order of the issues."""
    linkage: Linkage
    """Aligned with the kinds."""


def packages(scenario: Scenario, outcome: int) -> tuple[Package, ...]:
    """Return, for each party that owes something, what linking the parts of an agreement does.

    A part is all issues of one kind. Breaking it brings a party its own cost in it, g, and costs
    it in each later year the benefit from the others' side of it less that cost, c = b − g. What a
    party owes in a part in which nobody owes it anything holds only as part of the whole. The whole
    is taken with all points linked across parts; neither fines nor disputes are counted.
    """
    kinds = tuple(
        dict.fromkeys(issue.kind for issue in scenario.issues.values() if issue.obligor is not None)
    )
    found: list[Package] = []
    for position, party in enumerate(scenario.ids):
        if not owes(scenario, party):
            continue
        unit = attainable_gain(scenario, position)
        gains = [own_cost(scenario, outcome, position, kind) / unit for kind in kinds]
        benefits = [benefit_from_others(scenario, outcome, position, kind) / unit for kind in kinds]
        losses = [benefit - gain for benefit, gain in zip(benefits, gains, strict=True)]
        gain = own_cost(scenario, outcome, position) / unit
        whole = linkage([gain], [benefit_from_others(scenario, outcome, position) / unit - gain])
        parts = linkage(gains, losses)
        found.append(Package(party=party, kinds=kinds, linkage=replace(parts, pooled=whole.pooled)))
    return tuple(found)
