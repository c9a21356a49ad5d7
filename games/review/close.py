"""What was left on the table at the close, and what could be believed of the counterparts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.solutions import bargain, normalised_gains
from games.outcomes import FloatArray, IndexArray
from games.protocols.hall import HallState
from games.ratification import ratified
from games.review.positions import Act, offers_so_far
from games.session import State, Status, payoffs, utilities
from games.tactics.frequency_model import Belief, belief
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """What one party could still have had at nobody's cost."""

    party: str
    points: float
    """In its own points, undiscounted."""
    share: float | None
    """As a share of m − r; None if it cannot gain anything in the ZOPA."""


@dataclass(frozen=True, kw_only=True)
class CloseReading:
    """How a session stood when it closed, or when it was broken off."""

    status: Status
    agreement: int | None
    utilities: dict[str, float]
    """Undiscounted points; r without agreement."""
    payoffs: dict[str, float]
    """Likewise, time counted."""
    gains: dict[str, float]
    """Normalised gains (u − r)/(m − r); 0 without agreement, and for who has left it."""
    distance_to_frontier: float | None
    """Euclidean, in normalised gains, from the agreement (or from no agreement) to the nearest
    undominated outcome; None where the frontier is not known."""
    distance_to_nash: float | None
    """Likewise to the nearest Nash outcome; None if the ZOPA is empty."""
    left: tuple[Leftover, ...]
    """One a party."""
    beliefs: tuple[Belief, ...]
    """What the reviewed party could believe of each counterpart at the close, against the truth."""


def read_close(final: State, acts: Sequence[Act], seat: int) -> CloseReading:
    """Return how a session stood after its last move.

    Args:
        final: The state after the last move.
        acts: Every move.
        seat: Position of the reviewed party.
    """
    scenario, agreed = final.scenario, final.agreement
    found = bargain(scenario)
    reached = np.zeros(len(scenario.ids))
    if agreed is not None:
        reached = normalised_gains(scenario, np.array([agreed]))[:, 0].copy()
        # Whoever has left has no part in what the others agree.
        reached[sorted(final.left)] = 0.0
    offers = offers_so_far(acts, len(scenario.ids))
    return CloseReading(
        status=final.status,
        agreement=agreed,
        utilities=utilities(final),
        payoffs=payoffs(final),
        gains=dict(zip(scenario.ids, reached.tolist(), strict=True)),
        distance_to_frontier=_distance(scenario, reached, found.pareto),
        distance_to_nash=_distance(scenario, reached, found.solutions["nash"]),
        left=tuple(_leftover(final, position) for position in range(len(scenario.ids))),
        beliefs=tuple(
            belief(scenario.space, scenario.preferences[other], made)
            for other, made in enumerate(offers)
            if other != seat
        ),
    )


def _distance(scenario: Scenario, reached: FloatArray, outcomes: IndexArray | None) -> float | None:
    if outcomes is None or len(outcomes) == 0:
        return None
    away = normalised_gains(scenario, outcomes) - reached[:, None]
    return round(float(np.sqrt((away**2).sum(axis=0)).min()), 9)


def had_at_signature(final: State) -> dict[str, float]:
    """Return what each party had at the close, before any capital had ratified it.

    What could have been left on the table is reckoned in the same worth.
    """
    agreed = final.agreement
    if agreed is None or ratified(final) is None or isinstance(final, HallState):
        return utilities(final)
    return {
        own.party: own.reservation if position in final.left else own.utility(agreed)
        for position, own in enumerate(final.scenario.preferences)
    }


def _leftover(final: State, position: int) -> Leftover:
    """Return the most a party could have had with every other party as well off as it is.

    Over the outcomes that all may sign; without agreement every other party has its reservation
    value.
    """
    scenario, had = final.scenario, had_at_signature(final)
    open_to_all = np.ones(scenario.space.size, dtype=bool)
    for other, party in enumerate(scenario.preferences):
        if party.signable is not None:
            open_to_all &= party.signable
        if other != position:
            open_to_all &= party.utilities >= had[party.party] - TIE
    own = scenario.preferences[position]
    rest = own.utilities[open_to_all] - had[own.party]
    points = max(0.0, float(rest.max())) if len(rest) else 0.0
    spread = float(bargain(scenario).best[position]) - own.reservation
    return Leftover(party=own.party, points=points, share=points / spread if spread > TIE else None)
