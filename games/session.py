"""A session as a value: its moves, its state, and `step`, which maps one state to the next.

`step(state, move) -> (state, events)` is the only way a session advances. It raises `IllegalMove`
and changes nothing when the protocol does not allow the move. Time, words, models and files are
none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from games.scenario import Scenario

Status = Literal["open", "agreement", "no-agreement", "walked-away"]


@dataclass(frozen=True, slots=True)
class Offer:
    """Propose an outcome; it replaces the offer on the table and counts as own acceptance."""

    outcome: int


@dataclass(frozen=True, slots=True)
class Accept:
    """Accept the offer on the table, or stand by it when it is already accepted."""


@dataclass(frozen=True, slots=True)
class WalkAway:
    """Leave the negotiation for good."""


Move = Offer | Accept | WalkAway


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A party made a move."""

    turn: int
    round: int
    party: str
    move: Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The session ended."""

    status: Status
    outcome: int | None
    offer_turn: int | None
    """The turn of the agreed offer: an agreement is dated by it."""


SessionEvent = Moved | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a session stands. Parties are positions in the scenario's order."""

    scenario: Scenario = field(repr=False)
    turns: tuple[int, ...] = field(repr=False)
    """Whose turn each turn is; the session has at most this many."""
    turn: int = 0
    offer: int | None = None
    offer_turn: int | None = None
    accepted: frozenset[int] = frozenset()
    """Parties that stand by the offer on the table, the offerer among them."""
    left: frozenset[int] = frozenset()
    status: Status = "open"

    @property
    def is_open(self) -> bool:
        """Whether a move is awaited."""
        return self.status == "open"

    @property
    def mover(self) -> int:
        """Position of the party whose move is awaited."""
        return self.turns[self.turn]

    @property
    def party(self) -> str:
        """Id of the party whose move is awaited."""
        return self.scenario.ids[self.mover]

    @property
    def round(self) -> int:
        """The round of the awaited move, from 0."""
        return self.turn // len(self.scenario.ids)

    @property
    def rounds_begun(self) -> int:
        """How many rounds have had a move."""
        return (self.turn + len(self.scenario.ids) - 1) // len(self.scenario.ids)

    @property
    def offerer(self) -> int | None:
        """Position of the party whose offer is on the table."""
        return None if self.offer_turn is None else self.turns[self.offer_turn]

    @property
    def agreement(self) -> int | None:
        """The agreed outcome, if there is one."""
        return self.offer if self.status == "agreement" else None


def start(scenario: Scenario, seed: int = 0) -> State:
    """Return the state in which a session of this scenario begins; the seed draws lots."""
    from games.protocols.registry import PROTOCOLS

    return PROTOCOLS[scenario.protocol.kind].start(scenario, seed)


def step(state: State, move: Move) -> tuple[State, tuple[SessionEvent, ...]]:
    """Return the state after a move, and what happened.

    Raises:
        IllegalMove: If the protocol does not allow the move now.
    """
    from games.protocols.registry import PROTOCOLS

    return PROTOCOLS[state.scenario.protocol.kind].step(state, move)


def utilities(state: State) -> dict[str, float]:
    """Return what each party has in the end, undiscounted.

    Its reservation value without an agreement, or if it left before the others agreed.
    """
    agreed = state.agreement
    return {
        party.party: party.reservation
        if agreed is None or position in state.left
        else party.utility(agreed)
        for position, party in enumerate(state.scenario.preferences)
    }


def payoffs(state: State) -> dict[str, float]:
    """Return what each party has in the end, discounted for the time the agreement took."""
    agreed, turn = state.agreement, state.offer_turn
    return {
        party.party: party.reservation
        if agreed is None or turn is None or position in state.left
        else payoff(state.scenario, position, party.utility(agreed), turn)
        for position, party in enumerate(state.scenario.preferences)
    }


def payoff(scenario: Scenario, position: int, utility: float, turn: int) -> float:
    """Return what an agreement on the offer of turn k is worth to a party.

    r + δ^(k/n) (1−p)^(k/n) (u − r), with δ the party's discount a round, p the chance a round
    that talks break down, n the parties; with `discounting: total` the literature's
    δ^(k/n) (1−p)^(k/n) u.
    """
    preferences = scenario.preferences[position]
    rounds = turn / len(scenario.ids)
    factor = (preferences.discount * (1 - scenario.protocol.breakdown)) ** rounds
    if scenario.protocol.discounting == "total":
        return factor * utility
    return preferences.reservation + factor * (utility - preferences.reservation)
