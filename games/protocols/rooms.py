"""Small rooms beside the hall: informals on a bracket, breakouts by interest, private caucuses.

A room settles a few issues among a few delegations, the rest of the text standing. What an informal
or a breakout agrees, its members table together; what a caucus agrees binds nobody: each member
has promised the others to support a text that has it.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any, cast

import numpy as np

from games.errors import IllegalMove
from games.moves import Accept, Move, Offer, Pass, Promise, WalkAway
from games.outcomes import FloatArray
from games.protocols.face import shortfall
from games.protocols.hall import Bracket, HallState, Room, RoomKind, Vow
from games.protocols.legality import refused, require_open, require_signable, require_text
from games.protocols.stages import combined, joined, standing
from games.protocols.vows import with_vow


def opened(
    state: HallState, kind: RoomKind, members: tuple[int, ...], issues: tuple[int, ...]
) -> Room:
    """Return a room that opens now, the text being what holds of other issues."""
    return Room(
        number=state.rooms_opened,
        kind=kind,
        members=members,
        issues=issues,
        base=require_text(state),
        turns=state.scenario.protocol.rooms.turns,
    )


def issues_named(state: HallState, names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the positions of some issues.

    Raises:
        IllegalMove: If none is named, or one that there is not.
    """
    known = state.scenario.space.issues
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        found = repr(unknown[0]) if unknown else "none"
        raise IllegalMove(f"{state.party}: expected issues among {', '.join(known)}, found {found}")
    return tuple(sorted({known.index(name) for name in names}))


def in_room(state: HallState, move: Move) -> HallState:
    """Return the state after a move in the room that meets.

    Raises:
        IllegalMove: If it is none, or not allowed now.
    """
    room = state.rooms[0]
    after = replace(room, made=room.made + 1)
    match move:
        case Offer(outcome=outcome):
            require_open(state, outcome, room.base)
            after = replace(
                after, offer=outcome, offerer=room.mover, accepted=frozenset((room.mover,))
            )
        case Accept():
            if room.offer is None:
                raise IllegalMove(f"{state.party}: nothing is proposed in this room")
            require_signable(state, room.offer)
            after = replace(after, accepted=room.accepted | {room.mover})
        case Pass():
            pass
        case WalkAway():
            after = room.without(room.mover)
        case Promise() if not state.aside:
            return replace(with_vow(state, move), aside=True)
        case _:
            raise refused(state, move, "expected an offer, acceptance, a pass or a promise")
    return replace(state, rooms=(after, *state.rooms[1:]), aside=False)


def room_closed(state: HallState) -> HallState:
    """Return the state once the first room has risen; what it agreed is tabled or promised."""
    room, after = state.rooms[0], replace(state, rooms=state.rooms[1:])
    if room.offer is None or not room.is_agreed or len(room.members) < 2:
        return after
    if room.is_private:
        levels = state.levels(room.offer)
        settles = tuple((issue, levels[issue]) for issue in room.issues)
        vows = tuple(
            Vow(
                by=member,
                to=tuple(k for k in room.members if k != member),
                settles=settles,
                room=room.number,
            )
            for member in room.members
        )
        return _read_alike(replace(after, vows=(*after.vows, *vows)), room, room.offer)
    for member in room.members:
        after = _tabled(after, member, room, room.offer)
    return _read_alike(after, room, room.offer)


def _read_alike(state: HallState, room: Room, agreed: int) -> HallState:
    """Return the state once what a room agreed is what its members stand for before the hall.

    Whoever has not spoken to the text yet has no reference that could change, unless the room
    tables what it agreed. Those at odds who agreed in a caucus have yet to say so on the floor.
    """
    references, yielded = list(state.reference), list(state.yielded_in_rooms)
    apart, issues = list(state.settled_apart), frozenset(room.issues)
    for member in room.members:
        before, stand = references[member], state.stands[member]
        if before is not None:
            now = combined(state, member, before, agreed, issues)
            yielded[member] += shortfall(state.scenario, member, before, now)
            references[member] = now
        elif stand is not None:
            references[member] = stand.outcome
        if room.is_across:
            apart[member] = (agreed, issues)
    return replace(
        state,
        reference=tuple(references),
        yielded_in_rooms=tuple(yielded),
        settled_apart=tuple(apart),
    )


def _tabled(state: HallState, member: int, room: Room, agreed: int) -> HallState:
    """Return the state once a member stands for what its room agreed on the room's issues."""
    issues = frozenset(room.issues)
    outcome = joined(state, member, agreed, issues)
    granted = list(state.granted)
    granted[member] = (outcome, issues)
    return replace(standing(state, member, outcome), granted=tuple(granted))


def matched(state: HallState) -> tuple[Room, ...]:
    """Return the rooms of a breakout: delegations matched to the brackets they care for most.

    As many rooms as all delegations fill, shared among the brackets in proportion to the interest
    in them. Interest is what can be seen: the issues a delegation has said it cares for, the first
    counting most, and how far it stands from the text, as a share of the options. Seats go to those
    for whom the sum of interests is greatest (Kuhn 1955, as an assignment); nobody sits where it
    has no interest, or alone. Where a bracket fills several rooms, each hears all its readings.
    """
    brackets = [one for one in state.brackets() if one.issue in state.open_issues]
    present, size = state.present, state.scenario.protocol.rooms.size
    if not brackets:
        return ()
    interest = np.array([[_interest(state, k, one) for one in brackets] for k in present])
    seats = _seats(interest.sum(axis=0), len(present), size)
    columns = np.repeat(np.arange(len(brackets)), seats)
    seated: dict[int, list[int]] = {}
    for row, column in _assignment(interest[:, columns]):
        if interest[row, columns[column]] > 0:
            seated.setdefault(int(columns[column]), []).append(present[row])
    groups = [
        (brackets[column].issue, members)
        for column, seats_taken in sorted(seated.items())
        for members in _shared_out(state, brackets[column], seats_taken)
        if len(members) > 1
    ]
    return tuple(
        replace(opened(state, "breakout", members, (issue,)), number=state.rooms_opened + number)
        for number, (issue, members) in enumerate(groups)
    )


def _shared_out(state: HallState, bracket: Bracket, members: list[int]) -> list[tuple[int, ...]]:
    """Return the members of each room on a bracket: as few rooms as hold them, evenly filled.

    They are dealt out by the readings they propose, so that no room is of one mind if it can be
    helped.
    """
    reading = {
        party: place for place, one in enumerate(bracket.alternatives) for party in one.proposers
    }
    dealt = sorted(members, key=lambda party: (reading.get(party, -1), party))
    rooms = -(-len(members) // state.scenario.protocol.rooms.size)
    return [tuple(sorted(dealt[first::rooms])) for first in range(rooms)]


def _assignment(worth: FloatArray) -> list[tuple[int, int]]:
    """Return pairs of row and column, each used once at most, whose sum of worths is greatest."""
    optimize = cast("Any", import_module("scipy.optimize"))
    rows, columns = optimize.linear_sum_assignment(worth, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _seats(interest: FloatArray, delegations: int, size: int) -> list[int]:
    """Return how many seats each bracket gets: whole rooms, by largest remainders.

    There is interest in all of them, at the least on the part of those who read it otherwise.
    """
    rooms = -(-delegations // size)
    quotas = interest / interest.sum() * rooms
    whole = np.floor(quotas + 1e-9).astype(int)
    for k in np.argsort(whole - quotas, kind="stable")[: rooms - int(whole.sum())]:
        whole[k] += 1
    return [int(n) * size for n in whole]


def _interest(state: HallState, party: int, bracket: Bracket) -> float:
    scenario = state.scenario
    name = scenario.space.issues[bracket.issue]
    concerns = scenario.parties[scenario.ids[party]].concerns
    said = 1 / (1 + concerns.index(name)) if name in concerns else 0.0
    stand = state.stands[party]
    if stand is None or bracket.text is None:
        return said
    away = abs(state.levels(stand.outcome)[bracket.issue] - bracket.text)
    return said + away / max(scenario.space.shape[bracket.issue] - 1, 1)
