"""A sample of games: what the spread of its units leaves of the mean game and of its equilibria.

Units are what chance draws: scenarios where several are pooled, repetitions within one. Everything
is computed on the two blocs' payoffs of all cells at once, so that cells that rise and fall
together, as they do where one scenario or one seed is kind to everybody, are compared as pairs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from delegates.evaluation.judging.statistics import CONFIDENCE
from games.equilibrium.enumeration import enumerate_equilibria, worst_case
from games.equilibrium.exact import bimatrix
from games.equilibrium.report import Equilibrium
from games.matrices.matrix import MICRO
from games.outcomes import BoolArray, FloatArray

RESAMPLES = 1_000
"""Games drawn from a sample's units, with replacement."""

WORK = 6_000_000
"""Entries that the search for mixed equilibria may compute over all resamples; some seconds."""

MOST_WORK = 10_000
"""Entries beyond which one resampled game is searched for pure equilibria alone: from about 7×7
strategies that nothing dominates."""

LEAST_SHARE = 0.01
"""Support pairs that are an equilibrium's less often are not listed."""

STABLE = 0.95
"""Share of resamples from which what they have in common is called stable."""

NOISE = 2.0
"""Standard errors of a difference within which a gain is no gain."""

NOUGHT = 1e-9
"""Standard errors below this are rounding: gains are kept with nine decimals."""

Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Supports = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Games that chance drew."""

    values: FloatArray
    """Payoffs, shape (units, rows, columns, 2); what has no weight is not looked at."""
    weights: FloatArray
    """Sessions behind each, shape (units, rows, columns)."""
    is_random: BoolArray
    """In which cells units may differ, shape (rows, columns); elsewhere the mean is the truth."""

    @property
    def units(self) -> int:
        """How many there are."""
        return len(self.values)

    @cached_property
    def _weighed(self) -> FloatArray:
        return np.where(self.weights[..., None] > 0, self.values, 0.0) * self.weights[..., None]

    @cached_property
    def mean(self) -> FloatArray:
        """The mean game, shape (rows, columns, 2)."""
        return self._weighed.sum(axis=0) / self.weights.sum(axis=0)[..., None]

    @property
    def present(self) -> Whole:
        """How many units each cell has, shape (rows, columns)."""
        return np.asarray((self.weights > 0).sum(axis=0), dtype=np.int64)

    @property
    def _stretch(self) -> FloatArray:
        """√(n / (n − 1)) of each cell's own units."""
        present = np.maximum(self.present, 1)
        return np.sqrt(present / np.maximum(present - 1, 1))

    @property
    def least(self) -> int:
        """Units of the cell that has fewest, of those in which they may differ; all where none
        may."""
        return int(self.present[self.is_random].min()) if self.is_random.any() else self.units

    @cached_property
    def influence(self) -> FloatArray:
        """How far each unit moves the mean, shape (units, rows, columns, 2).

        The sum of squares is the variance of the mean, or of a difference of means if differences
        are squared: a ratio estimator's, by linearisation (Cochran 1977, §6.4).
        """
        total = self.weights.sum(axis=0)[..., None]
        moved = (self._weighed - self.weights[..., None] * self.mean) / total
        moved *= self._stretch[..., None]
        return np.where(self.is_random[..., None], moved, 0.0)

    @cached_property
    def errors(self) -> FloatArray | None:
        """Standard errors, shape (rows, columns, 2); None where chance drew only once."""
        if not self.is_random.any():
            return np.zeros_like(self.mean)
        if not self.is_known:
            return None
        return np.sqrt((self.influence**2).sum(axis=0))

    @property
    def told_errors(self) -> FloatArray | None:
        """Standard errors but for what may differ from draw to draw and never did: NaN."""
        if self.errors is None:
            return None
        same = self.is_random[..., None] & (self.errors < NOUGHT)
        return np.where(same, np.nan, self.errors)

    @property
    def has_spread(self) -> bool:
        """Whether any two units differ, without which nothing is known of how far others would."""
        return self.errors is not None and bool((self.errors >= NOUGHT).any())

    @property
    def is_known(self) -> bool:
        """Whether every cell in which units may differ was drawn at least twice."""
        return bool((self.present > 1)[self.is_random].all())

    @property
    def epsilon(self) -> float | None:
        """ε: all true payoffs lie within it of their means, with 95 % confidence for all at once.

        Student's t, Bonferroni over the payoffs that chance moves: half of 5 % is divided by
        their number. That holds however cells depend on each other, if their means are about
        normal.
        """
        if self.errors is None:
            return None
        if not self.is_random.any():
            return 0.0
        # Two sides of two payoffs a cell.
        reach = self._reach(4 * int(self.is_random.sum()))
        return float((reach[..., None] * self.errors).max())

    def most_regret(self, profile: Equilibrium) -> tuple[float, float] | None:
        """Return the most that either side gains in truth by leaving a profile, with 95 %
        confidence for all profiles and changes at once; None where chance drew only once.

        Each change of strategy against each strategy of the other side is bounded from above by
        what it gains in the mean and Student's t times the error of that very gain, units being
        compared as pairs; Bonferroni over all changes of both sides. A profile's regret is a mean
        of these. So it may be an equilibrium that the same data picked.
        """
        if not self.is_known:
            return None
        weights = [np.array([float(one) for one in side]) for side in (profile.row, profile.column)]
        height, width = self.mean.shape[:2]
        tails = height * (height - 1) * width + width * (width - 1) * height
        reach = self._reach(max(tails, 1))
        first = _most_gained(self.mean[..., 0], self.influence[..., 0], reach)
        others = self.influence[..., 1].transpose(0, 2, 1)
        second = _most_gained(self.mean[..., 1].T, others, reach.T)
        row, column = weights
        return (
            max(float(np.einsum("kij,i,j->k", first, row, column).max()), 0.0),
            max(float(np.einsum("kij,i,j->k", second, column, row).max()), 0.0),
        )

    def _reach(self, tails: int) -> FloatArray:
        """Return Student's quantile of each cell's units, 5 % divided among so many tails."""
        from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs,reportUnknownVariableType]

        freedom = self.present - 1
        return np.asarray(stdtrit(np.maximum(freedom, 1), 1 - (1 - CONFIDENCE) / tails))

    def near(self) -> tuple[tuple[int, int], ...]:
        """Return the cells in which no change gains more than two standard errors of the gain."""
        if self.errors is None:
            return ()
        stable = _no_gain(self.mean[..., 0], self.influence[..., 0])
        others = self.influence[..., 1].transpose(0, 2, 1)
        stable &= _no_gain(self.mean[..., 1].T, others).T
        return tuple((int(i), int(j)) for i, j in np.argwhere(stable))

    def resampled(self, count: int = RESAMPLES, seed: int = 0) -> FloatArray:
        """Return mean games of units drawn with replacement, shape (count, rows, columns, 2).

        Deviations from the mean are stretched by √(n / (n − 1)), n being a cell's own units, so
        that the games spread as the standard errors say; without, few would look surer than they
        are.
        """
        draws = np.random.default_rng(seed)
        even = np.full(self.units, 1 / self.units)
        times = draws.multinomial(self.units, even, size=count).astype(float)
        shape = self.mean.shape
        weighed = (times @ self._weighed.reshape(self.units, -1)).reshape(count, *shape)
        total = (times @ self.weights.reshape(self.units, -1)).reshape(count, *shape[:2], 1)
        drawn = np.divide(weighed, total, out=np.tile(self.mean, (count, 1, 1, 1)), where=total > 0)
        moved = self.mean + self._stretch[..., None] * (drawn - self.mean)
        return np.where(self.is_random[..., None], moved, self.mean)


def _most_gained(payoffs: FloatArray, influence: FloatArray, reach: FloatArray) -> FloatArray:
    """Return what each change of row gains at most, shape (to, from, columns)."""
    gained = payoffs[:, None, :] - payoffs[None, :, :]
    moved = influence[:, :, None, :] - influence[:, None, :, :]
    wider = np.maximum(reach[:, None, :], reach[None, :, :])
    return gained + wider * np.sqrt((moved**2).sum(axis=0))


def _no_gain(payoffs: FloatArray, influence: FloatArray) -> BoolArray:
    """Return which cells no change of row improves by more than two standard errors."""
    gained = payoffs[:, None, :] - payoffs[None, :, :]
    moved = influence[:, :, None, :] - influence[:, None, :, :]
    noise = NOISE * np.sqrt((moved**2).sum(axis=0))
    # Payoffs are decided in millionths.
    return np.asarray((gained <= noise + 0.5 / MICRO).all(axis=0))


def millionths(payoffs: FloatArray) -> Whole:
    """Return payoffs in whole millionths, rounded as `games.matrices.matrix.exact` rounds them."""
    return np.rint(np.round(payoffs * MICRO, 3)).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Frequencies:
    """In what share of resampled games a pair of supports is an equilibrium's."""

    shares: dict[Supports, float]
    """Of extreme equilibria, most frequent first."""
    together: float
    """The share of games in which the same pairs, no more and no fewer, are equilibria's: of the
    pairs that most games have."""
    resamples: int
    """Games that were solved."""
    is_complete: bool
    """Whether mixed equilibria were looked for in all of them."""

    @property
    def listed(self) -> list[tuple[Supports, float]]:
        """Those that are an equilibrium's not too seldom."""
        return [(pair, share) for pair, share in self.shares.items() if share >= LEAST_SHARE]

    @property
    def is_unstable(self) -> bool:
        """Whether too few games have the very same pairs, or every pair is in too few."""
        shares = self.shares.values()
        # Where only pure equilibria were looked for, most games may have none that was found.
        return bool(shares) and min(self.together, max(shares)) < STABLE


def support_frequencies(games: FloatArray) -> Frequencies:
    """Return how often each pair of supports is an extreme equilibrium's.

    Games that are the same in millionths are solved once. Where the work allowed is done, the
    games that follow are not used.

    Args:
        games: Payoffs, shape (games, rows, columns, 2).
    """
    found: dict[bytes, tuple[Supports, ...]] = {}
    counts: Counter[Supports] = Counter()
    wholes: Counter[frozenset[Supports]] = Counter()
    left, solved, complete = WORK, 0, True
    for game in millionths(games):
        key = game.tobytes()
        if key not in found:
            rows, columns = _undominated(game)
            work = _work(len(rows), len(columns))
            if work > MOST_WORK:
                complete = False
                found[key] = tuple(_pure(game))
            elif work > left:
                break
            else:
                left -= work
                found[key] = _supports(game, rows, columns)
        solved += 1
        counts.update(found[key])
        wholes[frozenset(found[key])] += 1
    order = sorted(counts, key=lambda pair: (-counts[pair], len(pair[0]), len(pair[1]), pair))
    return Frequencies(
        shares={pair: counts[pair] / solved for pair in order},
        together=max(wholes.values(), default=0) / max(solved, 1),
        resamples=solved,
        is_complete=complete,
    )


def _work(height: int, width: int) -> int:
    return worst_case(height, width) + worst_case(width, height) if height * width > 1 else 0


def _undominated(game: Whole) -> tuple[list[int], list[int]]:
    """Return the strategies left when those that a pure one beats everywhere go, round by round.

    No equilibrium uses one that goes, and the others' equilibria are the whole game's.
    """
    rows, columns = list(range(game.shape[0])), list(range(game.shape[1]))
    while True:
        part = game[np.ix_(rows, columns)]
        over = _beaten(part[..., 0])
        across = _beaten(part[..., 1].T)
        if not (over.any() or across.any()):
            return rows, columns
        rows = [name for name, gone in zip(rows, over, strict=True) if not gone]
        columns = [name for name, gone in zip(columns, across, strict=True) if not gone]


def _beaten(payoffs: Whole) -> BoolArray:
    return np.asarray((payoffs[:, None, :] > payoffs[None, :, :]).all(axis=2).any(axis=0))


def _supports(game: Whole, rows: list[int], columns: list[int]) -> tuple[Supports, ...]:
    if len(rows) == len(columns) == 1:
        return (((rows[0],), (columns[0],)),)
    part = game[np.ix_(rows, columns)].tolist()
    first = [[cell[0] for cell in row] for row in part]
    second = [[cell[1] for cell in row] for row in part]
    profiles = enumerate_equilibria(bimatrix(first, second), budget_s=10.0).profiles
    pairs = {
        (
            tuple(rows[place] for place, weight in enumerate(row) if weight),
            tuple(columns[place] for place, weight in enumerate(column) if weight),
        )
        for row, column in profiles
    }
    return tuple(sorted(pairs))


def _pure(game: Whole) -> list[Supports]:
    stable = game[..., 0] == game[..., 0].max(axis=0, keepdims=True)
    stable &= game[..., 1] == game[..., 1].max(axis=1, keepdims=True)
    return [((int(i),), (int(j),)) for i, j in np.argwhere(stable)]


def regret_intervals(
    games: FloatArray, profile: Equilibrium
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what each side gains at most by leaving a profile: 95 % percentiles over games.

    Args:
        games: Payoffs, shape (games, rows, columns, 2).
        profile: What is played in each of them.
    """
    row = np.array([float(weight) for weight in profile.row])
    column = np.array([float(weight) for weight in profile.column])
    earned = games[..., 0] @ column
    its = np.einsum("gij,i->gj", games[..., 1], row)
    tail = 50 * (1 - CONFIDENCE)
    ends: list[tuple[float, float]] = []
    for worth, own in ((earned, row), (its, column)):
        regret = np.maximum(worth.max(axis=1) - worth @ own, 0.0)
        low, high = np.percentile(regret, [tail, 100 - tail])
        ends.append((round(float(low), 9) + 0.0, round(float(high), 9) + 0.0))
    return ends[0], ends[1]
