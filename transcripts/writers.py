"""One writer a file: whoever has claimed it keeps it until it lets go or dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from errno import ENOLCK
from pathlib import Path
from typing import BinaryIO

import portalocker

from games.files.writing import privately

_PAUSE_S = 0.01

LOCKS = Path("/proc/locks")
"""Where Linux tells which process has locked which file."""


def claim(file: BinaryIO) -> bool:
    """Claim an open file for this process; return whether nobody else has it.

    Raises:
        OSError: If files of its kind cannot be claimed.
    """
    try:
        portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.exceptions.AlreadyLocked:
        return False
    except portalocker.exceptions.LockException as error:
        raise OSError(ENOLCK, os.strerror(ENOLCK)) from error
    return True


@dataclass(frozen=True)
class Lock:
    """A file by which one process goes on alone, until it lets go or dies."""

    file: BinaryIO

    def release(self) -> None:
        """Let go of it."""
        release(self.file)
        self.file.close()


def take(
    path: Path,
    *,
    patience_s: float = 0.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Lock | None:
    """Take the lock that a file stands for; None where another process has it for so long.

    Args:
        path: The file, which is made if there is none.
        patience_s: How long it is tried.
        clock: Measures that.
        sleep: Waits before it is tried again.

    Raises:
        OSError: If it cannot be opened, or files of its kind cannot be claimed.
    """
    file = open(path, "ab", opener=privately)  # noqa: SIM115 - it is held open
    try:
        until = clock() + patience_s
        while not claim(file):
            if clock() >= until:
                file.close()
                return None
            sleep(_PAUSE_S)
    except BaseException:
        file.close()
        raise
    return Lock(file)


def release(file: BinaryIO) -> None:
    """Let go of a file, whether it was claimed or cannot be.

    Closing it is not enough: a program that is being started elsewhere in this process holds it for
    a moment.
    """
    # Where files of its kind cannot be claimed, they cannot be let go of either.
    with suppress(portalocker.exceptions.LockException):
        portalocker.unlock(file)


def writer_of(file: BinaryIO, locks: Path = LOCKS) -> str:
    """Return in words who has claimed a file, by number where the system tells it.

    Args:
        file: The file, open here as well.
        locks: Where the system lists who has locked what.
    """
    writer = number_of_writer(file, locks)
    if writer is None:
        return "another process"
    return "this very program" if writer == os.getpid() else f"another process ({writer})"


def number_of_writer(file: BinaryIO, locks: Path = LOCKS) -> int | None:
    """Return the number of the process that has claimed a file; None where that is not known.

    Args:
        file: The file, open here as well.
        locks: Where the system lists who has locked what.
    """
    try:
        listed = locks.read_text(encoding="ascii")
        stat = os.fstat(file.fileno())
    except (OSError, UnicodeDecodeError):
        return None
    place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    for line in listed.splitlines():
        # "1: FLOCK  ADVISORY  WRITE 4711 08:01:123456 0 EOF"; who waits has an arrow before.
        match line.split():
            case [_, "FLOCK", _, "WRITE", number, where, *_] if where == place:
                # A process of another container has none here.
                return int(number) if number.isdigit() and number != "0" else None
            case _:
                continue
    return None
