"""Looking for words in a session: in what was said and done, as far as one party may know it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from games.outcomes import IndexArray
from tui.replay.history import History
from tui.replay.recording import Recording
from tui.replay.spoken_move import searched

_TOLD_EVERY = 1000
"""Moves after which it is told what was found so far."""

MOST_HITS = 100_000
"""Moves beyond which no more are looked for."""


def moves_found(
    recording: Recording, history: History | None, words: str, see: str | None
) -> Iterator[tuple[IndexArray, float]]:
    """Yield the numbers of the moves found so far, and what share of the session was searched.

    A move is found where every one of the words is part of its party, act, terms, statement or
    what happened before it; capitals do not matter.

    Args:
        recording: The session.
        history: The moves that were read: says what a party has heard.
        words: What is sought.
        see: The party as which it is sought; None for all.
    """
    wanted = words.casefold().split()
    count = len(recording) if see is None or history is None else len(history)
    hears = None if history is None or see is None else history.hears(see)
    found: list[int] = []
    if not wanted or (see is not None and history is None):
        count = 0
    for position in range(count):
        if position and position % _TOLD_EVERY == 0:
            yield np.array(found, dtype=np.intp), position / count
        if hears is not None and not hears[position]:
            continue
        text = searched(recording.read(position, see), recording.scenario)
        if all(word in text for word in wanted):
            found.append(position + 1)
            if len(found) == MOST_HITS:
                break
    yield np.array(found, dtype=np.intp), 1.0
