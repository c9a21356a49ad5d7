"""The size of a mechanism: paired differences over seeds, with their standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

LEAST_SHARE = 0.10
"""A metric is said to move if it moves by this share of what it was, …"""

LEAST_ERRORS = 2.0
"""… or by so many standard errors."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a mechanism changes of one metric."""

    off: float
    """Mean where it is switched off."""
    on: float
    """Mean where it is at work."""
    difference: float
    error: float
    """Standard error of the mean paired difference."""
    pairs: int

    @property
    def is_large(self) -> bool:
        """Whether the metric moves by a tenth of what it was, or by two standard errors."""
        if self.difference == 0:
            return False
        share = abs(self.difference) >= LEAST_SHARE * abs(self.off)
        return share or abs(self.difference) >= LEAST_ERRORS * self.error

    @property
    def is_beyond_chance(self) -> bool:
        """Whether it moves by two standard errors."""
        return abs(self.difference) >= LEAST_ERRORS * self.error and self.difference != 0


def effect(off: Sequence[float], on: Sequence[float]) -> Effect:
    """Return the effect seen in paired sessions, one figure each."""
    first, second = np.array(off, dtype=float), np.array(on, dtype=float)
    apart = second - first
    return Effect(
        off=float(first.mean()),
        on=float(second.mean()),
        difference=float(apart.mean()),
        error=float(apart.std(ddof=1) / sqrt(len(apart))) if len(apart) > 1 else 0.0,
        pairs=len(apart),
    )
