"""The sessions in the user's folder, each as a card for a list.

Of each file the header and the last lines are read and no more, and that once: thousands of files
are listed at the cost of their headers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from delegates.home import session_folder
from delegates.sealing import is_person
from delegates.text import one_line
from transcripts.store import unseal

Ending = Literal["agreement", "no-agreement", "walked-away", "unfinished", "damaged"]
"""How a session stands; of a damaged file that cannot be said."""

LONGEST_HEADER = 2**24
"""Bytes of a header beyond which a file is taken to be damaged."""

TAILS = (2**16, 2**20)
"""Bytes at the end of a file in which its last moves are looked for, the first that does."""

KEPT = 10_000
"""Cards that are remembered."""

_TYPE = re.compile(rb'"type":"([a-z-]+)"')
_HEAD = 400
"""Bytes of a line within which its type stands."""


@dataclass(frozen=True, kw_only=True)
class SeatCard:
    """Who sat for a party."""

    party: str
    name: str
    spec: str

    @property
    def is_person(self) -> bool:
        """Whether a person sat there."""
        return is_person(self.spec)


@dataclass(frozen=True, kw_only=True)
class SessionCard:
    """What a list tells of a recorded session; all texts are safe to show, on one line."""

    path: Path
    title: str
    """The scenario's; the file's name where that is not known."""
    when: str = ""
    """When it was begun, in UTC, to the minute."""
    seats: tuple[SeatCard, ...] = ()
    ending: Ending
    round: int | None = None
    """Of the last move, from 0, where that is known."""
    points: Mapping[str, float] = field(default_factory=dict[str, float])
    """Party → what it had in the end; empty while a session is unfinished."""
    branch_of: str = ""
    """From which session it branched off, and where."""
    problem: str = ""
    """What is wrong with a damaged file."""

    @property
    def is_finished(self) -> bool:
        """Whether it reached its end."""
        return self.ending in ("agreement", "no-agreement", "walked-away")

    @property
    def is_sound(self) -> bool:
        """Whether it can be replayed or carried on."""
        return self.ending != "damaged"

    @property
    def persons(self) -> tuple[SeatCard, ...]:
        """The seats that a person held."""
        return tuple(seat for seat in self.seats if seat.is_person)

    @property
    def searched(self) -> str:
        """What a search looks at, in lower case."""
        seats = [f"{seat.party} {seat.name} {seat.spec}" for seat in self.seats]
        return "\n".join((self.title, self.path.name, self.when, self.ending, *seats)).lower()


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Named(_Part):
    name: str


class _Scenario(_Part):
    title: str
    parties: dict[str, _Named]


class _Seat(_Part):
    spec: str


class _Parent(_Part):
    session: str
    moves: int


class _Header(_Part):
    """What a list needs of a transcript's first line, in every format."""

    type: Literal["opened"]
    at: str
    scenario: _Scenario
    seats: dict[str, _Seat]
    parent: _Parent | None = None


class _Move(_Part):
    round: int


class _Close(_Part):
    status: Literal["agreement", "no-agreement", "walked-away"]
    utilities: dict[str, float] = {}


@dataclass(frozen=True)
class _End:
    """What the last lines of a file tell."""

    ending: Ending
    round: int | None = None
    utilities: Mapping[str, float] = field(default_factory=dict[str, float])


def session_cards(home: Path) -> tuple[SessionCard, ...]:
    """Return the cards of a user's sessions, those that changed last first."""
    found: list[tuple[int, str, int]] = []
    try:
        with os.scandir(session_folder(home)) as entries:
            for entry in entries:
                # One that went meanwhile, or a link that leads nowhere, hides no other.
                with suppress(OSError):
                    if entry.name.endswith(".jsonl") and entry.is_file():
                        stat = entry.stat()
                        found.append((stat.st_mtime_ns, entry.path, stat.st_size))
    except OSError:
        return ()
    newest = sorted(found, key=lambda one: (-one[0], one[1]))
    return tuple(_card(path, changed, size) for changed, path, size in newest)


@lru_cache(maxsize=KEPT)
def _card(path: str, changed: int, size: int) -> SessionCard:
    """Return the card of a file as it stood at that time."""
    del changed, size  # another time is another card
    return session_card(Path(path))


def session_card(path: Path) -> SessionCard:
    """Return the card of a transcript; of one that cannot be read it says why."""
    try:
        with path.open("rb") as file:
            header = _header(file)
            end = _ending(file)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        name = one_line(path.name)
        return SessionCard(path=path, title=name, ending="damaged", problem=one_line(reason, 200))
    parties = header.scenario.parties
    parent = header.parent
    return SessionCard(
        path=path,
        title=one_line(header.scenario.title) or one_line(path.name),
        when=one_line(header.at[:16].replace("T", " ")),
        seats=tuple(
            SeatCard(
                party=one_line(party),
                name=one_line(parties[party].name if party in parties else party),
                spec=one_line(seat.spec),
            )
            for party, seat in header.seats.items()
        ),
        ending=end.ending,
        round=end.round,
        points={
            one_line(party): worth
            for party, worth in end.utilities.items()
            if party in header.seats and isfinite(worth)
        },
        branch_of="" if parent is None else one_line(f"{parent.session}, move {parent.moves}"),
    )


def _header(file: BinaryIO) -> _Header:
    """Return what the first line says.

    Raises:
        ValueError: If it is no sound header.
    """
    line = file.readline(LONGEST_HEADER)
    if not line.endswith(b"\n"):
        raise ValueError("it holds no whole line")
    body, _ = unseal(line[:-1])
    try:
        return _Header.model_validate_json(body)
    except ValidationError:
        raise ValueError("it does not begin with a transcript's header") from None


def _ending(file: BinaryIO) -> _End:
    """Return how a session stands, the round of its last move where that is found, and points.

    Raises:
        ValueError: If the last line was changed.
    """
    size = file.seek(0, os.SEEK_END)
    for length in TAILS:
        file.seek(max(size - length, 0))
        lines = file.read().split(b"\n")[:-1]
        whole = lines if size <= length else lines[1:]
        if whole:
            unseal(whole[-1])
        ending: Ending = "unfinished"
        utilities: Mapping[str, float] = {}
        for kind, line in _backwards(whole):
            if kind == b"closed":
                close = _Close.model_validate_json(unseal(line)[0])
                ending, utilities = close.status, close.utilities
            elif kind == b"moved":
                return _End(ending, _Move.model_validate_json(unseal(line)[0]).round, utilities)
        if ending != "unfinished" or size <= length:
            return _End(ending, None, utilities)
    return _End("unfinished")


def _backwards(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield lines with their types, the last first."""
    for line in reversed(lines):
        found = _TYPE.search(line, 0, _HEAD)
        if found is not None:
            yield found[1], line
