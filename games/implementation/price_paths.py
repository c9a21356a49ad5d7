"""How the market price may go: random paths, and what is expected of it from any price."""

from __future__ import annotations

import numpy as np

from games.implementation.price_floor import variance
from games.outcomes import FloatArray
from games.parts.aftermath import Price, Reverting


def reversion_of(price: Price) -> float:
    """Return κ, the rate per year at which the price reverts; 0 if it does not."""
    return price.process.reversion if isinstance(price.process, Reverting) else 0.0


def price_paths(price: Price, years: int, paths: int, rng: np.random.Generator) -> FloatArray:
    """Return prices at the end of each year, shape (years + 1, paths); row 0 is the spot price.

    A random walk is geometric Brownian motion without drift, so that the mean of the price stays
    at spot. A reverting price is Schwartz's (1997) one-factor model, stepped exactly: its logarithm
    keeps e^(−κ) of its distance from ln(level) − σ²/(4κ), which makes `level` the mean of the
    price in the long run.
    """
    shocks = rng.standard_normal((years, paths))
    deviation = np.sqrt(variance(price.volatility, 1.0, reversion_of(price)))
    logs = np.empty((years + 1, paths))
    logs[0] = np.log(price.spot)
    if not isinstance(price.process, Reverting):
        logs[1:] = logs[0] + np.cumsum(deviation * shocks - deviation**2 / 2, axis=0)
        return np.exp(logs)
    centre, kept = _centre(price, price.process), np.exp(-price.process.reversion)
    for year in range(years):
        logs[year + 1] = centre + kept * (logs[year] - centre) + deviation * shocks[year]
    return np.exp(logs)


def _centre(price: Price, process: Reverting) -> float:
    return float(np.log(process.level)) - price.volatility**2 / (4 * process.reversion)


def forward(price: Price, now: FloatArray, years: float) -> FloatArray:
    """Return the mean of the price some years after it stood at each of these."""
    if not isinstance(price.process, Reverting):
        return now
    centre, kept = _centre(price, price.process), np.exp(-price.process.reversion * years)
    later = variance(price.volatility, years, price.process.reversion)
    return np.exp(centre + kept * (np.log(now) - centre) + later / 2)
