"""Folders for this user alone."""

from __future__ import annotations

from pathlib import Path


def make_folder(path: Path) -> None:
    """Make a folder, unless it is there, and what is missing above it: each for this user alone.

    What is there already keeps its rights, so that who shares a folder goes on sharing it.

    Args:
        path: The folder.

    Raises:
        FileExistsError: If something else bears its name, or that of a folder above it.
        OSError: If it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        if path.parent == path:
            raise
        # `Path.mkdir` itself would make the ones above for everybody to read.
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
