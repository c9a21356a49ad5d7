"""What NegMAS is told in: outcomes as texts, utilities as it can know them, lots that are lent.

Nothing here loads NegMAS.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Self, cast
from zlib import crc32

import numpy as np

from games.outcomes import FloatArray, OutcomeSpace, option_text
from games.utility import Preferences

_LOCK = RLock()
"""NegMAS draws from the process's generators: one at a time is lent to it."""

BELOW = 0.001
"""By how much, as a share of its span, what a party may not sign is worth less than no agreement,
where no outcome is worth less anyhow."""


class Text(str):
    """The text of an option, its hash the same in every process.

    NegMAS keeps outcomes in sets, and some negotiators draw from them in the order of hashes.
    """

    code: int

    def __new__(cls, text: str) -> Self:
        """Return the text with its hash, which is asked for a million times a session."""
        made = super().__new__(cls, text)
        made.code = crc32(text.encode())
        return made

    def __hash__(self) -> int:
        return self.code


@dataclass(frozen=True)
class Naming:
    """An outcome space as NegMAS takes it, and back."""

    space: OutcomeSpace
    texts: tuple[tuple[str, ...], ...]
    places: tuple[Mapping[str, int], ...]

    @classmethod
    def of(cls, space: OutcomeSpace, kind: type[str] = str) -> Naming:
        """Return the naming of a space, by plain texts or by `Text`."""
        texts = tuple(tuple(kind(option_text(one)) for one in row) for row in space.options)
        places = tuple({str(text): place for place, text in enumerate(row)} for row in texts)
        return cls(space, texts, places)

    def outcome(self, index: int) -> tuple[str, ...]:
        """Return an outcome as NegMAS writes it."""
        levels = self.space.levels_of(index)
        return tuple(row[level] for row, level in zip(self.texts, levels, strict=True))

    def index(self, outcome: Any) -> int | None:
        """Return which outcome NegMAS means; None if it is none."""
        if not isinstance(outcome, tuple):
            return None
        texts = cast("tuple[object, ...]", outcome)
        if len(texts) != len(self.places):
            return None
        levels = [row.get(str(text)) for row, text in zip(self.places, texts, strict=True)]
        known = [level for level in levels if level is not None]
        return self.space.index_of_levels(known) if len(known) == len(levels) else None


def worths(own: Preferences) -> FloatArray:
    """Return what every outcome is worth to a party that is told so by its utilities alone.

    NegMAS knows no red lines: what may not be signed is worth less than no agreement.
    """
    if own.signable is None:
        return own.utilities
    least = min(own.lowest, own.reservation - BELOW * max(own.span, 1.0))
    return np.where(own.signable, own.utilities, least)


@contextmanager
def lots(text: str) -> Generator[None]:
    """Let whatever draws from the process's generators draw what a text says; restore them after.

    Args:
        text: Seeds both, Python's and NumPy's.
    """
    with _LOCK:
        python, numbers = random.getstate(), np.random.get_state()
        source = random.Random(text)
        random.seed(source.getrandbits(64))
        np.random.seed(source.getrandbits(32))
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numbers)
