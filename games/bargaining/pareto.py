"""The Pareto frontier of many outcomes, every tie kept.

An outcome is dominated when another one is worth at least as much to everyone and more to someone;
utilities closer than `TIE` are equal, and outcomes equal in every utility stand or fall together.
Where all spaces are large and most outcomes are far from the frontier, a few strong outcomes rule
out nearly everything before the exact comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray
from games.utility import TIE

_ENOUGH = 1000
"""Outcomes that are compared at once, without ruling any out before."""

_RULERS = {2: 10, 3: 20}
"""How many strong outcomes rule others out, by number of parties; `_MANY_RULERS` above."""

_MANY_RULERS = 40

_CROWDED = 10
"""Parties above which hardly any outcome is far from the frontier, so that none is ruled out."""


def undominated(values: FloatArray | Sequence[FloatArray]) -> BoolArray:
    """Return which columns no other column dominates; equal columns stand or fall together.

    Args:
        values: Utilities, one row a party, shape (parties, outcomes).
    """
    rows = [np.asarray(row, dtype=np.float64) for row in values]
    if len(rows[0]) == 0:
        return np.array([], dtype=bool)
    near = _not_ruled_out(rows)
    kept = _compared([row if near is None else row[near] for row in rows])
    if near is None:
        return kept
    mask = np.zeros(len(rows[0]), dtype=bool)
    mask[near[kept]] = True
    return mask


def _not_ruled_out(rows: list[FloatArray]) -> IndexArray | None:
    """Return the columns that no strong column beats for everyone, or None for all of them.

    Strong columns have the greatest weighted sum of utilities, under weights spread evenly over
    all mixtures of parties (the fractional parts of multiples of irrational numbers).
    """
    parties, left = len(rows), None
    if len(rows[0]) <= _ENOUGH or not 2 <= parties <= _CROWDED:
        return None
    spans = [float(np.ptp(row)) for row in rows]
    scales = [1 / span if span > TIE else 0.0 for span in spans]
    for number in range(_RULERS.get(parties, _MANY_RULERS)):
        weights = _mixture(number, parties)
        ruler = int(_weighted_sum(rows, weights * scales).argmax())
        kept = np.zeros(len(rows[0]), dtype=bool)
        for row in rows:
            kept |= row > row[ruler] - 2 * TIE
        if np.count_nonzero(kept) < 0.98 * len(kept):
            rows = [row[kept] for row in rows]
            left = np.flatnonzero(kept) if left is None else left[kept]
        if len(rows[0]) <= _ENOUGH:
            break
    return left


def _mixture(number: int, parties: int) -> FloatArray:
    """Return positive weights; the first are equal, the others spread over the simplex."""
    if number == 0:
        return np.ones(parties)
    roots = np.sqrt(np.array([2, 3, 5, 7, 11, 13, 17, 19, 23, 29][:parties], dtype=np.float64))
    return -np.log(1e-9 + (number * roots) % 1)


def _weighted_sum(rows: list[FloatArray], weights: FloatArray) -> FloatArray:
    total = weights[0] * rows[0]
    for row, weight in zip(rows[1:], weights[1:], strict=True):
        total += weight * row
    return total


def _compared(rows: list[FloatArray]) -> BoolArray:
    """Return which columns are undominated, comparing them all on the grain of ties."""
    if len(rows) == 2:
        first, second = (np.round(row / TIE) for row in rows)
        return _two_parties(first, second)
    from moocore import is_nondominated  # pyright: ignore[reportMissingTypeStubs]

    points = np.empty((len(rows[0]), len(rows)))
    for position, row in enumerate(rows):
        np.round(row / TIE, out=points[:, position])
    return np.asarray(is_nondominated(points, maximise=True, keep_weakly=True), dtype=bool)


def _two_parties(first: FloatArray, second: FloatArray) -> BoolArray:
    """Go from the first party's best outcome down; keep what is better for the second than before.

    An outcome is kept if it is the best so far for the second party, and as good for the first as
    the one that set this mark.
    """
    order = np.lexsort((-second, -first))
    along, up = first[order], second[order]
    mark = np.maximum.accumulate(up)
    setter = np.concatenate(([0], np.where(mark[1:] > mark[:-1], np.arange(1, len(mark)), 0)))
    kept = (up == mark) & (along == along[np.maximum.accumulate(setter)])
    mask = np.zeros(len(first), dtype=bool)
    mask[order[kept]] = True
    return mask
