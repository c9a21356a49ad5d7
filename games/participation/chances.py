"""How much weight comes together when each of several parties joins with a chance of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray

FINEST = 2**14
"""Most steps into which the total weight is divided."""

FEW = 12
"""Most undecided parties of which every combination is looked at where weights do not divide."""

NEAR = 1e-9
"""Shares of the weight this close are equal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Shares:
    """Parties' weights as shares of the total, and as whole steps of a common unit."""

    shares: FloatArray
    """Shape (parties,)."""
    steps: IndexArray
    """Likewise; weights are these multiples of the total / `total`."""
    total: int
    exact: bool
    """Whether the steps are the weights exactly, and not their nearest multiples."""

    @property
    def error(self) -> float:
        """Most by which the steps of all parties together can miss their share of the weight."""
        return 0.0 if self.exact else len(self.steps) / (2 * self.total)


def shares_of(weights: Sequence[float]) -> Shares:
    """Return positive weights as shares of their total.

    Taken as decimals, weights have a common unit. If the total is at most 2^14 of them sums are
    exact: those of equal weights always. Else a unit of 1/2^14 of the total is used, to which every
    weight is rounded.
    """
    exact = [Fraction(str(weight)) for weight in weights]
    total = sum(exact)
    unit = Fraction(1, lcm(*(one.denominator for one in exact)))
    unit *= gcd(*(int(one / unit) for one in exact))
    divides = total / unit <= FINEST
    step = unit if divides else total / FINEST
    return Shares(
        shares=np.array([float(one / total) for one in exact]),
        steps=np.array([round(one / step) for one in exact], dtype=np.intp),
        total=round(total / step),
        exact=divides,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Joined:
    """How much of the weight may come together, and how likely each amount is."""

    shares: FloatArray
    """Shares of the total weight, shape (amounts,)."""
    chances: FloatArray
    """Likewise; they sum to 1."""

    def reach(self, threshold: float, more: float = 0.0) -> BoolArray:
        """Return which amounts, with `more` beside them, are positive and reach a threshold."""
        found = self.shares + more
        return np.asarray((found >= threshold - NEAR) & (found > 0))

    def mean(self, values: FloatArray | BoolArray) -> float:
        """Return the expectation of a value given for each amount."""
        return float((self.chances * values).sum())


def weight_joined(weights: Shares, chances: FloatArray) -> Joined:
    """Return the distribution of the weight that joins, each party by itself with its chance.

    Exact where the weights have a common unit, or no more than 12 parties are undecided (chances
    strictly between 0 and 1). Else every undecided party's weight is rounded to 1/2^14 of the
    total, and sums of k of them are off by at most k/2^15 of it (.17 % for 55).

    Args:
        weights: Of all parties.
        chances: Their chances, in [0, 1], shape (parties,).
    """
    certain, undecided = chances >= 1, (chances > 0) & (chances < 1)
    sure = weights.shares[certain].sum()
    if weights.exact or np.count_nonzero(undecided) > FEW:
        mass = _convolved(weights.steps[undecided].tolist(), chances[undecided].tolist())
        open_shares = np.arange(len(mass)) / weights.total
    else:
        open_shares, mass = _combined(weights.shares[undecided], chances[undecided])
    return Joined(shares=sure + open_shares, chances=mass)


def _convolved(steps: list[int], chances: list[float]) -> FloatArray:
    mass = np.zeros(sum(steps) + 1)
    mass[0], most = 1.0, 0
    for step, chance in zip(steps, chances, strict=True):
        joining = mass[: most + 1] * chance
        mass[: most + 1] -= joining
        mass[step : most + step + 1] += joining
        most += step
    return mass


def _combined(shares: FloatArray, chances: FloatArray) -> tuple[FloatArray, FloatArray]:
    sums, mass = np.zeros(1), np.ones(1)
    for share, chance in zip(shares, chances, strict=True):
        sums = np.concatenate([sums, sums + share])
        mass = np.concatenate([mass * (1 - chance), mass * chance])
    return sums, mass
