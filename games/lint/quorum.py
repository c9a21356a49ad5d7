"""Whether enough can ever agree: voting weights, vetoes, and the weight that must sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.quorum import passing
from games.lint.finding import Finding
from games.lint.space import acceptable
from games.naming import listed
from games.outcomes import BoolArray
from games.participation.signatures import signature_weights
from games.parts.base import of_party
from games.utility import is_tabled

if TYPE_CHECKING:
    from games.scenario import Quorum, Scenario
    from games.utility import Preferences

_ROUNDING = 1e-12
"""Slack in sums of weights."""


def quorum_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield what keeps a quorum or a number of signatures from being reached."""
    if not is_tabled(scenario):
        return
    rule = scenario.protocol.agreement
    if rule != "unanimity":
        blocked = list(_quorum_findings(scenario, rule))
        yield from blocked
        if not blocked:
            yield from _idle_findings(scenario, rule)
    if scenario.participation is not None:
        yield from _threshold_findings(scenario)


def _quorum_findings(scenario: Scenario, rule: Quorum) -> Iterator[Finding]:
    if len(passing(scenario)):
        return
    where = "protocol.agreement"
    weights = {party: rule.weights.get(party, 1.0) for party in scenario.ids}
    masks = dict(zip(scenario.ids, map(acceptable, scenario.preferences), strict=True))
    unwilling = [party for party, mask in masks.items() if not mask.any()]
    share = 1 - sum(weights[party] for party in unwilling) / sum(weights.values())
    holders = [party for party in rule.vetoes if party in unwilling]
    if holders:
        yield Finding(
            f"{where}.vetoes",
            f"{listed(holders)} can accept nothing and may veto everything: nothing can pass",
            "Lower its reservation value, give up a red line, or take its veto away.",
        )
    elif share < rule.quorum - _ROUNDING:
        yield Finding(
            f"{where}.quorum",
            f"{rule.quorum:.0%} of the weight must accept, but only {share:.0%} can accept "
            f"anything at all (not {listed(unwilling)}): nothing can pass",
            "Lower the quorum or these parties' reservation values.",
        )
    elif not _shared(masks, rule.vetoes):
        yield Finding(
            f"{where}.vetoes",
            f"nothing is acceptable to all who may veto ({listed(list(rule.vetoes))}): nothing "
            "can pass",
            "Their reservation values and red lines rule each other's outcomes out.",
        )
    else:
        most = _most_weight(scenario, weights, masks, rule.vetoes)
        yield Finding(
            f"{where}.quorum",
            f"{rule.quorum:.0%} of the weight must accept, but no outcome is acceptable to more "
            f"than {most:.0%}: nothing can pass",
            "Lower the quorum, or bring the parties' wishes nearer to each other.",
        )


def _shared(masks: dict[str, BoolArray], parties: tuple[str, ...]) -> bool:
    if not parties:
        return True
    return bool(np.logical_and.reduce([masks[party] for party in parties]).any())


def _most_weight(
    scenario: Scenario,
    weights: dict[str, float],
    masks: dict[str, BoolArray],
    vetoes: tuple[str, ...],
) -> float:
    """Return the greatest share of the weight to which one outcome is acceptable."""
    accepting = np.zeros(scenario.space.size)
    for party, mask in masks.items():
        accepting += weights[party] * mask
    for party in vetoes:
        accepting[~masks[party]] = 0.0
    return float(accepting.max()) / sum(weights.values())


def _idle_findings(scenario: Scenario, rule: Quorum) -> Iterator[Finding]:
    weights = [rule.weights.get(party, 1.0) for party in scenario.ids]
    if 1 - min(weights) / sum(weights) < rule.quorum - _ROUNDING:
        yield Finding(
            "protocol.agreement.quorum",
            "everyone is needed for it: it is unanimity in other words",
            "Write agreement: unanimity, or lower it.",
            "note",
        )


def _bears(scenario: Scenario, own: Preferences) -> BoolArray:
    """Return which texts a party may bind itself to rather than pay what staying out may cost."""
    behind = scenario.participation
    penalty = 0.0 if behind is None else of_party(behind.penalty, own.party)
    return acceptable(replace(own, reservation=own.reservation - penalty, kept={}))


def _threshold_findings(scenario: Scenario) -> Iterator[Finding]:
    agreeable = passing(scenario)
    weights, threshold = signature_weights(scenario)
    if len(agreeable) == 0:
        return
    willing = np.array(
        [bool(_bears(scenario, own)[agreeable].any()) for own in scenario.preferences]
    )
    share = float(weights[willing].sum() / weights.sum())
    if share < threshold - _ROUNDING:
        unwilling = [
            party for party, one in zip(scenario.ids, willing.tolist(), strict=True) if not one
        ]
        yield Finding(
            "participation.threshold",
            f"{threshold:.0%} of the weight must sign, but only {share:.0%} gain by any outcome "
            f"that can pass (not {listed(unwilling)}): no text can come into force",
            "Lower the threshold, or let these parties gain something.",
        )
