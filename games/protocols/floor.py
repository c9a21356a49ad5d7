"""The floor: delegations speak to the text in turn, and may add one aside to what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from games.errors import IllegalMove
from games.moves import (
    Accept,
    Approach,
    AskCapital,
    CallCaucus,
    Move,
    Offer,
    Pass,
    Promise,
    Threaten,
    WalkAway,
)
from games.protocols.capital import asked
from games.protocols.hall import HallState
from games.protocols.legality import (
    position_of,
    refused,
    require_open,
    require_signable,
    require_text,
)
from games.protocols.rooms import issues_named, opened
from games.protocols.stages import (
    done,
    granting,
    joined,
    standing,
    without,
)
from games.protocols.vows import with_vow


def on_floor(state: HallState, move: Move) -> HallState:
    """Return the state after a move on the floor.

    Raises:
        IllegalMove: If it is none, or not allowed now.
    """
    match move:
        case Offer(outcome=outcome):
            require_open(state, outcome, state.offer)
            return done(_having_spoken(_taking_stand(state, outcome)))
        case Accept():
            text = require_text(state)
            require_signable(state, text)
            stand = joined(state, state.mover, text, state.open_issues)
            after = standing(state, state.mover, stand)
            return done(_having_spoken(granting(after, text, state.open_issues)))
        case Pass():
            return done(state)
        case AskCapital():
            return done(asked(state, move))
        case WalkAway():
            return without(state, state.mover)
        case Threaten() | Promise() | Approach() | CallCaucus():
            return _aside(state, move)
        case _:
            raise refused(state, move, "expected an offer, acceptance, a pass or an aside")


def _taking_stand(state: HallState, outcome: int) -> HallState:
    """Return the state once the mover asks for a reading; what it takes back is noticed."""
    mover = state.mover
    after = standing(state, mover, joined(state, mover, outcome, state.open_issues))
    granted = state.granted[mover]
    if granted is None or state.offer is None:
        return after
    given, issues = granted
    before, text, now = (state.levels(one) for one in (given, state.offer, outcome))
    kept = all(text[k] == before[k] for k in issues)
    if not kept or all(now[k] == before[k] for k in issues):
        return after
    forgotten = tuple(None if k == mover else one for k, one in enumerate(state.granted))
    seen = after.seen.with_event("withdrawn", mover, None)
    return replace(after, granted=forgotten, seen=seen)


def _having_spoken(state: HallState) -> HallState:
    """Return the state once the mover has said what it may have settled apart, or has not."""
    if state.settled_apart[state.mover] is None:
        return state
    apart = (None if k == state.mover else one for k, one in enumerate(state.settled_apart))
    return replace(state, settled_apart=tuple(apart))


def _aside(state: HallState, move: Threaten | Promise | Approach | CallCaucus) -> HallState:
    if state.aside:
        raise IllegalMove(f"{state.party}: one aside a turn; expected what it says to the text")
    return replace(_ASIDES[type(move)](state, move), aside=True)


def _with_approach(state: HallState, move: Move) -> HallState:
    if not isinstance(move, Approach):
        raise refused(state, move, "expected an approach")
    deal = state.scenario.side_deals.get(move.deal)
    if deal is None or state.party not in deal.parties:
        raise IllegalMove(f"{state.party}: no side deal {move.deal!r} of its own")
    if (move.deal, state.mover) in state.approached:
        raise IllegalMove(f"{state.party}: it is ready for {move.deal} already")
    approached = state.approached | {(move.deal, state.mover)}
    ready = [name for name, _ in approached]
    deals = tuple(name for name in state.scenario.side_deals if ready.count(name) > 1)
    return replace(state, approached=approached, deals=deals)


def _with_caucus(state: HallState, move: Move) -> HallState:
    if not isinstance(move, CallCaucus):
        raise refused(state, move, "expected the call of a caucus")
    rules = state.scenario.protocol
    called = state.caucuses[state.mover]
    if called >= rules.caucuses:
        raise IllegalMove(f"{state.party}: it may call {rules.caucuses} caucuses and has")
    members = (state.mover, *(position_of(state, party) for party in move.members))
    if len(set(members)) < len(members) or any(k in state.left for k in members):
        raise IllegalMove(f"{state.party}: expected other delegations that are present, each once")
    if not 2 <= len(members) <= rules.rooms.size:
        raise IllegalMove(f"{state.party}: a room holds 2 to {rules.rooms.size}")
    issues = issues_named(state, move.issues)
    room = replace(
        opened(state, "caucus", members, issues), is_across=_is_across(state, members, issues)
    )
    caucuses = tuple(n + (k == state.mover) for k, n in enumerate(state.caucuses))
    return replace(
        state,
        rooms=(*state.rooms, room),
        rooms_opened=state.rooms_opened + 1,
        caucuses=caucuses,
    )


def _is_across(state: HallState, members: tuple[int, ...], issues: tuple[int, ...]) -> bool:
    """Return whether some stand for different readings of an issue."""
    stands = [state.stands[member] for member in members]
    readings = [state.levels(stand.outcome) for stand in stands if stand is not None]
    return any(one[issue] != readings[0][issue] for one in readings for issue in issues)


_ASIDES: dict[type[Move], Callable[[HallState, Move], HallState]] = {
    Threaten: with_vow,
    Promise: with_vow,
    Approach: _with_approach,
    CallCaucus: _with_caucus,
}
