"""Counterparts drawn from what a seat could know of them.

The prior, in units of the counterpart's own span (its worst outcome is worth 0, its best 1; what
outcomes exclude each other aside): utilities are additive; issue weights are uniform over all that
sum to 1 (Dirichlet with ones); the options of an issue get independent uniform values, put in
rising or in falling order with probability 1/4 each and left in any order otherwise, then stretched
to run from 0 to 1; the reservation value is uniform on [0, .6]; the stance is one of the four of
the stance game, equally likely.

The likelihood says how well a profile explains what the counterpart has done: with aspiration a
in the round in question, its own offer should be worth between a and the top of the trade-off band
(in spaces of up to `LADDER` outcomes, or the one nearest above a, if that is worth more), an offer
it accepted at least a, one it refused less than a. Each miss, in shares of its span, counts as a
normal error with standard deviation `NOISE`.

Counterparts are drawn from the posterior by Metropolis chains, one for each, all independent: a
chain starts from the prior; each of its `SWEEPS` sweeps goes through the option values of each
issue, its weight, the reservation value and the stance, draws each anew from the prior and keeps
the new value with probability min(1, likelihood ratio) (Metropolis et al. 1953); over the first
half of the sweeps the likelihood's power rises from 0 to 1, so that chains do not get stuck.
Several counterparts are drawn independently of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from random import Random
from typing import Literal, NamedTuple

import numpy as np

from games.outcomes import BoolArray, FloatArray, IndexArray, OutcomeSpace
from games.review.positions import Act
from games.session import Accept, Offer
from games.tactics.aspirations import STANCES, stance_aspirations
from games.tactics.offers import BAND

RESERVATIONS = (0.0, 0.6)
"""Between what reservation values are drawn, as shares of the counterpart's span."""

NOISE = 0.05
"""Standard deviation of what the tactic leaves unexplained, as a share of the span."""

LADDER = 256
"""Spaces up to this size are gone through for the outcome nearest above an aspiration; in larger
ones there is always one close by."""

SWEEPS = 40
"""How often a chain goes through everything it draws."""


class Sight(NamedTuple):
    """Something a counterpart was seen to do with an outcome."""

    turn: int
    outcome: int
    kind: Literal["offered", "accepted", "refused"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Profiles:
    """Possible counterparts, one a row."""

    space: OutcomeSpace = field(repr=False)
    sizes: FloatArray
    """What each issue matters, up to a factor, shape (profiles, issues)."""
    values: FloatArray
    """What each option is worth within its issue, in [0, 1], shape (profiles, options of all
    issues in a row)."""
    reservations: FloatArray
    """Shape (profiles,), shares of the span."""
    stances: IndexArray
    """Positions in STANCES, shape (profiles,)."""

    @cached_property
    def points(self) -> FloatArray:
        """Worth of each option, shape (profiles, options), in shares of the span."""
        weights = self.sizes / self.sizes.sum(axis=1, keepdims=True)
        return np.repeat(weights, self.space.shape, axis=1) * self.values

    def aspirations(self, shares: FloatArray) -> FloatArray:
        """Return each one's aspirations, shape (profiles, rounds).

        Args:
            shares: Of its possible gain asked by each stance, shape (stances, rounds).
        """
        reservations = self.reservations[:, None]
        return reservations + (1 - reservations) * shares[self.stances]


def asked_shares(rounds: int) -> FloatArray:
    """Return the share of its possible gain that each stance asks, shape (stances, rounds)."""
    return np.array([stance_aspirations(one, 0.0, 1.0, rounds) for one in STANCES.values()])


def generator(seed: int, purpose: str) -> np.random.Generator:
    """Return the source of chance for one purpose: the same for the same seed, everywhere."""
    return np.random.default_rng(Random(f"{seed}/review/{purpose}").getrandbits(64))


def marks(space: OutcomeSpace, outcomes: IndexArray) -> FloatArray:
    """Return which options outcomes hold, as 0 and 1, shape (outcomes, options of all issues)."""
    columns: list[FloatArray] = []
    for stride, width in zip(space.strides, space.shape, strict=True):
        columns.append(np.eye(width)[outcomes // stride % width])
    return np.concatenate(columns, axis=1)


def prior(space: OutcomeSpace, count: int, source: np.random.Generator) -> Profiles:
    """Return counterparts drawn before anything is known of them."""
    return Profiles(
        space=space,
        sizes=source.standard_exponential((count, len(space.shape))),
        values=np.concatenate(
            [_option_values(width, count, source) for width in space.shape], axis=1
        ),
        reservations=source.uniform(*RESERVATIONS, count),
        stances=source.integers(0, len(STANCES), count),
    )


def _option_values(width: int, count: int, source: np.random.Generator) -> FloatArray:
    """Return values from 0 to 1 of an issue's options, shape (count, width); a sole one is 1."""
    values = source.random((count, width))
    order = source.random(count)
    if width == 1:
        return np.ones((count, 1))
    rising, falling = order < 0.25, order >= 0.75
    values[rising] = np.sort(values[rising], axis=1)
    values[falling] = -np.sort(-values[falling], axis=1)
    values -= values.min(axis=1, keepdims=True)
    return values / values.max(axis=1, keepdims=True)


def sights(history: Sequence[Act], party: int, bare: frozenset[int] = frozenset()) -> list[Sight]:
    """Return what a party was seen to do: its offers, and its answers to offers of others.

    Args:
        history: Every move so far.
        party: Position of the party.
        bare: Turns on which nothing was on the table, though something had been offered: it lapsed,
            or who had offered it left.
    """
    seen: list[Sight] = []
    on_table: tuple[int, int] | None = None
    for turn, mover, move in history:
        if turn in bare:
            on_table = None
        if mover == party and on_table is not None and on_table[1] != party:
            if isinstance(move, Accept):
                seen.append(Sight(turn, on_table[0], "accepted"))
            elif isinstance(move, Offer):
                seen.append(Sight(turn, on_table[0], "refused"))
        if isinstance(move, Offer):
            on_table = (move.outcome, mover)
            if mover == party:
                seen.append(Sight(turn, move.outcome, "offered"))
    return seen


def posterior(
    space: OutcomeSpace,
    rounds: int,
    parties: int,
    seen: Sequence[Sight],
    count: int,
    source: np.random.Generator,
) -> Profiles:
    """Return counterparts drawn in the light of what one was seen to do.

    Args:
        space: The outcome space.
        rounds: How many rounds there are at most.
        parties: How many parties make a round.
        seen: What the counterpart did so far.
        count: How many are drawn.
        source: Draws them.
    """
    current = prior(space, count, source)
    if not seen:
        return current
    evidence = _evidence(space, rounds, parties, seen)
    likelihood = log_likelihood(current, evidence)
    for sweep in range(SWEEPS):
        power = min(1.0, 2 * (sweep + 1) / SWEEPS)
        fresh = prior(space, count, source)
        for proposed in _proposals(fresh):
            other = proposed(current)
            found = log_likelihood(other, evidence)
            kept = np.log(source.random(count)) < power * (found - likelihood)
            likelihood = np.where(kept, found, likelihood)
            current = _chosen(kept, other, current)
    return current


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What a counterpart did, in arrays: one column a sight."""

    marks: FloatArray
    """Which options the outcomes hold, shape (sights, options)."""
    shares: FloatArray
    """Asked by each stance in the round, shape (stances, sights)."""
    offered: BoolArray
    accepted: BoolArray
    ladder: FloatArray | None
    """Which options each outcome of a small space holds; None for a large space."""


def _evidence(space: OutcomeSpace, rounds: int, parties: int, seen: Sequence[Sight]) -> Evidence:
    possible = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    return Evidence(
        marks=marks(space, np.array([sight.outcome for sight in seen])),
        shares=asked_shares(rounds)[:, [sight.turn // parties for sight in seen]],
        offered=np.array([sight.kind == "offered" for sight in seen]),
        accepted=np.array([sight.kind == "accepted" for sight in seen]),
        ladder=marks(space, possible) if len(possible) <= LADDER else None,
    )


def log_likelihood(profiles: Profiles, evidence: Evidence) -> FloatArray:
    """Return how well each profile explains the evidence, up to a constant, shape (profiles,)."""
    worth = profiles.points @ evidence.marks.T
    floor = profiles.aspirations(evidence.shares)
    ceiling = floor + BAND
    if evidence.ladder is not None:
        nearest = _nearest_above(profiles.points @ evidence.ladder.T, floor)
        ceiling, floor = np.maximum(ceiling, nearest), np.minimum(floor, nearest)
    over = np.maximum(worth - np.where(evidence.offered, ceiling, floor), 0.0)
    under = np.maximum(floor - worth, 0.0)
    refused = ~evidence.offered & ~evidence.accepted
    miss = np.where(evidence.accepted, 0.0, over) + np.where(refused, 0.0, under)
    return -0.5 * np.square(miss / NOISE).sum(axis=1)


def _nearest_above(worth: FloatArray, aspirations: FloatArray) -> FloatArray:
    """Return the least worth at or above each aspiration, or the greatest there is.

    Args:
        worth: Of every outcome, shape (profiles, outcomes).
        aspirations: Shape (profiles, sights).
    """
    rising = np.sort(worth, axis=1)
    below = rising[:, None, :] < aspirations[:, :, None] - 1e-9
    places = np.minimum(np.count_nonzero(below, axis=2), worth.shape[1] - 1)
    return np.take_along_axis(rising, places, axis=1)


def _proposals(fresh: Profiles) -> Iterator[Callable[[Profiles], Profiles]]:
    """Yield changes that each put one part of freshly drawn profiles into the current ones."""
    widths = fresh.space.shape
    stops = np.cumsum(widths).tolist()
    for issue, (width, stop) in enumerate(zip(widths, stops, strict=True)):
        yield partial(_with_values, fresh=fresh, columns=slice(stop - width, stop))
        yield partial(_with_size, fresh=fresh, issue=issue)
    yield lambda current: replace(current, reservations=fresh.reservations)
    yield lambda current: replace(current, stances=fresh.stances)


def _with_values(current: Profiles, *, fresh: Profiles, columns: slice) -> Profiles:
    values = current.values.copy()
    values[:, columns] = fresh.values[:, columns]
    return replace(current, values=values)


def _with_size(current: Profiles, *, fresh: Profiles, issue: int) -> Profiles:
    sizes = current.sizes.copy()
    sizes[:, issue] = fresh.sizes[:, issue]
    return replace(current, sizes=sizes)


def _chosen(kept: BoolArray, other: Profiles, current: Profiles) -> Profiles:
    """Return the other profiles where they are kept, the current ones elsewhere."""
    rows = kept[:, None]
    return Profiles(
        space=current.space,
        sizes=np.where(rows, other.sizes, current.sizes),
        values=np.where(rows, other.values, current.values),
        reservations=np.where(kept, other.reservations, current.reservations),
        stances=np.where(kept, other.stances, current.stances),
    )
