"""From a transcript to the debrief of one of its parties."""

from __future__ import annotations

from pathlib import Path

from games.errors import UserError
from games.review.debrief import Debrief


def debrief(path: Path, party: str | None = None) -> Debrief:
    """Return the debrief of a recorded session for one party.

    Args:
        path: The transcript; the session may be unfinished.
        party: Whose play is reviewed; None for the person's seat, else the first party's.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If there is no such party.
    """
    raise UserError(f"{path}: {party}: not yet reviewed")
