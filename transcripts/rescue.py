"""A damaged transcript cut back to its last sound event, the file as it was kept aside.

Only whoever plays the session may ask for it: what stands behind the damage is given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from games.errors import TranscriptError
from games.files.writing import draft, publish
from transcripts.conduct import billed
from transcripts.events import Event, Failed, Replied
from transcripts.fold import Folded, fold
from transcripts.store import Transcript, decode, seal, unseal, utc_now
from transcripts.verify import verify
from transcripts.writers import claim, writer_of

DAMAGED = "the record was not sound"
"""Begins the reason of the event that tells of a cut."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Where a transcript was cut, and what was behind it."""

    event: int
    """The number of the first event that was not sound."""
    lines: int
    """How many lines were given up."""
    replies: tuple[Replied, ...]
    """The replies of models among them that can still be read; their cost counts all the same."""
    kept: Path
    """The file as it was."""


def cut_back(path: Path) -> Cut | None:
    """Cut a transcript back to its last sound event; None where nothing before its end is damaged.

    The file as it was is kept beside it, untouched, as FILE.damaged. In its place is one with the
    sound events and one that tells of the cut: from which event on, why, and what the replies that
    are given up may have cost. A process that dies meanwhile leaves one or the other, whole.

    Args:
        path: The transcript.

    Raises:
        TranscriptError: If it cannot be read or written, is in use, or not even its first event is
            sound, so that nothing can be carried on.
    """
    path = path.resolve()
    try:
        with path.open("r+b") as file:
            if not claim(file):
                raise TranscriptError(f"{path}: {writer_of(file)} is writing to it")
            return _cut(path, file)
    except OSError as error:
        raise TranscriptError(f"{path}: cannot be written: {error.strerror}") from None


def _cut(path: Path, file: BinaryIO) -> Cut | None:
    found = verify(path)
    transcript = Transcript(path)
    sound = found.sound
    if sound == len(transcript):
        # What is torn at the very end is cut off by whoever opens it.
        return None
    if sound == 0:
        raise TranscriptError(f"{path}: {found.problems[0]}; nothing before it can be carried on")
    kept = file.read(int(transcript.starts[sound]))
    folded = fold(decode(line)[0] for line in kept.split(b"\n")[:-1])
    replies = tuple(_replies(transcript, sound))
    aside = _name_aside(path)
    told = _told(folded, found.problems[0], aside, replies)
    last_hash = unseal(kept[:-1].rpartition(b"\n")[2])[1]
    content = kept + _line(told, sound, last_hash)
    while True:
        with draft(path) as unborn:
            unborn.fill(content, durable=True)
            # Only now: where there are no hard links, the file loses its own name by it.
            if not aside.exists():
                publish(path, aside)
            if unborn.take_place(path):
                break
        # Somebody cleared the folder of what the dead have left.
    return Cut(event=sound, lines=len(transcript) - sound, replies=replies, kept=aside)


def _replies(transcript: Transcript, first: int) -> Iterator[Replied]:
    """Yield the replies that were bought among the lines that are given up."""
    for number in range(first, len(transcript)):
        try:
            event = transcript.event(number)
        except TranscriptError:
            # What it cost cannot be read.
            continue
        if isinstance(event, Replied) and not event.from_cache:
            yield event


def _told(folded: Folded, problem: str, aside: Path, replies: tuple[Replied, ...]) -> Failed:
    state = folded.state
    tokens, cost_usd = billed(replies)
    party = state.party if state.is_open else folded.made[-1].party
    reason = f"{DAMAGED}: {problem}; what it held from there on is kept in {aside.name}"
    return Failed(turn=state.turn, party=party, reason=reason, tokens=tokens, cost_usd=cost_usd)


def _line(event: Event, number: int, last_hash: str) -> bytes:
    placed = event.model_copy(update={"n": number, "at": utc_now(), "prev": last_hash})
    return seal(placed.model_dump_json().encode()[:-1])[0]


def _name_aside(path: Path) -> Path:
    """Return a second name for the file, by which it stays as it is: one that nothing has yet, or
    that it was given by a cut that was broken off."""
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        aside = path.with_name(f"{path.name}.damaged{more}")
        if not aside.exists() or aside.samefile(path):
            return aside
        number += 1
