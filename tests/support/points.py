"""Formulas by which several scenarios make their points, apart from what the package computes."""

from __future__ import annotations

import math
from collections.abc import Sequence

RATE = 0.04
"""Interest a year."""
FLOOR_YEARS = 10
"""Years that a price floor is valued over."""
PLANNING_YEARS = 5
"""Years ahead that a seller looks."""
RISK_AVERSION = 2.0
"""Relative risk aversion of a seller."""


def rising(values: Sequence[float]) -> list[float]:
    """Return values moved and stretched to run from 0 to 1."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) for value in values]


def complement(values: Sequence[float]) -> list[float]:
    """Return what each value is short of 1."""
    return [1 - value for value in values]


def falling(values: Sequence[float]) -> list[float]:
    """Return values moved and stretched to run from 0, for the greatest, to 1."""
    return complement(rising(values))


def normal(x: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def put(strike: float, years: float, forward: float, volatility: float) -> float:
    """Return Black's (1976) put on the forward price."""
    if strike == 0:
        return 0.0
    spread = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / spread + spread / 2
    return math.exp(-RATE * years) * (strike * normal(spread - d1) - forward * normal(-d1))


def strip(strike: float, forward: float, volatility: float) -> float:
    """Return what a floor is worth a unit and year, mean over ten years."""
    puts = (put(strike, years, forward, volatility) for years in range(1, FLOOR_YEARS + 1))
    return sum(puts) / FLOOR_YEARS


def certain_price(floor: float, forward: float, volatility: float) -> float:
    """Return the certain price as good as the larger of a lognormal price and a floor."""
    spread = volatility * math.sqrt(PLANNING_YEARS)
    mean = math.log(forward) - spread**2 / 2
    power = 1 - RISK_AVERSION
    above = math.exp(power * mean + (power * spread) ** 2 / 2)
    below = 0.0
    if floor > 0:
        above *= normal((mean + power * spread**2 - math.log(floor)) / spread)
        below = floor**power * normal((math.log(floor) - mean) / spread)
    return (above + below) ** (1 / power)
