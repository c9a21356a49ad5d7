"""How far a loss, and the accuracy, would lie elsewhere had other counterparts been drawn.

A loss is not a mean: which move is the best is decided by the same draws, and a difference under
two standard errors counts 0. So the standard error of what counts is estimated by drawing the
counterparts again from those drawn, with replacement, and judging anew (the bootstrap: Efron,
Bradley (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7).

A loss of 0 therefore has an error too: it is 0 by the rule of two standard errors, and other draws
would have carried some of the differences beyond. Only where all counterparts drawn agree that
nothing beats the move is it nothing. Counterparts are drawn anew for each move of a session,
independently given what was known before it, so that the variances of the losses add up.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

import numpy as np

from games.outcomes import FloatArray, IndexArray

DRAWS = 200
"""How often the counterparts are drawn again from those drawn."""

ERRORS = 2.0
"""A difference of fewer standard errors is none."""

_GRAIN = 9


def paired(differences: FloatArray) -> tuple[float, float]:
    """Return the mean of paired differences and its standard error."""
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean()), float(error)


def best_column(means: FloatArray) -> IndexArray:
    """Return which column is greatest, along the last axis; of equal ones the first.

    Args:
        means: In shares of the party's own scale, so that its unit decides nothing.
    """
    return np.asarray(np.argmax(np.round(means, _GRAIN), axis=-1), dtype=np.intp)


def loss_error(shares: FloatArray, source: np.random.Generator) -> float:
    """Return the standard error of what the first column gives away to the best, as it counts.

    Args:
        shares: Gains in shares of the party's own scale, shape (counterparts, moves).
        source: Draws the counterparts again.
    """
    count = len(shares)
    times = source.multinomial(count, np.full(count, 1 / count), size=DRAWS) / count
    over = shares - shares[:, :1]
    means, squares = times @ over, times @ np.square(over)
    best = best_column(means)
    rows = np.arange(DRAWS)
    difference = means[rows, best]
    variance = np.maximum(squares[rows, best] - np.square(difference), 0.0)
    counts = (best != 0) & (difference >= ERRORS * np.sqrt(variance / (count - 1)))
    return float(np.where(counts, difference, 0.0).std(ddof=1))


def accuracy_error(errors: Iterable[float]) -> float:
    """Return the standard error of the accuracy, in percentage points, from those of the losses.

    It is that of 100·(1 − Σ loss): where the sum exceeds 1 the accuracy itself stays at 0.
    """
    return 100.0 * hypot(*errors)
