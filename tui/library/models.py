"""Which model is set up, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delegates.seating import default_seat
from delegates.text import one_line
from games.errors import SeatError

if TYPE_CHECKING:
    from delegates.settings import Settings


def models_line(settings: Settings) -> str:
    """Return who decides and words for seats that nobody chose, and why; it may wait for a disk."""
    try:
        spec, why = default_seat(settings)
    except SeatError as error:
        return one_line(f"missing: {error}")
    return one_line(f"{spec}: {why}")
