"""What NegMAS is told in: outcomes as texts, utilities as it can know them, lots that are lent.

Nothing here loads NegMAS.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from threading import RLock
from typing import Any, Self, cast
from zlib import crc32

import numpy as np

from games.outcomes import FloatArray, OutcomeSpace, option_text
from games.scenario import Party
from games.utility import Preferences

_LOCK = RLock()
"""NegMAS draws from the process's generators: one at a time is lent to it."""

ROUNDING = 1e-8
"""By how many points utilities may differ from the sums of points that they were rounded from."""

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

    @classmethod
    def kept(cls, own: Preferences, space: OutcomeSpace, kind: type[str]) -> Naming:
        """Return the naming that a party's preferences keep: the same as long as they are."""
        return own.once(f"negmas naming/{kind.__name__}", lambda _: cls.of(space, kind))

    @cached_property
    def outcomes(self) -> tuple[tuple[str, ...], ...]:
        """All outcomes, in the order of the space, made once."""
        return tuple(product(*self.texts))

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


Points = tuple[tuple[float, ...], ...]
"""What each option of each issue is worth, in the order of an outcome space."""


def points_of(own: Preferences, private: Party, naming: Naming) -> Points | None:
    """Return a party's points where its utilities are their sums; None where they are not."""
    rows = tuple(
        tuple(float(private.points[issue][str(text)]) for text in texts)
        for issue, texts in zip(naming.space.issues, naming.texts, strict=True)
    )
    sums = np.zeros(naming.space.shape)
    for issue, row in zip(naming.space.issues, rows, strict=True):
        sums = sums + naming.space.along(issue, row)
    is_sum = np.allclose(sums.reshape(-1), worths(own), rtol=0, atol=ROUNDING)
    return rows if is_sum else None


def scaled(
    own: Preferences, stated: float, points: Points, naming: Naming, *, in_points: bool
) -> tuple[list[dict[str, float]], float]:
    """Return what each option adds, issue by issue, and the reservation value on the same scale.

    Neither is rounded, or last digits would tell apart what is worth the same.

    Args:
        own: What the party wants.
        stated: Its reservation value as the scenario states it.
        points: What the options are worth.
        naming: How they are written.
        in_points: Whether as they stand; else from 0, the worst outcome, to 1, the best.
    """
    origins = [0.0 if in_points else min(row) for row in points]
    unit = 1.0 if in_points else sum(max(row) - min(row) for row in points) or 1.0
    values = [
        {text: (worth - origin) / unit for text, worth in zip(texts, row, strict=True)}
        for texts, row, origin in zip(naming.texts, points, origins, strict=True)
    ]
    least = own.reservation if abs(stated - own.reservation) > ROUNDING else stated
    return values, (least - sum(origins)) / unit


@dataclass(frozen=True)
class Known:
    """What outcomes are worth, by where they are: they are held here, so that no other ever is."""

    naming: Naming | None = None
    worth: Mapping[int, float] = field(default_factory=dict[int, float])

    @classmethod
    def of(cls, own: Preferences, naming: Naming, scale: str, worth: Callable[[Any], Any]) -> Known:
        """Return what the outcomes of a naming are worth, asked for once; empty of a naming that is
        not the one that the preferences keep."""
        found = own.once(
            f"negmas known/{scale}/{type(naming.texts[0][0]).__name__}",
            lambda _: cls(naming, {id(one): float(worth(one)) for one in naming.outcomes}),
        )
        return found if found.naming is naming else cls()

    def __reduce__(self) -> tuple[object, ...]:
        """Become empty when copied: the copies of outcomes are elsewhere."""
        return Known, ()


class Remembering:
    """Looks an outcome up by what it is before it asks what it says.

    NegMAS asks for all outcomes several times in a session, and to hash their texts takes longer
    than all else.
    """

    known: Known = Known()

    def __call__(self, offer: Any) -> Any:
        """Return what an outcome is worth."""
        found = self.known.worth.get(id(offer))
        base: Any = super()
        return base.__call__(offer) if found is None else found

    def eval(self, offer: Any) -> Any:
        """Return the same."""
        found = self.known.worth.get(id(offer))
        base: Any = super()
        return base.eval(offer) if found is None else found


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
