"""What a counterpart's offers suggest it wants, and how far that is from the truth.

The frequency model (Hindriks and Tykhonov 2008, in the counting form that the agent HardHeaded made
known): an issue weighs the more the seldomer it was changed, an option is liked the more often it
was offered. Nothing private enters an estimate: it follows from the outcome space and the offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.correlations import GRAIN, correlation, rank_correlation
from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.utility import Preferences

NEARNESS = 0.5
"""Share of an option's value that its nearness to the last offer decides; options are taken as
ordered. 0 leaves the frequencies alone, as in the literature."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FrequencyModel:
    """Estimated preferences of one party, additive over issues."""

    space: OutcomeSpace
    weights: FloatArray
    """What each issue matters, shape (issues,); they sum to 1."""
    values: tuple[FloatArray, ...]
    """What each option of each issue is worth, in [0, 1]; one array an issue."""

    def utility(self, outcomes: IndexArray) -> FloatArray:
        """Return the estimated utility of some outcomes, in [0, 1], in the shape given."""
        total = np.zeros(outcomes.shape)
        for issue, (stride, width) in enumerate(
            zip(self.space.strides, self.space.shape, strict=True)
        ):
            total += self.weights[issue] * self.values[issue][outcomes // stride % width]
        return total

    def utilities(self) -> FloatArray:
        """Return the estimated utility of every outcome, in [0, 1], shape (size,)."""
        table = np.zeros(self.space.shape)
        for name, weight, values in zip(self.space.issues, self.weights, self.values, strict=True):
            table += self.space.along(name, (weight * values).tolist())
        return np.clip(table, 0.0, 1.0).reshape(self.space.size)


def frequency_model(
    space: OutcomeSpace, offers: Sequence[int], nearness: float = NEARNESS
) -> FrequencyModel:
    """Return what a party's offers suggest of its preferences.

    An issue's weight is proportional to 1 + the number of times the party left it as it was from
    one offer to its next. An option's value is its count as a share of the most frequent option's,
    mixed with its nearness to the last offer. Before the first offer all issues weigh the same and
    every option is worth a half.

    Args:
        space: The outcome space.
        offers: The party's offers, as outcome indices, oldest first.
        nearness: Share of the value that nearness to the last offer decides.
    """
    if not offers:
        count = len(space.shape)
        halves = tuple(np.full(width, 0.5) for width in space.shape)
        return FrequencyModel(space=space, weights=np.full(count, 1 / count), values=halves)
    history = np.array([space.levels_of(offer) for offer in offers])
    kept = 1 + np.count_nonzero(history[1:] == history[:-1], axis=0)
    counts = [
        np.bincount(history[:, issue], minlength=width) for issue, width in enumerate(space.shape)
    ]
    return counted_model(space, kept, counts, history[-1].tolist(), nearness)


def counted_model(
    space: OutcomeSpace,
    kept: IndexArray,
    counts: Sequence[IndexArray],
    last: Sequence[int],
    nearness: float = NEARNESS,
) -> FrequencyModel:
    """Return the same, given what was counted in the offers.

    Args:
        space: The outcome space.
        kept: 1 + how often each issue was left as it was.
        counts: How often each option of each issue was offered.
        last: The option positions of the last offer.
        nearness: Share of the value that nearness to the last offer decides.
    """
    values: list[FloatArray] = []
    for width, found, level in zip(space.shape, counts, last, strict=True):
        distance = np.abs(np.arange(width) - level) / max(width - 1, 1)
        values.append((1 - nearness) * found / found.max() + nearness * (1 - distance))
    return FrequencyModel(space=space, weights=kept / kept.sum(), values=tuple(values))


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What could be believed of a party from its offers, against what is true."""

    party: str
    offers: int
    """How many offers the estimate rests on."""
    issues: tuple[str, ...]
    believed: tuple[float, ...]
    """Estimated issue weights; they sum to 1."""
    true: tuple[float, ...]
    """True issue weights (see `true_weights`); they sum to 1, or are all 0."""
    weight_error: float
    """Half the sum of absolute differences of the weights: 0 all right, 1 all wrong."""
    rank_correlation: float | None
    """Spearman's, of estimated and true utility over the outcomes that can happen; None where
    either ranks nothing."""
    correlation: float | None
    """Pearson's, likewise."""


def belief(space: OutcomeSpace, own: Preferences, offers: Sequence[int]) -> Belief:
    """Return how the frequency model of a party compares with its preferences.

    Args:
        space: The outcome space.
        own: The party's preferences: the truth.
        offers: The party's offers, oldest first: all that the estimate rests on.
    """
    model = frequency_model(space, offers)
    truth = true_weights(space, own.utilities)
    estimated, utilities = model.utilities(), own.utilities
    if space.possible is not None:
        estimated, utilities = estimated[space.possible], utilities[space.possible]
    return Belief(
        party=own.party,
        offers=len(offers),
        issues=space.issues,
        believed=tuple(model.weights.tolist()),
        true=tuple(truth.tolist()),
        weight_error=weight_error(model.weights, truth),
        rank_correlation=rank_correlation(estimated, utilities),
        correlation=correlation(estimated, utilities),
    )


def true_weights(space: OutcomeSpace, utilities: FloatArray) -> FloatArray:
    """Return what each issue matters to a party, shape (issues,), as shares of 1.

    An issue's weight is the range of its options' mean utilities, over all settlements of the other
    issues: for additive points, the range of its points. All 0 for a party that nothing matters to.
    """
    ranges = np.array([float(np.ptp(worths)) for worths in mean_worths(space, utilities)])
    ranges[ranges < 10.0**-GRAIN] = 0.0
    total = ranges.sum()
    return ranges / total if total > 0 else ranges


def mean_worths(space: OutcomeSpace, utilities: FloatArray) -> list[FloatArray]:
    """Return what each option of each issue is worth, an array an issue.

    The mean over all settlements of the other issues.
    """
    table = utilities.reshape(space.shape)
    axes = range(len(space.shape))
    return [np.asarray(table.mean(axis=tuple(a for a in axes if a != axis))) for axis in axes]


def weight_error(believed: FloatArray, true: FloatArray) -> float:
    """Return half the sum of absolute differences of two sets of weights, in [0, 1]."""
    return float(np.abs(believed - true).sum() / 2)
