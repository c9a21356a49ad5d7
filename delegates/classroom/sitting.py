"""Who sat for a party: a person, a model or a rule, and who stood in for how many of its moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.text import one_line
from transcripts.events import HandedOver

if TYPE_CHECKING:
    from delegates.debriefing.recorded import Recorded


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Who sat for one party of a session, and who decided its moves."""

    party: str
    spec: str
    decides: str
    """In words, as the transcript has it."""
    words: str
    """Who worded what was said, likewise."""
    models: tuple[str, ...]
    """The models that were asked, each with its host."""
    is_person: bool
    moves: int
    stand_in_moves: int
    """Moves that a person's stand-in decided."""
    hand_overs: int
    """How often the seat passed to a stand-in."""
    reasons: tuple[str, ...]
    """Why, each reason once."""
    fallback_moves: int
    """Moves that the fallback decided, as no usable answer came."""


def sitting(recorded: Recorded, party: str) -> Sitting:
    """Return who sat for a party of a recorded session."""
    seat = recorded.folded.header.seats[party]
    own = [number for number, event in enumerate(recorded.made) if event.party == party]
    handed = [
        event
        for event in recorded.folded.events
        if isinstance(event, HandedOver) and event.party == party and event.to == "stand-in"
    ]
    return Sitting(
        party=party,
        spec=one_line(seat.spec),
        decides=one_line(seat.decides),
        words=one_line(seat.words),
        models=tuple(one_line(f"{model} at {host}") for model, host in seat.models.items()),
        is_person=party in recorded.persons,
        moves=len(own),
        stand_in_moves=sum(recorded.is_stand_ins(number) for number in own),
        hand_overs=len(handed),
        reasons=tuple(dict.fromkeys(one_line(event.reason) for event in handed)),
        fallback_moves=sum(recorded.made[number].fallback is not None for number in own),
    )
