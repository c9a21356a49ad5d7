"""What is odd about a Genius domain, in words: reported at import, repaired by nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.solutions import nash, utility_rows, zopa
from games.errors import shown
from games.formats.numbers import nearest_float
from games.utility import TIE

if TYPE_CHECKING:
    from games.formats.genius_files import GeniusDomain, GeniusProfile
    from games.scenario import Scenario

WEIGHT_TOLERANCE = Fraction(1, 10**6)
"""Weights whose sum is this close to 1 sum to 1: files round them."""

MAX_UTILITIES = 5_000_000
"""Utilities, parties times outcomes, above which the ZOPA and its Nash outcomes are not sought."""


def traps(
    scenario: Scenario,
    domain: GeniusDomain,
    profiles: Sequence[GeniusProfile],
    scaling: str,
) -> tuple[str, ...]:
    """Return what is odd about a domain and its profiles, one line each."""
    found: list[str] = []
    for profile in profiles:
        warnings = [*_weights(profile, domain), *_evaluations(profile, domain)]
        if scaling == "raw":
            warnings += _scales(profile, domain)
        if profile.reservation is None:
            warnings.append("no reservation value: counted as 0")
        warnings += _time(profile)
        found += [f"{profile.file}: {warning}" for warning in warnings]
    return (*found, *_bargaining(scenario, domain, profiles))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(shown, names[:3])) + (f" and {len(names) - 3} more" if names[3:] else "")


def _weights(profile: GeniusProfile, domain: GeniusDomain) -> Iterator[str]:
    names = [issue.name for issue in domain.issues]
    missing = [name for name, weight in zip(names, profile.weights, strict=True) if weight is None]
    if missing:
        yield f"no weight for {_listed(missing)}: counted as 1"
    negative = [
        name for name, weight in zip(names, profile.weights, strict=True) if (weight or 0) < 0
    ]
    if negative:
        yield f"a negative weight for {_listed(negative)}: its best item is the worst"
    total = sum((1 if weight is None else weight for weight in profile.weights), Fraction(0))
    if abs(total - 1) > WEIGHT_TOLERANCE:
        yield f"the weights sum to {nearest_float(Fraction(total)):.6g}, not 1"


def _evaluations(profile: GeniusProfile, domain: GeniusDomain) -> Iterator[str]:
    for issue, weight, evaluations in zip(
        domain.issues, profile.weights, profile.evaluations, strict=True
    ):
        where = f"the issue {shown(issue.name)}"
        missing = [
            item for item, value in zip(issue.items, evaluations, strict=True) if value is None
        ]
        if missing:
            yield f"{where} has no evaluation of {_listed(missing)}: counted as 0"
        if any((value or 0) < 0 for value in evaluations):
            yield f"{where} has negative evaluations"
        if weight != 0 and not any(evaluations):
            yield f"all evaluations of {where} are 0: it decides nothing"


def _scales(profile: GeniusProfile, domain: GeniusDomain) -> Iterator[str]:
    greatest = [
        max(value or Fraction(0) for value in evaluations) for evaluations in profile.evaluations
    ]
    other = [
        issue.name
        for issue, weight, top in zip(domain.issues, profile.weights, greatest, strict=True)
        if weight != 0 and top not in {0, 1}
    ]
    if not other:
        return
    weights = [Fraction(1) if weight is None else weight for weight in profile.weights]
    best = sum((w * top for w, top in zip(weights, greatest, strict=True)), Fraction(0))
    scaled = sum((w for w, top in zip(weights, greatest, strict=True) if top), Fraction(0))
    reservation = float(profile.reservation or 0)
    yield (
        f"the scales disagree: evaluations of {_listed(other)} do not run up to 1, so utilities "
        f"run up to {nearest_float(best):g} raw and {nearest_float(scaled):g} by issue-max; "
        f"the reservation value {reservation:g} is taken as written"
    )


def _time(profile: GeniusProfile) -> Iterator[str]:
    if profile.discount == 0:
        yield "the discount factor is 0: taken as none"
    elif profile.discount is not None and profile.discount != 1:
        yield (
            f"utilities lose all but {float(profile.discount):g} of their worth over a session: "
            "read as `discounting: total`, the reservation value undiscounted"
        )


def _bargaining(
    scenario: Scenario, domain: GeniusDomain, profiles: Sequence[GeniusProfile]
) -> Iterator[str]:
    if scenario.space.size * len(profiles) > MAX_UTILITIES:
        yield (
            f"{domain.file}: {scenario.space.size} outcomes: not examined for an empty ZOPA or "
            "tied Nash outcomes"
        )
        return
    for profile, own in zip(profiles, scenario.preferences, strict=True):
        if own.highest < own.reservation - TIE:
            yield (
                f"{profile.file}: no outcome reaches its reservation value: the best is worth "
                f"{own.highest:g} points of {own.reservation:g}"
            )
    rational = zopa(scenario)
    if len(rational) == 0:
        yield f"{domain.file}: no outcome is acceptable to all: the ZOPA is empty"
        return
    tied = _nash_outcomes(scenario, rational)
    if tied > 1:
        yield f"{domain.file}: {tied} outcomes tie for the Nash solution"


def _nash_outcomes(scenario: Scenario, rational: np.ndarray) -> int:
    """Return how many outcomes have the greatest Nash product, ties as `bargaining` has them."""
    reservations = np.array([party.reservation for party in scenario.preferences])
    gains = utility_rows(scenario, rational) - reservations[:, None]
    ranges = gains.max(axis=1)
    gaining = ranges > TIE
    return int(np.count_nonzero(nash(gains[gaining] / ranges[gaining, None])))
