"""Counting a roll call: is the text adopted, and if not, what is it short of?

A text is adopted if enough weight votes yes and no holder of a veto votes no. Under unanimity an
abstention does not stand in the way (as in Article 238(4) of the Treaty on the Functioning of the
European Union); it never counts towards a quorum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.protocols.alternating_offers import NEAR

if TYPE_CHECKING:
    from games.protocols.hall import HallState


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A roll call as far as it has gone."""

    yes: tuple[int, ...]
    no: tuple[int, ...]
    abstained: tuple[int, ...]
    outstanding: tuple[int, ...]
    """Those present who have not voted yet."""
    weight: float
    """Weight of those who voted yes."""
    needed: float
    """Weight that must vote yes."""
    blocked_by: tuple[int, ...]
    """Holders of a veto who voted no; under unanimity, all who did."""
    short_of: int
    """Fewest further yes votes, by those who did not vote yes, that would reach the weight."""

    @property
    def is_adopted(self) -> bool:
        """Whether the text is adopted as the votes stand."""
        return bool(self.yes) and not self.blocked_by and self.short_of == 0

    def words(self, names: tuple[str, ...]) -> str:
        """Return the count in words, the blocking coalition named.

        Args:
            names: What each party is called, in the scenario's order.
        """
        tally = f"{len(self.yes)} yes, {len(self.no)} no, {len(self.abstained)} abstaining"
        if self.is_adopted:
            return f"{tally}: adopted"
        against = [names[k] for k in self.blocked_by]
        reasons = [f"blocked by {', '.join(against)}"] if against else []
        if self.short_of:
            reasons.append(f"short of {self.short_of} vote{'s' if self.short_of > 1 else ''}")
        return f"{tally}: not adopted, {' and '.join(reasons) or 'nobody voted for it'}"


def count(state: HallState) -> Count:
    """Return the count of the last roll call, or of one that is under way."""
    rule, ids = state.scenario.protocol.agreement, state.scenario.ids
    cast = {ballot: _those(state, ballot) for ballot in ("yes", "no", "abstain", None)}
    yes, no = cast["yes"], cast["no"]
    if rule == "unanimity":
        return Count(
            yes=yes,
            no=no,
            abstained=cast["abstain"],
            outstanding=cast[None],
            weight=float(len(yes)),
            needed=float(len(yes) + len(no) + len(cast[None])),
            blocked_by=no,
            short_of=len(no) + len(cast[None]),
        )
    weights = [rule.weights.get(party, 1.0) for party in ids]
    weight = sum(weights[k] for k in yes)
    needed = rule.quorum * sum(weights)
    others = sorted((weights[k] for k in state.present if k not in yes), reverse=True)
    return Count(
        yes=yes,
        no=no,
        abstained=cast["abstain"],
        outstanding=cast[None],
        weight=weight,
        needed=needed,
        blocked_by=tuple(k for k in no if ids[k] in rule.vetoes),
        short_of=_fewest(needed - weight - NEAR, others),
    )


def _those(state: HallState, ballot: str | None) -> tuple[int, ...]:
    return tuple(k for k in state.present if state.ballots[k] == ballot)


def _fewest(missing: float, weights: list[float]) -> int:
    """Return how many of the heaviest weights make up what is missing; one more if all do not."""
    votes = 0
    for weight in weights:
        if missing <= 0:
            return votes
        missing -= weight
        votes += 1
    return votes if missing <= 0 else votes + 1
