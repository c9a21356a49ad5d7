"""How far along a bar each move stands: by moves, by rounds or by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from games.outcomes import FloatArray
from tui.replay.history import History

ScaleKind = Literal["moves", "rounds", "time"]

SCALES: tuple[ScaleKind, ...] = ("moves", "rounds", "time")
"""In the order in which a key goes through them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scale:
    """Where moves stand along a bar, as shares of its length."""

    total: int
    """How many moves there are."""
    places: NDArray[np.float32] | None = None
    """The share of each move, never falling; None where all stand equally far apart."""

    def shares(self, moves: NDArray[np.int64]) -> FloatArray:
        """Return where some moves stand, numbered from 1."""
        within = np.clip(moves, 1, max(self.total, 1)) - 1
        if self.places is None or not len(self.places):
            return within / max(self.total - 1, 1)
        return self.places[np.minimum(within, len(self.places) - 1)].astype(np.float64)

    def moves_at(self, share: float) -> int:
        """Return the number of the move that stands nearest to a place; of several, the last."""
        if self.places is None or not len(self.places):
            return 1 + round(share * max(self.total - 1, 0))
        after = int(np.searchsorted(self.places, share, side="right"))
        if after == 0:
            return 1
        if after == len(self.places):
            return after
        before = share - float(self.places[after - 1])
        return after if before <= float(self.places[after]) - share else after + 1


def scale_of(kind: ScaleKind, history: History | None, total: int, see: str | None) -> Scale:
    """Return a scale; evenly by moves as long as nothing else is known.

    Args:
        kind: By what it goes.
        history: The moves that were read.
        total: How many moves there are.
        see: The party as which it is looked at: moves it has not heard take no room.
    """
    if history is None or not len(history):
        return Scale(total=total)
    if kind == "rounds":
        return Scale(total=total, places=_by_rounds(history))
    if kind == "time" and history.times[-1] > history.times[0]:
        return Scale(total=total, places=_spread(history.times))
    if see is not None and history.is_hall:
        return Scale(total=total, places=_spread(np.cumsum(history.hears(see), dtype=np.int64)))
    return Scale(total=total)


def _by_rounds(history: History) -> NDArray[np.float32]:
    """Return every round as long as the others, its moves equally far apart."""
    _, starts, counts = np.unique(history.rounds, return_index=True, return_counts=True)
    within = np.arange(len(history)) - np.repeat(starts, counts)
    return _spread(np.repeat(np.arange(len(starts)), counts) + within / np.repeat(counts, counts))


def _spread(places: NDArray[np.int64] | FloatArray) -> NDArray[np.float32]:
    first, last = float(places[0]), float(places[-1])
    return ((places - first) / ((last - first) or 1.0)).astype(np.float32)


def duration(milliseconds: int) -> str:
    """Return a length of time as h:mm:ss, or m:ss where it is shorter than an hour."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"
