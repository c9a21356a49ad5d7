"""The user's home folder, `MINILATERAL_HOME`: where what nobody gave a place to is kept."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from games.files.writing import clear_drafts, clear_drafts_of


def session_folder(home: Path) -> Path:
    """Return where a user's sessions are written."""
    return home / "transcripts"


def session_file(home: Path, session: str, out: Path | None = None) -> Path:
    """Return where a new session is written; what writers have left there who died is removed.

    Args:
        home: The user's home folder.
        session: The session's id.
        out: The file that was given for it, if one was.
    """
    folder = session_folder(home)
    # What is wrong with a folder is told by whoever writes to it.
    with suppress(OSError):
        if out is None:
            clear_drafts(folder)
        else:
            clear_drafts_of(out)
    return out or folder / f"{session}.jsonl"


def evaluation_folder(home: Path) -> Path:
    """Return where a user's evaluations are written, each in a folder of its plan's name."""
    return home / "evaluations"


def picture_folder(home: Path) -> Path:
    """Return where pictures of the screen are kept."""
    return home / "screenshots"
