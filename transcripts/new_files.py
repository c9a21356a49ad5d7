"""New files of transcripts: each bears its name only when it is whole, and replaces no other."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from errno import ENOTDIR, ENOTSUP, EPERM
from io import FileIO
from pathlib import Path
from secrets import token_hex

from games.errors import TranscriptError
from games.files.folders import make_folder
from games.formats.text_files import privately, remove


def write_new_file(path: Path, lines: bytes, *, durable: bool) -> None:
    """Write a whole transcript; a durable one is on disk by then.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    with new_file(path) as draft:
        try:
            write_draft(draft, lines, durable=durable)
            publish(draft, path)
        finally:
            remove(draft)


def write_draft(draft: Path, lines: bytes, *, durable: bool) -> None:
    """Write a new file that this user alone may read; a durable one is on disk by then."""
    with open(draft, "xb", buffering=0, opener=privately) as file:
        _write_all(file, lines)
        if durable:
            os.fsync(file.fileno())


def _write_all(file: FileIO, lines: bytes) -> None:
    left = memoryview(lines)
    while left:
        left = left[file.write(left) :]


@contextmanager
def new_file(path: Path) -> Generator[Path]:
    """Give the name of a draft beside a new file, whose folder is made.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    try:
        _make_room(path)
        yield path.with_name(f".{path.name}.{token_hex(4)}.new")
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
    if path.exists():
        raise FileExistsError


def publish(draft: Path, path: Path) -> None:
    """Give a file another name, unless another file has it; the old one may be gone by then.

    Raises:
        FileExistsError: If one has.
        OSError: If it cannot be given.
    """
    try:
        # link, unlike rename, refuses to replace a file that came into being meanwhile.
        os.link(draft, path)
    except OSError as error:
        if error.errno not in (EPERM, ENOTSUP):
            raise
        # A file system without hard links: the name was free a moment ago.
        draft.rename(path)
