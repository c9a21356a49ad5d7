"""Looking for words in a session: in what was said and done, as far as one party may know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from games.outcomes import IndexArray
from tui.replay.history import History
from tui.replay.recording import Recording
from tui.text.labels import party_labels
from tui.widgets.spoken import searched

_WORDS = re.compile(r"round \d+(?!\S)|\S+")

_TOLD_EVERY = 1000
"""Moves after which it is told what was found so far."""

MOST_HITS = 100_000
"""Moves beyond which no more are looked for."""


def moves_found(
    recording: Recording, history: History | None, words: str, see: str | None
) -> Iterator[tuple[IndexArray, float]]:
    """Yield the numbers of the moves found so far, and what share of the session was searched.

    A move is found where every one of the words is part of what is shown of it, or of its terms;
    capitals do not matter. "round 2" is one such word.

    Args:
        recording: The session.
        history: The moves that were read: says what a party has heard.
        words: What is sought.
        see: The party as which it is sought; None for all.
    """
    wanted = [one + " " * one.startswith("round ") for one in _WORDS.findall(words.casefold())]
    positions = _open_to(recording, history, see) if wanted else ()
    labels = {label.id: label for label in party_labels(recording.scenario)}
    found: list[int] = []
    for searched_so_far, position in enumerate(positions):
        if searched_so_far and searched_so_far % _TOLD_EVERY == 0:
            yield np.array(found, dtype=np.intp), searched_so_far / len(positions)
        move = recording.read(position, see)
        label = None if move.event is None else labels.get(move.event.party)
        text = searched(move, label, recording.scenario, history)
        if all(word in text for word in wanted):
            found.append(position + 1)
            if len(found) == MOST_HITS:
                break
    yield np.array(found, dtype=np.intp), 1.0


def _open_to(recording: Recording, history: History | None, see: str | None) -> Sequence[int]:
    """Return the positions of the moves that may be searched: those that the party has heard."""
    if see is None:
        return range(len(recording))
    return () if history is None else np.flatnonzero(history.hears(see)).tolist()
