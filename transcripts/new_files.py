"""New files of transcripts: each bears its name only when it is whole, and replaces no other."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from errno import ENOTDIR
from pathlib import Path

from games.errors import TranscriptError
from games.files.folders import make_folder
from games.files.writing import create


def write_new_file(path: Path, lines: bytes, *, durable: bool) -> None:
    """Write a whole transcript; a durable one is on disk by then.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    with new_file(path):
        create({path: lines}, durable=durable)


@contextmanager
def new_file(path: Path) -> Generator[None]:
    """Make the folder of a new transcript, and tell in a line why it cannot be created.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    try:
        _make_room(path)
        yield
    except FileExistsError:
        raise TranscriptError(
            f"{path}: exists already; a transcript is never overwritten"
        ) from None
    except OSError as error:
        raise TranscriptError(f"{path}: cannot be written: {error.strerror}") from None


def _make_room(path: Path) -> None:
    """Make the folder of a new file; a file in the folder's place is no existing transcript."""
    if not path.parent.is_dir():
        try:
            make_folder(path.parent)
        except FileExistsError:
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR)) from None
