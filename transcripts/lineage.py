"""Which file holds the session that a branch began from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from games.errors import TranscriptError
from transcripts.events import Parent
from transcripts.store import Transcript, unseal


def parent_file(path: Path) -> Path | None:
    """Return the transcript that a branch began from, if it lies in the branch's folder.

    The file that bears the parent's session as its name is looked at first, then every other one in
    the folder by its header. It counts only if the last event the two share is the one the branch
    names by its hash, so another session of the same name is never taken for it. Files are read: a
    screen calls it in a thread.

    Args:
        path: The branch's transcript.

    Returns:
        The parent's transcript; None if the session is no branch or its parent is not there.

    Raises:
        TranscriptError: If the branch itself cannot be read.
    """
    parent = Transcript(path).header().parent
    if parent is None:
        return None
    return next((file for file in _candidates(path, parent) if _is_parent(file, parent)), None)


def require_parent(path: Path) -> Path:
    """Return the transcript that a branch began from.

    Raises:
        TranscriptError: If the session is no branch, its parent does not lie in its folder, or it
            cannot be read.
    """
    found = parent_file(path)
    if found is not None:
        return found
    parent = Transcript(path).header().parent
    if parent is None:
        raise TranscriptError(f"{path}: it branched off no session; expected a branch")
    raise TranscriptError(
        f"{path}: the session it branched off, {parent.session!r}, is not in its folder as it was"
    )


def _candidates(path: Path, parent: Parent) -> Iterator[Path]:
    """Yield the files that say they hold a session of that name, the one named so first."""
    named = path.parent / f"{parent.session}.jsonl"
    # A session's name is read from a file: it may not lead out of the folder.
    if named.parent == path.parent and named != path and named.is_file():
        yield named
    session = json.dumps(parent.session, ensure_ascii=False).encode()
    with suppress(OSError):
        for file in sorted(path.parent.glob("*.jsonl")):
            if file not in (path, named) and b'"session":' + session in _first_line(file):
                yield file


def _first_line(file: Path) -> bytes:
    try:
        with file.open("rb") as lines:
            return lines.readline()
    except OSError:
        return b""


def _is_parent(file: Path, parent: Parent) -> bool:
    """Return whether a file's line at which the branch began has the hash that the branch names."""
    try:
        transcript = Transcript(file)
        if parent.event >= len(transcript):
            return False
        return unseal(transcript.line(parent.event))[1] == parent.hash
    except (TranscriptError, ValueError):
        return False
