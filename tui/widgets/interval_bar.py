"""Means drawn within their intervals, on a scale that all of a list share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from delegates.evaluation.judging.found import Estimate

MEAN = "●"
"""Marks a mean."""

ZERO = "┊"
"""Marks nought on a scale that goes below it."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What the two ends of a bar stand for."""

    low: float
    high: float

    def column(self, value: float, width: int) -> int:
        """Return where a value stands among so many columns, from 0."""
        share = (value - self.low) / (self.high - self.low)
        return min(max(int(share * width), 0), width - 1)


def scale_of(estimates: Iterable[Estimate], *, as_share: bool = True) -> Scale:
    """Return a scale that holds all means and intervals, and nought.

    Args:
        estimates: What is drawn on it.
        as_share: Whether it reaches to 1 at least.
    """
    ends = [end for one in estimates for end in (one.mean, one.low, one.high) if end is not None]
    low, high = min([0.0, *ends]), max([1.0 if as_share else 0.0, *ends])
    return Scale(low=low, high=high if high > low else low + 1)


def interval_bar(one: Estimate, scale: Scale, width: int) -> str:
    """Return an estimate as a bar of so many columns: ├ and ┤ end the interval, ● is the mean."""
    cells = [" "] * width
    if scale.low < 0:
        cells[scale.column(0.0, width)] = ZERO
    if one.mean is None:
        return "".join(cells)
    if one.low is not None and one.high is not None:
        first, last = (scale.column(end, width) for end in (one.low, one.high))
        cells[first : last + 1] = "─" * (last + 1 - first)
        cells[first], cells[last] = "├", "┤"
    cells[scale.column(one.mean, width)] = MEAN
    return "".join(cells)
