"""The rules of two winners of the Automated Negotiating Agents Competition, as pure functions.

Two kinds of rules are kept apart. `port_schedule` is what NegMAS 0.16 plays under the names of
AgentK and HardHeaded (`negmas.genius.GAgentK`, `GHardHeaded`): the time-dependent offering of the
Genius platform, whatever the counterpart does. The rest is what the agents themselves do:
`estimate` and `compromise` are AgentK's (Kawaguchi, Fujita and Ito 2011), `held_share` and
`UnchangedIssues` HardHeaded's (van Krimpen, Looije and Hajizadeh 2013), each with the constants of
the agent that was entered.

Where those agents read a utility between 0 and 1, they are given a *share*: 0 is the worth of no
agreement (or of the party's worst outcome, if that is more) and 1 that of its best outcome. In the
competitions of 2010 and 2011 no agreement was worth 0, so there both are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.tactics.offers import nearest_above
from games.utility import Preferences

PORT_TOLERANCE = 1e-9
"""Points below its target to which a port's offer reaches."""

PACE = 0.2
"""The e of both ports: the target falls with t to the power 1/e."""

CLOSING = 0.99
"""Share of the time from which AgentK's port takes whatever is offered."""

TREMOR = 2.0
"""AgentK: how far the pace of its offers is left to chance."""

NO_VARIANCE = 1e-12
"""AgentK: shares that vary less than this do not vary."""

LEAST_LIKELY = 0.1
"""AgentK: a chance to accept below this is none."""

HOLDING = 0.05
"""HardHeaded: both the share of its range that it gives up at once and its pace e."""

LEAST_SHARE = 0.585
"""HardHeaded: the share below which it never goes."""

LEARNING = 0.2
"""HardHeaded: what is added in all to the weights of issues left as they were."""


def time_of(round_: int, rounds: int) -> float:
    """Return the share of the time that has gone by in a round, counted from 0."""
    return (round_ + 1) / (rounds + 1)


def port_schedule(
    own: Preferences, rounds: int, pace: float, closing: float | None = None
) -> tuple[IndexArray, FloatArray]:
    """Return what a port offers and accepts in each round, whatever the others do.

    The target is lo + (hi − lo)(1 − t^(1/e)) with t = (k+1)/(N+1) in round k of N, lo the least
    utility of an outcome that reaches the reservation value, hi the greatest. The offer is the
    outcome nearest above the target, and what is worth as much is accepted; from `closing` on,
    whatever reaches the reservation value.

    Args:
        own: The party's preferences; some outcome must reach its reservation value.
        rounds: N.
        pace: e; below 1 the concession comes late.
        closing: The time from which anything rational is accepted; None for never.

    Returns:
        Offers, shape (rounds,), as outcome indices, and the least utility it accepts, shape
        (rounds,).
    """
    order, utilities = own.ranking
    first = int(np.searchsorted(utilities, own.reservation))
    low = float(utilities[first])
    time = np.arange(1, rounds + 1) / (rounds + 1)
    targets = low + (own.highest - low) * (1 - time ** (1 / pace)) - PORT_TOLERANCE
    offers = nearest_above(own, targets)
    # The nearest may lie a hair below the reservation value.
    offers = np.where(own.utilities[offers] < low, order[first], offers)
    least = own.utilities[offers]
    if closing is not None:
        least = np.where(time >= closing, own.reservation, least)
    return offers, least


def share(own: Preferences, outcome: int) -> float:
    """Return what an outcome is worth to a party, from 0 (no agreement) to 1 (its best)."""
    if not own.may_sign(outcome):
        return 0.0
    low = max(own.reservation, own.lowest)
    gain, span = own.utility(outcome) - low, own.highest - low
    if span <= 0:
        return float(gain >= 0)
    return min(max(gain / span, 0.0), 1.0)


def worth(own: Preferences, share: float) -> float:
    """Return the utility, in points, of a share."""
    low = max(own.reservation, own.lowest)
    return low + share * (own.highest - low)


@dataclass(frozen=True)
class Estimate:
    """What a party's offers, as shares, let AgentK expect of it."""

    mean: float
    deviation: float
    """The width of the range that offers of this variance would fill evenly: √(12 variance)."""

    @property
    def most(self) -> float:
        """The greatest share that the party is expected to offer in the end."""
        return self.mean + (1 - self.mean) * self.deviation


def estimate(count: int, total: float, squares: float) -> Estimate:
    """Return what `count` offers suggest whose shares, and their squares, have these sums."""
    mean = total / count
    variance = squares / count - mean * mean
    # Of the same offer again and again the sums leave a last digit that is no variance.
    return Estimate(mean, sqrt(12 * variance) if variance > NO_VARIANCE else 0.0)


@dataclass(frozen=True)
class Compromise:
    """How far AgentK would go at one time."""

    target: float
    """The share above which it repeats an offer of its counterpart as its own."""
    asks: float
    """The share that an offer of its own should reach."""
    pace: float
    """α, the power of time with which it concedes."""


def compromise(seen: Estimate, time: float, tremor: float, lot: float) -> Compromise:
    """Return how far AgentK goes towards the most it expects, at a time between 0 and 1.

    Args:
        seen: What it expects.
        time: The share of the time that has gone by, above 0.
        tremor: How far the pace of its own offers is left to chance.
        lot: The chance, in [0, 1).
    """
    pace = 1 + tremor + 10 * seen.mean - 2 * tremor * seen.mean
    paced_by_lot = pace + (lot - 0.5) * tremor
    target, asks = (_target(seen, time, power) for power in (pace, paced_by_lot))
    return Compromise(target, asks, pace)


def _target(seen: Estimate, time: float, power: float) -> float:
    """Return 1 − ρ t^power (1 − most), drawn towards the most expected as time runs out.

    ρ, at most 2, makes it go farther where the counterpart's offers varied. Never less than the
    most that is expected.
    """
    given = time**power * (1 - seen.most)
    ratio = min(2.0, (seen.deviation + 0.1) / given) if given > 0 else 2.0
    target = 1 - ratio * given
    above = target - seen.most
    if above <= 0:
        return seen.most
    bound = 400 - 300 * time**3
    return target - above * min(1 / (above * above), bound) / bound


def chance_to_accept(offered: float, seen: Estimate, far: Compromise, time: float) -> float:
    """Return how likely AgentK accepts an offer of this share; above 1 it is certain."""
    chance = time**far.pace / 5 + (offered - seen.most) + (offered - far.target)
    return chance if chance >= LEAST_LIKELY else 0.0


def held_share(time: float, pace: float, least: float, discount: float) -> float:
    """Return the share to which HardHeaded holds at a time between 0 and 1.

    Args:
        time: The share of the time that has gone by.
        pace: e; the smaller, the later it gives way.
        least: The share below which it never goes.
        discount: What a gain is worth at the end of the session; from 0.9 on it does not matter,
            below it makes the party give way up to that share of the time and hold on after it.
    """

    def conceded(gone: float, power: float) -> float:
        return HOLDING + (1 - HOLDING) * gone**power

    if discount >= 0.9:
        return least + (1 - conceded(time / discount, 1 / pace)) * (1 - least)
    step = least + (1 - least) * discount
    if time <= discount:
        return step + (1 - conceded(time / discount, discount / pace)) * (1 - step)
    late = conceded((time - discount) / (1 - discount), 1 / 30)
    return least + (1 - late) * (step - least)


class UnchangedIssues:
    """HardHeaded's model of a counterpart: what it leaves as it was matters to it.

    All issues weigh the same at first and all options are liked the same. From its second offer
    on, the issues it left unchanged gain weight, up to a limit, and the options it named are
    counted. An outcome is worth the weighted sum of its options' counts, each as a share of the
    greatest count of its issue.
    """

    def __init__(self, space: OutcomeSpace) -> None:
        self._space = space
        self._weights = np.full(len(space.shape), 1 / len(space.shape))
        self._counts = [np.ones(width) for width in space.shape]
        self._last: FloatArray | None = None

    def hear(self, outcome: int) -> None:
        """Take in the counterpart's next offer."""
        levels = self._space.levels_of(outcome)
        named = np.array(levels, dtype=np.float64)
        if self._last is not None:
            kept = named == self._last
            added = LEARNING / len(levels)
            total = 1 + added * np.count_nonzero(kept)
            gains = kept & (self._weights < 1 - LEARNING / total)
            self._weights = (self._weights + added * gains) / total
            for counts, level in zip(self._counts, levels, strict=True):
                counts[level] += 1
        self._last = named

    def worths(self, outcomes: IndexArray) -> FloatArray:
        """Return the estimated worth of some outcomes, in the shape given."""
        total = np.zeros(outcomes.shape)
        shape = zip(self._space.strides, self._space.shape, strict=True)
        for weight, counts, (stride, width) in zip(self._weights, self._counts, shape, strict=True):
            total += weight * counts[outcomes // stride % width] / counts.max()
        return total
