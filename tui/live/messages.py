"""What a session under way tells the screen; every message is posted from the session's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from textual.message import Message

from delegates.listening import Partial
from delegates.persons.person import Turn
from games.errors import MinilateralError
from games.scenario import Scenario
from transcripts.events import Event, Failed, Replied, Retried
from transcripts.fold import Folded
from transcripts.record import SessionRecord


@dataclass
class Gathering(Message):
    """The session has not begun yet: somebody is waited for."""

    parties: tuple[str, ...]
    """Whose people have not come."""
    scenario: Scenario
    """What is negotiated."""
    seed: int
    """The session's."""
    left_s: Callable[[], float | None] = lambda: None
    """After how many seconds it begins without them; None while nobody has come."""

    def can_replace(self, message: Message) -> bool:
        """The newest tells who is still missing."""
        return isinstance(message, Gathering)


@dataclass
class PauseTold(Message):
    """Whoever leads the exercise has paused the session, or lets it go on."""

    is_paused: bool

    def can_replace(self, message: Message) -> bool:
        """The newest tells how it is."""
        return isinstance(message, PauseTold)


@dataclass
class EventKept(Message):
    """One more event is in the transcript; whoever shows the session reads on from the file."""

    number: int
    """Of the event, from 0; the header tells that the file is there."""
    awaits: str | None
    """The party whose move is awaited; None once there is none."""
    cost_usd: float | None
    """What this session's model calls came to so far; None where a price is not known."""
    tokens: int

    @classmethod
    def of(cls, event: Event, folded: Folded, before: Message | None) -> Self:
        """Return what is told of an event that was kept.

        Args:
            event: The event.
            folded: The session with it.
            before: What was told last: what models came to is summed up anew where that changes.
        """
        state = folded.state
        awaits = state.party if state.is_open else None
        if isinstance(before, EventKept) and not isinstance(event, Replied | Retried | Failed):
            return cls(event.n, awaits, before.cost_usd, before.tokens)
        used = folded.spending.so_far
        return cls(event.n, awaits, used.cost_usd, used.tokens.input + used.tokens.output)

    def can_replace(self, message: Message) -> bool:
        """The newest tells all that those before it told."""
        return isinstance(message, EventKept)


@dataclass
class WordsCame(Message):
    """A model has written some more of what a party is going to say."""

    partial: Partial

    def can_replace(self, message: Message) -> bool:
        """The longest holds the shorter ones of the same statement."""
        return isinstance(message, WordsCame)


@dataclass
class PersonAsked(Message):
    """The person is to move; the answer goes to `LiveSession.person`."""

    turn: Turn


@dataclass
class TurnOver(Message):
    """The person is not asked any more: time ran out, and the stand-in moves."""


@dataclass
class SeatHeld(Message):
    """The stand-in holds the person's seat until it is given back."""

    told: str
    """Why, and when it ends; empty where the person has just asked for it."""
    may_take_back: bool
    """Whether the person may ask for it back; else it comes back by itself, or by order."""


@dataclass
class SessionOver(Message):
    """The session reached its end."""

    record: SessionRecord


@dataclass
class SessionStopped(Message):
    """The session stopped before its end; what happened is kept and can be carried on."""

    error: MinilateralError
    path: Path | None = None
    """Where it is kept."""
