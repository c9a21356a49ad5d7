"""A transcript opened for replay: which lines are moves is known at once, a move when it is shown.

No line is decoded to open a transcript but its header. What kind of event a line holds is one
character at a place that follows from the line's number, so all lines are told apart together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from delegates.sealing import only_person, persons
from delegates.text import one_line
from games.errors import TranscriptError
from transcripts.events import Asked, Event, Failed, Happened, MoveMade, Replied, Retried, Unusable
from transcripts.fold import opened
from transcripts.store import Transcript
from tui.replay.hearing import as_seen, may_learn
from tui.replay.spoken_move import (
    LONGEST_NOTICE,
    SpokenMove,
    notice_of,
    own_notices,
    room_words,
)
from tui.text.happened import happened_words
from tui.text.prompts import Part, parts
from tui.text.wording import origin, shown_words

_LONGEST_HAPPENED = 600
_FAR_BACK = 64
"""Lines before a move among which what belongs to it is looked for."""

_KEPT_MOVES = 1024
_TYPE = b'"type":"'
_TYPE_NUMBER = int.from_bytes(_TYPE, "little")
_CAPITALS = {b"ret": ord("R"), b"res": ord("R"), b"fai": ord("F")}
_TOGETHER = 1 << 16
"""Lines that are told apart together."""

_STRETCH = 1 << 22
"""Bytes of a file that are read at once to tell its lines apart."""

_TYPE_WITHIN = 240
"""A line's type stands among its first bytes, after number, time and previous hash."""


class Recording:
    """A transcript of which moves are decoded when asked for."""

    def __init__(self, path: Path) -> None:
        """Index the file and read its header.

        Raises:
            TranscriptError: If it cannot be read or does not begin with a sound header.
        """
        self.transcript = Transcript(path)
        folded = opened(self.transcript)
        self.header, self.scenario = folded.header, folded.scenario
        self.kinds = kinds_of(self.transcript)
        """A letter a line: the first of its event's type, or R retried, resumed; F failed."""
        self.lines = _moves_among(self.kinds)
        """The line of each move."""
        self.decoded = 1
        """How many lines were decoded to be shown, the header among them."""
        self._kept: OrderedDict[tuple[int, str | None], SpokenMove] = OrderedDict()

    @property
    def path(self) -> Path:
        """Where the transcript lies."""
        return self.transcript.path

    @property
    def is_closed(self) -> bool:
        """Whether the record says that the session ended, as far as its last lines tell."""
        return bool((self.kinds[-4:] == ord("c")).any())

    @property
    def person(self) -> str | None:
        """The first party for which a person sits; None if there is none."""
        return next(iter(persons(self.header)), None)

    def grow(self) -> bool:
        """Take in what was written since; return whether there was anything.

        Raises:
            TranscriptError: If the file cannot be read any more.
        """
        known = len(self.kinds)
        self.transcript.grow()
        if len(self.transcript) == known:
            return False
        added = kinds_of(self.transcript, known)
        self.kinds = np.concatenate((self.kinds, added))
        self.lines = np.concatenate((self.lines, _moves_among(added) + np.int32(known)))
        return True

    def __len__(self) -> int:
        return len(self.lines)

    def line_bytes(self) -> NDArray[np.int64]:
        """Return the length of each move's line, which tells roughly how much was said."""
        starts, lines = self.transcript.starts, self.lines
        ends = np.append(starts[1:], self.transcript.end)
        return ends[lines] - starts[lines]

    def move(self, position: int, see: str | None = None) -> SpokenMove:
        """Return a move by its position, from 0, as one party may know it or, for None, whole."""
        kept = self._kept.get((position, see))
        if kept is None:
            kept = self.read(position, see)
            self._kept[position, see] = kept
            if len(self._kept) > _KEPT_MOVES:
                self._kept.popitem(last=False)
        return kept

    def read(self, position: int, see: str | None = None) -> SpokenMove:
        """Return the same, decoded anew and not kept: for whoever reads many once."""
        move = self._decoded(position, see)
        return move if see is None else as_seen(move, see)

    def _decoded(self, position: int, see: str | None) -> SpokenMove:
        line = int(self.lines[position])
        before = int(self.lines[position - 1]) if position else 0
        try:
            event = self._event(line)
        except TranscriptError as error:
            told = (one_line(str(error)),)
            return SpokenMove(number=position + 1, event=None, words="", notices=told)
        if not isinstance(event, MoveMade):
            return SpokenMove(number=position + 1, event=None, words="", notices=("no move",))
        notices = [
            *self._origin(position, see),
            *self._notices(before + 1, line, see),
            *own_notices(event, see),
        ]
        return SpokenMove(
            number=position + 1,
            event=event,
            words=shown_words(event.words),
            notices=(*notices,),
            happened=tuple(self._happened(before + 1, line, see)),
            where=room_words(event, see),
        )

    def _happened(self, first: int, end: int, see: str | None) -> Iterator[str]:
        """Yield what happened between two moves, each as a line, as far as a party learns of it."""
        # It stands right after the move before, however many calls of a model follow.
        lines = first + np.flatnonzero(self.kinds[first:end] == ord("h"))
        for line in lines[:_FAR_BACK].tolist():
            with suppress(TranscriptError):  # which the notices tell
                event = self._event(line)
                if isinstance(event, Happened) and may_learn(event, see):
                    yield one_line(happened_words(event, self.scenario, see), _LONGEST_HAPPENED)

    def _origin(self, position: int, see: str | None) -> list[str]:
        """Return that the session began with this move, where it is a branch."""
        parent = self.header.parent
        begins = parent is not None and position == parent.moves
        own = see or only_person(self.header)
        return [one_line(origin(parent, own), LONGEST_NOTICE)] if parent and begins else []

    def _event(self, line: int) -> Event:
        self.decoded += 1
        return self.transcript.event(line)

    def calls(self, position: int, see: str | None = None) -> list[Part]:
        """Return what models were asked for a move and replied, exactly; position from 0.

        Calls of an unfinished session that led to no move yet belong to the last one.

        Args:
            position: The move's.
            see: The only party whose calls are shown; None for all.
        """
        first = int(self.lines[position - 1]) + 1 if 0 < position <= len(self) else 1
        end = len(self.kinds) if position >= len(self) - 1 else int(self.lines[position])
        found: list[Part] = []
        for line in range(first, end):
            if self.kinds[line] in b"aruRF":
                found.extend(self._parts(line, see))
        return found

    def _parts(self, line: int, see: str | None) -> list[Part]:
        try:
            event = self._event(line)
        except TranscriptError as error:
            told = one_line(str(error)) if see is None else ""
            return [Part(kind="trouble", title="not sound", body=told)]
        if see is not None and not (isinstance(event, _OF_CALLS) and event.party == see):
            return []
        return list(parts(event))

    def _notices(self, first: int, end: int, see: str | None) -> list[str]:
        """Return what is to be told of the events between two moves."""
        found: list[str] = []
        for line in range(max(first, end - _FAR_BACK), end):
            if self.kinds[line] in b"uRhFsp":
                found.extend(self._notice(line, see))
        return found

    def _notice(self, line: int, see: str | None) -> list[str]:
        try:
            return notice_of(self._event(line), see)
        except TranscriptError as error:
            return [one_line(str(error)) if see is None else "a line is not sound"]


_OF_CALLS = (Asked, Replied, Retried, Failed, Unusable)


def _moves_among(kinds: NDArray[np.uint8]) -> NDArray[np.int32]:
    return np.flatnonzero(kinds == ord("m")).astype(np.int32)


def kinds_of(transcript: Transcript, first: int = 0) -> NDArray[np.uint8]:
    """Return a letter for each line from some line on; nothing is decoded.

    Raises:
        TranscriptError: If the file cannot be read any more.
    """
    kinds = np.zeros(len(transcript) - first, dtype=np.uint8)
    try:
        with transcript.path.open("rb", buffering=0) as file:
            for line in range(first, len(transcript), _TOGETHER):
                _tell_apart(file, transcript, line, kinds[line - first : line - first + _TOGETHER])
    except OSError as error:
        raise TranscriptError(f"{transcript.path}: cannot be read: {error.strerror}") from None
    return kinds


def _tell_apart(file: FileIO, transcript: Transcript, first: int, kinds: NDArray[np.uint8]) -> None:
    """Put in the letters of some lines."""
    end = first + len(kinds)
    starts = transcript.starts[first:end]
    last = transcript.end if end == len(transcript) else int(transcript.starts[end])
    places = type_places(starts, first)
    _read_kinds(file, starts, places, kinds)
    ends = np.append(starts[1:], last)
    for line in np.flatnonzero((kinds == 0) | (places + 3 > ends)).tolist():
        kinds[line] = _kind(transcript.line(first + line))


def _read_kinds(
    file: FileIO, starts: NDArray[np.int64], places: NDArray[np.int64], kinds: NDArray[np.uint8]
) -> None:
    """Put in the letters of lines laid out as this version writes them, stretch by stretch."""
    buffer = bytearray(_STRETCH)
    content = np.frombuffer(buffer, dtype=np.uint8)
    # Every eight neighbouring bytes as one number, wherever they begin.
    eights = np.ndarray((_STRETCH - 7,), dtype="<u8", buffer=buffer, strides=(1,))
    line = 0
    while line < len(starts):
        begin = int(starts[line])
        file.seek(begin)
        size = file.readinto(buffer)
        end = int(np.searchsorted(places, begin + size - 3, side="right"))
        if end <= line:
            return
        here = places[line:end] - begin
        sound = eights[here - len(_TYPE)] == _TYPE_NUMBER
        one, three = content[here], content[here + 2]
        found = np.where((one == ord("r")) & (three != ord("p")), ord("R"), one)
        found[(one == ord("f")) & (three == ord("i"))] = ord("F")
        kinds[line:end] = np.where(sound, found, 0)
        line = end


def type_places(starts: NDArray[np.int64], first: int = 0) -> NDArray[np.int64]:
    """Return where the type of each line's event stands, if it is laid out as this version writes.

    That is: {"n":N,"at":"2026-01-01T00:00:00.000Z","prev":"<64 hex digits>","type":"moved"…; only
    the header's `prev` is empty.

    Args:
        starts: Where the lines begin.
        first: The number of the first of them.
    """
    places = starts + (1 + len('{"n":,"at":"","prev":"","type":"') + 24 + 64)
    for power in range(1, 10):
        places[max(10**power - first, 0) :] += 1
    if not first:
        places[:1] -= 64
    return places


def _kind(line: bytes) -> int:
    """Return the letter of a line that is not laid out as this version writes it."""
    place = line.find(_TYPE, 0, _TYPE_WITHIN) + len(_TYPE)
    if place < len(_TYPE):
        return 0
    word = line[place : place + 3]
    return _CAPITALS.get(word) or (word[0] if word else 0)
