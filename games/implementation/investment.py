"""When is a project financed? Its value, the hurdle that uncertainty raises, and lead times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, sqrt
from typing import NamedTuple

import numpy as np

from games.implementation.price_floor import put, variance
from games.implementation.price_paths import forward, reversion_of
from games.outcomes import BoolArray, FloatArray
from games.parts.aftermath import Price, Project, Total

HURDLE_RATE = 0.08
"""r and y, interest and convenience yield per year, behind the hurdle."""

_GRID = 241
_FLAT = 1e-12
_DECADES = 4.0


def hurdle(volatility: float, rate: float = HURDLE_RATE) -> float:
    """Return the multiple of its cost that a project must be worth before one invests at once.

    β/(β−1) with β = 1/2 + √(1/4 + 2r/σ²): the option to wait, with interest equal to the yield and
    no drift (Dixit and Pindyck 1994). At r = 8 % it is 1.9, 2.6 and 4.0 for σ of .26, .40 and .60;
    between these it is the formula, not a line drawn through them. It tends to 1 without
    uncertainty.
    """
    beta = _beta(volatility, rate)
    return beta / (beta - 1)


def _beta(volatility: float, rate: float = HURDLE_RATE) -> float:
    """Return β, the elasticity of the option to wait: the positive root of σ²β(β−1)/2 = r."""
    return 0.5 + sqrt(0.25 + 2 * rate / volatility**2)


def construction_years(project: Project) -> float:
    """Return the years from financial close to production."""
    lead = project.lead
    return lead.build if isinstance(lead, Total) else lead.build / lead.open_season


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What an agreement holds out to those who might finance a project."""

    floor: float = 0.0
    """K, the contract's floor."""
    term: float = 0.0
    """Years from the start of production that are under contract."""
    rate: float = 0.04
    """Interest per year."""
    contract_hazard: float = 0.0
    """Chance rate per year that a change of law ends the contract."""
    host_hazard: float = 0.0
    """Chance rate per year that a change of law ends the project itself; part of the other."""


class Trigger(NamedTuple):
    """The market prices at which a project reaches financial close; figures or arrays of them."""

    above: float | FloatArray
    """It does from this price on; 0 if at any, infinite if at none."""
    below: float | FloatArray = 0.0
    """It also does below this one, where the floor alone carries it and waiting for a better price
    brings nothing; 0 if nowhere."""

    def is_met(self, price: FloatArray) -> BoolArray:
        """Return where a price is one of them."""
        return (price >= self.above) | (price < self.below)


def project_value(
    project: Project, price: Price, prices: FloatArray, backing: Backing
) -> FloatArray:
    """Return what a unit of yearly output is worth at financial close, the capital not deducted.

    Each unit earns the expected price less the unit cost, discounted; in the years under contract
    the floor adds a put option on the price. Whoever invests foresees changes of law: what is
    earned t years on counts with the chance e^(−λt) that no law has taken it, λ being the hazard
    that ends the project for its margin, that ends the contract for the put.

    Args:
        project: Gives construction time, life and unit cost.
        price: How the price moves.
        prices: Prices at which it may stand at financial close, any shape, positive.
        backing: Floor, term, interest and hazards.
    """
    earned, cost = _earnings(project, price, prices, backing)
    return earned - cost


def _earnings(
    project: Project, price: Price, prices: FloatArray, backing: Backing
) -> tuple[FloatArray, float]:
    """Return what a unit of yearly output earns, floor included, and what producing it costs."""
    earned, cost = np.zeros_like(prices), 0.0
    start = construction_years(project)
    for year in range(1, project.life + 1):
        wait = start + year
        weight = exp(-(backing.rate + backing.host_hazard) * wait)
        expected = forward(price, prices, wait)
        earned += weight * expected
        cost += weight * project.unit_cost
        if year <= backing.term and backing.floor > 0:
            spread = variance(price.volatility, wait, reversion_of(price))
            rate = backing.rate + backing.contract_hazard
            earned += put(expected, backing.floor, spread, wait, rate)
    return earned, cost


def trigger(
    project: Project, price: Price, *, output: float, capital: float, backing: Backing
) -> Trigger:
    """Return the market prices at which a project reaches financial close.

    The value of its output must reach a multiple of the private capital. Without a floor that is
    the hurdle, β/(β−1). A floor truncates the downside, which is what waiting protects from: where
    one per cent of price moves what the output earns by ε per cent as much as without the floor,
    the multiple is β/(β−ε). It follows from the trigger rule S·V′(S) = β·(V(S) − I) of an option
    worth A·S^β (value matching and smooth pasting) with S·V′/V = ε, unit cost left aside: for ε = 1
    it is the hurdle, and where the floor alone carries the project, ε = 0, it is 1. The last holds
    as prices vanish: between there and the trigger the option also gains by a fall (a second power
    of S), which is left aside, so that a project is financed somewhat sooner than it ought to be.

    All is tabulated over four decades around spot, and the prices are read off between two of 241
    points.

    Args:
        project: The project.
        price: How the price moves; its volatility sets β.
        output: Yearly output under the contract.
        capital: Capital that is left to private owners.
        backing: Floor, term, interest and hazards.
    """
    half = _DECADES / 2
    logs = np.log(price.spot) + np.log(10.0) * np.linspace(-half, half, _GRID)
    earned, cost = _earnings(project, price, np.exp(logs), backing)
    beta = _beta(price.volatility)
    share = 1.0
    if backing.floor > 0:
        bare, _ = _earnings(project, price, np.exp(logs), replace(backing, floor=0.0))
        share = _elasticity(earned, bare, logs)
    surplus = output * (earned - cost) - beta / (beta - share) * capital
    return _crossings(logs, surplus)


def _elasticity(earned: FloatArray, bare: FloatArray, logs: FloatArray) -> FloatArray | float:
    """Return ε, by how many per cent earnings move when those without the floor move by one.

    1 where the price of today decides nothing, so that there is nothing to wait for either way.
    """
    if bare[0] <= 0:
        return 1.0
    moved = np.gradient(np.log(bare), logs)
    ones = np.ones_like(moved)
    share = np.divide(np.gradient(np.log(earned), logs), moved, out=ones, where=moved > _FLAT)
    return np.clip(share, 0.0, 1.0)


def _crossings(logs: FloatArray, surplus: FloatArray) -> Trigger:
    """Return the prices from which on, and up to which, a tabulated surplus is at least 0."""
    met = surplus >= 0
    if met.all():
        return Trigger(0.0)
    last = int(np.flatnonzero(~met)[-1])
    first = int(np.flatnonzero(~met)[0])
    above = _root(logs, surplus, last) if last + 1 < len(met) else inf
    return Trigger(above, _root(logs, surplus, first - 1) if first > 0 else 0.0)


def _root(logs: FloatArray, surplus: FloatArray, before: int) -> float:
    """Return the price at which the surplus is 0 between a point of the table and the next."""
    here, there = surplus[before], surplus[before + 1]
    part = here / (here - there)
    return float(np.exp(logs[before] + part * (logs[before + 1] - logs[before])))


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
