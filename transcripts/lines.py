"""The lines of a file, however long it is: where each begins, and its bytes when asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from games.errors import TranscriptError

BLOCK = 1 << 16
"""Bytes that are read from a transcript at once, and more only where a line is longer."""

_CHUNK = 1 << 18
"""Bytes that are searched for line breaks at once: what the processor's cache holds."""

_NEWLINE = ord("\n")


@dataclass(frozen=True)
class _Block:
    """A stretch of a file."""

    start: int
    content: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.content)


class Lines:
    """The lines of a transcript, found at once and each read when asked for.

    The file is not held open, nor its content kept: of the lines their places are known (8 bytes
    each), and of the content the block that was read last. What is read is copied, so that a file
    that is cut short or replaced meanwhile gives a line that is not sound and nothing worse.
    """

    def __init__(self, path: Path) -> None:
        """Index the file.

        Raises:
            TranscriptError: If the file cannot be read or holds no whole line.
        """
        self.path = path
        self.starts: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        """Where each whole line begins."""
        self.end = 0
        """Where the last whole line ends."""
        self.size = 0
        """How long the file was when it was last looked at."""
        self._block = _Block(0, b"")
        self.grow()
        if not len(self):
            raise TranscriptError(f"{path}: no transcript: it holds no whole line")

    def grow(self) -> bool:
        """Take in the lines that were written since; return whether there were any.

        Raises:
            TranscriptError: If the file cannot be read any more, or has become shorter.
        """
        try:
            with self.path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size < self.end:
                    raise TranscriptError(
                        f"{self.path}: cut short while it was read: {size:,} bytes of {self.end:,}"
                    )
                ends = line_ends(file, self.end)
        except OSError as error:
            raise TranscriptError(f"{self.path}: cannot be read: {error.strerror}") from None
        if ends:
            here = np.array([self.end], dtype=np.int64)
            # In this order: another thread that knows of a line can find its end.
            self.end = int(ends[-1][-1])
            self.starts = np.concatenate((self.starts, here, *ends))[:-1]
        self.size = max(size, self.end)
        return bool(ends)

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, number: int) -> bytes:
        """Return the bytes of a line, without newline.

        Raises:
            TranscriptError: If they cannot be read any more.
        """
        start, end = self._span(number)
        block = self._block
        if not block.start <= start <= end <= block.end:
            block = self._block = self._read(start, max(end, min(start + BLOCK, self.end)))
            if end > block.end:
                raise TranscriptError(
                    f"{self.path}: event {number}: the file was cut short while it was read"
                )
        return block.content[start - block.start : end - block.start]

    def _span(self, number: int) -> tuple[int, int]:
        """Return where a line begins, and where its newline stands."""
        starts = self.starts
        place = range(len(starts))[number]
        end = self.end if place + 1 == len(starts) else int(starts[place + 1])
        return int(starts[place]), end - 1

    def _read(self, start: int, end: int) -> _Block:
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(start)
                return _Block(start, _read_all(file, end - start))
        except OSError as error:
            raise TranscriptError(f"{self.path}: cannot be read: {error.strerror}") from None

    @property
    def tail(self) -> bytes:
        """What stands after the last whole line: torn, or nothing."""
        return self._read(self.end, self.size).content if self.size > self.end else b""

    @property
    def is_torn(self) -> bool:
        """Whether anything stands after the last whole line."""
        return self.size > self.end


def _read_all(file: FileIO, size: int) -> bytes:
    """Return so many bytes, or those that are left."""
    parts: list[bytes] = []
    while size > 0:
        part = file.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def line_ends(file: FileIO, start: int = 0) -> list[NDArray[np.int64]]:
    """Return where the lines of a file end, break included, from some place on; chunk by chunk."""
    file.seek(start)
    buffer = bytearray(_CHUNK)
    content = np.frombuffer(buffer, dtype=np.uint8)
    found: list[NDArray[np.int64]] = []
    while size := file.readinto(buffer):
        breaks = np.flatnonzero(content[:size] == _NEWLINE)
        if len(breaks):
            found.append(breaks.astype(np.int64, copy=False) + (start + 1))
        start += size
    return found
