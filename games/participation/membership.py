"""Who joins? Stable coalitions of parties that differ, found by joining and leaving.

Each party contributes q_i ≥ 0 to a common good: π_i = b_i·Q − c_i·q_i²/2. An outsider contributes
b_i/c_i; members of S maximise the sum of their payoffs and contribute B_S/c_i, B_S = Σ_S b_j. Since
that sum adds payoffs of different parties, they are taken as shares of what each can gain.

Where an outside supplier replies to a coalition in force (`games.participation.outside`), a member
loses its squeeze and an outsider's payoff rises by r_i(m) − r_i, m being the members' share of the
weight. Neither depends on what is contributed, so contributions stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from games.compliance.game import attainable_gain, benefit_from_others, own_cost
from games.matrices.matrix import exact
from games.outcomes import BoolArray, FloatArray
from games.participation.outside import Reply, outside_reply
from games.participation.search import (
    STARTS,
    Floats,
    Searched,
    every_coalition,
    look_stable,
    pay_to_stay,
    settle,
    surpluses,
)
from games.participation.signatures import signature_weights
from games.parts.base import of_party

if TYPE_CHECKING:
    from games.scenario import Scenario

EXHAUSTIVE = 12
"""Most parties for which every coalition is looked at."""


_ZERO = Fraction(0)
_NEAR = 1e-6

Fractions = tuple[Fraction, ...]


@dataclass(frozen=True, kw_only=True)
class ExactReply:
    """The outside supplier's reply to a coalition in force; shares of each party's gain."""

    squeeze: Fractions
    """What each loses as a member."""
    lines: tuple[tuple[tuple[Fraction, Fraction], ...], ...]
    """Of each party's alternatives: worth over the best, and what it gains if all have joined."""

    def rise(self, position: int, share: Fraction) -> Fraction:
        """Return r_i(m) − r_i of an outsider when members hold a share of the weight."""
        return max(level + slope * share for level, slope in self.lines[position])


@dataclass(frozen=True, kw_only=True)
class ContributionGame:
    """Parties that may join in contributing to a common good."""

    names: tuple[str, ...]
    benefit: Fractions
    """b, what one unit of the total is worth to each."""
    capacity: Fractions
    """1/c, how much each contributes per unit of marginal benefit; 0: it has nothing to give."""
    penalty: Fractions
    """τ, what an outsider would lose if all had joined."""
    weights: Fractions
    """Weights towards entry into force."""
    threshold: Fraction = _ZERO
    """Share of the weight that must join; with less nobody cooperates."""
    reply: ExactReply | None = None
    """What the outside supplier does about a coalition in force."""

    @cached_property
    def uncoordinated(self) -> Fraction:
        """Σ b/c, the total if nobody joins."""
        return sum((b * k for b, k in zip(self.benefit, self.capacity, strict=True)), _ZERO)

    @cached_property
    def total_weight(self) -> Fraction:
        """The weight of all."""
        return sum(self.weights, _ZERO)

    @cached_property
    def least_weight(self) -> Fraction:
        """The weight that must join."""
        return self.threshold * self.total_weight


@dataclass(frozen=True, kw_only=True)
class StableCoalition:
    """A coalition that no member gains by leaving and no outsider gains by joining."""

    members: tuple[str, ...]
    strict: bool
    """Whether nobody is indifferent between its side and the other."""
    surplus: Fraction
    """Σ over members of U_i(S) − U_i(S∖i): from 0 on transfers could pay all to stay."""


@dataclass(frozen=True, kw_only=True)
class StableCoalitions(Searched):
    """The stable coalitions found, the largest first."""

    looked_at: ClassVar[str] = "coalitions"
    found: tuple[StableCoalition, ...]


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """What a coalition's members add up to."""

    joint: Fraction
    """Σ b, to which each member's contribution answers."""
    able: Fraction
    """Σ 1/c."""
    lone: Fraction
    """Σ b/c, what the members would contribute each for itself."""
    weight: Fraction
    size: int

    def changed(self, game: ContributionGame, position: int, sign: int) -> _Sums:
        """Return the sums with a party more (+1) or less (−1)."""
        b, k = game.benefit[position], game.capacity[position]
        return _Sums(
            joint=self.joint + sign * b,
            able=self.able + sign * k,
            lone=self.lone + sign * b * k,
            weight=self.weight + sign * game.weights[position],
            size=self.size + sign,
        )


def _sums(game: ContributionGame, members: BoolArray) -> _Sums:
    sums = _Sums(joint=_ZERO, able=_ZERO, lone=_ZERO, weight=_ZERO, size=0)
    for position in np.flatnonzero(members).tolist():
        sums = sums.changed(game, position, 1)
    return sums


def _payoff(game: ContributionGame, sums: _Sums, position: int, *, joined: bool) -> Fraction:
    b, k = game.benefit[position], game.capacity[position]
    if sums.weight < game.least_weight:
        return b * game.uncoordinated - b * b * k / 2
    effort = sums.joint if joined else b
    total = sums.joint * sums.able + game.uncoordinated - sums.lone
    fine = _ZERO if joined else game.penalty[position] * sums.size / len(game.names)
    return b * total - effort * effort * k / 2 - fine + _replied(game, sums, position, joined)


def _replied(game: ContributionGame, sums: _Sums, position: int, joined: bool) -> Fraction:
    """Return what the outside supplier's reply to a coalition in force brings a party."""
    if game.reply is None:
        return _ZERO
    if joined:
        return -game.reply.squeeze[position]
    return game.reply.rise(position, sums.weight / game.total_weight)


def payoffs(game: ContributionGame, members: BoolArray) -> Fractions:
    """Return what each party gets if these have joined, exactly.

    Args:
        game: The parties.
        members: Who has joined, shape (parties,).
    """
    sums = _sums(game, members)
    return tuple(
        _payoff(game, sums, position, joined=bool(joined))
        for position, joined in enumerate(members)
    )


def joining_gains(game: ContributionGame, members: BoolArray) -> Fractions:
    """Return what each party gets more inside than outside, the others staying put, exactly."""
    sums = _sums(game, members)
    gains: list[Fraction] = []
    for position, joined in enumerate(members.tolist()):
        inside = sums if joined else sums.changed(game, position, 1)
        outside = sums.changed(game, position, -1) if joined else sums
        stay = _payoff(game, inside, position, joined=True)
        gains.append(stay - _payoff(game, outside, position, joined=False))
    return tuple(gains)


def is_potentially_stable(game: ContributionGame, members: BoolArray) -> bool:
    """Return whether transfers among members could keep all: Σ U_i(S) ≥ Σ U_i(S∖i).

    Eyckmans and Finus (2004); says nothing of outsiders who would join.
    """
    return _surplus(joining_gains(game, members), members) >= 0


def _surplus(gains: Fractions, members: BoolArray) -> Fraction:
    return sum((gain for gain, x in zip(gains, members, strict=True) if x), _ZERO)


def in_force(game: ContributionGame, members: BoolArray) -> bool:
    """Return whether there is a coalition: two members or more, of enough weight."""
    sums = _sums(game, members)
    return sums.size > 1 and sums.weight >= game.least_weight


def stable_coalitions(game: ContributionGame, seed: int = 0) -> StableCoalitions:
    """Return the stable coalitions in force: all of them up to 12 parties, else those found.

    Beyond, parties join and leave one after the other, in random order, from 256 random starts of
    every size, whenever they gain by it; the indifferent stay put. Every coalition that comes out
    is proved stable in exact arithmetic or dropped.
    """
    parties = len(game.names)
    complete = parties <= EXHAUSTIVE
    floats = _floats(game)
    if complete:
        candidates = every_coalition(parties)
        ends, unsettled = candidates[look_stable(floats, candidates)], 0
        starts = len(candidates)
    else:
        ends, unsettled = settle(floats, np.random.default_rng(seed))
        starts = STARTS
    coalitions = np.unique(ends, axis=0)
    proved = [_proved(game, members) for members in coalitions if in_force(game, members)]
    found = [coalition for coalition in proved if coalition is not None]
    return StableCoalitions(
        found=tuple(sorted(found, key=lambda one: (-len(one.members), one.members))),
        complete=complete,
        starts=starts,
        unsettled=unsettled,
    )


def _proved(game: ContributionGame, members: BoolArray) -> StableCoalition | None:
    gains = joining_gains(game, members)
    signed = [gain if x else -gain for gain, x in zip(gains, members, strict=True)]
    if min(signed) < 0:
        return None
    return _coalition(game, members, _surplus(gains, members), strict=min(signed) > 0)


def _coalition(
    game: ContributionGame, members: BoolArray, surplus: Fraction, *, strict: bool
) -> StableCoalition:
    names = tuple(name for name, x in zip(game.names, members, strict=True) if x)
    return StableCoalition(members=names, strict=strict, surplus=surplus)


def _floats(game: ContributionGame) -> Floats:
    def array(values: Fractions) -> FloatArray:
        return np.array([float(value) for value in values])

    return Floats(
        benefit=array(game.benefit),
        capacity=array(game.capacity),
        penalty=array(game.penalty),
        weights=array(game.weights),
        threshold=float(game.least_weight),
        reply=None if game.reply is None else _floating(game.reply),
    )


def _floating(reply: ExactReply) -> Reply:
    lines = np.array([[(float(a), float(b)) for a, b in own] for own in reply.lines])
    return Reply(
        squeeze=np.array([float(cost) for cost in reply.squeeze]),
        levels=lines[:, :, 0].T,
        slopes=lines[:, :, 1].T,
    )


def largest_with_transfers(game: ContributionGame, seed: int = 0) -> StableCoalitions:
    """Return the largest coalitions in force that transfers among members could hold together.

    Those of Σ U_i(S) ≥ Σ U_i(S∖i) that are as large as any found: of all coalitions up to 12
    parties, else of those to which dropping and taking in members leads from 256 random starts.
    Whether outsiders would want to join is not asked; `strict` says whether something is left over.
    """
    complete = len(game.names) <= EXHAUSTIVE
    floats = _floats(game)
    if complete:
        candidates = every_coalition(len(game.names))
        starts = len(candidates)
        candidates = candidates[surpluses(floats, candidates) >= -_NEAR]
    else:
        candidates, starts = pay_to_stay(floats, np.random.default_rng(seed)), STARTS
    found: list[StableCoalition] = []
    for members in sorted(np.unique(candidates, axis=0), key=np.count_nonzero, reverse=True):
        if found and np.count_nonzero(members) < len(found[0].members):
            break
        surplus = _surplus(joining_gains(game, members), members)
        if surplus >= 0 and in_force(game, members):
            found.append(_coalition(game, members, surplus, strict=surplus > 0))
    return StableCoalitions(found=tuple(found), complete=complete, starts=starts, unsettled=0)


def contribution_game(scenario: Scenario, outcome: int) -> ContributionGame:
    """Return the game of joining in an agreement, its b and c read off the utilities.

    One unit is one party's agreed delivery. b_i is the benefit from the others' obligations (see
    `benefit_from_others`; nobody is taken to be hurt by them), per other party that has something
    to give; c_i makes one unit cost what the party gives up on its own obligations: c_i/2 = c.
    Both are shares of what the party can gain, in millionths. A party that gives up nothing has
    nothing to withhold and contributes nothing. `participation` may state b and c instead, and a
    threshold below which there is no coalition.
    """
    behind = scenario.participation
    gains = [attainable_gain(scenario, position) for position in range(len(scenario.ids))]
    costs = [exact(cost) for cost in _costs(scenario, outcome, gains)]
    benefits = _benefits(scenario, outcome, gains, [cost > 0 for cost in costs])
    weights, _ = signature_weights(scenario)
    threshold = behind.threshold if behind is not None else None
    penalties = [of_party(behind.penalty, party) if behind else 0.0 for party in scenario.ids]
    return ContributionGame(
        names=scenario.ids,
        benefit=tuple(exact(benefit) for benefit in benefits),
        capacity=tuple(1 / cost if cost > 0 else _ZERO for cost in costs),
        penalty=tuple(exact(tau / gain) for tau, gain in zip(penalties, gains, strict=True)),
        weights=tuple(Fraction(str(weight)) for weight in weights.tolist()),
        threshold=Fraction(str(threshold or 0.0)),
        reply=_exact_reply(outside_reply(scenario, outcome), np.array(gains)),
    )


def _exact_reply(reply: Reply | None, gains: FloatArray) -> ExactReply | None:
    """Return a reply in millionths of what each party can gain."""
    if reply is None:
        return None
    shares = reply.in_shares(gains)
    lines = np.stack([shares.levels.T, shares.slopes.T], axis=2)
    return ExactReply(
        squeeze=tuple(exact(cost) for cost in shares.squeeze.tolist()),
        lines=tuple(tuple((exact(a), exact(b)) for a, b in own) for own in lines.tolist()),
    )


def _costs(scenario: Scenario, outcome: int, gains: list[float]) -> list[float]:
    """Return c of each party: as stated, else twice what it gives up, as shares of its gain."""
    behind = scenario.participation
    if behind is not None and behind.cost is not None:
        return [of_party(behind.cost, party) for party in scenario.ids]
    return [2 * own_cost(scenario, outcome, one) / gain for one, gain in enumerate(gains)]


def _benefits(
    scenario: Scenario, outcome: int, gains: list[float], gives: list[bool]
) -> list[float]:
    """Return b of each party: as stated, else its benefit from the others, per other that gives."""
    behind = scenario.participation
    if behind is not None and behind.benefit is not None:
        return [of_party(behind.benefit, party) for party in scenario.ids]
    return [
        max(benefit_from_others(scenario, outcome, one), 0.0)
        / gain
        / max(sum(gives) - gives[one], 1)
        for one, gain in enumerate(gains)
    ]
