"""Begin a session where another one stood after some move, perhaps with other delegates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from delegates.connections import Caps, hosts, require_models
from delegates.home import session_file
from delegates.openings import program_version, seats_on_record, session_id
from delegates.seating import require_playable
from delegates.seats import SeatSpec, parse_seat
from delegates.settings import Settings, load_settings
from games.errors import SeatError
from transcripts.branch import branch
from transcripts.fold import opened
from transcripts.store import Transcript


def fork(
    path: Path | str,
    *,
    at: int,
    seats: Mapping[str, str] | None = None,
    out: Path | str | None = None,
    settings: Settings | None = None,
) -> Transcript:
    """Write a branch of a session and return its transcript; `resume` plays it.

    What the kept moves cost was the parent's spending: the branch's own counts from its first call.

    Args:
        path: The parent's transcript, which is left as it is.
        at: How many moves are kept.
        seats: Party → seat specification of those who sit otherwise from here on.
        out: The branch's file; by default a new one among the user's transcripts.
        settings: Where models are; by default from environment and config file.

    Raises:
        TranscriptError: If the parent cannot be read that far or has not so many moves, or the file
            exists or cannot be written.
        SeatError: If a seat is for no party, or its specification is not valid or fits not here.
        SettingError: If an endpoint, its key or the embedded model is missing.
    """
    path = Path(path)
    settings = settings or load_settings(os.environ)
    folded = opened(Transcript(path))
    header = folded.header
    specs = _specs(seats or {}, list(header.seats), settings)
    require_playable(folded.scenario, specs)
    require_models(specs.values(), settings, Caps())
    session = session_id(folded.scenario, header.seed)
    return branch(
        path,
        session_file(settings.home.value, session, Path(out) if out else None),
        at=at,
        session=session,
        program=f"minilateral {program_version()}",
        seats=seats_on_record(specs, hosts(specs.values(), settings)),
    )


def _specs(given: Mapping[str, str], parties: list[str], settings: Settings) -> dict[str, SeatSpec]:
    for party in given:
        if party not in parties:
            raise SeatError(f"seat {party!r}: no such party; the session has {', '.join(parties)}")
    return {party: parse_seat(text, settings.model.value) for party, text in given.items()}
