"""Bargaining solutions on a finite outcome space, every tie kept.

All are taken over the ZOPA, with the reservation values as disagreement point. Nash and
Kalai–Smorodinsky do not change when a party's points are rescaled; the egalitarian and the
utilitarian solution compare points between parties, and are labelled so wherever they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray
from games.utility import TIE, quantised

if TYPE_CHECKING:
    from games.scenario import Scenario

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
"""The solution concepts, in the order they are shown."""

PARETO_LIMIT = (10, 100_000)
"""Parties and outcomes above which the frontier is not computed: nearly everything is on it."""

_PRODUCT_TIE = 1e-9
"""Nash products this close, as a share of the greatest, are equal."""


@dataclass(frozen=True, kw_only=True)
class Bargain:
    """What bargaining theory says of a scenario. Outcomes are indices, rising."""

    zopa: IndexArray
    """Outcomes that every party may sign and that give each its reservation value."""
    passing: IndexArray
    """Outcomes acceptable to some coalition that can conclude an agreement."""
    pareto: IndexArray | None
    """Outcomes that no other one improves on for someone at nobody's cost; None if not computed."""
    pareto_note: str | None
    best: FloatArray
    """Each party's greatest utility within the ZOPA, shape (parties,); r where it is empty."""
    solutions: dict[str, IndexArray]
    left_out: tuple[str, ...]
    """Parties that cannot gain anything in the ZOPA: Nash and Kalai–Smorodinsky ignore them."""


def bargain(scenario: Scenario) -> Bargain:
    """Return the ZOPA, the frontier and the solutions of a scenario, computed once."""
    return scenario.once("bargain", _bargain)


def _bargain(scenario: Scenario) -> Bargain:
    rational = zopa(scenario)
    frontier, note = pareto_frontier(scenario)
    reservations = np.array([party.reservation for party in scenario.preferences])
    values = utility_rows(scenario, rational)
    best = values.max(axis=1) if len(rational) else reservations
    gains = values - reservations[:, None]
    ranges = best - reservations
    can_gain = ranges > TIE
    solutions = {name: np.array([], dtype=np.intp) for name in SOLUTIONS}
    if len(rational):
        # Shares of what each can gain: a party's unit must not decide what is a tie.
        shares = gains[can_gain] / ranges[can_gain, None]
        solutions = {
            "nash": rational[nash(shares)],
            "kalai_smorodinsky": rational[leximin(shares)],
            "egalitarian": rational[leximin(quantised(gains))],
            "utilitarian": rational[greatest(quantised(gains).sum(axis=0), TIE)],
        }
    return Bargain(
        zopa=rational,
        passing=rational if unanimous(scenario) else passing(scenario),
        pareto=frontier,
        pareto_note=note,
        best=best,
        solutions=solutions,
        left_out=tuple(
            party for party, gaining in zip(scenario.ids, can_gain, strict=True) if not gaining
        ),
    )


def unanimous(scenario: Scenario) -> bool:
    """Return whether an agreement needs every party."""
    return scenario.protocol.agreement == "unanimity"


def utility_rows(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    """Return each party's utility of some outcomes, shape (parties, outcomes)."""
    return np.array([party.utilities[outcomes] for party in scenario.preferences])


def zopa(scenario: Scenario) -> IndexArray:
    """Return the outcomes that every party may sign and that reach its reservation value."""
    return np.flatnonzero(np.logical_and.reduce([*_acceptable(scenario)]))


def _acceptable(scenario: Scenario) -> list[BoolArray]:
    masks: list[BoolArray] = []
    for party in scenario.preferences:
        mask = party.utilities >= party.reservation - TIE
        masks.append(mask if party.signable is None else mask & party.signable)
    return masks


def passing(scenario: Scenario) -> IndexArray:
    """Return the outcomes acceptable to some coalition that can conclude an agreement."""
    rule = scenario.protocol.agreement
    if rule == "unanimity":
        return zopa(scenario)
    masks = _acceptable(scenario)
    weights = [rule.weights.get(party, 1.0) for party in scenario.ids]
    weight = sum(share * mask for share, mask in zip(weights, masks, strict=True))
    enough = np.asarray(weight) >= rule.quorum * sum(weights) - 1e-12
    for veto in rule.vetoes:
        enough &= masks[scenario.ids.index(veto)]
    return np.flatnonzero(enough)


def pareto_frontier(scenario: Scenario) -> tuple[IndexArray | None, str | None]:
    """Return the undominated outcomes, all ties kept, or why they were not computed."""
    space = scenario.space
    parties = len(scenario.ids)
    if parties > PARETO_LIMIT[0] and space.count > PARETO_LIMIT[1]:
        return None, (
            f"not computed: with {parties} parties nearly all of {space.count} outcomes "
            "are undominated"
        )
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    return outcomes[undominated(utility_rows(scenario, outcomes))], None


def undominated(values: FloatArray) -> BoolArray:
    """Return which columns no other column dominates; equal columns stand or fall together.

    Args:
        values: Utilities, shape (parties, outcomes).
    """
    from moocore import is_nondominated  # pyright: ignore[reportMissingTypeStubs]

    points = np.ascontiguousarray(np.round(values.T / TIE) * TIE)
    return np.asarray(is_nondominated(points, maximise=True, keep_weakly=True), dtype=bool)


def greatest(values: FloatArray, tie: float) -> BoolArray:
    """Return which entries equal the greatest one within a tolerance."""
    return values >= float(values.max()) - tie


def nash(gains: FloatArray, powers: FloatArray | None = None) -> BoolArray:
    """Return which columns have the greatest Nash product Π gain^α (Nash 1950).

    Args:
        gains: u − r of the parties that can gain, shape (parties, outcomes), nowhere negative.
        powers: α, bargaining power, shape (parties,); 1 for all if not given.
    """
    if len(gains) == 0:
        return np.ones(int(gains.shape[1]), dtype=bool)
    exponents = np.ones(len(gains)) if powers is None else powers
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.maximum(gains, 0.0))
    welfare: FloatArray = np.asarray(exponents @ logarithms)
    return greatest(welfare, _PRODUCT_TIE)


def leximin(values: FloatArray) -> BoolArray:
    """Return which columns are best for the worst off, then for the next, and so on.

    Args:
        values: One row a party, shape (parties, outcomes).
    """
    best = np.ones(values.shape[1], dtype=bool)
    for row in np.sort(values, axis=0):
        best &= row >= row[best].max() - TIE
    return best


def normalised_gains(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    """Return (u − r)/(m − r), each party's share of what it could gain in the ZOPA.

    Shape (parties, outcomes); 0 for a party that cannot gain anything.
    """
    found = bargain(scenario)
    reservations = np.array([party.reservation for party in scenario.preferences])
    ranges = found.best - reservations
    gains = utility_rows(scenario, outcomes) - reservations[:, None]
    safe = np.where(ranges > TIE, ranges, np.inf)
    return gains / safe[:, None]


def fair_share(scenario: Scenario) -> float | None:
    """Return k* = max over the ZOPA of the least normalised gain; None for an empty ZOPA."""
    rational = bargain(scenario).zopa
    if len(rational) == 0:
        return None
    gaining = [party not in bargain(scenario).left_out for party in scenario.ids]
    shares = normalised_gains(scenario, rational)[gaining]
    return float(shares.min(axis=0).max()) if len(shares) else 0.0
