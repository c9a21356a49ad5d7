"""A ranking of issues against what they weigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from games.tactics.frequency_model import true_weights
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class RankAgreement:
    """How far a ranking puts issues in the order of their weights."""

    tau: float | None
    """Kendall's τ-b, from −1 (reversed) to 1; None where no pair can be compared."""
    right: int
    """Pairs of issues in the right order."""
    compared: int
    """Pairs of issues that differ in weight."""
    tied: tuple[tuple[str, str], ...]
    """Pairs that weigh the same: either order is right, so neither counts."""
    unnamed: tuple[str, ...]
    """Issues that the ranking does not name: taken as tied behind those that it names."""


def issue_weights(scenario: Scenario, party: str) -> dict[str, float]:
    """Return what each issue weighs for a party: its share of all that it can gain or lose.

    The range of its options' mean worth over all settlements of the other issues, so that points
    which two issues bring only together count in both; see
    `games.tactics.frequency_model.true_weights`. All weigh 0 where no option matters.
    """
    own = scenario.preferences[scenario.ids.index(party)]
    weights = true_weights(scenario.space, own.utilities)
    return dict(zip(scenario.space.issues, weights.tolist(), strict=True))


def rank_agreement(ranking: Sequence[str], weights: Mapping[str, float]) -> RankAgreement:
    """Return how far a ranking, the weightiest first, agrees with weights.

    τ-b = (C − D)/√((C + D)(C + D + T)): C pairs in the right order, D in the wrong one, T left open
    by the ranking (Kendall 1945). Pairs of equal weight count as tied on both sides, whatever order
    the ranking had to put them in.

    Args:
        ranking: Some or all of the issues.
        weights: Of every issue, in any unit.
    """
    place = {issue: at for at, issue in enumerate(ranking)}
    behind_all = len(ranking)
    greatest = max((abs(one) for one in weights.values()), default=0.0)
    right = wrong = left_open = 0
    tied: list[tuple[str, str]] = []
    for one, other in combinations(weights, 2):
        difference = weights[one] - weights[other]
        if abs(difference) <= TIE * greatest:
            tied.append((one, other))
            continue
        ahead = place.get(other, behind_all) - place.get(one, behind_all)
        right += ahead * difference > 0
        wrong += ahead * difference < 0
        left_open += ahead == 0
    decided = right + wrong
    return RankAgreement(
        tau=(right - wrong) / sqrt(decided * (decided + left_open)) if decided else None,
        right=right,
        compared=decided + left_open,
        tied=tuple(tied),
        unnamed=tuple(issue for issue in weights if issue not in place),
    )
