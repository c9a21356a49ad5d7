"""The joint fund under a text: who pays into it, and who enjoys it without paying.

With x the pledges, s_i member i's share of all contributions and X = Σ s_i x_i what is raised, the
fund is built if X reaches the threshold, and then each member gains B_i·X, less its cost C_i if it
pays; both stand for the size that the text provides for. If it is not built what was pledged is
paid back and nobody gains anything. Without a threshold whatever is pledged is spent. On threshold
public goods with refunds: Bagnoli and Lipman (1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from games.compliance.game import attainable_gain
from games.errors import ScenarioError
from games.matrices.matrix import MICRO
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.participation.chances import NEAR, Shares, shares_of, weight_joined
from games.participation.search import every_coalition
from games.parts.base import of_scale

if TYPE_CHECKING:
    from games.parts.surroundings import Fund
    from games.scenario import Scenario

EXHAUSTIVE = 12
"""Most members for which every profile of pledges is looked at."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FundGame:
    """The fund of one size, as a game among its members: each pays or does not."""

    members: tuple[str, ...]
    contributions: Shares
    """Their shares of what all contributions would raise."""
    cost: FloatArray
    """Points it costs each member to pay, shape (members,)."""
    benefit: FloatArray
    """Points that the whole of the fund brings each, likewise."""
    gain: FloatArray
    """What each can gain from the talks, likewise: the unit in which members are compared."""
    threshold: float | None

    def raised(self, pledged: BoolArray) -> FloatArray:
        """Return the share of all contributions that is pledged, shape (…, members) to (…)."""
        return np.asarray((pledged * self.contributions.shares).sum(axis=-1))

    def is_built(self, raised: FloatArray) -> BoolArray:
        """Return whether what is raised suffices; nothing at all never does."""
        enough = raised > 0
        return np.asarray(enough & (raised >= (self.threshold or 0.0) - NEAR))

    def payoffs(self, pledged: BoolArray) -> FloatArray:
        """Return what the fund brings each member, in its points, shape (…, members)."""
        raised = self.raised(pledged)[..., None]
        return np.where(self.is_built(raised), self.benefit * raised - self.cost * pledged, 0.0)

    @cached_property
    def efficient(self) -> BoolArray:
        """Who would pay if members cared for all, shape (members,).

        The pledges of the greatest sum of payoffs, each taken as a share of what the member can
        gain; of several those that raise most. Beyond 12 members the threshold, where those whose
        paying is worth its cost to all do not reach it, is met by the others in order of what that
        loses per share raised: better pledges may exist.
        """
        if len(self.members) <= EXHAUSTIVE:
            profiles = every_coalition(len(self.members))
            sums = (self.payoffs(profiles) / self.gain).sum(axis=1)
            best = np.flatnonzero(sums >= sums.max() - NEAR)
            return profiles[best[self.raised(profiles[best]).argmax()]]
        return self._reaching_out()

    def _reaching_out(self) -> BoolArray:
        shares = self.contributions.shares
        worth = shares * (self.benefit / self.gain).sum() - self.cost / self.gain
        pledged = worth >= -NEAR
        for member in np.argsort(-worth / shares, kind="stable"):
            if self.is_built(self.raised(pledged)):
                break
            pledged[member] = True
        nothing = np.zeros(len(shares), dtype=bool)
        return pledged if (self.payoffs(pledged) / self.gain).sum() >= -NEAR else nothing

    def free_riding(self, pledged: BoolArray) -> float:
        """Return the share that is missing of what the efficient payers would raise, in [0, 1].

        0 where it is efficient that nobody pays.

        Args:
            pledged: Who pays, shape (members,).
        """
        due = float(self.raised(self.efficient))
        return 1 - float(self.raised(self.efficient & pledged)) / due if due > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class PledgeProfile:
    """Pledges that no member would change alone."""

    payers: tuple[str, ...]
    raised: float
    """Share of all contributions."""
    is_built: bool
    strict: bool
    """Whether every member would lose by doing otherwise."""
    free_riding: float
    """Share missing of what the efficient payers would raise."""


def fund_size(scenario: Scenario, outcome: int) -> float:
    """Return the size of the fund that a text provides for, in [0, 1]; 0 where there is none."""
    fund = scenario.fund
    return 0.0 if fund is None else of_scale(fund.size, scenario.space.outcome(outcome))


def fund_game(scenario: Scenario, outcome: int) -> FundGame:
    """Return the game of paying into the fund that a text provides for.

    Raises:
        ScenarioError: If the scenario has no fund.
    """
    fund, size = _stated(scenario), fund_size(scenario, outcome)
    positions = scenario.once("fund members", _positions)
    return FundGame(
        members=fund.members,
        contributions=scenario.once("fund shares", _contributions),
        cost=size * np.array([fund.cost[member] for member in fund.members]),
        benefit=size * np.array([fund.benefit[member] for member in fund.members]),
        gain=np.array([attainable_gain(scenario, position) for position in positions.tolist()]),
        threshold=fund.threshold,
    )


def _stated(scenario: Scenario) -> Fund:
    if scenario.fund is None:
        raise ScenarioError(f"{scenario.id}: fund: expected; it is not stated")
    return scenario.fund


def _positions(scenario: Scenario) -> IndexArray:
    members = _stated(scenario).members
    return np.array([scenario.ids.index(member) for member in members], dtype=np.intp)


def _contributions(scenario: Scenario) -> Shares:
    fund = _stated(scenario)
    return shares_of([fund.weights.get(member, 1.0) for member in fund.members])


def fund_payoffs(scenario: Scenario, outcome: int, pledged: BoolArray) -> FloatArray:
    """Return what the fund brings each party under a text, in its points, shape (parties,).

    Args:
        scenario: Without a fund it brings nobody anything.
        outcome: The text.
        pledged: Who pays, shape (parties,); of parties that are no members it is not read.
    """
    points = np.zeros(len(scenario.ids))
    if scenario.fund is not None:
        positions = scenario.once("fund members", _positions)
        points[positions] = fund_game(scenario, outcome).payoffs(pledged[positions])
    return points


def pledge_equilibria(game: FundGame) -> tuple[PledgeProfile, ...]:
    """Return all pledges that are Nash equilibria in pure strategies, what raises most first.

    Gains are decided in millionths of what is at stake for the member, the greater of its cost and
    its benefit.

    Raises:
        ValueError: If there are more than 12 members.
    """
    size = len(game.members)
    if size > EXHAUSTIVE:
        raise ValueError(f"{size} members: expected at most {EXHAUSTIVE} to look at all pledges")
    profiles = every_coalition(size)
    payoffs = game.payoffs(profiles)
    # Profiles are numbered in binary, the first member's pledge being the greatest bit.
    changed = np.arange(len(profiles))[:, None] ^ (1 << np.arange(size)[::-1])
    gains = payoffs[changed, np.arange(size)] - payoffs
    stakes = np.maximum(game.cost, game.benefit)
    micro = np.rint(np.round(gains / np.where(stakes > 0, stakes, 1.0) * MICRO, 3))
    stable = np.flatnonzero((micro <= 0).all(axis=1))
    found = [_profile(game, profiles[row], strict=bool((micro[row] < 0).all())) for row in stable]
    return tuple(sorted(found, key=lambda one: (-one.raised, one.payers)))


def _profile(game: FundGame, pledged: BoolArray, *, strict: bool) -> PledgeProfile:
    raised = game.raised(pledged)
    return PledgeProfile(
        payers=tuple(name for name, x in zip(game.members, pledged, strict=True) if x),
        raised=float(raised),
        is_built=bool(game.is_built(raised)),
        strict=strict,
        free_riding=game.free_riding(pledged),
    )


@dataclass(frozen=True, kw_only=True)
class PledgeWorths:
    """What paying into the fund and not paying are worth to one seat, in its expected points."""

    paying: float
    keeping: float
    near: float
    """Worths closer than this are equal."""

    @property
    def pays(self) -> bool:
        """Whether paying is worth at least as much; the indifferent pay."""
        return self.paying >= self.keeping - self.near


def pays(
    scenario: Scenario,
    position: int,
    outcome: int,
    *,
    pledged: BoolArray,
    expected: FloatArray,
) -> bool:
    """Return whether a seat, when its turn comes, pays into the fund that a text provides for.

    It does if that is worth at least as much to it as not paying; one that is no member does not.
    The arguments are those of `pledge_worths`.
    """
    worths = pledge_worths(scenario, position, outcome, pledged=pledged, expected=expected)
    return worths is not None and worths.pays


def pledge_worths(
    scenario: Scenario,
    position: int,
    outcome: int,
    *,
    pledged: BoolArray,
    expected: FloatArray,
) -> PledgeWorths | None:
    """Return what paying and not paying are worth to a seat, in expectation over who still pays.

    Without a threshold it depends on its own figures alone whether it pays: its share of the
    benefit must cover its cost. Expectations are exact where `weight_joined` is. What it cannot
    know of others is not read.

    Args:
        scenario: States the fund.
        position: The seat; None is returned for one that is no member.
        outcome: The text.
        pledged: Who has pledged so far, shape (parties,); the seat's own entry is not read.
        expected: Its estimate that each of those still to come pays, likewise; 0 for those that
            have refused.
    """
    fund, party = scenario.fund, scenario.ids[position]
    if fund is None or party not in fund.members:
        return None
    size, own = fund_size(scenario, outcome), fund.members.index(party)
    cost, benefit = size * fund.cost[party], size * fund.benefit[party]
    contributions = scenario.once("fund shares", _contributions)
    share = float(contributions.shares[own])
    positions = scenario.once("fund members", _positions)
    chances = np.where(pledged, 1.0, np.clip(expected, 0.0, 1.0))[positions]
    chances[own] = 0.0
    near = NEAR * max(cost, benefit)
    if fund.threshold is None:
        others_share = float(chances @ contributions.shares)
        keeping = benefit * others_share
        return PledgeWorths(paying=keeping + benefit * share - cost, keeping=keeping, near=near)
    others = weight_joined(contributions, chances)
    built = others.reach(fund.threshold, share), others.reach(fund.threshold)
    return PledgeWorths(
        paying=others.mean(built[0] * (benefit * (others.shares + share) - cost)),
        keeping=others.mean(built[1] * (benefit * others.shares)),
        near=near,
    )
