"""When is a project financed? Its value, the hurdle that uncertainty raises, and lead times."""

from __future__ import annotations

from math import exp, inf, sqrt

import numpy as np

from games.aftermath import Price, Project, Total
from games.implementation.price_floor import put, variance
from games.implementation.price_paths import forward, reversion_of
from games.outcomes import FloatArray

HURDLE_RATE = 0.08
"""r and y, interest and convenience yield per year, behind the hurdle."""

_GRID = 241
_DECADES = 4.0


def hurdle(volatility: float, rate: float = HURDLE_RATE) -> float:
    """Return the multiple of its cost that a project must be worth before one invests at once.

    β/(β−1) with β = 1/2 + √(1/4 + 2r/σ²): the option to wait, with interest equal to the yield and
    no drift (Dixit and Pindyck 1994). At r = 8 % it is 1.9, 2.6 and 4.0 for σ of .26, .40 and .60;
    between these it is the formula, not a line drawn through them. It tends to 1 without
    uncertainty.
    """
    beta = 0.5 + sqrt(0.25 + 2 * rate / volatility**2)
    return beta / (beta - 1)


def construction_years(project: Project) -> float:
    """Return the years from financial close to production."""
    lead = project.lead
    return lead.build if isinstance(lead, Total) else lead.build / lead.open_season


def project_value(
    project: Project, price: Price, prices: FloatArray, *, floor: float, term: float, rate: float
) -> FloatArray:
    """Return what a unit of yearly output is worth at financial close, the capital not deducted.

    Each unit earns the expected price less the unit cost, discounted; in the years under contract
    the floor adds a put option on the price.

    Args:
        project: Gives construction time, life and unit cost.
        price: How the price moves.
        prices: Prices at which it may stand at financial close, any shape, positive.
        floor: K, the contract's floor.
        term: Years from the start of production that are under contract.
        rate: Interest per year.
    """
    value = np.zeros_like(prices)
    start = construction_years(project)
    for year in range(1, project.life + 1):
        wait = start + year
        expected = forward(price, prices, wait)
        value += exp(-rate * wait) * (expected - project.unit_cost)
        if year <= term and floor > 0:
            spread = variance(price.volatility, wait, reversion_of(price))
            value += put(expected, floor, spread, wait, rate)
    return value


def trigger_price(
    project: Project,
    price: Price,
    *,
    output: float,
    capital: float,
    floor: float,
    term: float,
    rate: float,
) -> float:
    """Return the market price from which a project reaches financial close.

    The value of its output must reach the hurdle times the private capital. The hurdle is that of
    the bare price: that a floor also makes waiting less worthwhile is left out, so that the price
    is on the high side under a floor. 0 if the hurdle is met at any price, infinite if at none.
    The value rises with the price; it is tabulated over four decades around spot and the price
    read off between two of 241 points.

    Args:
        project: The project.
        price: How the price moves; its volatility sets the hurdle.
        output: Yearly output under the contract.
        capital: Capital that is left to private owners.
        floor: The contract's floor price.
        term: Years of production under contract.
        rate: Interest per year.
    """
    needed = hurdle(price.volatility) * capital
    half = _DECADES / 2
    grid = price.spot * np.logspace(-half, half, _GRID)
    worth = output * project_value(project, price, grid, floor=floor, term=term, rate=rate)
    if worth[0] >= needed:
        return 0.0
    if worth[-1] < needed:
        return inf
    return float(np.exp(np.interp(needed, worth, np.log(grid))))


def years_until_ready(
    project: Project, capped_years: float, paths: int, rng: np.random.Generator
) -> FloatArray:
    """Return the years from signature until a project could be financed, shape (paths,).

    By components: exploration, then a permit that comes at a constant hazard, which is 0 while a
    legal cap binds, then arranging finance. As a total: the lognormal draw, counted from the end
    of the cap, less the years of construction at its end.
    """
    lead = project.lead
    if isinstance(lead, Total):
        total = np.exp(lead.mu + lead.sigma * rng.standard_normal(paths))
        return capped_years + np.maximum(total - lead.build, 0.0)
    waits = rng.standard_exponential(paths)
    permit = 0.0 if lead.permit is None else waits / lead.permit
    return np.maximum(lead.explore, capped_years) + permit + np.full(paths, lead.finance)
