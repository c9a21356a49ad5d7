"""What a party that looks on knows of a move, and of what happened between moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from games.happenings.happening import Happening, heard_by
from transcripts.events import Happened
from transcripts.places import told_alone

if TYPE_CHECKING:
    from games.scenario import Scenario
    from tui.replay.spoken_move import SpokenMove


def learns_of(scenario: Scenario, one: Happening, see: str | None) -> bool:
    """Return whether a party learns of what happened; whoever sees all does."""
    heard = heard_by(scenario, one.cause)
    return see is None or heard is None or see in heard


def may_learn(event: Happened, see: str | None) -> bool:
    """Return the same of what happened as an event."""
    return see is None or event.heard_by is None or see in event.heard_by


def unheard(move: SpokenMove) -> SpokenMove:
    """Return a move as whoever has not heard it knows it: nothing of it but a number."""
    return replace(move, event=None, words="", notices=(), happened=(), where="", is_heard=False)


def as_seen(move: SpokenMove, see: str) -> SpokenMove:
    """Return a move as one party may know it by what the move itself says.

    Who sits in a small room of the chair's a move does not say: what was made in one is told by
    the history's `hears`.
    """
    event = move.event
    if event is None:
        # Why a line is not sound may quote it.
        return replace(move, notices=("not sound",), is_sound=False)
    told = told_alone(event)
    if told is not None and see not in told:
        return unheard(move)
    if event.party == see:
        return move
    hidden: dict[str, object] = {"flags": ()}
    if event.act == "ask-capital":
        hidden["on"] = {}
    return replace(move, event=event.model_copy(update=hidden))
