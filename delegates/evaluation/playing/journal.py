"""The journal of an evaluation: one line a finished session, the durable truth of a batch."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from delegates.evaluation.planning.plan import CLASSES, Ended
from games.errors import UserError
from games.faults import fault_text, place_text
from games.files.writing import privately
from games.outcomes import IndexArray
from games.parts.base import Part

if TYPE_CHECKING:
    from delegates.evaluation.planning.design import Design, Row

FORMAT = 2
"""Of the lines; those of another format are none of a journal's."""

_SALT = zlib.crc32(b"minilateral-journal %d" % FORMAT)
_CHECK = b',"check":"'
_TAIL = len(_CHECK) + 8 + len(b'"}')

_WAY_OUT = "take the line out: its session is played again"

_KEPT_AS = r"^(open|transcripts)/[A-Za-z0-9_-]+\.jsonl$"
"""Where a transcript may lie: what a line says is where a file is moved to."""

UnsignedArray = NDArray[np.uint64]

POINTS = 11
"""Points of relative time at which demands are kept: 0, .1, … 1 of the rounds."""


class SeatEnd(Part):
    """What a session came to for one seat."""

    utility: float
    """Undiscounted; the reservation value without an agreement."""
    payoff: float
    """The same, time counted."""
    demands: tuple[int | None, ...]
    """What its last offer up to each point of time asked for, as (u − r)/(m − r) in thousandths;
    None before its first offer and after the close. One a point of `POINTS`."""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    fallbacks: int = 0
    """Moves that the fallback mind made."""
    unusable: int = 0
    """Replies that could not be used."""


class Finished(Part):
    """How one planned session ended: a line of the journal."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """The row's; see `design.Row`. A later line of the same key takes the place of an earlier."""
    session: str
    ended: Ended
    agreement: int | None
    """Index of the agreed outcome, or of a hall's adopted text."""
    agreed_round: int | None
    """The round of the agreed offer, from 1."""
    rounds: int
    """Rounds begun."""
    moves: int
    in_force: bool | None = None
    """Of a text that is signed."""
    seats: tuple[SeatEnd, ...]
    """One a party, in the scenario's order."""
    problem: str = ""
    """Of a failure: what happened, in a line."""
    transcript: Annotated[str | None, Field(pattern=_KEPT_AS)] = None
    """Within the evaluation's folder, where one was kept."""
    program: str = ""
    seconds: float = 0.0
    """Wall time; enters `timings.parquet` alone, as do the following."""
    at: str = ""
    """When it finished (UTC, ISO 8601)."""
    retries: int = 0
    lost_tokens: int = 0
    """The most that attempts whose answer was lost may have used."""
    lost_cost_usd: float = 0.0

    @property
    def cost_usd(self) -> float | None:
        """Cost of all seats; None where a price is not known."""
        costs = [seat.cost_usd for seat in self.seats]
        return None if None in costs else sum(cost or 0.0 for cost in costs)

    @property
    def line(self) -> bytes:
        """The line of the journal, closed by a checksum; what is as a rule so is left out."""
        body = self.model_dump_json(exclude_defaults=True).encode()[:-1]
        return b'%b%b%08x"}\n' % (body, _CHECK, zlib.crc32(body, _SALT))


def read_line(line: bytes) -> Finished:
    """Return the session of a journal's line, with or without its end.

    Raises:
        ValueError: If it is none of a journal, or was changed since it was written; the message
            says so in a line.
    """
    text = line.removesuffix(b"\n")
    body, tail = text[:-_TAIL], text[-_TAIL:]
    if not (tail.startswith(_CHECK) and tail.endswith(b'"}')):
        raise ValueError("not a line that an evaluation wrote: it does not end in its checksum")
    if tail[len(_CHECK) : -2] != b"%08x" % zlib.crc32(body, _SALT):
        raise ValueError("was changed since it was written: its checksum is another")
    try:
        return Finished.model_validate_json(body + b"}")
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = place_text(problem["loc"])
        what = "no JSON" if problem["type"] == "json_invalid" else fault_text(problem)
        found = f"{where}: {what}" if where else what
        raise ValueError(f"not a line that an evaluation wrote: {found}") from None


class Journal:
    """A journal's file and where each key's line stands in it; lines are read when asked for.

    Many threads may keep lines at once: those that wait for the disk together wait for it once.
    """

    def __init__(self, path: Path, *, writes: bool = False) -> None:
        """Read the journal through once; there need not be one.

        Args:
            path: The file.
            writes: Whether lines will be added. Then a last line that a crash tore is cut off and
                kept aside as FILE.torn; otherwise it is passed over.

        Raises:
            UserError: If a line is none of a journal, or the file cannot be read.
        """
        self.path = path
        self._places = _Places()
        self._size = 0
        """Bytes of whole lines."""
        self._synced = 0
        self._writing, self._syncing = threading.Lock(), threading.Lock()
        self._reading = threading.Lock()
        self._reader: BinaryIO | None = None
        self._writer: BinaryIO | None = None
        try:
            torn = self._read_through() if path.exists() else b""
            if writes:
                self._writer = self._opened(torn)
        except OSError as error:
            raise UserError(f"{path}: cannot be opened: {error.strerror}") from None

    def _read_through(self) -> bytes:
        """Find every line, and return what stands behind the last whole one."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return line
                self._add(self._parsed(line, number), len(line))
        return b""

    def _parsed(self, line: bytes, number: int) -> Finished:
        try:
            return read_line(line)
        except ValueError as error:
            raise self._refusal(number, error) from None

    def _refusal(self, number: int, error: ValueError) -> UserError:
        return UserError(f"{self.path}: line {number}: {error}; {_WAY_OUT}")

    def _opened(self, torn: bytes) -> BinaryIO:
        """Open the file for appending, its last line whole or gone."""
        writer = open(self.path, "ab", buffering=0, opener=privately)  # noqa: SIM115 - it stays open
        try:
            if torn:
                self._mend(writer, torn)
            if self._size:
                # A run that was killed may have written what is not on disk yet.
                os.fsync(writer.fileno())
        except BaseException:
            writer.close()
            raise
        self._synced = self._size
        return writer

    def _mend(self, writer: BinaryIO, torn: bytes) -> None:
        """Complete a last line that lacks its end alone; keep any other aside and cut it off."""
        whole = _whole(torn)
        if whole is None:
            aside = self.path.with_name(self.path.name + ".torn")
            with open(aside, "ab", opener=privately) as file:
                file.write(torn + b"\n")
            writer.truncate(self._size)
        else:
            writer.write(b"\n")
            self._add(whole, len(torn) + 1)

    def _add(self, line: Finished, length: int) -> None:
        self._places.add(int(line.key, 16), self._size, line.ended)
        self._size += length

    def __len__(self) -> int:
        """Return how many sessions are in it, each counted once."""
        return self._places.count

    def endings(self, keys: Iterable[str]) -> dict[str, Ended]:
        """Return how the sessions of some keys ended, of those that are in it."""
        return {key: how for key in keys if (how := self.ended(key)) is not None}

    def ended(self, key: str) -> Ended | None:
        """Return how a session ended; None of one that is not in the journal."""
        found = self._places.latest(int(key, 16))
        return None if found is None else found[1]

    def read(self, key: str) -> Finished:
        """Return what is kept of a session.

        Raises:
            KeyError: If it is not in the journal.
        """
        found = self._places.latest(int(key, 16))
        if found is None:
            raise KeyError(key)
        return self._line(found[0])

    def _line(self, offset: int) -> Finished:
        with self._reading:
            if self._reader is None:
                self._reader = self.path.open("rb")
            self._reader.seek(offset)
            line = self._reader.readline()
        try:
            return read_line(line)
        except ValueError as error:
            # It was changed since it was read first.
            raise self._refusal(self._number(offset), error) from None

    def _number(self, offset: int) -> int:
        """Return which line begins at an offset, from 1."""
        number = 1
        with self.path.open("rb") as file:
            for line in file:
                offset -= len(line)
                if offset < 0:
                    break
                number += 1
        return number

    def lines(self) -> Iterator[Finished]:
        """Yield what is kept of every session, as it stands in the file."""
        for offset in self._places.by_offset():
            yield self._line(offset)

    def in_order(self, design: Design) -> Iterator[tuple[Row, Finished]]:
        """Yield the finished sessions of a design in its order."""
        for row in design.rows():
            found = self._places.latest(int(row.key, 16))
            if found is not None:
                yield row, self._line(found[0])

    def keep(self, *lines: Finished) -> None:
        """Add lines; they are on disk when this returns."""
        self.keep_written((line.key, line.ended, line.line) for line in lines)

    def keep_written(self, lines: Iterable[tuple[str, Ended, bytes]]) -> None:
        """Add lines given as key, class and bytes; they are on disk when this returns.

        Raises:
            UserError: If they cannot be written; all that was kept before stays.
        """
        try:
            self._keep([*lines])
        except OSError as error:
            raise UserError(
                f"{self.path}: cannot be written: {error.strerror}; what it holds is kept"
            ) from None

    def _keep(self, listed: Sequence[tuple[str, Ended, bytes]]) -> None:
        with self._writing:
            writer = self._writer
            if writer is None:
                raise AssertionError(f"{self.path} was opened to be read")
            self._write(writer, b"".join(line for _, _, line in listed))
            for key, ended, line in listed:
                self._places.add(int(key, 16), self._size, ended)
                self._size += len(line)
            until = self._size
        with self._syncing:
            if self._synced < until:
                with self._writing:
                    upto = self._size
                os.fsync(writer.fileno())
                self._synced = upto
        self.require_in_place()

    def require_in_place(self) -> None:
        """Check that what is written still goes to the file of that name.

        Raises:
            UserError: If it was removed, replaced or moved, alone or with its folder.
        """
        if self._writer is None:
            return
        written = os.fstat(self._writer.fileno())
        try:
            found = self.path.stat()
        except OSError:
            found = None
        if found is None or not os.path.samestat(written, found):
            raise UserError(
                f"{self.path}: was removed or replaced while sessions were played; stopped, as no "
                "more would be kept; the same command plays what is missing"
            )

    def _write(self, writer: BinaryIO, lines: bytes) -> None:
        """Write whole lines or nothing."""
        left = memoryview(lines)
        try:
            while left:
                left = left[writer.write(left) :]
        except OSError:
            writer.truncate(self._size)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        for file in (self._reader, self._writer):
            if file is not None:
                file.close()
        self._reader = self._writer = None


def _whole(torn: bytes) -> Finished | None:
    try:
        return read_line(torn)
    except ValueError:
        return None


MOST_RECENT = 10_000
"""Lines that are looked up one by one before they are sorted among the others."""


class _Places:
    """Where the last line of each key begins and how it ended, in sixteen bytes a key."""

    def __init__(self) -> None:
        self._keys, self._places = _mapped(0), _mapped(0)
        """Aligned, by key; a place is where a line begins, times 256, plus its class."""
        self._recent: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many keys there are."""
        self._sort()
        return len(self._keys)

    def add(self, key: int, offset: int, ended: Ended) -> None:
        """Take in the next line."""
        self._recent[key] = offset << 8 | CLASSES.index(ended)
        # A key in a dictionary takes some eight times as much as one among the sorted.
        if len(self._recent) > max(MOST_RECENT, len(self._keys) // 64):
            self._sort()

    def _sort(self) -> None:
        """Put the recent keys in their places among the others."""
        if not self._recent:
            return
        count = len(self._recent)
        keys = np.fromiter(self._recent, dtype=np.uint64, count=count)
        places = np.fromiter(self._recent.values(), dtype=np.uint64, count=count)
        order = np.argsort(keys)
        keys, places = keys[order], places[order]
        at = np.searchsorted(self._keys, keys)
        is_new = np.ones(count, dtype=np.bool_)
        within = at < len(self._keys)
        is_new[within] = self._keys[at[within]] != keys[within]
        self._places[at[~is_new]] = places[~is_new]
        self._keys = _inserted(self._keys, at[is_new], keys[is_new])
        self._places = _inserted(self._places, at[is_new], places[is_new])
        self._recent = {}

    def by_offset(self) -> Iterator[int]:
        """Yield where the last line of every key begins, in the order of the file."""
        self._sort()
        for place in np.sort(self._places):
            yield int(place) >> 8

    def latest(self, key: int) -> tuple[int, Ended] | None:
        """Return where the last line of a key begins, and how its session ended."""
        place = self._recent.get(key)
        if place is None:
            at = int(np.searchsorted(self._keys, np.uint64(key)))
            if at == len(self._keys) or int(self._keys[at]) != key:
                return None
            place = int(self._places[at])
        return place >> 8, CLASSES[place & 255]


def _mapped(count: int) -> UnsignedArray:
    """Return so many numbers to be filled, in memory of their own.

    In the heap an array that a longer one replaces leaves a hole that none of its successors fits.
    """
    return np.frombuffer(
        mmap(-1, max(8 * count, 1), access=ACCESS_COPY), dtype=np.uint64, count=count
    )


def _inserted(numbers: UnsignedArray, at: IndexArray, more: UnsignedArray) -> UnsignedArray:
    """Return numbers with more of them before those at some indices, which are in order."""
    found = _mapped(len(numbers) + len(more))
    is_old = np.ones(len(found), dtype=np.bool_)
    new = at + np.arange(len(more))
    is_old[new] = False
    found[new], found[is_old] = more, numbers
    return found
