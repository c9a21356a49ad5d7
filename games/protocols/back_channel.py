"""What a delegation with a face to lose does: it yields where nobody looks on.

Once its rule would have it take less than it stands for before the hall, and time is left, it
calls a caucus with those at odds with it, and says nothing on the floor until that has met: before
the hall the step costs F a point, in the room nothing. What those at odds agree there each asks
for on the next floor, together with what it stands for on all else, unless the text has become good
enough for it meanwhile; so it stands in brackets as the reading of all of them, and the chair can
take it up. None of this is in the rules of the hall: models and persons may do otherwise.

Whom to call, and on what: on the bracket where the text costs it most, so that the least time goes
into saving the most face; those whose reading lies at the text's or beyond, as seen from its own,
the nearest first. As nobody knows what others would give up an issue for, nearness of readings
stands for how little is left to settle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.moves import Accept, CallCaucus, Move, Offer
from games.protocols.face import face_of, public_loss
from games.protocols.stages import combined
from games.utility import TIE

if TYPE_CHECKING:
    from games.protocols.hall import HallState

MOST_ASKED = 1
"""Delegations asked into a back-channel: with each more one more must agree."""


def is_yielding(state: HallState, answer: Move) -> bool:
    """Return whether the mover would lose face on the floor by an answer."""
    match answer:
        case Offer(outcome=outcome):
            taken = outcome
        case Accept() if state.offer is not None:
            taken = state.offer
        case _:
            return False
    return public_loss(state, state.mover, taken) > TIE


def awaits_room(state: HallState) -> bool:
    """Return whether the mover is to meet those at odds with it once the floor is closed."""
    return any(room.is_across and state.mover in room.members for room in state.rooms)


def back_channel(state: HallState) -> CallCaucus | None:
    """Return the caucus in which the mover would rather yield than on the floor; None without one.

    It calls none on the last floor: what is agreed after it nobody can ask for.
    """
    rules, mover = state.scenario.protocol, state.mover
    reference, text = state.reference[mover], state.offer
    if text is None or reference is None or state.aside or state.now + 1 >= state.known_rounds:
        return None
    if state.caucuses[mover] >= rules.caucuses:
        return None
    here, wanted = state.levels(text), state.levels(reference)
    ids, names = state.scenario.ids, state.scenario.space.issues
    for issue in _dearest(state, here, wanted):
        others = _opposed(state, issue, here[issue], wanted[issue])
        if others:
            asked = others[: min(rules.rooms.size - 1, MOST_ASKED)]
            return CallCaucus(tuple(ids[other] for other in asked), (names[issue],))
    return None


def _dearest(state: HallState, here: tuple[int, ...], wanted: tuple[int, ...]) -> list[int]:
    """Return the issues on which the text costs the mover something, the dearest first."""
    own, space = state.scenario.preferences[state.mover], state.scenario.space
    base = own.utility(space.index_of_levels(here))
    stakes: dict[int, float] = {}
    for issue, (now, then) in enumerate(zip(here, wanted, strict=True)):
        if now != then:
            moved = space.index_of_levels((*here[:issue], then, *here[issue + 1 :]))
            stakes[issue] = own.utility(moved) - base
    costly = [issue for issue, stake in stakes.items() if stake > TIE]
    return sorted(costly, key=lambda issue: (-stakes[issue], issue))


def _opposed(state: HallState, issue: int, here: int, wanted: int) -> list[int]:
    """Return who reads an issue as the text does or beyond, seen from the mover, nearest first."""
    readings = {
        party: state.levels(stand.outcome)[issue]
        for party, stand in enumerate(state.stands)
        if stand is not None and party != state.mover
    }
    side = 1 if here > wanted else -1
    opposed = [party for party, level in readings.items() if side * (level - here) >= 0]
    return sorted(opposed, key=lambda party: (abs(readings[party] - wanted), party))


def said_after(state: HallState) -> Offer | None:
    """Return what the mover asks for on the floor once it has settled something apart, if it may.

    What it stands for, with the reading that was agreed; closed issues are left as they are.
    """
    settled, text, stand = state.settled_apart[state.mover], state.offer, state.stands[state.mover]
    if settled is None or text is None or stand is None:
        return None
    agreed, issues = settled
    together = combined(state, state.mover, stand.outcome, agreed, issues)
    asked = combined(state, state.mover, text, together, state.open_issues)
    moved = zip(state.levels(asked), state.levels(text), strict=True)
    departs = {issue for issue, (one, other) in enumerate(moved) if one != other}
    may = issues | departs <= state.open_issues
    return Offer(asked) if may and state.may_sign(state.mover, asked) else None


def keeps_caucuses(state: HallState) -> bool:
    """Return whether the mover has no caucus to spare for those who are of its mind."""
    left = state.scenario.protocol.caucuses - state.caucuses[state.mover]
    return face_of(state.scenario, state.mover) > 0 and left < 2
