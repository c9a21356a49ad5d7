"""What follows from signing an outcome: will it be honoured, who signs it, what becomes of it.

Everything here follows from the scenario and the outcome alone and is worked out when first asked
for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite, prod
from typing import TYPE_CHECKING

from games.compliance.dispute import DisputeLimit, dispute_limits
from games.compliance.game import compliance_game
from games.compliance.rulings import RuledOn, after_rulings, explain_rulings
from games.compliance.verdicts import PartyVerdict, Verdict, verdict
from games.implementation.outlook import Outlook, outlook
from games.implementation.price_floor import FloorRange
from games.implementation.words import explain_outlook
from games.implementation.works import floor_worth
from games.matrices.matrix import Matrix, both_blocs
from games.participation.game import participation_game
from games.participation.membership import StableCoalitions, contribution_game, stable_coalitions
from games.participation.signatures import StableSignatures, stable_signatures
from games.ratification import chances_to_ratify

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True)
class Agreement:
    """An outcome, signed."""

    scenario: Scenario
    outcome: int
    bound: tuple[str, ...] | None = None
    """The parties that it obliges; None for all. Nobody where a text was signed that is not in
    force."""

    @property
    def binds(self) -> bool:
        """Whether it obliges anyone."""
        return self.bound is None or bool(self.bound)

    @cached_property
    def matrices(self) -> tuple[Matrix, ...]:
        """The compliance game and, if the scenario speaks of participation, that of signing.

        Neither where a side of the table is empty.
        """
        if both_blocs(self.scenario) is None:
            return ()
        signing = participation_game(self.scenario, self.outcome)
        return (
            compliance_game(self.scenario, self.outcome),
            *(() if signing is None else (signing,)),
        )

    @cached_property
    def verdict(self) -> Verdict | None:
        """Whether it will be honoured; None where nobody owes anything: no issue names who must
        deliver it, or the text binds no one."""
        owed = any(issue.obligor is not None for issue in self.scenario.issues.values())
        return verdict(self.scenario, self.outcome, self.bound) if owed and self.binds else None

    @cached_property
    def rulings(self) -> tuple[RuledOn, ...]:
        """What becomes of it once its ambiguous words are ruled on; nothing if none are, or the
        text binds no one."""
        return after_rulings(self.scenario, self.outcome, self.bound) if self.binds else ()

    @property
    def ruling_words(self) -> str | None:
        """The same as a paragraph."""
        if not self.rulings:
            return None
        return explain_rulings(self.scenario, self.outcome, self.rulings, self.bound)

    @cached_property
    def ratification(self) -> dict[str, float]:
        """The chance that each capital that must ratify it does; nothing where none must."""
        return chances_to_ratify(self.scenario, self.outcome)

    @cached_property
    def dispute(self) -> tuple[DisputeLimit, ...]:
        """How much of a quarrel each party's signature survives; nothing without a dispute."""
        return () if self.scenario.dispute is None else dispute_limits(self.scenario, self.outcome)

    @cached_property
    def signatures(self) -> StableSignatures | None:
        """The stable ways to sign; None if the scenario does not speak of participation."""
        if self.scenario.participation is None:
            return None
        return stable_signatures(self.scenario, self.outcome)

    @cached_property
    def coalitions(self) -> StableCoalitions | None:
        """The coalitions nobody would leave or join; None likewise."""
        if self.scenario.participation is None:
            return None
        return stable_coalitions(contribution_game(self.scenario, self.outcome))

    @cached_property
    def outlook(self) -> Outlook | None:
        """The years after signature, simulated; None if the scenario does not speak of them, or
        the text binds no one."""
        return outlook(self.scenario, self.outcome) if self.binds else None

    @cached_property
    def floor(self) -> FloorRange | None:
        """What its price floor is worth a unit and year; None likewise, or without a floor."""
        return floor_worth(self.scenario, self.outcome)

    @property
    def outlook_words(self) -> str | None:
        """The outlook as a paragraph."""
        return None if self.outlook is None else explain_outlook(self.scenario, self.outlook)

    def as_json(self) -> dict[str, object]:
        """Return what the scenario lets be said, as plain JSON values."""
        found: dict[str, object] = {
            "verdict": None if self.verdict is None else _verdict_json(self.verdict)
        }
        if not self.binds:
            found["binds"] = False
        if self.ratification:
            found["ratification"] = {
                "chances": self.ratification,
                "jointly": prod(self.ratification.values()),
            }
        if self.rulings:
            found["rulings"] = [_ruling_json(one) for one in self.rulings]
        if self.dispute:
            found["dispute"] = {
                one.party: {
                    "level": one.level if isfinite(one.level) else None,
                    "depth": one.depth,
                    "signs": one.signs,
                }
                for one in self.dispute
            }
        if self.signatures is not None and self.coalitions is not None:
            found["signatures"] = _signatures_json(self.signatures)
            found["coalitions"] = _coalitions_json(self.coalitions)
        if self.outlook is not None:
            found["outlook"] = {**self.outlook.as_json(), "words": self.outlook_words}
        if self.floor is not None:
            found["floor_worth"] = {"least": self.floor.least, "most": self.floor.most}
        return found


def _verdict_json(found: Verdict) -> dict[str, object]:
    return {
        "kind": found.kind,
        "parties": {one.party: _party_json(one) for one in found.parties},
        "words": found.paragraph,
    }


def _party_json(one: PartyVerdict) -> dict[str, object]:
    return {
        "kind": one.kind,
        "game": one.game,
        "critical_discount": one.critical_discount,
        "patience": one.patience,
        "threshold_belief": one.threshold_belief,
        "belief": one.belief,
        "fine": one.fine,
    }


def _ruling_json(one: RuledOn) -> dict[str, object]:
    return {
        "chance": one.chance,
        "awards": one.awards,
        "rewards": {party: round(value, 9) for party, value in one.rewards.items()},
        "reneges": list(one.reneges),
    }


def _signatures_json(found: StableSignatures) -> dict[str, object]:
    return {
        "profiles": [
            {"signatures": one.signatures, "in_force": one.in_force, "strict": one.strict}
            for one in found.found
        ],
        "complete": found.complete,
        "note": found.note,
    }


def _coalitions_json(found: StableCoalitions) -> dict[str, object]:
    return {
        "stable": [{"members": list(one.members), "strict": one.strict} for one in found.found],
        "complete": found.complete,
        "note": found.note,
    }
