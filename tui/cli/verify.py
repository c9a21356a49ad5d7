"""The verb that says whether a transcript is what was written."""

from __future__ import annotations

from tui.cli.options import AsJson, TranscriptPath
from tui.cli.output import say, say_json


def verify(transcript: TranscriptPath, *, as_json: AsJson = False) -> int:
    """Say whether a transcript is what was written; exits with 1 where it is not."""
    from transcripts.verify import verify as verification_of

    found = verification_of(transcript)
    if as_json:
        say_json(found.as_json())
        return 0 if found.ok else 1
    state = "complete" if found.complete else "unfinished"
    verdict = f"sound, {state}" if found.ok else "NOT sound"
    events = f"{found.events} event{'' if found.events == 1 else 's'}"
    say(f"{transcript}: {verdict}, {events}")
    for problem in (*found.problems, *found.notes):
        say(f"  {problem}")
    return 0 if found.ok else 1
