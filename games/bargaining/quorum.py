"""Who must agree: the ZOPA, the outcomes that can pass, and the core.

The core holds the outcomes of the passing set that no coalition able to conclude an agreement would
replace: an outcome is *blocked* when there is another one that all members of some winning
coalition (with every veto holder) may sign and strictly prefer. No agreement is in the core when no
winning coalition strictly prefers some outcome to its members' reservation values. Under unanimity
the core is the part of the ZOPA on which no outcome improves for everyone at once; with a quorum it
can be empty (Gillies 1959; for voting rules: Nakamura 1979).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.pareto import undominated
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.utility import TIE

if TYPE_CHECKING:
    from games.bargaining.solutions import Bargain
    from games.scenario import Scenario

CORE_WORK = 2_000_000_000
"""Most comparisons of one party's utilities of two outcomes that the core may take."""

_BLOCK = 100_000
"""Outcomes that are held against no agreement at a time, about: so many masks are kept at most."""

_ROUNDING = 1e-12
"""Slack in sums of voting weights."""


@dataclass(frozen=True, kw_only=True)
class Core:
    """The outcomes that no winning coalition would replace."""

    outcomes: IndexArray | None
    """Their indices, rising; None if not computed."""
    no_agreement: bool | None
    """Whether no winning coalition prefers some outcome to no agreement; None if not computed."""
    note: str | None
    """Why it was not computed, where it was not."""


def unanimous(scenario: Scenario) -> bool:
    """Return whether an agreement needs every party."""
    return scenario.protocol.agreement == "unanimity"


def zopa(scenario: Scenario) -> IndexArray:
    """Return the outcomes that every party may sign and that reach its reservation value."""
    masks = _acceptable(scenario)
    shared = next(masks)
    for mask in masks:
        shared &= mask
    return np.flatnonzero(shared)


def _acceptable(scenario: Scenario) -> Iterator[BoolArray]:
    """Yield which outcomes each party may sign without losing by it, as an array of its own."""
    for party in scenario.preferences:
        mask = party.utilities >= party.reservation - TIE
        if party.signable is not None:
            mask &= party.signable
        yield mask


def passing(scenario: Scenario) -> IndexArray:
    """Return the outcomes acceptable to some coalition that can conclude an agreement."""
    if unanimous(scenario):
        return zopa(scenario)
    return np.flatnonzero(_winning(scenario, _acceptable(scenario)))


def _winning(scenario: Scenario, supported: Iterator[BoolArray]) -> BoolArray:
    """Return where the supporters form a winning coalition, one mask a party in their order.

    Whatever its weight, nobody concludes an agreement alone.
    """
    rule = scenario.protocol.agreement
    if rule == "unanimity":
        return np.logical_and.reduce([*supported])
    weights = [rule.weights.get(party, 1.0) for party in scenario.ids]
    weight, members = np.zeros(1), np.zeros(1, dtype=np.int16)
    agreed = np.ones(1, dtype=bool)
    for party, share, mask in zip(scenario.ids, weights, supported, strict=True):
        weight = weight + share * mask
        members = members + mask
        if party in rule.vetoes:
            agreed = agreed & mask
    return agreed & (members > 1) & (weight >= rule.quorum * sum(weights) - _ROUNDING)


def core(scenario: Scenario) -> Core:
    """Return the outcomes that no winning coalition would replace, computed once.

    Exact: each outcome of the passing set is held against every outcome that could replace it. Of
    those only the ones that no other replaces at least as well (for a party that may not sign an
    outcome it is worth nothing) need be tried, the strongest first, and an outcome is dropped once
    it is blocked. It is not computed where that takes more than `CORE_WORK` comparisons, or where
    the frontier is not: then nearly every outcome would have to be tried against every other.
    """
    return scenario.once("core", _core)


def _core(scenario: Scenario) -> Core:
    found = _bargain(scenario)
    if found.pareto is None:
        return Core(outcomes=None, no_agreement=None, note=_too_much(scenario))
    challengers = found.pareto if _may_sign_all(scenario) else _challengers(scenario)
    signed = _signed_utilities(scenario, challengers)
    least = np.array([[party.reservation] for party in scenario.preferences])
    no_agreement = not any(
        _winning(scenario, _prefer(block, least)).any()
        for block in np.array_split(signed, 1 + signed.shape[1] // _BLOCK, axis=1)
    )
    standing = found.passing
    values = np.array([party.utilities[standing] for party in scenario.preferences])
    work = 0
    for challenger in _strongest_first(signed):
        work += values.size
        if work > CORE_WORK:
            return Core(outcomes=None, no_agreement=no_agreement, note=_too_much(scenario))
        blocked = _winning(scenario, _prefer(signed[:, challenger, None], values))
        if blocked.any():
            standing, values = standing[~blocked], values[:, ~blocked]
        if len(standing) == 0:
            break
    return Core(outcomes=standing, no_agreement=no_agreement, note=None)


def _bargain(scenario: Scenario) -> Bargain:
    from games.bargaining.solutions import bargain

    return bargain(scenario)


def _too_much(scenario: Scenario) -> str:
    return (
        f"not computed: {scenario.space.count:,} outcomes and {len(scenario.ids)} parties need "
        f"more than {CORE_WORK:,} comparisons"
    )


def _prefer(other: FloatArray, own: FloatArray) -> Iterator[BoolArray]:
    """Yield where each party strictly prefers one outcome to another; shapes broadcast."""
    for one, kept in zip(other, own, strict=True):
        yield one > kept + TIE


def _signed_utilities(scenario: Scenario, outcomes: IndexArray) -> FloatArray:
    """Return utilities of some outcomes, below any other where a party may not sign them."""
    rows: list[FloatArray] = []
    for party in scenario.preferences:
        values = party.utilities[outcomes]
        if party.signable is not None:
            never = min(float(party.utilities.min()), party.reservation) - 1.0
            values = np.where(party.signable[outcomes], values, never)
        rows.append(values)
    return np.array(rows)


def _may_sign_all(scenario: Scenario) -> bool:
    """Return whether no red line keeps a party from signing what can happen."""
    return not any(details.red_lines for details in scenario.parties.values())


def _challengers(scenario: Scenario) -> IndexArray:
    """Return the outcomes that need be tried against those of the passing set."""
    space = scenario.space
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    return outcomes[undominated(_signed_utilities(scenario, outcomes))]


def _strongest_first(values: FloatArray) -> Sequence[int]:
    """Return columns by falling sum of the parties' places between their worst and best."""
    spans = np.ptp(values, axis=1)
    scaled = values / np.where(spans > TIE, spans, 1.0)[:, None]
    return np.argsort(-scaled.sum(axis=0), kind="stable").tolist()
