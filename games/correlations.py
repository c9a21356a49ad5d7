"""How far two lists of values go together."""

from __future__ import annotations

import numpy as np

from games.outcomes import FloatArray

GRAIN = 9
"""Decimals at which utilities are compared: the last digits of a sum make no rank."""


def rank_correlation(first: FloatArray, second: FloatArray) -> float | None:
    """Return Spearman's rank correlation, ties sharing their mean rank.

    Values that agree to nine decimals are tied. None if either is constant.
    """
    return correlation(_ranks(first), _ranks(second))


def _ranks(values: FloatArray) -> FloatArray:
    _, places, counts = np.unique(np.round(values, GRAIN), return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    return mean_ranks[places]


def correlation(first: FloatArray, second: FloatArray) -> float | None:
    """Return Pearson's correlation; None if either is constant."""
    if len(first) == 0:
        return None
    one, other = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    spread = min(float(np.abs(one).max()), float(np.abs(other).max()))
    if spread < 10.0**-GRAIN:
        return None
    return float(np.clip((one @ other) / scale, -1.0, 1.0))
