"""A session as a value: its moves, its state, and `step`, which maps one state to the next.

`step(state, move) -> (state, events)` is the only way a session advances. It raises `IllegalMove`
and changes nothing when the protocol does not allow the move. Time, words, models and files are
none of its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from games.errors import IllegalMove
from games.happenings.happening import (
    Happening,
    Request,
    begun,
    is_held,
    is_injected,
    passed_on,
    struck_again,
)
from games.moves import Accept, Move, Offer, WalkAway
from games.ratification import ratified, ratifying, worth_after
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.utility import Preferences

__all__ = [
    "Accept",
    "Closed",
    "Move",
    "Moved",
    "Offer",
    "SessionEvent",
    "State",
    "Status",
    "WalkAway",
    "expected_payoffs",
    "payoff",
    "payoffs",
    "problem_with",
    "start",
    "step",
    "utilities",
]

Status = Literal["open", "agreement", "no-agreement", "walked-away"]


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


SessionEvent = Moved | Closed | Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a session stands. Parties are positions in the scenario's order.

    As it stands here it is a session of alternating offers; other protocols add to it what they
    keep, and say otherwise whose turn it is.
    """

    scenario: Scenario = field(repr=False)
    seed: int = field(default=0, repr=False)
    """Draws every lot of the session."""
    turns: tuple[int, ...] = field(default=(), repr=False)
    """Whose turn each turn is, where the protocol fixes it beforehand; then the session has at
    most this many."""
    turn: int = 0
    """How many turns have passed."""
    offer: int | None = None
    offer_turn: int | None = None
    accepted: frozenset[int] = frozenset()
    """Parties that stand by the offer on the table, the offerer among them."""
    left: frozenset[int] = frozenset()
    status: Status = "open"
    happened: tuple[Happening, ...] = ()
    """What happened between the moves; `scenario` is as it is since."""
    requests: tuple[Request, ...] = ()
    """What delegates asked their capitals for, oldest first."""
    began: Scenario | None = field(default=None, repr=False)
    """The scenario before anything happened, where anything can; see `opening`."""

    @property
    def is_open(self) -> bool:
        """Whether a move is awaited."""
        return self.status == "open"

    @property
    def opening(self) -> Scenario:
        """The scenario that the session began with."""
        return self.scenario if self.began is None else self.began

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
    def rounds(self) -> int:
        """How many rounds there are at most, as far as the delegates know."""
        return self.scenario.protocol.rounds

    @property
    def rounds_begun(self) -> int:
        """How many rounds have had a move."""
        return (self.turn + len(self.scenario.ids) - 1) // len(self.scenario.ids)

    @property
    def most_turns(self) -> int:
        """More turns than this the session cannot have."""
        return len(self.turns)

    @property
    def offerer(self) -> int | None:
        """Position of the party whose offer is on the table."""
        return None if self.offer_turn is None else self.turns[self.offer_turn]

    @property
    def on_table(self) -> int | None:
        """The outcome that the party to move is asked about."""
        return self.offer

    @property
    def standing(self) -> frozenset[int]:
        """Those who stand by what the party to move is asked about."""
        return self.accepted

    @property
    def agreement(self) -> int | None:
        """The agreed outcome, if there is one."""
        return self.offer if self.status == "agreement" else None

    @property
    def agreed_after(self) -> float:
        """How many rounds had passed when what was agreed was put on the table."""
        return (self.offer_turn or 0) / len(self.scenario.ids)

    def worth(self, position: int) -> float:
        """Return what a party has in the end, undiscounted.

        Its reservation value without an agreement, or if it left before the others agreed. What
        must be ratified is worth what came of that.
        """
        found = ratified(self)
        if found is not None:
            return worth_after(self, position, found)
        own, agreed = self.scenario.preferences[position], self.agreement
        if agreed is None or position in self.left:
            return own.reservation
        return own.utility_in_force(agreed)

    @property
    def lost_meanwhile(self) -> tuple[float, ...]:
        """Points that each party lost in the talks, agreement or not; `worth` counts them."""
        return (0.0,) * len(self.scenario.ids)

    def own(self, position: int) -> Preferences:
        """Return a party's preferences over what it can now propose or accept."""
        return self.scenario.preferences[position]

    def may_sign(self, position: int, outcome: int) -> bool:
        """Return whether a party may now put its name to an outcome."""
        return self.scenario.preferences[position].may_sign(outcome) and not is_held(self, position)


def start(scenario: Scenario, seed: int = 0) -> State:
    """Return the state in which a session of this scenario begins; the seed draws lots."""
    from games.protocols.registry import PROTOCOLS

    return begun(PROTOCOLS[scenario.protocol.kind].start(scenario, seed))


def step(state: State, move: Move) -> tuple[State, tuple[SessionEvent, ...]]:
    """Return the state after a move, and what happened: the move, and what a new round brings.

    Raises:
        IllegalMove: If the protocol does not allow the move now.
    """
    from games.protocols.registry import PROTOCOLS

    after, events = PROTOCOLS[state.scenario.protocol.kind].step(state, move)
    passed = passed_on(state, after)
    return passed, events if passed is after else events + passed.happened[len(state.happened) :]


def problem_with(state: State, move: Move) -> str | None:
    """Return why the party to move cannot make a move now, without its name; None if it can."""
    try:
        step(state, move)
    except IllegalMove as error:
        return str(error).removeprefix(f"{state.party}: ")
    return None


def replayed(state: State, moves: Iterable[Move]) -> Iterator[tuple[State, State]]:
    """Yield the states before and after each of the moves that led to a state.

    Shocks that somebody had strike in the session strike again where they did.
    """
    here = start(state.opening, state.seed)
    injected = [one for one in state.happened if is_injected(one)]
    for move in moves:
        while injected and injected[0].turn == here.turn:
            here = struck_again(here, injected.pop(0))
        before = here
        here, _ = step(here, move)
        yield before, here


def utilities(state: State) -> dict[str, float]:
    """Return what each party has in the end, undiscounted."""
    return {party: state.worth(position) for position, party in enumerate(state.scenario.ids)}


def payoffs(state: State) -> dict[str, float]:
    """Return what each party has in the end, discounted for the time the agreement took.

    Who left before has its reservation value at once, and so has whoever others' capitals leave
    without an agreement; what the others' text brings it beside that comes when they have signed.
    What was lost in the talks was lost at once.
    """
    scenario, rounds = state.scenario, state.agreed_after
    if state.agreement is None:
        return utilities(state)
    found = ratified(state)
    has_failed = found is not None and not found.holds
    points: dict[str, float] = {}
    for position, (own, lost) in enumerate(
        zip(scenario.preferences, state.lost_meanwhile, strict=True)
    ):
        worth = state.worth(position) + lost
        is_without = (position in state.left or has_failed) and abs(worth - own.reservation) <= TIE
        had = own.reservation if is_without else discounted(scenario, position, worth, rounds)
        points[own.party] = had - lost
    return points


def expected_payoffs(state: State) -> dict[str, float]:
    """Return what each party reckons with at the close, before any capital has spoken.

    With the chance of its own ratification alone; whoever was outvoted has nothing to ratify. In a
    hall, and where nothing must be ratified, it is what each has: signatures there are many, and
    their lots are drawn with the session's.
    """
    scenario, agreed = state.scenario, state.agreement
    in_hall = scenario.protocol.kind != "alternating-offers"
    if agreed is None or in_hall or not ratifying(scenario):
        return payoffs(state)
    return {
        own.party: own.reservation
        if position in state.left
        else discounted(
            scenario,
            position,
            (own.utility if position in state.accepted else own.utility_in_force)(agreed),
            state.agreed_after,
        )
        for position, own in enumerate(scenario.preferences)
    }


def payoff(scenario: Scenario, position: int, utility: float, turn: int) -> float:
    """Return what an agreement on the offer of turn k is worth to a party; see `discounted`."""
    return discounted(scenario, position, utility, turn / len(scenario.ids))


def discounted(scenario: Scenario, position: int, utility: float, rounds: float) -> float:
    """Return what an agreement reached after some rounds is worth to a party.

    r + δ^t (1−p)^t (u − r), with t the rounds, δ the party's discount a round, p the chance a round
    that talks break down; with `discounting: total` the literature's δ^t (1−p)^t u.
    """
    preferences = scenario.preferences[position]
    factor = (preferences.discount * (1 - scenario.protocol.breakdown)) ** rounds
    if scenario.protocol.discounting == "total":
        return factor * utility
    return preferences.reservation + factor * (utility - preferences.reservation)
