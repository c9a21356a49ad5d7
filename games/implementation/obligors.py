"""What moves a party that owes something, year by year and under each reading of the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.compliance.enforcement import belief, gain_of_honouring
from games.compliance.game import attainable_gain, incentives
from games.compliance.verdicts import (
    expected_fine,
    owes,
    patience_of,
    security,
    weight_of_later,
)
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.parts.aftermath import Belief, Implementation
from games.parts.base import of_party
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

AS_SIGNED: IndexArray = np.zeros(1, dtype=np.intp)
"""The reading that holds before anything is disputed."""


@dataclass(frozen=True, kw_only=True)
class Obligor:
    """One party that owes something; its incentives in shares of what it can gain.

    T, R, P and S are those of the compliance game, one figure a reading of the agreement.
    """

    party: str
    position: int
    issues: tuple[str, ...]
    """What it owes."""
    temptation: FloatArray
    reward: FloatArray
    punishment: FloatArray
    sucker: FloatArray
    later: float
    """The weight of the years after detection."""
    patience: float
    """δ of a year, 0 if not stated."""
    swing: float
    unit: float
    """What it can gain, in points."""
    law: float
    """Chance per year that a change of law ends its commitments."""
    fine: float
    """In points, for each year in which it reneged."""
    expected_fine: float
    """As a share of what it can gain."""
    reopening: float
    """What reopening the price costs it, likewise."""
    trust: Belief | None
    """None if it is sure of the others."""

    def honours(self, reading: IndexArray, gap: FloatArray, seen: FloatArray) -> BoolArray:
        """Return on which paths it honours this year.

        Args:
            reading: The reading of the agreement that holds.
            gap: How far the spot price lies above the contract price, as a share of it.
            seen: Years in which the others have, as far as it could see, honoured.
        """
        trust: float | FloatArray = 1.0
        if self.trust is not None:
            own = self.trust
            trust = belief(own.a, own.b, own.kept + seen, own.broken)
        gain = gain_of_honouring(
            self.temptation[reading] + self.swing * gap,
            self.reward[reading],
            self.punishment[reading],
            self.sucker[reading],
            patience=self.later,
            belief=trust,
        )
        return gain >= -TIE

    def spoils(self, reading: IndexArray, gap: FloatArray) -> FloatArray:
        """Return the points that a year of reneging brings it before any fine."""
        more = self.temptation[reading] + self.expected_fine - self.reward[reading]
        return self.unit * (more + self.swing * gap)

    def would_reopen(self, reading: IndexArray) -> BoolArray:
        """Return where keeping the agreement, (R − P)/(1 − δ), is worth reopening its price."""
        kept = (self.reward[reading] - self.punishment[reading]) / (1 - self.patience)
        return kept >= self.reopening - TIE


def obligors(scenario: Scenario, outcomes: Sequence[int], plan: Implementation) -> list[Obligor]:
    """Return the parties that owe something, with their incentives under each reading."""
    return [
        _obligor(scenario, outcomes, plan, position)
        for position, party in enumerate(scenario.ids)
        if owes(scenario, party)
    ]


def _obligor(
    scenario: Scenario, outcomes: Sequence[int], plan: Implementation, position: int
) -> Obligor:
    party = scenario.ids[position]
    unit = attainable_gain(scenario, position)
    stakes = [incentives(scenario, outcome, position) for outcome in outcomes]
    behind, reopened = scenario.commitments, plan.renegotiation
    patience = patience_of(scenario, party)
    return Obligor(
        party=party,
        position=position,
        issues=tuple(name for name, issue in scenario.issues.items() if issue.obligor == party),
        temptation=np.array([one.temptation for one in stakes]) / unit,
        reward=np.array([one.reward for one in stakes]) / unit,
        punishment=np.array([security(one) for one in stakes]) / unit,
        sucker=np.array([one.sucker for one in stakes]) / unit,
        later=weight_of_later(scenario, patience),
        patience=patience or 0.0,
        swing=plan.swing.get(party, 0.0) / unit,
        unit=unit,
        law=min(of_party(plan.law, party), 1.0),
        fine=0.0 if behind is None else of_party(behind.fine, party),
        expected_fine=expected_fine(scenario, party) / unit,
        reopening=0.0 if reopened is None else of_party(reopened.cost, party) / unit,
        trust=scenario.trust.get(party),
    )
