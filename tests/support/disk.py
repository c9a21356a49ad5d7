"""A disk that fails, or a machine that dies, at the N-th change of a file below one folder.

A small library stands before the C library's calls (disk.c), so that everything is met: Python's
own files, SQLite's, those of Polars, and those of the processes that a command starts.
"""

import ctypes
import errno
import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
COMPILER = shutil.which("cc")

KINDS = {"write": 1, "open": 2, "mkdir": 4, "link": 8, "rename": 16, "sync": 32, "unlink": 64}
KINDS |= {"cut": 128}
"""Calls that change files."""

ALL = tuple(KINDS)

FILLING = ("write", "open", "mkdir", "link", "rename", "sync")
"""Those that a full disk refuses; what is there can still be removed and cut."""

_NUMBERS = struct.Struct("<7q")
_TEXT = 1024


def is_here() -> bool:
    """Return whether the library can be made here."""
    return COMPILER is not None and Path("/proc/self/fd").exists()


def library(folder: Path) -> Path:
    """Make the library, and return where it lies."""
    assert COMPILER is not None
    made = folder / "disk.so"
    command = [COMPILER, "-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return made


@dataclass(frozen=True)
class Fault:
    """What befalls which change of a file, counted from 1."""

    at: int
    """0 for none: changes are counted only."""
    error: int = 0
    """What the call fails with, as `errno` has it; 0 for death by SIGKILL."""
    lasts: bool = True
    """Whether every later change fails too."""
    by_half: bool = False
    """Whether a write that is struck is done by half first."""
    kinds: tuple[str, ...] = ALL


NONE = Fault(0)


def full(at: int, *, by_half: bool = False) -> Fault:
    """Return a disk that is full from a change on."""
    return Fault(at, errno.ENOSPC, by_half=by_half, kinds=FILLING)


@dataclass(frozen=True)
class Plan:
    """The file in which a command's processes find what is to happen, and count."""

    path: Path

    def write(self, folder: Path, fault: Fault) -> None:
        """Say what is to happen below a folder, nothing being counted yet."""
        mask = sum(KINDS[kind] for kind in fault.kinds)
        numbers = (0, fault.at, fault.error, fault.lasts, fault.by_half, mask, 0)
        name = os.fsencode(folder.resolve()).ljust(_TEXT, b"\0")
        self.path.write_bytes(_NUMBERS.pack(*numbers) + name + bytes(_TEXT))

    @property
    def count(self) -> int:
        """How many changes there were."""
        return self._numbers()[0]

    @property
    def is_struck(self) -> bool:
        """Whether it came to what was to happen."""
        return self._numbers()[6] > 0

    @property
    def what(self) -> str:
        """Which change was struck first: its kind, and the name of the file."""
        text = self.path.read_bytes()[_NUMBERS.size + _TEXT :].rstrip(b"\0").decode()
        kind, _, path = text.partition(" ")
        names = {str(number): name for name, number in KINDS.items()}
        return f"{names.get(kind, kind)} {path.rpartition('/')[2]}" if kind else ""

    def _numbers(self) -> tuple[int, ...]:
        return _NUMBERS.unpack(self.path.read_bytes()[: _NUMBERS.size])


def arm(plan: str) -> None:
    """Let the library that this process was started with heed a plan."""
    if ctypes.CDLL(None).disk_arm(plan.encode()) != 0:
        raise OSError(f"{plan}: no plan for the disk")
