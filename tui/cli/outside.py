"""The door for outside agents on the command line: where it stands, and what is told of it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import SettingError, UserError
from tui.cli.output import note
from tui.cli.own_file import append_own, create_own

if TYPE_CHECKING:
    from delegates import Door, Invitation
    from delegates.seats import SeatSpec

Port = Annotated[
    int | None,
    typer.Option(
        help="Where outside agents (seats `http` and `mcp`) come in, on this machine alone; any "
        "free port if not given."
    ),
]
Invitations = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write the addresses and tokens of outside agents to a new file that only you can "
        "read, one JSON object a line, instead of showing them.",
    ),
]


@dataclass(frozen=True)
class DoorAsked:
    """What was asked of the door."""

    port: int | None = None
    invitations: Path | None = None

    def is_wanted_by(self, specs: Iterable[SeatSpec]) -> bool:
        """Return whether an outside agent has a seat; a door without one is a mistake.

        Raises:
            SettingError: If something is asked of a door that is for nobody.
        """
        sitting = list(specs)
        is_wanted = any(spec.is_outside for spec in sitting)
        asked = [
            f"--port {self.port}" if self.port is not None else "",
            f"--invitations {self.invitations}" if self.invitations is not None else "",
        ]
        if any(asked) and sitting and not is_wanted:
            raise SettingError(
                f"{' '.join(filter(None, asked))}: no seat is an outside agent's; expected e.g. "
                "--seat ID=http or --seat ID=mcp as well"
            )
        return is_wanted

    @contextmanager
    def opened(self, *, is_wanted: bool) -> Generator[Door]:
        """Lend a door that tells of its seats, once: in a file if one was asked for, else on
        standard error.

        Args:
            is_wanted: Whether anybody comes in by it.

        Raises:
            SettingError: If the file cannot be written, or exists.
        """
        from delegates import Door

        if self.invitations is None or not is_wanted:
            yield Door(port=self.port or 0, tell=_shown)
            return
        path = self.invitations
        create_own(path, "--invitations")
        try:
            yield Door(port=self.port or 0, tell=lambda invitation: _written(path, invitation))
        finally:
            path.unlink(missing_ok=True)


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


def _shown(invitation: Invitation) -> None:
    what = {"http": "a program: GET", "mcp": "an MCP client at"}[invitation.speaks]
    url = f"{invitation.url}seat" if invitation.speaks == "http" else invitation.url
    note(f"minilateral: seat {invitation.party} waits for {what} {url}")
    note(f"minilateral:   with the header Authorization: Bearer {invitation.token}")


def _written(path: Path, invitation: Invitation) -> None:
    told = {
        "party": invitation.party,
        "speaks": invitation.speaks,
        "url": invitation.url,
        "token": invitation.token,
    }
    append_own(path, "--invitations", json.dumps(told) + "\n")
    note(f"minilateral: seat {invitation.party} waits for an agent; how it comes in is in {path}")
