"""The append-only file of a session: writing, reading and cutting off what a crash tore."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns
from typing import BinaryIO, Literal, Self

from pydantic import BaseModel, ValidationError

from games.errors import NotKept, TranscriptError, UnsoundEvent
from games.faults import fault_text, place_text
from games.files.writing import draft, privately
from transcripts.events import EVENTS, FORMAT_VERSION, Event, Opened
from transcripts.lines import Lines
from transcripts.new_files import new_file, write_new_file
from transcripts.writers import claim, release, writer_of

_SEAL = b',"hash":"'
_PLACE = {"n", "at", "prev"}
_SEAL_LENGTH = len(_SEAL) + 64 + len(b'"}')


def seal(body: bytes) -> tuple[bytes, str]:
    """Return a line's bytes, closed by its hash, and the hash; `body` is JSON less its last `}`."""
    digest = hashlib.sha256(body).hexdigest()
    return body + _SEAL + digest.encode() + b'"}\n', digest


def content(event: Event) -> bytes:
    """Return an event's JSON less its number, time, link and braces, a comma before it."""
    return b"," + event.model_dump_json(exclude=_PLACE).encode()[1:-1]


def chained(contents: Iterable[bytes]) -> bytes:
    """Return the sealed lines of a whole transcript, given the content of each event."""
    parts: list[bytes] = []
    digest, at, millisecond = b"", b"", -1
    for number, body in enumerate(contents):
        now = time_ns() // 1_000_000
        if now != millisecond:
            millisecond, at = now, utc_now().encode()
        line = b'{"n":%d,"at":"%b","prev":"%b"%b' % (number, at, digest, body)
        digest = hashlib.sha256(line).hexdigest().encode()
        parts += (line, _SEAL, digest, b'"}\n')
    return b"".join(parts)


def unseal(line: bytes) -> tuple[bytes, str]:
    """Return the JSON of a sealed line (without newline) and its hash.

    Raises:
        ValueError: If the line is not sealed or the hash is not that of its content.
    """
    body, tail = line[:-_SEAL_LENGTH], line[-_SEAL_LENGTH:]
    if line.endswith(b'"}\r'):
        raise ValueError("the line ends in CR LF: the file was converted; expected LF alone")
    if not tail.startswith(_SEAL) or not tail.endswith(b'"}'):
        raise ValueError("the line does not end in a hash: it is torn, or was changed")
    digest = tail[len(_SEAL) : -2].decode("ascii", errors="replace")
    if hashlib.sha256(body).hexdigest() != digest:
        raise ValueError("the content does not match its hash: it was changed")
    return body + b"}", digest


def decode(line: bytes) -> tuple[Event, str]:
    """Return the event of a sealed line (without newline) and its hash.

    Raises:
        ValueError: If the line is not sound.
    """
    body, digest = unseal(line)
    try:
        event = EVENTS.validate_json(body)
    except ValidationError as error:
        _require_known_format(body)
        problem = error.errors(include_url=False)[0]
        parts = (place_text(problem["loc"]), fault_text(problem))
        told = ": ".join(part for part in parts if part)
        raise ValueError(f"not an event this version knows: {told}") from None
    if isinstance(event, Opened):
        _require_known_format(body)
    _share(event)
    return event, digest


_NAMED: dict[type[Event], set[str]] = {}
"""Which fields the last line of each kind of event named: the same ones in all that a version
wrote."""


def _share(event: Event) -> None:
    """Keep once for all events of a kind which fields were named: it is most of what they take."""
    named = event.__pydantic_fields_set__
    known = _NAMED.setdefault(type(event), named)
    if known == named:
        object.__setattr__(event, "__pydantic_fields_set__", known)
    else:
        _NAMED[type(event)] = named


class _Format(BaseModel):
    """What a header of any format says of itself."""

    type: Literal["opened"]
    format: int


def _require_known_format(body: bytes) -> None:
    try:
        found = _Format.model_validate_json(body).format
    except ValidationError:
        return
    if not 1 <= found <= FORMAT_VERSION:
        raise ValueError(f"format {found}; this version reads 1 to {FORMAT_VERSION}")


def utc_now() -> str:
    """Return the UTC time as a transcript writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Memory:
    """Keeps a session's events in memory only."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, event: Event, *, durable: bool = False) -> Event:
        """Keep an event and return it numbered and dated; nothing here is durable."""
        del durable
        kept = event.model_copy(update={"n": len(self.events), "at": utc_now()})
        self.events.append(kept)
        return kept

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""


class TranscriptFile:
    """A transcript open for appending, locked against a second writer until closed or dead."""

    def __init__(self, path: Path, file: BinaryIO, count: int, last_hash: str) -> None:
        self.path = path
        self._file = file
        self._count = count
        self._last_hash = last_hash
        self._on_disk = -1
        """How many events are known to be on disk, where that is known."""

    @classmethod
    def create(cls, path: Path, header: Opened) -> TranscriptFile:
        """Start a transcript; its header is on disk before the file can be seen under its name.

        Raises:
            TranscriptError: If the file exists or cannot be written.
        """
        with new_file(path):
            while True:
                with draft(path) as unborn:
                    transcript = cls(path, unborn.file, 0, "")
                    try:
                        transcript.lock()
                        transcript._write(header, durable=True)
                        if unborn.take_name(path):
                            return transcript
                    except BaseException:
                        transcript._let_go()
                        raise
                    # Somebody cleared the folder of what the dead have left.
                    transcript._let_go()

    @classmethod
    def reopen(cls, path: Path) -> tuple[TranscriptFile, list[Event]]:
        """Open an unfinished transcript for appending, a torn last line cut off and kept aside.

        Raises:
            TranscriptError: If the file is missing, in use, or broken elsewhere than at its end, or
                its torn end cannot be kept aside.
        """
        try:
            file = path.open("r+b")
        except OSError as error:
            raise TranscriptError(f"{path}: cannot be opened: {error.strerror}") from None
        transcript = cls(path, file, 0, "")
        try:
            transcript.lock()
            events = transcript._load()
        except OSError as error:
            _drop(file)
            raise TranscriptError(f"{path}: cannot be written: {error.strerror}") from None
        except BaseException:
            _drop(file)
            raise
        return transcript, events

    def lock(self) -> None:
        """Claim the file for this process.

        Raises:
            TranscriptError: If another process writes to it.
        """
        if not claim(self._file):
            raise TranscriptError(f"{self.path}: {writer_of(self._file)} is writing to it")

    def _load(self) -> list[Event]:
        """Read every event; what is torn is cut off only once all before it is found sound."""
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        events = [self._next(line) for line in content[:whole].split(b"\n")[:-1]]
        if content[whole:]:
            events += self._mend(content, whole)
        elif not events:
            raise TranscriptError(f"{self.path}: empty; nothing can be resumed")
        self._file.seek(0, os.SEEK_END)
        return events

    def _next(self, line: bytes) -> Event:
        try:
            event, digest = decode_next(line, self._count, self._last_hash)
        except ValueError as error:
            way = way_on(self._count)
            raise UnsoundEvent(self._count, str(error), self.path, way) from None
        self._count += 1
        self._last_hash = digest
        return event

    def _mend(self, content: bytes, whole: int) -> list[Event]:
        """Complete a last line that lacks its end alone; keep any other aside and cut it off."""
        try:
            last = [self._next(content[whole:])]
        except UnsoundEvent as error:
            if whole == 0:
                raise TranscriptError(
                    f"{error}: the first line, which says what is played, is broken; nothing can "
                    "be resumed"
                ) from None
            aside = self.path.with_name(self.path.name + ".torn")
            with open(aside, "ab", opener=privately) as torn:
                torn.write(content[whole:])
            self._file.truncate(whole)
            last = []
        else:
            self._file.seek(0, os.SEEK_END)
            self._file.write(b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return last

    def append(self, event: Event, *, durable: bool = False) -> Event:
        """Write an event and return it as written; durable ones are on disk when this returns.

        Raises:
            NotKept: If the disk does not take it; all that was kept before stays.
        """
        with self._kept():
            return self._write(event, durable=durable)

    def _write(self, event: Event, *, durable: bool) -> Event:
        kept = event.model_copy(update={"n": self._count, "at": utc_now(), "prev": self._last_hash})
        line, self._last_hash = seal(kept.model_dump_json().encode()[:-1])
        self._file.write(line)
        self._file.flush()
        self._count += 1
        if durable:
            self._sync()
        return kept

    def sync(self) -> None:
        """Wait until all that was written is on disk; another thread may do so.

        Raises:
            NotKept: If the disk does not take it.
        """
        with self._kept():
            self._sync()

    def _sync(self) -> None:
        # What is written meanwhile may not be among it.
        written = self._count
        os.fsync(self._file.fileno())
        self._on_disk = written

    @contextmanager
    def _kept(self) -> Generator[None]:
        """Tell in a line that the disk does not take what is written."""
        try:
            yield
        except OSError as error:
            raise NotKept(f"{self.path}: cannot be written: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Put everything on disk and let go of the file, even if the disk does not take it.

        Raises:
            NotKept: If it does not.
        """
        with self._kept():
            self._let_go()

    def _let_go(self) -> None:
        if self._file.closed:
            return
        try:
            self._file.flush()
            if self._on_disk != self._count:
                self._sync()
        finally:
            release(self._file)
            _drop(self._file)


def _drop(file: BinaryIO) -> None:
    """Close a file whose disk may be full; what it has not taken by now it will not take."""
    with suppress(OSError):
        file.close()


def way_on(number: int) -> str:
    """Return how a session goes on whose event of that number is not sound, as the end of a line;
    nothing where no event before it is."""
    return "; `resume --from-last-sound` carries on from the event before it" if number else ""


def write_whole(path: Path, contents: Iterable[bytes]) -> None:
    """Write a session that is over at once; the file bears its name only when it is whole.

    When the disk takes it is left to the operating system: a process that dies loses nothing, but a
    machine that loses power may lose the last half minute's files. So this is for sessions that the
    same seed plays again at no cost; see `docs/decisions/09-scripted-transcripts.md`.

    Args:
        path: The file, which must not exist.
        contents: The content of each event in order, the header first; see `content`.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    write_new_file(path, chained(contents), durable=False)


def write_linked(path: Path, events: Iterable[Event]) -> None:
    """Write events that happened earlier, as the first ones of a new file, linked anew.

    They keep their times. The file bears its name only when it is whole, and is on disk by then.

    Args:
        path: The file, which must not exist.
        events: The events in order, the header first.

    Raises:
        TranscriptError: If the file exists or cannot be written.
    """
    lines: list[bytes] = []
    last_hash = ""
    for number, event in enumerate(events):
        linked = event.model_copy(update={"n": number, "prev": last_hash})
        line, last_hash = seal(linked.model_dump_json().encode()[:-1])
        lines.append(line)
    write_new_file(path, b"".join(lines), durable=True)


def decode_next(line: bytes, number: int, last_hash: str) -> tuple[Event, str]:
    """Return the event of a line and its hash, if it stands where it was written.

    Args:
        line: The line, without newline.
        number: Its place in the file, from 0.
        last_hash: The hash of the line before; nothing for the first.

    Raises:
        ValueError: If the line is not sound, its event is out of order, or it follows another event
            than it was written after.
    """
    event, digest = decode(line)
    if event.n != number:
        raise ValueError(f"it is numbered {event.n}: an event is missing, doubled or moved")
    if event.prev != last_hash:
        raise ValueError("it does not follow the event before it: one of them was replaced")
    if (number == 0) != isinstance(event, Opened):
        raise ValueError("a transcript has exactly one header, on its first line")
    return event, digest


class Transcript(Lines):
    """A transcript open for reading: its lines are found at once, events decoded when asked for."""

    def event(self, number: int) -> Event:
        """Return one event.

        Raises:
            TranscriptError: If its line is not sound.
        """
        try:
            return decode(self.line(number))[0]
        except ValueError as error:
            raise UnsoundEvent(number, str(error), self.path) from None

    def header(self) -> Opened:
        """Return the header.

        Raises:
            TranscriptError: If the first line is not a sound header of a known format.
        """
        first = self.event(0)
        if not isinstance(first, Opened):
            raise UnsoundEvent(0, f"expected the header, found {first.type}", self.path)
        return first

    def events(self) -> Iterator[Event]:
        """Yield every event in order.

        Raises:
            TranscriptError: At the first line that is not sound, or not in its place.
        """
        self.header()
        for event, _ in self.chain():
            yield event

    def chain(self) -> Iterator[tuple[Event, str]]:
        """Yield every event in order, and the hash of its line.

        Raises:
            UnsoundEvent: At the first line that is not sound, or not in its place.
            TranscriptError: If the file cannot be read any more.
        """
        last_hash = ""
        for number in range(len(self)):
            try:
                event, digest = decode_next(self.line(number), number, last_hash)
            except ValueError as error:
                raise UnsoundEvent(number, str(error), self.path) from None
            last_hash = digest
            yield event, digest
