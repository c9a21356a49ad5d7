"""How a hall moves on: the floor, its rooms, the chair, and what follows a text's adoption.

`step` hands a move to the rules of the stage; when a stage is through, the next begins. Whoever
holds the floor may add one aside (a threat, a promise, an approach, the call of a caucus) to what
it says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from games.errors import IllegalMove
from games.moves import (
    BreakSilence,
    CarryOut,
    KeepSilence,
    Move,
    Pledge,
    Sign,
    Vote,
    WalkAway,
)
from games.protocols import chair
from games.protocols.alternating_offers import last_round
from games.protocols.face import counted
from games.protocols.floor import on_floor
from games.protocols.hall import HallState, Stage
from games.protocols.legality import refused, require_signable, require_text
from games.protocols.rooms import in_room, room_closed
from games.protocols.settlement import settled
from games.protocols.stages import (
    adopted,
    after_adoption,
    done,
    floor_closed,
    open_floor,
    to_chair,
    without,
)
from games.protocols.voting import count
from games.session import Closed, Moved, SessionEvent

if TYPE_CHECKING:
    from games.scenario import Scenario


def start(scenario: Scenario, seed: int) -> HallState:
    """Return the state in which a plenary or forum begins; the seed draws lots and the end."""
    parties = len(scenario.ids)
    rules = scenario.protocol
    state = HallState(
        scenario=scenario,
        seed=seed,
        chair=0 if rules.chair is None else scenario.ids.index(rules.chair),
        known_rounds=rules.rounds,
        last_round=last_round(scenario, seed),
        stands=(None,) * parties,
        granted=(None,) * parties,
        reference=(None,) * parties,
        yielded=(0.0,) * parties,
        yielded_in_rooms=(0.0,) * parties,
        settled_apart=(None,) * parties,
        ballots=(None,) * parties,
        signatures=(None,) * parties,
        pledges=(None,) * parties,
        caucuses=(0,) * parties,
    )
    return open_floor(state)


def step(state: HallState, move: Move) -> tuple[HallState, tuple[SessionEvent, ...]]:
    """Return the state after a move, and what happened.

    Raises:
        IllegalMove: If the session is over or the stage does not know or allow the move now.
    """
    if not state.is_open:
        raise IllegalMove(f"the session is over ({state.status}); no move is possible")
    moved = Moved(turn=state.turn, round=state.now, party=state.party, move=move)
    after = _RULES[state.stage](state, move)
    reference, yielded = counted(state, move, after)
    after = replace(after, turn=state.turn + 1, reference=reference, yielded=yielded)
    # A last vote that closes the session has been paid for at home all the same.
    after = _onward(after) if after.is_open else replace(after, points=settled(after))
    if after.is_open:
        return after, (moved,)
    return after, (moved, Closed(status=after.status, outcome=after.agreement, offer_turn=None))


def lapse(state: HallState, barred: frozenset[int]) -> HallState:
    """Return the state without the word of delegations that may sign the text no longer.

    What they stood for and had granted and may sign no longer is void as well, whatever the text
    reads: their capital has taken it back, not they.
    """
    return replace(
        state,
        accepted=state.accepted - barred,
        granted=tuple(
            None if k in barred or (one is not None and not state.may_sign(k, one[0])) else one
            for k, one in enumerate(state.granted)
        ),
        stands=tuple(
            None if one is not None and not state.may_sign(k, one.outcome) else one
            for k, one in enumerate(state.stands)
        ),
    )


def _in_silence(state: HallState, move: Move) -> HallState:
    match move:
        case KeepSilence():
            require_signable(state, require_text(state))
            after = done(state)
            return after if after.queue else adopted(after)
        case BreakSilence():
            return to_chair(replace(state, is_silence_broken=True))
        case WalkAway():
            return without(state, state.mover)
        case _:
            raise refused(state, move, "expected silence or an objection")


def _in_vote(state: HallState, move: Move) -> HallState:
    match move:
        case Vote(ballot=ballot):
            if ballot == "yes":
                require_signable(state, require_text(state))
            ballots = list(state.ballots)
            ballots[state.mover] = ballot
            after = done(replace(state, ballots=tuple(ballots)))
        case WalkAway():
            return without(state, state.mover)
        case _:
            raise refused(state, move, "expected yes, no or an abstention")
    if after.queue:
        return after
    return adopted(after) if count(after).is_adopted else to_chair(after)


def _in_signature(state: HallState, move: Move) -> HallState:
    if not isinstance(move, Sign):
        raise refused(state, move, "expected a signature, binding or declaratory, or out")
    if move.signature != "out":
        require_signable(state, require_text(state))
    signatures = list(state.signatures)
    signatures[state.mover] = move.signature
    return done(replace(state, signatures=tuple(signatures)))


def _in_pledge(state: HallState, move: Move) -> HallState:
    if not isinstance(move, Pledge):
        raise refused(state, move, "expected a pledge to pay or not")
    pledges = list(state.pledges)
    pledges[state.mover] = move.pays
    return done(replace(state, pledges=tuple(pledges)))


def _when_due(state: HallState, move: Move) -> HallState:
    if not isinstance(move, CarryOut):
        raise refused(state, move, "expected whether it makes good on its word")
    vows = list(state.vows)
    number = state.queue[0]
    vows[number] = replace(vows[number], carried_out=move.does)
    return done(replace(state, vows=tuple(vows)))


_RULES: dict[Stage, Callable[[HallState, Move], HallState]] = {
    "floor": on_floor,
    "room": in_room,
    "chair": chair.act,
    "silence": _in_silence,
    "vote": _in_vote,
    "sign": _in_signature,
    "pledge": _in_pledge,
    "due": _when_due,
}


def _onward(state: HallState) -> HallState:
    """Return the state with every stage passed in which nobody is left to move."""
    while state.is_open:
        after = _passed(state)
        if after is state:
            return state
        state = after
    return state


def _passed(state: HallState) -> HallState:
    match state.stage:
        case "room" if not state.rooms:
            return to_chair(state)
        case "room" if state.rooms[0].is_over:
            return room_closed(state)
        case "floor" if not state.queue:
            return floor_closed(state)
        case "chair" if state.rooms:
            return replace(state, stage="room")
        case "sign" | "pledge" | "due" if not state.queue:
            return after_adoption(state)
        case _:
            return state
