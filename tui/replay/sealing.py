"""What a screen may show of a session that persons still sit in."""

from __future__ import annotations

from delegates.seats import parse_seat
from games.errors import SeatError
from transcripts.events import Opened


def persons(header: Opened) -> tuple[str, ...]:
    """Return the parties for which persons sit, in the order of moves.

    While their session is unfinished, the private sides of all others are sealed.
    """
    return tuple(party for party, seat in header.seats.items() if is_person(seat.spec))


def is_person(spec: str) -> bool:
    """Return whether a seat specification seats a person; one that is not known here does not."""
    try:
        return parse_seat(spec).is_person
    except SeatError:
        return False
