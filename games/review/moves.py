"""What a move did: the ground it gave, whether something better was at hand, what it gave away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.outcomes import BoolArray, FloatArray
from games.review.continuations import would_accept
from games.review.positions import Heard, Position, Reply, settled
from games.session import Offer
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

_EQUAL = 1e-9


class Dominance(NamedTuple):
    """Whether an offer had a better alternative: as good for its maker, better for the others."""

    dominated: bool
    better: int | None
    """The dominating outcome that is better for the others by most; None if there is none."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """How a move differs from its mover's previous offer."""

    previous: int
    """The outcome previously offered."""
    changes: dict[str, float]
    """Party → change of its utility, in its own points."""
    concession: float | None
    """Share of its possible gain (highest − r) that the mover gave up, negative if it took some
    back; None if it cannot gain anything."""
    concession_rate: float | None
    """Concession a round, over the time since the previous offer."""


def ground(position: Position, heard: Heard | None = None) -> Ground | None:
    """Return how an offer or acceptance differs from the mover's previous offer.

    None for walking away, and before the mover has made an offer.

    Args:
        position: The move.
        heard: Has heard the offers before an earlier move, if a session is gone through.
    """
    scenario, act = position.state.scenario, position.act
    outcome = settled(position)
    if outcome is None:
        return None
    last = (heard or Heard()).last_offer(position)
    if last is None or not isinstance(last.move, Offer):
        return None
    previous = last.move.outcome
    changes = {
        party.party: party.utility(outcome) - party.utility(previous)
        for party in scenario.preferences
    }
    own = scenario.preferences[act.mover]
    spread = own.highest - own.reservation
    concession = (0.0 - changes[own.party]) / spread if spread > TIE else None
    rounds = (act.turn - last.turn) / len(scenario.ids)
    return Ground(
        previous=previous,
        changes=changes,
        concession=concession,
        concession_rate=None if concession is None else concession / rounds,
    )


def dominated_as_known(position: Position, heard: Heard | None = None) -> Dominance | None:
    """Return whether an offer was dominated as far as its maker could know.

    An outcome dominates it that the maker may sign, that is worth at least as much to the maker
    and, by the frequency model of each counterpart's offers so far, at least as much to each
    counterpart and more to one. Counterparts that have made no offer are left out of account. None
    if the move is no offer, or no counterpart has made one.

    Args:
        position: The move.
        heard: Has heard the offers before an earlier move, if a session is gone through.
    """
    scenario, act = position.state.scenario, position.act
    if not isinstance(act.move, Offer):
        return None
    estimates = [
        made.model().utilities()
        for party, made in enumerate((heard or Heard()).before(position))
        if not made.is_empty and party != act.mover
    ]
    if not estimates:
        return None
    signable = scenario.preferences[act.mover].signable
    return dominance(scenario, act.mover, act.move.outcome, estimates, signable)


def dominated_in_truth(position: Position) -> Dominance | None:
    """Return whether an offer was dominated, the counterparts' true utilities being known.

    An outcome dominates it that every party may sign, that is worth at least as much to the maker
    and to each counterpart, and more to one counterpart. None if the move is no offer.
    """
    scenario, act = position.state.scenario, position.act
    if not isinstance(act.move, Offer):
        return None
    others = [party for at, party in enumerate(scenario.preferences) if at != act.mover]
    masks = [party.signable for party in scenario.preferences if party.signable is not None]
    signable: BoolArray | None = np.logical_and.reduce(masks) if masks else None
    # In shares of each span: what is better by most must not depend on a party's unit.
    worth = [party.utilities / party.span for party in others if party.span > TIE]
    return dominance(scenario, act.mover, act.move.outcome, worth, signable)


def dominance(
    scenario: Scenario,
    mover: int,
    outcome: int,
    worth: Sequence[FloatArray],
    signable: BoolArray | None,
) -> Dominance:
    """Return whether another outcome is as good for a party and better for the others.

    Args:
        scenario: What is negotiated.
        mover: Position of the party.
        outcome: What it proposes.
        worth: What every outcome is worth to each of the others, in shares of a scale of its own.
        signable: The outcomes looked at; all if None.
    """
    own = scenario.preferences[mover].utilities
    found = own >= own[outcome] - TIE
    if signable is not None:
        found &= signable
    total = np.zeros(len(own))
    for utilities in worth:
        rise = utilities - utilities[outcome]
        found &= rise >= -_EQUAL
        total += rise
    # Nobody loses, so that someone wins if and only if the sum does.
    found &= total > _EQUAL
    if not found.any():
        return Dominance(dominated=False, better=None)
    best = np.flatnonzero(found & (total >= total[found].max() - _EQUAL))
    return Dominance(dominated=True, better=int(best[np.argmax(own[best])]))


def unneeded_concession(
    position: Position, replies: Sequence[Reply], heard: Heard | None = None
) -> bool | None:
    """Return whether a move gave ground although the mover's previous offer would have been taken.

    It gave ground if what it offers or accepts is worth less to the mover than its previous offer.
    That was unneeded if, had the mover made its previous offer again instead, every other party
    would have accepted it when asked next, by its own mind or its nearest concession curve. None
    for walking away and before the mover has made an offer.

    Args:
        position: The move.
        replies: How each party answers, in the scenario's order.
        heard: Has heard the offers before an earlier move, if a session is gone through.
    """
    given = ground(position, heard)
    if given is None:
        return None
    if given.changes[position.state.party] >= -TIE:
        return False
    return would_accept(position.state, position.history, given.previous, replies)
