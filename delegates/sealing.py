"""Who of a recorded session are persons: while it is unfinished, all others' secrets are sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delegates.seats import parse_seat
from games.errors import SeatError

if TYPE_CHECKING:
    from transcripts.events import Opened


def persons(header: Opened) -> tuple[str, ...]:
    """Return the parties for which persons sit, in the order of moves."""
    return tuple(party for party, seat in header.seats.items() if is_person(seat.spec))


def only_person(header: Opened) -> str | None:
    """Return the party for which the only person sits; None where nobody does, or several do."""
    sitting = persons(header)
    return sitting[0] if len(sitting) == 1 else None


def is_person(spec: str) -> bool:
    """Return whether a seat specification seats a person; one that is not known here does not."""
    try:
        return parse_seat(spec, "any").is_person
    except SeatError:
        return False
