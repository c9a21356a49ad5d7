"""Branch a session: the same talks up to a move, then perhaps other delegates.

A branch is a transcript of its own. It holds every event up to the last move kept, so it needs its
parent no more, and nothing that is done to one is seen in the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from games.errors import TranscriptError
from transcripts.events import FORMAT_VERSION, Opened, Parent, Seat
from transcripts.fold import Folded, begin, follow, opened
from transcripts.store import Transcript, utc_now, write_linked


def branch(
    path: Path,
    out: Path,
    *,
    at: int,
    session: str,
    program: str,
    seats: Mapping[str, Seat] | None = None,
) -> Transcript:
    """Write a branch of a session and return its transcript.

    Args:
        path: The parent's transcript, which is left as it is; it may be unfinished, or damaged
            after the last move kept.
        out: The branch's file, which must not exist.
        at: How many moves are kept.
        session: The branch's id.
        program: What writes the branch.
        seats: Who sits from here on, where that is not who sat in the parent.

    Raises:
        TranscriptError: If the parent cannot be read as far as that, has not so many moves, or the
            file exists or cannot be written.
    """
    kept, last_hash = _kept(Transcript(path), at)
    changed = _known(kept.header, seats or {})
    header = kept.header.model_copy(
        update={
            "at": utc_now(),
            "format": FORMAT_VERSION,
            "program": program,
            "session": session,
            "seats": {**kept.header.seats, **changed},
            "parent": Parent(
                session=kept.header.session,
                event=kept.events[-1].n,
                hash=last_hash,
                moves=at,
                seats=(*changed, *(party for party in _freed(kept) if party not in changed)),
            ),
        }
    )
    write_linked(out, [header, *kept.events[1:]])
    return Transcript(out)


def _freed(kept: Folded) -> list[str]:
    """Return the seats that were given to others where a branch itself branched off.

    A stand-in that held one then would hold it again: the next header tells of that no more.
    """
    before = kept.header.parent
    if before is None or not before.seats:
        return []
    alone = begin(kept.header.model_copy(update={"parent": None}), kept.scenario)
    for event in kept.events[1:]:
        alone.add(event)
    shared = kept.events[-1].n < before.event
    return [
        party
        for party in before.seats
        if party in alone.stand_ins and (shared or party not in kept.stand_ins)
    ]


def _known(header: Opened, seats: Mapping[str, Seat]) -> Mapping[str, Seat]:
    for party in seats:
        if party not in header.seats:
            raise TranscriptError(
                f"seat {party!r}: no such party; the session has {', '.join(header.seats)}"
            )
    return seats


def _kept(transcript: Transcript, at: int) -> tuple[Folded, str]:
    """Return the session up to a move and the hash of that move's line, every line checked.

    Raises:
        TranscriptError: If a line up to there is not sound, or there are fewer moves.
    """
    folded = opened(transcript)
    for digest in follow(transcript, folded):
        if len(folded.made) == at:
            return folded, digest
    moves = len(folded.made)
    raise TranscriptError(
        f"{transcript.path}: {at} moves cannot be kept: it holds {moves}; expected 0 to {moves}"
    )
