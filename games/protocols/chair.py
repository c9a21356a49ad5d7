"""What the chair may do: hold the pen, order the debate, and bring the text to a decision.

It may merge brackets into one reading, park an issue, have a few issues taken together, send
delegations into rooms, open a silence procedure, put the text to the vote or (in a forum) open it
for signature, extend the talks once, and close the round. How often it may act in a round is
bounded.
"""

from __future__ import annotations

from dataclasses import replace

from games.errors import IllegalMove
from games.moves import (
    Adjourn,
    CallInformal,
    Extend,
    Group,
    Merge,
    Move,
    OpenBreakouts,
    OpenSignature,
    OpenSilence,
    Park,
    PutToVote,
    Reopen,
    WalkAway,
)
from games.protocols.hall import HallState, Room, most_acts
from games.protocols.legality import refused, require_signable, require_text
from games.protocols.rooms import issues_named, matched, opened
from games.protocols.stages import is_forum, next_round, open_signature, without

_DECISIVE = (Adjourn, OpenSignature, OpenSilence, PutToVote, WalkAway)


def act(state: HallState, move: Move) -> HallState:
    """Return the state after the chair has acted.

    Raises:
        IllegalMove: If it is no act of the chair, or not allowed now.
    """
    if state.acts >= most_acts(state) and not isinstance(move, _DECISIVE):
        raise IllegalMove(f"{state.party}: the chair has acted {state.acts} times; close the round")
    after = replace(state, acts=state.acts + 1)
    match move:
        case Merge(outcome=outcome):
            return _merged(after, outcome)
        case Park() | Reopen() | Group():
            return _ordered(after, move)
        case CallInformal() | OpenBreakouts():
            return _met(after, move)
        case OpenSilence() | PutToVote() | OpenSignature():
            return _decided(after, move)
        case Extend():
            return _extended(after)
        case Adjourn():
            return next_round(after)
        case WalkAway():
            return without(after, after.mover)
        case _:
            raise refused(state, move, "expected an act of the chair")


def _merged(state: HallState, outcome: int) -> HallState:
    require_signable(state, outcome)
    if state.offer is not None:
        before, now = state.levels(state.offer), state.levels(outcome)
        moved = [k for k in sorted(state.parked) if before[k] != now[k]]
        if moved:
            name = state.scenario.space.issues[moved[0]]
            raise IllegalMove(f"{state.party}: {name} is parked; expected it to stay as it stands")
    supporters = frozenset(
        k for k, one in enumerate(state.stands) if one is not None and one.outcome == outcome
    )
    return replace(
        state,
        offer=outcome,
        offer_turn=state.turn,
        accepted=supporters,
        merged=state.merged + 1,
    )


def _ordered(state: HallState, move: Park | Reopen | Group) -> HallState:
    """Return the state once the chair has said what the floor is to speak to."""
    require_text(state)
    match move:
        case Park(issue=issue):
            (number,) = issues_named(state, (issue,))
            if number in state.parked:
                raise IllegalMove(f"{state.party}: {issue} is parked already")
            if not state.open_issues - {number}:
                raise IllegalMove(f"{state.party}: {issue} is the only issue open; park another")
            return replace(state, parked=state.parked | {number})
        case Reopen():
            if not state.parked and state.group is None:
                raise IllegalMove(f"{state.party}: nothing is parked and every issue is open")
            return replace(state, parked=frozenset(), group=None)
        case Group(issues=names):
            group = frozenset(issues_named(state, names))
            if len(group) < 2 or group & state.parked:
                raise IllegalMove(
                    f"{state.party}: expected two issues or more, none of them parked"
                )
            return replace(state, group=group, grouped_in=state.now)


def _met(state: HallState, move: CallInformal | OpenBreakouts) -> HallState:
    """Return the state once the chair has sent delegations into rooms."""
    require_text(state)
    rooms = matched(state) if isinstance(move, OpenBreakouts) else (_informal(state, move),)
    if isinstance(move, OpenBreakouts) and state.met:
        raise IllegalMove(f"{state.party}: the delegations have met in rooms in this round already")
    if not rooms:
        raise IllegalMove(f"{state.party}: no bracket is open for which delegations could meet")
    informal_on = state.informal_on
    if isinstance(move, CallInformal):
        informal_on |= {*rooms[0].issues}
    return replace(
        state,
        rooms=(*state.rooms, *rooms),
        rooms_opened=state.rooms_opened + len(rooms),
        met=True,
        informal_on=informal_on,
    )


def _informal(state: HallState, move: CallInformal) -> Room:
    (issue,) = issues_named(state, (move.issue,))
    if issue not in {bracket.issue for bracket in state.brackets()}:
        raise IllegalMove(f"{state.party}: {move.issue} is not in brackets; expected one that is")
    if issue in state.informal_on:
        raise IllegalMove(f"{state.party}: an informal on {move.issue} has met in this round")
    ids, size = state.scenario.ids, state.scenario.protocol.rooms.size
    unknown = [
        party for party in move.members if party not in ids or ids.index(party) in state.left
    ]
    if unknown or len(set(move.members)) < len(move.members):
        found = repr(unknown[0]) if unknown else "one twice"
        raise IllegalMove(f"{state.party}: expected delegations that are present, found {found}")
    if not 2 <= len(move.members) <= size:
        raise IllegalMove(f"{state.party}: a room holds 2 to {size}, found {len(move.members)}")
    return opened(state, "informal", tuple(ids.index(party) for party in move.members), (issue,))


def _decided(state: HallState, move: OpenSilence | PutToVote | OpenSignature) -> HallState:
    """Return the state once the chair has brought the text to a decision."""
    text = require_text(state)
    if state.parked or state.group is not None:
        raise IllegalMove(f"{state.party}: reopen what is parked or grouped first")
    require_signable(state, text)
    if isinstance(move, OpenSignature) != is_forum(state.scenario) and not isinstance(
        move, OpenSilence
    ):
        kind = state.scenario.protocol.kind
        how = "opened for signature" if kind == "forum" else "voted on"
        raise IllegalMove(f"{state.party}: the text of a {kind} is {how}")
    roll = (*(k for k in state.present if k != state.chair),)
    match move:
        case OpenSignature():
            return open_signature(state)
        case OpenSilence():
            if state.scenario.protocol.silence == "never" or state.is_silence_broken:
                why = "was broken in this round" if state.is_silence_broken else "is not allowed"
                raise IllegalMove(f"{state.party}: the silence procedure {why}")
            return replace(state, stage="silence", queue=roll, ballots=_none(state))
        case PutToVote():
            if state.is_voted:
                raise IllegalMove(f"{state.party}: the text was voted on in this round already")
            queue = (state.chair, *roll)
            return replace(state, stage="vote", queue=queue, ballots=_none(state), is_voted=True)


def _none(state: HallState) -> tuple[None, ...]:
    return (None,) * len(state.stands)


def _extended(state: HallState) -> HallState:
    more = state.scenario.protocol.extension
    if more == 0 or state.is_extended:
        why = "have been extended" if state.is_extended else "cannot be extended"
        raise IllegalMove(f"{state.party}: the talks {why}")
    return replace(
        state,
        is_extended=True,
        known_rounds=state.known_rounds + more,
        last_round=state.last_round + more,
    )
