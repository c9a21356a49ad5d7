"""The door for outside agents on the command line: where it stands, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import SettingError, UserError
from tui.cli.output import note

if TYPE_CHECKING:
    from delegates import Door, Invitation
    from delegates.seats import SeatSpec

Port = Annotated[
    int | None,
    typer.Option(
        help="Where outside agents (seats `http`) come in, on this machine alone; any free port if "
        "not given."
    ),
]


def door_at(port: int | None) -> Door:
    """Return a door that tells of its seats on standard error: address and token, once."""
    from delegates import Door

    return Door(port=port or 0, tell=_told)


def seats_of(transcript: Path) -> list[SeatSpec]:
    """Return the seats of a recorded session; none where it cannot be read, as whoever carries it
    on will say."""
    from delegates.seats import parse_seat
    from transcripts.events import Opened
    from transcripts.store import Transcript

    try:
        header = Transcript(transcript).event(0)
        seats = header.seats.values() if isinstance(header, Opened) else ()
        # Which model is meant does not matter here.
        return [parse_seat(seat.spec, "any") for seat in seats]
    except (UserError, IndexError):
        return []


def require_door_wanted(specs: Iterable[SeatSpec], port: int | None) -> bool:
    """Return whether an outside agent has a seat; a port without one is a mistake.

    Raises:
        SettingError: If a port is given for nobody.
    """
    sitting = list(specs)
    is_wanted = any(spec.is_outside for spec in sitting)
    if port is not None and sitting and not is_wanted:
        raise SettingError(
            f"--port {port}: no seat is an outside agent's; expected e.g. --seat ID=http as well"
        )
    return is_wanted


def _told(invitation: Invitation) -> None:
    note(
        f"minilateral: seat {invitation.party} waits for an agent: GET {invitation.url}seat with "
        f"the header Authorization: Bearer {invitation.token}"
    )
