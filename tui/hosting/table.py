"""A table that several people join: the session in a thread of its own, its seats, who is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from delegates.leading import Lead
from games.errors import MinilateralError
from games.scenario import Scenario
from transcripts.record import SessionRecord
from tui.live.contract import Live

Phase = Literal["gathering", "playing", "over", "stopped"]
"""Before the first event, until the people have come; while it is played; at the end; on a stop."""


@dataclass(frozen=True)
class Happening:
    """Something at a table that whoever leads the exercise wants to know."""

    table: int
    party: str | None
    """The seat; None where it is about the table."""
    words: str
    """What happened, in a line, e.g. "Korea joined"."""


class HostedSeat:
    """A seat that a person joins from elsewhere."""

    party: str
    link: str
    """Where the seat is joined; who has it plays the seat. Empty until the server listens."""
    has_come: bool
    """Whether anybody has ever joined it."""
    is_here: bool
    """Whether somebody is at it now."""
    away_since: float | None
    """Since when nobody has been at it, by the table's clock (`HostedTable.now()`); None while
    somebody is."""
    is_asked: bool
    """Whether its person is asked to move now."""
    holds_stand_in: bool
    """Whether its stand-in moves, whoever ordered it: its person, the trainer, or the table because
    nobody was there."""

    def sitting(self) -> Live:
        """Return the session as one more app joined to this seat shows it; the one before ends."""
        raise NotImplementedError


class HostedTable:
    """A session that is hosted, with the seats that people join."""

    number: int
    """From 1."""
    path: Path
    scenario: Scenario
    lead: Lead
    """Pauses it, strikes, hands seats over and gives them back."""
    seats: Mapping[str, HostedSeat]
    """Party → seat, of those for which people sit, in the order of moves."""
    ended: SessionRecord | MinilateralError | None
    """How it ended, once it has."""
    phase: Phase
    round: int
    """Rounds begun; 0 before the first."""
    rounds: int
    awaits: str | None
    """The party whose move is awaited."""
    moves: int

    def now(self) -> float:
        """Return the time by which `away_since` is told, in seconds."""
        raise NotImplementedError

    def tell(self, told: Callable[[Happening | None], object]) -> None:
        """Have somebody told, from any thread, whenever something has changed; of note or None."""
        raise NotImplementedError

    def watching(self) -> Live:
        """Return the session as a trainer's screen shows it: all of it, and without a seat.

        Any number may watch; leaving one leaves the session alone.
        """
        raise NotImplementedError

    def start(self) -> None:
        """Let the session begin in its thread: once all people have come, or have had their time
        (`--away`, from when the first of them came)."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop the session if it goes on, so that it can be resumed; wait until it has."""
        raise NotImplementedError


def links(tables: Sequence[HostedTable]) -> list[tuple[int, str, str]]:
    """Return table, party and link of every seat that people join."""
    return [(one.number, seat.party, seat.link) for one in tables for seat in one.seats.values()]
