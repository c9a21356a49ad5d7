"""Alternating offers among two or more parties, to unanimity or a quorum with vetoes.

On its turn a party accepts the offer on the table, makes an offer (which replaces it), asks its
capital for a wider mandate, or walks away; there is no bare refusal, but for a party whose capital
lets it sign nothing in this round. n turns make a round. Accepting what one already stands by
changes nothing, so a party whose own offer awaits an answer may let it stand. The session closes
when everyone, or a winning coalition, stands by the offer; when the rounds are over; or when so
many have left that nothing can be agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Literal

from games.errors import IllegalMove
from games.happenings.happening import is_held
from games.moves import AskCapital, Pass
from games.protocols.capital import asked, require_mandate
from games.session import Accept, Closed, Move, Moved, Offer, SessionEvent, State, WalkAway

if TYPE_CHECKING:
    from games.scenario import Quorum, Scenario

NEAR = 1e-12
"""Weight by which a quorum may be missed: the last digits of summation decide nothing."""


def start(scenario: Scenario, seed: int) -> State:
    """Return the state in which a session begins; the seed draws lots and an uncertain end."""
    return State(scenario=scenario, seed=seed, turns=_turns(scenario, seed))


def _turns(scenario: Scenario, seed: int) -> tuple[int, ...]:
    if scenario.protocol.opens == "lot" or scenario.protocol.deadline is not None:
        return _drawn_turns(scenario, seed)
    return scenario.once("turns", _regular_turns)


def _regular_turns(scenario: Scenario) -> tuple[int, ...]:
    """Return the turns where nothing is drawn: after as many rounds as parties, orders recur."""
    rounds, parties = scenario.protocol.rounds, len(scenario.ids)
    cycle = [order_in_round(scenario, round_, 0) for round_ in range(min(parties, rounds))]
    whole = tuple(position for order in cycle for position in order)
    return (whole * (rounds // len(cycle) + 1))[: rounds * parties]


def _drawn_turns(scenario: Scenario, seed: int) -> tuple[int, ...]:
    return tuple(
        position
        for round_ in range(last_round(scenario, seed))
        for position in order_in_round(scenario, round_, seed)
    )


def order_in_round(scenario: Scenario, round_: int, seed: int) -> tuple[int, ...]:
    """Return the positions of the parties in the order they move in a round."""
    positions = list(range(len(scenario.ids)))
    opens = scenario.protocol.opens
    if opens == "alternate":
        first = round_ % len(positions)
        return tuple(positions[first:] + positions[:first])
    if opens == "lot":
        Random(f"{seed}/order/{round_}").shuffle(positions)
    return tuple(positions)


def last_round(scenario: Scenario, seed: int) -> int:
    """Return how many rounds this session has; no party is told where the end is uncertain."""
    protocol = scenario.protocol
    if protocol.deadline is not None:
        lots = Random(f"{seed}/deadline")
        for round_ in range(protocol.deadline.start, protocol.rounds):
            if lots.random() < protocol.deadline.close:
                return round_
    return protocol.rounds


def step(state: State, move: Move) -> tuple[State, tuple[SessionEvent, ...]]:
    """Return the state after a move, and what happened.

    Raises:
        IllegalMove: If the session is over, there is no offer to accept, or the outcome is
            impossible or crosses a red line of the mover.
    """
    if not state.is_open:
        raise IllegalMove(f"the session is over ({state.status}); no move is possible")
    moved = Moved(turn=state.turn, round=state.round, party=state.party, move=move)
    match move:
        case Offer(outcome=outcome):
            _require_signable(state, outcome)
            after = replace(
                state,
                offer=outcome,
                offer_turn=state.turn,
                accepted=frozenset((state.mover,)),
            )
        case Accept():
            if state.offer is None:
                raise IllegalMove(f"{state.party}: no offer is on the table")
            _require_signable(state, state.offer)
            after = replace(state, accepted=state.accepted | {state.mover})
        case WalkAway():
            after = _without(state, state.mover)
        case AskCapital():
            after = asked(state, move)
        case Pass() if is_held(state, state.mover):
            after = state
        case _:
            act = type(move).__name__
            raise IllegalMove(f"{state.party}: {act} is no move of alternating offers")
    after = _close(_next_turn(after))
    if after.is_open:
        return after, (moved,)
    closed = Closed(status=after.status, outcome=after.agreement, offer_turn=_agreed_turn(after))
    return after, (moved, closed)


def _agreed_turn(state: State) -> int | None:
    return state.offer_turn if state.status == "agreement" else None


def _require_signable(state: State, outcome: int) -> None:
    space = state.scenario.space
    if not space.is_possible(outcome):
        raise IllegalMove(f"{state.party}: the offer combines options that exclude each other")
    require_mandate(state, outcome)
    if not state.scenario.preferences[state.mover].may_sign(outcome):
        raise IllegalMove(f"{state.party}: the offer crosses one of its own red lines")


def _without(state: State, mover: int) -> State:
    """Return the state once a party has left; its own offer leaves with it."""
    left = state.left | {mover}
    if state.offerer == mover:
        return replace(state, left=left, offer=None, offer_turn=None, accepted=frozenset())
    return replace(state, left=left, accepted=state.accepted - {mover})


def lapse(state: State, barred: frozenset[int]) -> State:
    """Return the state without the word of parties that may sign the offer no longer.

    Their own offer is off the table; what they had accepted they stand by no more.
    """
    if state.offerer in barred:
        return replace(state, offer=None, offer_turn=None, accepted=frozenset())
    return replace(state, accepted=state.accepted - barred)


def _next_turn(state: State) -> State:
    turn = state.turn + 1
    while turn < len(state.turns) and state.turns[turn] in state.left:
        turn += 1
    return replace(state, turn=turn)


def _close(state: State) -> State:
    if len(state.accepted) > 1 and wins(state.scenario, state.accepted):
        return replace(state, status="agreement")
    everyone = frozenset(range(len(state.scenario.ids)))
    remaining = everyone - state.left
    if len(remaining) < 2 or not wins(state.scenario, remaining):
        return replace(state, status="walked-away")
    if state.turn >= len(state.turns):
        return replace(state, status="no-agreement")
    return state


def wins(scenario: Scenario, coalition: frozenset[int]) -> bool:
    """Return whether these parties together can conclude an agreement."""
    ids = scenario.ids
    return reaches(scenario.protocol.agreement, ids, {ids[member] for member in coalition})


def reaches(
    rule: Literal["unanimity"] | Quorum, parties: Sequence[str], coalition: AbstractSet[str]
) -> bool:
    """Return whether some of the parties together can conclude an agreement.

    Args:
        rule: Who must accept.
        parties: All parties.
        coalition: Those who do.
    """
    if rule == "unanimity":
        return len(coalition) == len(parties)
    if any(veto not in coalition for veto in rule.vetoes):
        return False
    weights = {party: rule.weights.get(party, 1.0) for party in parties}
    carried = sum(weights[party] for party in parties if party in coalition)
    return carried >= rule.quorum * sum(weights.values()) - NEAR
