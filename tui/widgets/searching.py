"""Looking for words in a session: in what was said and done, as far as one party may know it."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    count = len(recording) if see is None or history is None else len(history)
    hears = None if history is None or see is None else history.hears(see)
    labels = {label.id: label for label in party_labels(recording.scenario)}
    found: list[int] = []
    if not wanted or (see is not None and history is None):
        count = 0
    for position in range(count):
        if position and position % _TOLD_EVERY == 0:
            yield np.array(found, dtype=np.intp), position / count
        if hears is not None and not hears[position]:
            continue
        move = recording.read(position, see)
        label = None if move.event is None else labels.get(move.event.party)
        text = searched(move, label, recording.scenario, history)
        if all(word in text for word in wanted):
            found.append(position + 1)
            if len(found) == MOST_HITS:
                break
    yield np.array(found, dtype=np.intp), 1.0
