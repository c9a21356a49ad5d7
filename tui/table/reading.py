"""What the table reads from the transcript's file; to be called from a thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from games.preparation import Sheet
from transcripts.events import Prepared
from tui.replay import Recording


def open_record(path: Path, party: str | None) -> tuple[Recording, Sheet | None]:
    """Return a session's recording, and the preparation sheet of a party.

    Args:
        path: The transcript.
        party: The party; None for no sheet.

    Raises:
        TranscriptError: If the file cannot be read or does not begin with a sound header.
    """
    recording = Recording(path)
    kinds = recording.kinds if party is not None else recording.kinds[:0]
    if len(recording):
        kinds = kinds[: recording.lines[0]]  # sheets stand before the first move
    for number in np.flatnonzero(kinds == ord("p")).tolist():
        event = recording.transcript.event(number)
        if isinstance(event, Prepared) and event.party == party and event.when == "before":
            return recording, event.sheet
    return recording, None
