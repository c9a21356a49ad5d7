"""Bargaining solutions on a finite outcome space, every tie kept.

All are taken over the ZOPA, with the reservation values as disagreement point. Nash and
Kalai–Smorodinsky do not change when a party's points are rescaled; the egalitarian and the
utilitarian solution compare points between parties, and are labelled so wherever they are shown.

Beside the tables themselves this takes a few numbers for each outcome of the ZOPA, whatever the
number of parties: each solution first finds the outcomes near its greatest value, party by party,
and decides exactly among these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.pareto import undominated
from games.bargaining.quorum import passing, unanimous, zopa
from games.errors import UserError
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.utility import QUANTUM, TIE, quantised

if TYPE_CHECKING:
    from games.scenario import Scenario

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
"""The solution concepts, in the order they are shown."""

PARETO_LIMIT = (10, 100_000)
"""Parties and outcomes above which the frontier is not computed: nearly everything is on it."""

CROWDED = 0.5
"""Share of undominated outcomes from which it is said that many parties make it so."""

MOST_POWER = 1e6
"""Greatest bargaining power; at that the other party hardly counts."""

_PRODUCT_TIE = 1e-9
"""Nash products this close, as a share of the greatest, are equal."""

_PRODUCT_NEAR = 1e-6
"""Nash products this close, as a share of the greatest, are compared by their logarithms."""

_PRODUCT_LEAST = 1e-200
"""Nash products below this are compared by their logarithms: products of many shares vanish."""


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
    """Why it was not computed, or that nearly everything is on it."""
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
    best = np.array(
        [
            party.utilities[rational].max() if len(rational) else party.reservation
            for party in scenario.preferences
        ]
    )
    can_gain = best - reservations(scenario) > TIE
    return Bargain(
        zopa=rational,
        passing=rational if unanimous(scenario) else passing(scenario),
        pareto=frontier,
        pareto_note=note,
        best=best,
        solutions=_solutions(scenario, rational, best),
        left_out=tuple(
            party for party, gaining in zip(scenario.ids, can_gain, strict=True) if not gaining
        ),
    )


def _solutions(scenario: Scenario, rational: IndexArray, best: FloatArray) -> dict[str, IndexArray]:
    if len(rational) == 0:
        return {name: np.array([], dtype=np.intp) for name in SOLUTIONS}
    near = _near_the_best(scenario, rational, best)
    spans = best - reservations(scenario)
    can_gain = spans > TIE
    gains = {name: _gains(scenario, rational[chosen]) for name, chosen in near.items()}
    # Shares of what each can gain: a party's unit must not decide what is a tie.
    shares = {
        name: gains[name][can_gain] / spans[can_gain, None]
        for name in ("nash", "kalai_smorodinsky")
    }
    best_of_near = {
        "nash": nash(shares["nash"]),
        "kalai_smorodinsky": leximin(shares["kalai_smorodinsky"]),
        "egalitarian": leximin(quantised(gains["egalitarian"])),
        "utilitarian": greatest(quantised(gains["utilitarian"]).sum(axis=0), TIE),
    }
    return {name: rational[near[name]][best_of_near[name]] for name in SOLUTIONS}


def _near_the_best(
    scenario: Scenario, rational: IndexArray, best: FloatArray
) -> dict[str, IndexArray]:
    """Return, for each solution, positions in the ZOPA among which all of its outcomes are."""
    product = np.ones(len(rational))
    share = np.full(len(rational), np.inf)
    least = np.full(len(rational), np.inf)
    total = np.zeros(len(rational))
    for party, most in zip(scenario.preferences, best, strict=True):
        gain = party.utilities[rational] - party.reservation
        np.minimum(least, gain, out=least)
        total += gain
        span = most - party.reservation
        if span > TIE:
            gain /= span
            np.minimum(share, gain, out=share)
            product *= np.maximum(gain, 0.0, out=gain)
    slack = len(scenario.ids) * QUANTUM + 2 * TIE
    greatest_product = float(product.max())
    if greatest_product < _PRODUCT_LEAST:
        greatest_product = 0.0
    return {
        "nash": np.flatnonzero(product >= greatest_product * (1 - _PRODUCT_NEAR)),
        "kalai_smorodinsky": np.flatnonzero(share >= share.max() - TIE),
        "egalitarian": np.flatnonzero(least >= least.max() - slack),
        "utilitarian": np.flatnonzero(total >= total.max() - slack),
    }


def reservations(scenario: Scenario) -> FloatArray:
    """Return each party's reservation value, shape (parties,)."""
    return np.array([party.reservation for party in scenario.preferences])


def utility_rows(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    """Return each party's utility of some outcomes, shape (parties, outcomes)."""
    return np.array([party.utilities[outcomes] for party in scenario.preferences])


def _gains(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    return utility_rows(scenario, outcomes) - reservations(scenario)[:, None]


def pareto_frontier(scenario: Scenario) -> tuple[IndexArray | None, str | None]:
    """Return the undominated outcomes, all ties kept, or None; and what must be said of them.

    The note says why they were not computed, or that nearly all outcomes are undominated, as is the
    rule with many parties.
    """
    space = scenario.space
    parties = len(scenario.ids)
    if parties > PARETO_LIMIT[0] and space.count > PARETO_LIMIT[1]:
        return None, (
            f"not computed: with {parties} parties nearly all of {space.count:,} outcomes "
            "are undominated"
        )
    if space.possible is None:
        rows = [party.utilities for party in scenario.preferences]
        frontier = np.flatnonzero(undominated(rows))
    else:
        outcomes = np.flatnonzero(space.possible)
        frontier = outcomes[undominated(utility_rows(scenario, outcomes))]
    if parties > PARETO_LIMIT[0] and len(frontier) > CROWDED * space.count:
        return frontier, f"with {parties} parties nearly every outcome is undominated"
    return frontier, None


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


def nash_outcomes(scenario: Scenario, powers: Mapping[str, float]) -> IndexArray:
    """Return the outcomes with the greatest Π (u_i − r_i)^α_i, rising.

    Args:
        scenario: The negotiation.
        powers: Bargaining power α by party, above 0; 1 for parties not named.

    Raises:
        UserError: If a party is unknown or a power is not above 0.
    """
    for party, power in powers.items():
        if party not in scenario.ids:
            known = ", ".join(scenario.ids)
            raise UserError(f"{scenario.id}: power of {party!r}: expected one of {known}")
        if not 0 < power <= MOST_POWER:
            raise UserError(
                f"{scenario.id}: power of {party}: expected above 0 and at most {MOST_POWER:g}, "
                f"found {power!r}"
            )
    found = bargain(scenario)
    gaining = [party for party in scenario.ids if party not in found.left_out]
    exponents = np.array([powers.get(party, 1.0) for party in gaining])
    rows = [scenario.ids.index(party) for party in gaining]
    return found.zopa[nash(normalised_gains(scenario, found.zopa)[rows], exponents)]


def nash_welfare(scenario: Scenario) -> FloatArray:
    """Return log Π (u_i − r_i)/(m_i − r_i) of the outcomes of the ZOPA, computed once.

    Parties that cannot gain are left out; −∞ where another one gains nothing.
    """
    return scenario.once("nash_welfare", _nash_welfare)


def _nash_welfare(scenario: Scenario) -> FloatArray:
    found = bargain(scenario)
    welfare = np.zeros(len(found.zopa))
    for party, most in zip(scenario.preferences, found.best, strict=True):
        span = most - party.reservation
        if span > TIE:
            share = (party.utilities[found.zopa] - party.reservation) / span
            with np.errstate(divide="ignore"):
                welfare += np.log(np.where(share > _PRODUCT_TIE, share, 0.0))
    return welfare


def nash_rank(scenario: Scenario, outcome: int) -> int | None:
    """Return an outcome's rank in the ZOPA under Nash welfare, from 1; None outside the ZOPA.

    Ties share the best rank. Where nearly every outcome is undominated, as with many parties, this
    still tells outcomes apart.
    """
    rational = bargain(scenario).zopa
    place = int(np.searchsorted(rational, outcome))
    if place == len(rational) or rational[place] != outcome:
        return None
    welfare = nash_welfare(scenario)
    return 1 + int(np.count_nonzero(welfare > welfare[place] + _PRODUCT_TIE))


def nash_ranking(scenario: Scenario, count: int) -> list[tuple[int, int]]:
    """Return the first outcomes of the ZOPA under Nash welfare as (rank, outcome), best first."""
    welfare = nash_welfare(scenario)
    order = np.argsort(-welfare, kind="stable")[:count]
    ranked = [1 + int(np.count_nonzero(welfare > welfare[at] + _PRODUCT_TIE)) for at in order]
    outcomes = bargain(scenario).zopa[order]
    return sorted(zip(ranked, (int(outcome) for outcome in outcomes), strict=True))


def normalised_gains(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    """Return (u − r)/(m − r), each party's share of what it could gain in the ZOPA.

    Shape (parties, outcomes); 0 for a party that cannot gain anything.
    """
    found = bargain(scenario)
    ranges = found.best - reservations(scenario)
    gains = _gains(scenario, outcomes)
    gains /= np.where(ranges > TIE, ranges, np.inf)[:, None]
    return gains


def fair_share(scenario: Scenario) -> float | None:
    """Return k* = max over the ZOPA of the least normalised gain; None for an empty ZOPA."""
    rational = bargain(scenario).zopa
    if len(rational) == 0:
        return None
    gaining = [party not in bargain(scenario).left_out for party in scenario.ids]
    shares = normalised_gains(scenario, rational)[gaining]
    return float(shares.min(axis=0).max()) if len(shares) else 0.0
