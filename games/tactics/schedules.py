"""Sessions of tactics that look at little, without showing them the table at every move.

A tactic that depends on time alone is two arrays: what it offers and what it accepts in each round.
The move that closes the session then follows by comparison. One that goes by its counterpart's
offers answers them one after the other, where two parties take turns. The events are the same as
`step` would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast, overload

import numpy as np

from games.outcomes import FloatArray, IndexArray
from games.session import Accept, Move, Offer, State, start

if TYPE_CHECKING:
    from games.scenario import Scenario

Schedule = tuple[IndexArray, FloatArray]
"""Offers and least accepted utilities of each round."""

AnswerRule = Callable[[int, int | None], int | None]
"""What one of two parties that take turns offers, an outcome that it may sign, given the turn and
its counterpart's last offer; None where it accepts that. It is asked once a turn of its own."""


class Moves(Sequence[Move]):
    """Offers, the last of them perhaps accepted at once; each move is made when it is asked for."""

    __slots__ = ("_agreed", "_offers")

    def __init__(self, offers: IndexArray, *, agreed: bool) -> None:
        self._offers = offers
        self._agreed = agreed

    @property
    def offers(self) -> IndexArray:
        """The offered outcomes, in order."""
        return self._offers

    def __len__(self) -> int:
        return len(self._offers) + self._agreed

    @overload
    def __getitem__(self, place: int) -> Move: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Move]: ...
    def __getitem__(self, place: int | slice) -> Move | Sequence[Move]:
        if isinstance(place, slice):
            return tuple(self)[place]
        at = range(len(self))[place]
        return Accept() if at == len(self._offers) else Offer(int(self._offers[at]))

    def __iter__(self) -> Iterator[Move]:
        yield from map(Offer, self._offers.tolist())
        if self._agreed:
            yield Accept()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(cast("Sequence[object]", other))

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True)
class Played:
    """The moves of a session played by schedule, and how it ended."""

    moves: Sequence[Move]
    state: State
    """Where `step` would have arrived."""

    @property
    def agreed_turn(self) -> int | None:
        """The turn of the agreed offer, if there is one."""
        return self.state.offer_turn if self.state.status == "agreement" else None


def play_schedules(scenario: Scenario, schedules: Sequence[Schedule], seed: int = 0) -> Played:
    """Return the moves of a session in which each party follows its schedule.

    Args:
        scenario: Played by alternating offers to unanimity.
        schedules: One a party, in the scenario's order.
        seed: Draws lots where the protocol does.
    """
    opening = start(scenario, seed)
    if are_taking_turns(scenario):
        return _two_parties(scenario, schedules, opening)
    return _many_parties(scenario, schedules, opening)


def are_taking_turns(scenario: Scenario) -> bool:
    """Return whether two parties move in turn, the first party first in every round."""
    return len(scenario.ids) == 2 and scenario.protocol.opens == "fixed"


def play_answers(
    scenario: Scenario, answers: tuple[AnswerRule, AnswerRule], seed: int = 0
) -> Played:
    """Return the moves of a session in which two parties answer each other.

    Args:
        scenario: Played by alternating offers to unanimity, the parties taking turns.
        answers: One a party, in the scenario's order.
        seed: Draws an uncertain end.
    """
    opening = start(scenario, seed)
    made: list[int] = []
    offer: int | None = None
    for turn in range(len(opening.turns)):
        answer = answers[turn & 1](turn, offer)
        if answer is None:
            break
        made.append(answer)
        offer = answer
    agreed = len(made) < len(opening.turns)
    return _closed(opening, np.array(made, dtype=np.intp), agreed=agreed)


def _two_parties(scenario: Scenario, schedules: Sequence[Schedule], opening: State) -> Played:
    """Find the first turn whose offer the next mover accepts, for all turns at once."""
    (first_offers, first_least), (second_offers, second_least) = schedules
    turns = len(opening.turns)
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
    agreed = bool(accepted[closing])
    return _closed(opening, offers[: closing + 1] if agreed else offers, agreed=agreed)


def _closed(opening: State, made: IndexArray, *, agreed: bool) -> Played:
    """Return a session of two parties in turn from its offers, the last perhaps accepted."""
    moves = Moves(made, agreed=agreed)
    offer_turn = len(made) - 1
    standing = frozenset((0, 1)) if agreed else frozenset((offer_turn % 2,))
    return Played(moves, _ended(opening, len(moves), int(made[-1]), offer_turn, standing))


def _many_parties(scenario: Scenario, schedules: Sequence[Schedule], opening: State) -> Played:
    """Follow the turns until all parties stand by one offer."""
    parties = len(scenario.ids)
    moves: list[Move] = []
    offer, offer_turn, standing = -1, -1, frozenset[int]()
    for turn, mover in enumerate(opening.turns):
        offers, least = schedules[mover]
        round_ = turn // parties
        if offer_turn >= 0 and scenario.preferences[mover].accepts(offer, float(least[round_])):
            moves.append(Accept())
            standing |= {mover}
            if len(standing) == parties:
                break
        else:
            offer, offer_turn, standing = int(offers[round_]), turn, frozenset((mover,))
            moves.append(Offer(offer))
    return Played(tuple(moves), _ended(opening, len(moves), offer, offer_turn, standing))


def _ended(
    opening: State, moves: int, offer: int, offer_turn: int, standing: frozenset[int]
) -> State:
    agreed = len(standing) == len(opening.scenario.ids)
    return replace(
        opening,
        turn=moves,
        offer=offer,
        offer_turn=offer_turn,
        accepted=standing,
        status="agreement" if agreed else "no-agreement",
    )
