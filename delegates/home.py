"""The user's home folder, `MINILATERAL_HOME`: where what nobody gave a place to is kept."""

from __future__ import annotations

from pathlib import Path


def session_folder(home: Path) -> Path:
    """Return where a user's sessions are written."""
    return home / "transcripts"


def evaluation_folder(home: Path) -> Path:
    """Return where a user's evaluations are written, each in a folder of its plan's name."""
    return home / "evaluations"
