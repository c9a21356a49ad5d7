"""Who hears of a move: all at a table; in a hall those in the room, or those it is said to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from games.happenings.happening import Happening, heard_by
from games.protocols.hall import HallState
from transcripts.events import Happened, MoveMade

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import State
    from tui.replay.spoken_move import SpokenMove

Audience = frozenset[int]
"""Positions of those who alone hear of something."""


def audience(event: MoveMade, before: State) -> Audience | None:
    """Return who alone hears of a move made in a state; None where all do."""
    ids = before.scenario.ids
    told = _told(event)
    found = None if told is None else frozenset(k for k, one in enumerate(ids) if one in told)
    room = before.room if isinstance(before, HallState) else None
    if room is None or event.act == "ask-capital":
        return found
    return frozenset(room.members) if found is None else found & frozenset(room.members)


def _told(event: MoveMade) -> Sequence[object] | None:
    """Return who alone hears of a move by what it says itself; None where all may.

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


def learns_of(scenario: Scenario, one: Happening, see: str | None) -> bool:
    """Return whether a party learns of what happened; whoever sees all does."""
    heard = heard_by(scenario, one.cause)
    return see is None or heard is None or see in heard


def may_learn(event: Happened, see: str | None) -> bool:
    """Return the same of what happened as an event."""
    return see is None or event.heard_by is None or see in event.heard_by


def as_seen(move: SpokenMove, see: str) -> SpokenMove:
    """Return a move as one party may know it; of what it has not heard, nothing but a number."""
    event = move.event
    if event is None:
        # Why a line is not sound may quote it.
        return replace(move, notices=("not sound",), is_sound=False)
    told = _told(event)
    if told is not None and see not in told:
        return replace(
            move, event=None, words="", notices=(), happened=(), where="", is_heard=False
        )
    if event.party == see:
        return move
    hidden: dict[str, object] = {"flags": ()}
    if event.act == "ask-capital":
        hidden["on"] = {}
    return replace(move, event=event.model_copy(update=hidden))
