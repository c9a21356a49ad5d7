"""A transcript opened for replay: which lines are moves is known at once, a move when it is shown.

No line is decoded to open a transcript but its header. What kind of event a line holds is one
character at a place that follows from the line's number, so all lines are told apart together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from delegates.text import clean
from games.errors import TranscriptError
from games.outcomes import IndexArray
from transcripts.events import (
    Event,
    Failed,
    HandedOver,
    Happened,
    MoveMade,
    Resumed,
    Retried,
    Unusable,
)
from transcripts.fold import opened
from transcripts.store import Transcript
from tui.replay.labels import one_line
from tui.text.conduct import flag_words
from tui.text.happened import happened_words
from tui.text.prompts import Part, parts
from tui.text.wording import carried_on, handed_over, origin

LONGEST_WORDS = 4000
"""Characters of a statement that are shown; a longer one is cut, and says so."""

_LONGEST_NOTICE = 200
_LONGEST_HAPPENED = 600
_FAR_BACK = 64
"""Lines before a move among which what belongs to it is looked for."""

_KEPT_MOVES = 1024
_TYPE = b'"type":"'
_CAPITALS = {b"ret": ord("R"), b"res": ord("R"), b"fai": ord("F")}
_TYPE_WITHIN = 240
"""A line's type stands among its first bytes, after number, time and previous hash."""


@dataclass(frozen=True, kw_only=True)
class SpokenMove:
    """One move and what was said with it, ready to be shown."""

    number: int
    """From 1."""
    event: MoveMade | None
    """None where the line that held it is not sound."""
    words: str
    notices: tuple[str, ...]
    """What went amiss on the way to this move."""
    happened: tuple[str, ...] = ()
    """What happened between the move before and this one."""


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
        self.kinds = _kinds(self.transcript)
        self.lines: IndexArray = np.flatnonzero(self.kinds == ord("m"))
        """The line of each move."""
        self.decoded = 1
        """How many lines were decoded to be shown, the header among them."""
        self._kept: OrderedDict[int, SpokenMove] = OrderedDict()

    @property
    def path(self) -> Path:
        """Where the transcript lies."""
        return self.transcript.path

    def grow(self) -> bool:
        """Take in what was written since; return whether there was anything.

        Raises:
            TranscriptError: If the file cannot be read any more.
        """
        before = len(self.transcript)
        self.transcript = Transcript(self.path)
        self.kinds = _kinds(self.transcript)
        self.lines = np.flatnonzero(self.kinds == ord("m"))
        return len(self.transcript) > before

    def __len__(self) -> int:
        return len(self.lines)

    def line_bytes(self) -> NDArray[np.int64]:
        """Return the length of each move's line, which tells roughly how much was said."""
        starts = np.asarray(self.transcript.starts, dtype=np.int64)
        ends = np.append(starts[1:], starts[-1] + len(self.transcript.line(len(starts) - 1)) + 1)
        return (ends - starts)[self.lines]

    def move(self, position: int) -> SpokenMove:
        """Return a move by its position, from 0."""
        kept = self._kept.get(position)
        if kept is None:
            kept = self._kept[position] = self._decoded(position)
            if len(self._kept) > _KEPT_MOVES:
                self._kept.popitem(last=False)
        return kept

    def _decoded(self, position: int) -> SpokenMove:
        line = int(self.lines[position])
        before = int(self.lines[position - 1]) if position else 0
        try:
            event = self._event(line)
        except TranscriptError as error:
            return SpokenMove(
                number=position + 1, event=None, words="", notices=(one_line(str(error)),)
            )
        if not isinstance(event, MoveMade):
            return SpokenMove(number=position + 1, event=None, words="", notices=("no move",))
        notices = [
            *self._origin(position),
            *self._notices(before + 1, line),
            *_own_notices(event),
        ]
        return SpokenMove(
            number=position + 1,
            event=event,
            words=shown_words(event.words),
            notices=(*notices,),
            happened=tuple(self._happened(before + 1, line)),
        )

    def _happened(self, first: int, end: int) -> Iterator[str]:
        """Yield what happened between two moves, each as a line."""
        # It stands right after the move before, however many calls of a model follow.
        lines = first + np.flatnonzero(self.kinds[first:end] == ord("h"))
        for line in lines[:_FAR_BACK].tolist():
            with suppress(TranscriptError):  # which the notices tell
                event = self._event(line)
                if isinstance(event, Happened):
                    yield one_line(happened_words(event, self.scenario), _LONGEST_HAPPENED)

    def _origin(self, position: int) -> list[str]:
        """Return that the session began with this move, where it is a branch."""
        parent = self.header.parent
        begins = parent is not None and position == parent.moves
        return [one_line(origin(parent), _LONGEST_NOTICE)] if parent and begins else []

    def _event(self, line: int) -> Event:
        self.decoded += 1
        return self.transcript.event(line)

    def calls(self, position: int) -> list[Part]:
        """Return what models were asked for a move and replied, exactly; position from 0.

        Calls of an unfinished session that led to no move yet belong to the last one.
        """
        first = int(self.lines[position - 1]) + 1 if 0 < position <= len(self) else 1
        end = len(self.kinds) if position >= len(self) - 1 else int(self.lines[position])
        found: list[Part] = []
        for line in range(first, end):
            if self.kinds[line] in b"aruRF":
                found.extend(self._parts(line))
        return found

    def _parts(self, line: int) -> list[Part]:
        try:
            return list(parts(self._event(line)))
        except TranscriptError as error:
            return [Part(kind="trouble", title="not sound", body=one_line(str(error)))]

    def _notices(self, first: int, end: int) -> list[str]:
        """Return what is to be told of the events between two moves."""
        found: list[str] = []
        for line in range(max(first, end - _FAR_BACK), end):
            if self.kinds[line] in b"uRhF":
                found.extend(self._notice(line))
        return found

    def _notice(self, line: int) -> list[str]:
        try:
            event = self._event(line)
        except TranscriptError as error:
            return [one_line(str(error))]
        match event:
            case Unusable():
                return [f"reply not usable: {one_line(event.reason, _LONGEST_NOTICE)}"]
            case Retried():
                return [f"asked again: {one_line(event.reason, _LONGEST_NOTICE)}"]
            case Resumed():
                return [one_line(carried_on(event), _LONGEST_NOTICE)]
            case Failed():
                return [f"stopped here: {one_line(event.reason, _LONGEST_NOTICE)}"]
            case HandedOver():
                return [one_line(handed_over(event), _LONGEST_NOTICE)]
            case _:
                return []


def _own_notices(event: MoveMade) -> list[str]:
    notices: list[str] = []
    if event.fallback:
        notices.append(f"fallback decided: {one_line(event.fallback, _LONGEST_NOTICE)}")
    if event.words_fallback:
        notices.append(f"template worded: {one_line(event.words_fallback, _LONGEST_NOTICE)}")
    return [*notices, *flag_words(event.flags)]


def shown_words(words: str) -> str:
    """Return a statement cleaned of escapes and controls, cut if nobody could read it all."""
    cut = clean(words[: 2 * LONGEST_WORDS])[:LONGEST_WORDS]
    return cut if len(words) <= LONGEST_WORDS else f"{cut} … ({len(words):,} characters in all)"


def _kinds(transcript: Transcript) -> NDArray[np.uint8]:
    """Return one letter a line: the first of the event's type, or R retried, resumed; F failed."""
    starts = np.asarray(transcript.starts, dtype=np.int64)
    content = np.memmap(transcript.path, dtype=np.uint8, mode="r")
    places = type_places(starts)
    sound = places + 3 <= len(content)
    reach = np.arange(-len(_TYPE), 3)
    around = content[np.where(sound, places, len(_TYPE))[:, None] + reach]
    sound &= (around[:, : len(_TYPE)] == np.frombuffer(_TYPE, dtype=np.uint8)).all(axis=1)
    first, third = around[:, len(_TYPE)], around[:, len(_TYPE) + 2]
    kinds = np.where((first == ord("r")) & (third != ord("p")), ord("R"), first).astype(np.uint8)
    kinds[(first == ord("f")) & (third == ord("i"))] = ord("F")
    for line in np.flatnonzero(~sound):
        kinds[line] = _kind(transcript.line(int(line)))
    return kinds


def type_places(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the type of each line's event stands, if it is laid out as this version writes.

    That is: {"n":N,"at":"2026-01-01T00:00:00.000Z","prev":"<64 hex digits>","type":"moved"…; only
    the header's `prev` is empty.
    """
    numbers = np.arange(len(starts))
    digits = sum((numbers >= 10**power).astype(np.int64) for power in range(1, 10))
    previous = np.where(numbers == 0, 0, 64)
    return starts + 1 + digits + len('{"n":,"at":"","prev":"","type":"') + 24 + previous


def _kind(line: bytes) -> int:
    """Return the letter of a line that is not laid out as this version writes it."""
    place = line.find(_TYPE, 0, _TYPE_WITHIN) + len(_TYPE)
    if place < len(_TYPE):
        return 0
    word = line[place : place + 3]
    return _CAPITALS.get(word) or (word[0] if word else 0)
