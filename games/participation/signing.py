"""How one seat signs a text, from what it may know.

It knows its own preferences, red lines and alternatives, what `participation`, `commitments` and
`outside` say of everybody, who is already bound, and what it believes: how likely each of those
still to sign is to bind itself, and how far the others will honour. Of others' points and
reservation values nothing is read.

With B the binding signers, m their share of the weight and q the chance that the text comes into
force, each way of signing is worth, in expectation over who else signs:

- binding: q·[u − squeeze − (1−p)·b] + (1−q)·[r + κ(u⁰ − r) + β − γ], with the chance P that its own
  capital ratifies, else what it has outside, less the audience cost;
- declaratory: r(m) + κ(u⁰ − r(m)) + β − γ;
- out: r(m) + Σ_{j∈B} spill_j − τ|B|/n,

where r(m) is the reservation value after the outside supplier's price cut, on a text in force, and
r without one. b is what it loses if the others deliver only the unmet levels, and it is spared that
with chance p = trust + (1−trust)·e: whoever does not honour of itself is made to with chance e, the
enforcement that stands behind the signatures. That a punishment mends the breach for the betrayed
is a judgement of this model. Gains are not discounted: all are had, or not, after one signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.errors import ScenarioError
from games.outcomes import BoolArray, FloatArray
from games.participation.chances import Joined, Shares, shares_of, weight_joined
from games.participation.outside import alternative_lines, price_cut, squeeze_cost
from games.participation.signatures import signature_weights
from games.parts.aftermath import Participation, Signature
from games.parts.base import of_party
from games.ratification import audience_cost, chance_of
from games.utility import TIE, Preferences, dispute_cost

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class SigningWorths:
    """What each way of signing a text is worth to one seat, in its expected points."""

    binding: float
    declaratory: float
    out: float
    reservation: float
    """r, before anyone signs."""
    in_force_with: float
    """Chance, as it sees it, that the text comes into force if it binds itself."""
    in_force_without: float
    """The same if it does not."""
    tie: float
    """Worths closer than this are equal."""


def signing_worths(
    scenario: Scenario,
    position: int,
    outcome: int,
    *,
    trust: float,
    bound: BoolArray,
    expected: FloatArray,
    own: Preferences | None = None,
) -> SigningWorths:
    """Return what each way of signing an outcome's text is worth to one seat.

    Exact but for the chance of entry into force where weights have no common unit and more than 12
    are still to sign; see `weight_joined`.

    Args:
        scenario: Of which only what the seat may know is read.
        position: The seat.
        outcome: The text.
        trust: Its belief that the others honour, in [0, 1].
        bound: Who has already signed binding, shape (parties,); its own entry is not read.
        expected: Its estimate that each of those still to sign binds itself, likewise; 0 for those
            that have signed otherwise. What it says of the bound is not read.
        own: Its preferences with what talks have changed (threats, promises, side deals); the
            scenario's if not given.

    Raises:
        ScenarioError: If the scenario says nothing of participation.
    """
    behind = scenario.participation
    if behind is None:
        raise ScenarioError(f"{scenario.id}: participation: expected; it is not stated")
    party, own = scenario.ids[position], own or scenario.preferences[position]
    weights, threshold = scenario.once("signature shares", _signature_shares)
    chances = np.where(bound, 1.0, np.clip(expected, 0.0, 1.0))
    chances[position] = 0.0
    others = weight_joined(weights, chances)
    without = others.reach(threshold)
    with_own = others.mean(others.reach(threshold, float(weights.shares[position])))
    rise = others.mean(np.where(without, _rises(scenario, position, outcome, others), 0.0))

    kappa = of_party(behind.kappa, party)
    undisputed = own.utility_in_force(outcome) + dispute_cost(scenario, outcome, party)
    side = of_party(behind.access, party) - of_party(behind.reply, party)
    declared = own.reservation + kappa * (undisputed - own.reservation) + side
    kept = own.utility_in_force(outcome) - squeeze_cost(scenario, position, outcome)
    risk = _doubt(scenario, trust) * value_at_risk(scenario, position, outcome)
    out = own.reservation + rise + _passed_on(behind, scenario.ids, chances, own)
    passes = chance_of(scenario, position, outcome)
    binding = with_own * (kept - risk) + (1 - with_own) * declared
    return SigningWorths(
        binding=passes * binding + (1 - passes) * (out - audience_cost(scenario, position)),
        declaratory=declared + (1 - kappa) * rise,
        out=out,
        reservation=own.reservation,
        in_force_with=with_own,
        in_force_without=others.mean(without),
        tie=own.tie,
    )


def _signature_shares(scenario: Scenario) -> tuple[Shares, float]:
    weights, threshold = signature_weights(scenario)
    return shares_of(weights.tolist()), threshold


def _rises(scenario: Scenario, position: int, outcome: int, others: Joined) -> FloatArray:
    """Return r(m) − r for each amount of weight that may be bound, shape (amounts,)."""
    cut = price_cut(scenario, outcome, 1.0) * others.shares
    return np.max([a + b * cut for a, b in alternative_lines(scenario, position)], axis=0)


def _doubt(scenario: Scenario, trust: float) -> float:
    """Return 1 − p, the chance that the others neither honour nor are made to."""
    enforcement = 0.0 if scenario.commitments is None else scenario.commitments.enforcement
    return (1 - trust) * (1 - enforcement)


def _passed_on(
    behind: Participation, ids: tuple[str, ...], chances: FloatArray, own: Preferences
) -> float:
    """Return what the others' binding signatures bring an outsider: spill-overs less penalty.

    Spill-overs are shares of what it can gain. How much that is in the ZOPA it cannot know; it
    counts with what its own best outcome would bring it.
    """
    best = own.highest - own.reservation
    gain = best if best > TIE else own.span if own.span > TIE else 1.0
    spill = sum(of_party(behind.spill, party) * chances[k] for k, party in enumerate(ids))
    fine = of_party(behind.penalty, own.party) * chances.sum() / len(ids)
    return float(spill * gain - fine)


def value_at_risk(scenario: Scenario, position: int, outcome: int) -> float:
    """Return b, what a seat loses if the others deliver only the unmet levels, in its points.

    What an obligor likes best is its own affair: where the scenario does not state what is
    delivered when it reneges, a seat is prepared for the option worth least to itself. Nobody is
    taken to be hurt by what others deliver.
    """
    own, space = scenario.preferences[position], scenario.space
    levels = list(space.levels_of(outcome))
    points = scenario.parties[own.party].points
    for number, (name, issue) in enumerate(scenario.issues.items()):
        if issue.obligor in (None, own.party):
            continue
        # Words cannot be delivered, only what they are taken to mean.
        plain = [text for text in issue.texts if text not in issue.ambiguous]
        worst = min(plain, key=lambda text: points[name][text])
        levels[number] = issue.texts.index(worst if issue.unmet is None else issue.unmet)
    delivered = space.index_of_levels(levels)
    agreed, unmet = (
        own.utility_in_force(one) + dispute_cost(scenario, one, own.party)
        for one in (outcome, delivered)
    )
    return max(agreed - unmet, 0.0)


def choose_signature(
    worths: SigningWorths, *, reaches_aspiration: bool, may_sign: bool
) -> Signature:
    """Return how a seat signs: binding if it should and wants to, else a declaration, else not.

    Binding where the text is good enough for it, may come into force, and binding itself is worth
    at least as much as either alternative; else a declaration where that is worth at least staying
    out and at least its reservation value. The indifferent sign; to a text that cannot come into
    force there is nothing to be bound to.

    Args:
        worths: What each way of signing is worth to it.
        reaches_aspiration: Whether its mind's acceptance rule is met.
        may_sign: Whether no red line forbids the text.
    """
    if not may_sign:
        return "out"
    least = worths.out - worths.tie
    may_bind = reaches_aspiration and worths.in_force_with > 0
    if may_bind and worths.binding >= max(least, worths.declaratory - worths.tie):
        return "binding"
    if worths.declaratory >= max(least, worths.reservation - worths.tie):
        return "declaratory"
    return "out"
