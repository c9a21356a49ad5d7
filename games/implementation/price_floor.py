"""What a price floor is worth: options to sell at the floor, one for each year of delivery.

A floor of K pays max(K − S, 0) per unit when the market stands at S. Its fair value at signature is
a put option (Black 1976) on the forward price F; a strip of them covers the years of a contract.
The value is far above what the floor would pay if prices stood still (its intrinsic value), and
it depends most on what is not known: the volatility, and whether prices return to a level.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, expm1

import numpy as np

from games.outcomes import FloatArray

_erf = np.frompyfunc(erf, 1, 1)


def normal_cdf(values: FloatArray) -> FloatArray:
    """Return the standard normal distribution function, of any shape."""
    scaled = np.asarray(values, dtype=np.float64) / np.sqrt(2.0)
    return 0.5 * (1.0 + np.asarray(_erf(scaled), dtype=np.float64))


def variance(volatility: float, years: float, reversion: float = 0.0) -> float:
    """Return the variance of the logarithm of the price after some years.

    σ²·T for a price that never reverts (κ = 0); σ²(1 − e^(−2κT))/(2κ) for one whose logarithm
    returns to its level at rate κ (Schwartz 1997, one factor), which never exceeds σ²/(2κ).
    """
    if reversion == 0.0:
        return volatility**2 * years
    return volatility**2 * -expm1(-2 * reversion * years) / (2 * reversion)


def put(
    forward: float | FloatArray, strike: float, variance: float, years: float, rate: float
) -> FloatArray:
    """Return e^(−rT)·[K·N(−d2) − F·N(−d1)], the value now of selling at the strike then.

    d1 = ln(F/K)/v + v/2 and d2 = d1 − v, where v² is the variance of the logarithm of the price
    (Black 1976). Without variance it is the discounted intrinsic value.

    Args:
        forward: F, the price expected for then, any shape, positive.
        strike: K, from 0.
        variance: v².
        years: T, to payment.
        rate: r, continuously compounded.
    """
    price = np.asarray(forward, dtype=np.float64)
    if variance <= 0.0 or strike <= 0.0:
        worth = np.maximum(strike - price, 0.0)
    else:
        deviation = float(np.sqrt(variance))
        first = np.log(price / strike) / deviation + deviation / 2
        second = first - deviation
        worth = strike * normal_cdf(-second) - price * normal_cdf(-first)
    return np.maximum(exp(-rate * years) * worth, 0.0)


def strip(
    forward: float | FloatArray,
    strike: float,
    volatility: float,
    *,
    years: int = 10,
    rate: float = 0.04,
    reversion: float = 0.0,
) -> FloatArray:
    """Return the mean value per year of delivery of a floor over years 1 to `years`.

    One unit is delivered, and the floor settled, at the end of each year; the forward price is the
    same for every year. With K = 110, r = 4 % and σ = .40 over ten years the floor is worth 44.16
    per unit and year at F = 69 (33.12 without volatility) and 26.36 at F = 123.

    With `reversion` only the variance reverts; the forward price stays as given, so that the level
    the price returns to is the forward price itself.
    """
    values = [
        put(forward, strike, variance(volatility, year, reversion), year, rate)
        for year in range(1, years + 1)
    ]
    return np.mean(np.array(values), axis=0)


@dataclass(frozen=True, kw_only=True)
class FloorValue:
    """What a floor is worth under one assumption on prices."""

    volatility: float
    reversion: float
    """κ per year; 0 for a price that never reverts."""
    worth: float
    """Mean value per unit and year of delivery, at signature."""


@dataclass(frozen=True, kw_only=True)
class FloorRange:
    """What a floor is worth under each of several assumptions, none of them more than that."""

    intrinsic: float
    """What it would be worth if prices stood still."""
    values: tuple[FloorValue, ...]

    @property
    def least(self) -> float:
        """The lowest of the values."""
        return min(value.worth for value in self.values)

    @property
    def most(self) -> float:
        """The highest of the values."""
        return max(value.worth for value in self.values)


ASSUMPTIONS = ((0.40, 0.0), (0.49, 0.0), (0.49, 0.5))
"""(σ, κ): as measured on annual averages; corrected for averaging (times 1.22, Working 1960); and
so, with half of any deviation gone in 1.4 years (κ = .5 is a judgement)."""


def floor_range(
    forward: float,
    strike: float,
    *,
    years: int = 10,
    rate: float = 0.04,
    assumptions: tuple[tuple[float, float], ...] = ASSUMPTIONS,
) -> FloorRange:
    """Return a floor's value under several volatilities and rates of mean reversion.

    For NdPr oxide at F = 123 and K = 110 the assumptions give 26.4, 32.6 and 12.8. No rate of
    reversion was ever estimated from these prices: five annual averages cannot tell one from
    another, so κ stands for how low the value may be, not for what is known. At κ = .5 it is 12.8
    with σ = .49 and 13.1 with σ = .50; at σ = .40 it falls to 9.7.
    """
    values = tuple(
        FloorValue(
            volatility=volatility,
            reversion=reversion,
            worth=float(
                strip(forward, strike, volatility, years=years, rate=rate, reversion=reversion)
            ),
        )
        for volatility, reversion in assumptions
    )
    still = float(strip(forward, strike, 0.0, years=years, rate=rate))
    return FloorRange(intrinsic=still, values=values)
