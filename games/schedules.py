"""Sessions of tactics that depend on time alone, without playing them move by move.

Such a tactic is two arrays: what it offers and what it accepts in each round. The move that closes
the session then follows by comparison, and the events are the same as `step` would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import FloatArray, IndexArray
from games.session import Accept, Move, Offer, State, start

if TYPE_CHECKING:
    from games.scenario import Scenario

Schedule = tuple[IndexArray, FloatArray]
"""Offers and least accepted utilities of each round."""


@dataclass(frozen=True)
class Played:
    """The moves of a session played by schedule, and the turn of the agreed offer if any."""

    moves: tuple[Move, ...]
    agreed_turn: int | None


def play_schedules(scenario: Scenario, schedules: Sequence[Schedule], seed: int = 0) -> Played:
    """Return the moves of a session in which each party follows its schedule.

    Args:
        scenario: Played by alternating offers to unanimity.
        schedules: One a party, in the scenario's order.
        seed: Draws lots where the protocol does.
    """
    opening = start(scenario, seed)
    if len(scenario.ids) == 2 and scenario.protocol.opens == "fixed":
        return _two_parties(scenario, schedules, len(opening.turns))
    return _played(_moves(scenario, schedules, opening))


def _two_parties(scenario: Scenario, schedules: Sequence[Schedule], turns: int) -> Played:
    """Find the first turn whose offer the next mover accepts, for all turns at once."""
    (first_offers, first_least), (second_offers, second_least) = schedules
    rounds = turns // 2
    offers = np.empty(turns, dtype=np.intp)
    offers[0::2], offers[1::2] = first_offers[:rounds], second_offers[:rounds]
    first, second = scenario.preferences
    accepted = np.empty(turns, dtype=bool)
    accepted[0::2] = second.utilities[offers[0::2]] >= second_least[:rounds]
    accepted[1:-1:2] = first.utilities[offers[1:-1:2]] >= first_least[1:rounds]
    accepted[-1] = False
    for turns_of, party in ((slice(0, None, 2), second), (slice(1, None, 2), first)):
        if party.signable is not None:
            accepted[turns_of] &= party.signable[offers[turns_of]]
    closing = int(accepted.argmax())
    agreed = closing if accepted[closing] else None
    made = offers if agreed is None else offers[: agreed + 1]
    moves: list[Move] = [Offer(int(outcome)) for outcome in made]
    if agreed is not None:
        moves.append(Accept())
    return Played(tuple(moves), agreed)


def _moves(
    scenario: Scenario, schedules: Sequence[Schedule], opening: State
) -> Iterator[tuple[Move, bool]]:
    """Yield each move and whether it concludes the agreement, for any number of parties."""
    parties = len(scenario.ids)
    offer: int | None = None
    standing: set[int] = set()
    for turn, mover in enumerate(opening.turns):
        offers, least = schedules[mover]
        own = scenario.preferences[mover]
        round_ = turn // parties
        if offer is not None and own.utilities[offer] >= least[round_] and own.may_sign(offer):
            standing.add(mover)
            agreed = len(standing) == parties
            yield Accept(), agreed
            if agreed:
                return
        else:
            offer = int(offers[round_])
            standing = {mover}
            yield Offer(offer), False


def _played(moves: Iterator[tuple[Move, bool]]) -> Played:
    made: list[Move] = []
    offer_turn: int | None = None
    for turn, (move, agreed) in enumerate(moves):
        made.append(move)
        if isinstance(move, Offer):
            offer_turn = turn
        if agreed:
            return Played(tuple(made), offer_turn)
    return Played(tuple(made), None)
