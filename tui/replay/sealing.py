"""What a screen may show of a session that persons still sit in."""

from __future__ import annotations

from delegates.seats import parse_seat
from games.errors import SeatError
from transcripts.events import Opened


def persons(header: Opened) -> tuple[str, ...]:
    """Return the parties for which persons sit, in the order of moves.

    While their session is unfinished, the private sides of all others are sealed.
    """
    return tuple(party for party, seat in header.seats.items() if _is_person(seat.spec))


def _is_person(spec: str) -> bool:
    try:
        return parse_seat(spec).is_person
    except SeatError:  # of a mind or model that this version does not know
        return False
