"""Where a move is made: at which stage and in which room of a hall, and who alone hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from games.moves import Approach, AskCapital, CallCaucus, Move
from games.protocols.hall import HallState, Room
from games.scenario import Scenario
from games.session import State
from transcripts.events import MoveMade

Audience = frozenset[int]
"""Positions of those who alone hear of something."""


def audience(event: MoveMade, before: State) -> Audience | None:
    """Return who alone hears of a recorded move made in a state; None where all do."""
    ids = before.scenario.ids
    told = told_alone(event)
    found = None if told is None else frozenset(k for k, one in enumerate(ids) if one in told)
    room = before.room if isinstance(before, HallState) else None
    if room is None or event.act == "ask-capital":
        return found
    return frozenset(room.members) if found is None else found & frozenset(room.members)


def told_alone(event: MoveMade) -> Sequence[object] | None:
    """Return who alone hears of a move by what it says itself, whatever room it is made in; None
    where all may.

    That a delegate asks its capital all see, though not for what. A caucus is called among its
    members.
    """
    if event.act == "ask-capital":
        return None
    if event.act == "call-caucus" and event.heard_by is None:
        members = event.on.get("members")
        named = cast("list[object]", members) if isinstance(members, list) else []
        return (event.party, *named)
    return event.heard_by


def heard_by(
    scenario: Scenario, party: str, room: Room | None, move: Move
) -> tuple[str, ...] | None:
    """Return the parties that alone hear of a party's move: those of a caucus or a side deal.

    What a delegate asks its capital for, it alone knows; that it asks for time, all see.

    None where all do. That a small room of the chair's met, and what it agreed, everybody learns;
    what was said in it, those in it.
    """
    if room is not None:
        return tuple(scenario.ids[k] for k in room.members) if room.is_private else None
    if isinstance(move, AskCapital):
        return (party,)
    if isinstance(move, Approach):
        return scenario.side_deals[move.deal].parties
    if isinstance(move, CallCaucus):
        return (party, *move.members)
    return None


def misplaced(state: State, event: MoveMade, move: Move) -> str | None:
    """Return where a move is recorded otherwise than it was made; None where it is not.

    Args:
        state: The session before the move, which is legal in it.
        event: What is recorded.
        move: The move that this is.
    """
    is_hall = isinstance(state, HallState)
    room, stage = (state.room, state.stage) if is_hall else (None, "")
    number = None if room is None else room.number
    if event.stage != stage:
        return f"a move of stage {event.stage!r}; expected {stage!r}"
    if event.room != number:
        return f"a move of {_named(event.room)}; expected {_named(number)}"
    heard = heard_by(state.scenario, event.party, room, move)
    # Earlier recordings had the call of a caucus heard by all; what shows it hides it by its terms.
    if event.heard_by != heard and not (isinstance(move, CallCaucus) and event.heard_by is None):
        return f"a move heard by {_listed(event.heard_by)}; expected {_listed(heard)}"
    return None


def _named(room: int | None) -> str:
    return "no room" if room is None else f"room {room + 1}"


def _listed(parties: tuple[str, ...] | None) -> str:
    return "all" if parties is None else ", ".join(parties[:12]) or "nobody"
