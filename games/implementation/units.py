"""In what money and amounts of the years after signature are counted, and large ones in short."""

from __future__ import annotations

import re
from math import isclose
from typing import TYPE_CHECKING

from games.parts.aftermath import Reading

if TYPE_CHECKING:
    from games.parts.aftermath import Implementation
    from games.scenario import Scenario

UNKNOWN = "in the unit of price times volume"
"""What is said of money where the scenario does not tell its unit."""

_PRICE = re.compile(r"(?P<currency>[^\s/]+) ?(?:/|per ) ?(?P<each>[A-Za-z]+)\b.*")
_TONNES = {"kg": 1e-3, "t": 1.0, "kt": 1e3, "Mt": 1e6}
_MULTIPLES = {1.0: "", 1e3: "thousand ", 1e6: "M ", 1e9: "bn "}


def short(value: float) -> str:
    """Return a figure from 0 in three figures at most, with k, M, bn or tn for what it is in."""
    for size, name in ((1e12, " tn"), (1e9, " bn"), (1e6, " M"), (1e4, "k")):
        if round(value) >= size:
            unit = 1e3 if name == "k" else size
            return f"{_three(value / unit)}{name}"
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def _three(value: float) -> str:
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def volume_unit(scenario: Scenario) -> str | None:
    """Return the unit of deliveries, its "per year" left off, if an issue's own options state it.

    One year's deliveries and those of several are in the same unit.
    """
    plan = scenario.implementation
    volume = None if plan is None else plan.volume
    if not isinstance(volume, Reading) or volume.values is not None or volume.scale != 1.0:
        return None
    return scenario.issues[volume.issue].unit.partition("/")[0].strip() or None


def money_unit(scenario: Scenario) -> str | None:
    """Return the unit of money, price times volume, if the units of its two issues tell it.

    A price in USD/kg that is read with scale 1000, as one in USD/t, on tonnes: USD. Without the
    scale it would be `thousand USD`.
    """
    priced, volume = _price_unit(scenario), volume_unit(scenario)
    if priced is None or volume is None:
        return None
    found, scale = priced
    each, amount = found["each"], volume.split()[0]
    factor = scale
    if each != amount:
        if each not in _TONNES or amount not in _TONNES:
            return None
        factor = scale * _TONNES[each] / _TONNES[amount]
    # Read by this factor too large, money is so many times fewer of the currency: 1/1000 is 1000.
    for multiple, name in _MULTIPLES.items():
        if isclose(factor * multiple, 1.0, rel_tol=1e-9):
            return f"{name}{found['currency']}"
    return None


def price_unit(scenario: Scenario) -> str | None:
    """Return the unit in which prices are reckoned with, if that of their issue tells it."""
    priced = _price_unit(scenario)
    if priced is None:
        return None
    found, scale = priced
    if scale == 1.0:
        return found.string
    per_tonne = found["each"] in _TONNES and isclose(scale * _TONNES[found["each"]], 1.0)
    return f"{found['currency']}/t" if per_tonne else None


def _price_unit(scenario: Scenario) -> tuple[re.Match[str], float] | None:
    """Return the unit of the issue that states a price, taken apart, and what it is scaled by."""
    plan = scenario.implementation
    for figure in () if plan is None else _prices(plan):
        if isinstance(figure, Reading) and figure.values is None:
            found = _PRICE.fullmatch(" ".join(scenario.issues[figure.issue].unit.split()))
            if found is not None:
                return found, figure.scale
    return None


def _prices(plan: Implementation) -> tuple[object, ...]:
    return plan.floor, plan.contract_price
