"""What each delegation at the ministerial cares for: points of every option, by formula.

Each value function is moved and stretched to run from 0 to 1, multiplied by the points at stake and
rounded to halves. The formulas are explained in docs/scenarios/ministerial.md.
"""

import math
from collections.abc import Sequence

from tests.games.scenarios_made.ministerial_figures import (
    DELEGATIONS,
    EMPHASES,
    PRIORITIES,
    Figures,
)

HOST = "USA"
FUND = (0, 2000, 8500, 30000)
PROCESSING = (0, 15, 30, 50)
OPTIONS: dict[str, tuple[int | str, ...]] = {
    "form": (
        "chair's summary",
        "joint declaration",
        "framework with project list",
        "binding agreement",
    ),
    "fund": FUND,
    "processing": PROCESSING,
    "transparency": ("none", "voluntary registry", "mandatory"),
    "response": ("none", "consultation", "stock sharing"),
    "floor": ("none", "reference prices", "floor with tariffs"),
    "greenland": ("silent", "territorial integrity", "explicit"),
}
DEPTH = (0.0, 0.3, 0.6, 1.0)
"""Legal depth of each form of text."""
QUARREL = (0.8, 0.35, 0.1)
"""How hot the quarrel stays under each Greenland clause."""
STEPS = (0.0, 0.5, 1.0)
RESPONSE_STEPS = (0.0, 0.4, 1.0)
FLOOR_STEPS = (0.0, 0.4, 1.0)
LARGEST_FUND = 30000
PAYING = (0.7, 0.35)
"""What the whole of the largest fund costs states, and sovereign funds, in the unit of what it
brings those who pay nothing."""
HOST_CLAUSE = (1.0, 0.75, 0.0)
MARKET_SHARE = 0.7
AUDIENCE = 50.0
"""Audience cost, in points, of those to whom the quarrel matters most."""
MOST_PATIENT, PATIENCE_RANGE = 0.97, 0.17
PAYERS = tuple(
    party
    for party, own in DELEGATIONS.items()
    if (own.role in ("consumer", "financier", "host") and own.use >= 1)
    or party in ("AUS", "CAN", "IND", "FRA", "SAU", "QAT")
)
"""Members of the pooled fund."""


def stretched(values: Sequence[float]) -> list[float]:
    """Return values moved and stretched to run from 0 to 1."""
    low, high = min(values), max(values)
    return [(value - low) / (high - low) for value in values]


def halves(value: float) -> float:
    """Return a number of points rounded to halves."""
    return math.floor(2 * value + 0.5) / 2


def need(own: Figures) -> float:
    """Return how short of capital a delegation is, from 0 to 1, as its impatience tells."""
    if own.role in ("consumer", "financier", "host"):
        return 0.0
    return min(max((MOST_PATIENT - own.patience) / PATIENCE_RANGE, 0.0), 1.0)


def is_partner(own: Figures) -> bool:
    """Return whether a delegation belongs to one of the host's partnerships."""
    return "P" in own.groups or "X" in own.groups


def appetite(own: Figures) -> float:
    """Return how much depth a delegation wants: half of it is the depth that it likes best."""
    return 0.3 + 1.2 * (1 - own.china) + 0.3 * is_partner(own)


def form_shape(own: Figures) -> list[float]:
    return stretched([appetite(own) * depth - depth**2 for depth in DEPTH])


def fund_shape(party: str, own: Figures) -> list[float]:
    sizes = [money / LARGEST_FUND for money in FUND]
    gain = 0.35 + 0.3 * own.reliance if party in PAYERS else 1.0
    paid = (PAYING[own.role == "financier"]) if party in PAYERS else 0.0
    return stretched([gain * size**0.6 - paid * size for size in sizes])


def processing_shape(own: Figures) -> list[float]:
    if own.role == "supplier":
        return stretched([share**0.8 for share in PROCESSING])
    if own.role == "processor" and own.sensitivity >= 0.5:
        return stretched([-share for share in PROCESSING])
    best = 10 if own.role in ("consumer", "host") else 30
    return stretched([-abs(share - best) for share in PROCESSING])


OPENNESS = {
    "consumer": 1.6,
    "host": 1.6,
    "processor": 1.0,
    "mixed": 0.9,
    "supplier": 0.6,
    "financier": 0.8,
}


def transparency_shape(own: Figures) -> list[float]:
    burden = 0.2 + 0.8 * own.china
    return stretched([OPENNESS[own.role] * step - burden * step**2 for step in STEPS])


def response_shape(own: Figures) -> list[float]:
    burden = 0.3 + 0.2 * (own.patience >= 0.96)
    return stretched([(0.1 + own.reliance) * z - burden * z**2 for z in RESPONSE_STEPS])


def floor_shape(own: Figures) -> list[float]:
    burden = 0.25 + 0.3 * own.china
    return stretched([own.floor * f - burden * f**2 for f in FLOOR_STEPS])


def greenland_shape(party: str, own: Figures) -> list[float]:
    if party == HOST:
        return list(HOST_CLAUSE)
    return stretched([own.sensitivity * g - 0.15 * g**2 for g in STEPS])


def shapes(party: str) -> dict[str, list[float]]:
    """Return a delegation's value of each option of each issue, from 0 to 1."""
    own = DELEGATIONS[party]
    return {
        "form": form_shape(own),
        "fund": fund_shape(party, own),
        "processing": processing_shape(own),
        "transparency": transparency_shape(own),
        "response": response_shape(own),
        "floor": floor_shape(own),
        "greenland": greenland_shape(party, own),
    }


FIRST_EMPHASIS, SECOND_EMPHASIS = 2.0, 1.5
"""How much more the two issues weigh that a delegation has said to care for."""


def stakes(party: str) -> dict[str, float]:
    """Return a delegation's points at stake in each issue; they sum to 100."""
    own = DELEGATIONS[party]
    produces = own.role in ("supplier", "processor", "mixed")
    raw = {
        "form": 14 + 6 * (party == HOST),
        "fund": 12 + 20 * need(own) + 4 * (party in PAYERS),
        "processing": 6 + 10 * produces,
        "transparency": 7 + 5 * (own.role in ("consumer", "host")),
        "response": 5 + 12 * own.reliance,
        "floor": 6 + 22 * abs(own.floor - 0.1),
        "greenland": 14 if party == HOST else 3 + 18 * own.sensitivity,
    }
    first, second = EMPHASES[party]
    raw[first] *= FIRST_EMPHASIS
    raw[second] *= SECOND_EMPHASIS
    for issue, priority in zip(OPTIONS, PRIORITIES[party], strict=True):
        raw[issue] *= priority
    scale = 100 / sum(raw.values())
    return {issue: scale * value for issue, value in raw.items()}


def points(party: str) -> dict[str, dict[int | str, float]]:
    """Return a delegation's points of every option."""
    at_stake = stakes(party)
    return {
        issue: {
            option: halves(at_stake[issue] * share)
            for option, share in zip(OPTIONS[issue], values, strict=True)
        }
        for issue, values in shapes(party).items()
    }
