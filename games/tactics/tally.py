"""A counterpart's offers, counted as they come.

What `games.tactics.frequency_model` estimates from a whole list of offers, for those who hear them
one by one: the same figures to the last digit, without counting everything again at every turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import accumulate

import numpy as np

from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.tactics.frequency_model import (
    NEARNESS,
    FrequencyModel,
    counted_model,
    frequency_model,
)


class Tally:
    """How often one party offered each option and left each issue as it was."""

    __slots__ = ("_counts", "_gains", "_kept", "_last", "_nearness", "_space", "_worth")

    def __init__(self, space: OutcomeSpace, nearness: float = NEARNESS) -> None:
        self._space = space
        self._nearness = nearness
        self._counts = [[0] * width for width in space.shape]
        self._kept = [1] * len(space.shape)
        self._last: tuple[int, ...] = ()
        self._worth: FloatArray | None = None
        self._gains: FloatArray | None = None

    @classmethod
    def of(cls, space: OutcomeSpace, offers: Iterable[int]) -> Tally:
        """Return the tally of some offers, given as outcome indices, oldest first."""
        tally = cls(space)
        for offer in offers:
            tally.count(offer)
        return tally

    def count(self, offer: int) -> None:
        """Take in the party's next offer, given as an outcome index."""
        self._worth = self._gains = None
        levels = self._space.levels_of(offer)
        for counts, level in zip(self._counts, levels, strict=True):
            counts[level] += 1
        if self._last:
            for issue, (level, before) in enumerate(zip(levels, self._last, strict=True)):
                self._kept[issue] += level == before
        self._last = levels

    def model(self) -> FrequencyModel:
        """Return what `frequency_model` makes of the offers that were counted."""
        if self.is_empty:
            return frequency_model(self._space, (), self._nearness)
        counts = [np.array(one) for one in self._counts]
        return counted_model(self._space, np.array(self._kept), counts, self._last, self._nearness)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was offered yet."""
        return not self._last

    def worth(self) -> FloatArray:
        """Return each option's weighted value, issue after issue; see `slots_of`.

        The estimated utility of an outcome is the sum over its options. At least one offer must
        have been counted.
        """
        if self._worth is None:
            self._worth = self._weighed()
        return self._worth

    def gains(self) -> FloatArray:
        """Return each outcome's estimated utility less that of the party's worst, shape (size,).

        At least one offer must have been counted. The figures are those of `worth`, added up issue
        by issue: one pass over the space, made once for each new offer.
        """
        if self._gains is None:
            worth, start = self.worth(), 0
            total = np.zeros(1)
            for width in self._space.shape:
                options = worth[start : start + width]
                total = np.add.outer(total, options - options.min()).ravel()
                start += width
            self._gains = total
        return self._gains

    def _weighed(self) -> FloatArray:
        near, total = self._nearness, sum(self._kept)
        worth: list[float] = []
        for counts, kept, last in zip(self._counts, self._kept, self._last, strict=True):
            weight, most, steps = kept / total, max(counts), max(len(counts) - 1, 1)
            worth += [
                weight * ((1 - near) * count / most + near * (1 - abs(level - last) / steps))
                for level, count in enumerate(counts)
            ]
        return np.array(worth)


def slots_of(space: OutcomeSpace, outcomes: IndexArray) -> IndexArray:
    """Return where the options of some outcomes stand in `Tally.worth`, shape (issues, k)."""
    starts = accumulate(space.shape[:-1], initial=0)
    rows = [
        outcomes // stride % width + start
        for stride, width, start in zip(space.strides, space.shape, starts, strict=True)
    ]
    return np.array(rows)


def likings(tallies: Sequence[Tally], slots: IndexArray) -> FloatArray:
    """Return the summed estimated utilities of some outcomes, shape (k,), given their slots.

    Counterparts that have offered nothing yet say nothing.
    """
    total = np.zeros(slots.shape[1])
    for tally in tallies:
        if not tally.is_empty:
            total += np.add.reduce(tally.worth()[slots], axis=0)
    return total


def joint_gain(tallies: Sequence[Tally]) -> FloatArray | None:
    """Return the product of all counterparts' estimated gains, of every outcome, shape (size,).

    A gain is measured from what the counterpart likes least: what it has without an agreement,
    nobody knows. Counterparts that have offered nothing yet say nothing; None if all are such.
    """
    heard = [tally.gains() for tally in tallies if not tally.is_empty]
    if not heard:
        return None
    return reduce(np.multiply, heard)
