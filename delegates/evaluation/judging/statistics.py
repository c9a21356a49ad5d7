"""What a sample of scenarios says of all scenarios like them: means, intervals, tests.

Sessions in one scenario are alike, so a scenario is what is drawn: every function takes one number
a scenario, the mean of its sessions, and each weighs the same however many sessions it had. All
intervals are two-sided, 95 %, with Student's t of one degree of freedom fewer than scenarios, and
there is none below `LEAST_SCENARIOS`. What coverage they have is measured in
docs/theory/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

import numpy as np

from delegates.evaluation.judging.found import Estimate, Method
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from games.outcomes import FloatArray

CONFIDENCE = 0.95
"""Of every interval."""

SHARE = (0.0, 1.0)
"""The range of a share."""

ALIKE = 1e-9
"""Scenarios whose means differ by less than this, relative to their size, are called alike."""

Interval = tuple[float, float]


def estimate(
    means: FloatArray, *, sessions: int, within: tuple[float, float] | None = None
) -> Estimate:
    """Return the mean over scenarios with its interval, and how that was found.

    `score` where the quantity lies in a known range and the scenarios' means do too, else `t`;
    `alike` where all scenarios have the same mean: then a t interval would have no width, and be
    no evidence. Without a range there is no interval in that case.

    Args:
        means: One a scenario.
        sessions: How many stand behind them.
        within: The least and the greatest that the quantity can be, if it is bounded.
    """
    count = len(means)
    if count == 0:
        return Estimate(mean=None, low=None, high=None, sessions=sessions, scenarios=0)
    mean = float(means.mean())
    method, interval = _interval(means, within)
    return Estimate(
        mean=mean,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        sessions=sessions,
        scenarios=count,
        error=standard_error(means) if count > 1 else None,
        method=method,
    )


def _interval(
    means: FloatArray, within: tuple[float, float] | None
) -> tuple[Method, Interval | None]:
    if len(means) < LEAST_SCENARIOS:
        return "none", None
    if within is None or not _lie(means, within):
        return ("alike", None) if are_alike(means) else ("t", t_interval(means))
    inside = means.clip(*within)
    if are_alike(inside):
        return "alike", alike_interval(inside, within)
    return "score", score_interval(inside, within)


def _lie(means: FloatArray, within: tuple[float, float]) -> bool:
    """Return whether all lie in a range, but for rounding."""
    return within[0] - ALIKE <= float(means.min()) and float(means.max()) <= within[1] + ALIKE


def are_alike(means: FloatArray) -> bool:
    """Return whether all scenarios have the same mean, but for rounding."""
    return float(np.ptp(means)) <= ALIKE * max(1.0, float(np.abs(means).max()))


def standard_error(means: FloatArray) -> float:
    """Return the standard error of the mean over scenarios: s/√G."""
    return float(means.std(ddof=1)) / sqrt(len(means))


def t_interval(means: FloatArray) -> Interval:
    """Return x̄ ± t·s/√G, t of G − 1 degrees of freedom.

    It is the cluster-robust interval of a mean in which every cluster weighs the same (CR1 with
    G − 1 degrees of freedom: Cameron & Miller 2015, “A practitioner's guide to cluster-robust
    inference”, Journal of Human Resources 50).
    """
    mean, reach = float(means.mean()), _quantile(len(means) - 1) * standard_error(means)
    return mean - reach, mean + reach


def score_interval(means: FloatArray, within: tuple[float, float] = SHARE) -> Interval:
    """Return the means μ within a range that t does not reject, spread shrinking to its ends.

    A quantity between 0 and 1 with mean μ has a variance of at most μ(1 − μ). Let it be the same
    fraction of that for every μ as it is found to be at x̄: then n = x̄(1 − x̄)/(s²/G) is the size
    of a simple random sample as precise as these scenarios, and the interval is Wilson's with n
    and Student's t: (x̄ + t²/2n ± t√(x̄(1 − x̄)/n + t²/4n²)) / (1 + t²/n). It never leaves the
    range and follows its skewness. Wilson 1927 (JASA 22); for clustered samples Kott 2017 (Survey
    Methodology 43) and Franco, Little, Louis & Slud 2019 (J. Survey Statistics and Methodology 7).

    Args:
        means: One a scenario, within the range, not all alike.
        within: The range.
    """
    low, span = within[0], within[1] - within[0]
    mean = (float(means.mean()) - low) / span
    spread = mean * (1 - mean)
    # s²/G is at most x̄(1 − x̄)/(G − 1), so n is at least G − 1.
    size = spread / (standard_error(means) / span) ** 2
    squared = _quantile(len(means) - 1) ** 2
    middle = (mean + squared / (2 * size)) / (1 + squared / size)
    reach = sqrt(squared * (spread / size + squared / (4 * size * size))) / (1 + squared / size)
    return low + span * max(0.0, middle - reach), low + span * min(1.0, middle + reach)


def alike_interval(means: FloatArray, within: tuple[float, float] = SHARE) -> Interval:
    """Return what is known of the mean where all G scenarios came to the same value c.

    If a share q of all scenarios came to something else, G in a row would be alike with
    probability (1 − q)^G at most, which is below 2.5 % where q > 1 − .025^(1/G). Others may lie at
    either end of the range, whatever their distribution. Of 5 scenarios that all agree: at
    least .48 of them do.

    Args:
        means: One a scenario, all alike, within the range.
        within: The range.
    """
    low, high = within
    value = min(max(float(means.mean()), low), high)
    other = 1 - ((1 - CONFIDENCE) / 2) ** (1 / len(means))
    return value - other * (value - low), value + other * (high - value)


def two_sided_p(means: FloatArray) -> float | None:
    """Return the p-value of a mean of zero over all scenarios; None below `LEAST_SCENARIOS`.

    Student's t, two-sided. Of scenarios that are all alike t is infinite, whatever their number:
    then the probability that G signs fall alike by chance, 2^(1 − G), and 1 if all are zero.
    """
    count = len(means)
    if count < LEAST_SCENARIOS:
        return None
    if are_alike(means):
        return 1.0 if abs(float(means.mean())) <= ALIKE else 2.0 ** (1 - count)
    from scipy.special import stdtr  # pyright: ignore[reportMissingTypeStubs]

    t = abs(float(means.mean())) / standard_error(means)
    return float(2 * stdtr(count - 1, -t))


def holm(ps: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return p-values adjusted for there being several, so that the chance of any false finding
    among them stays at its level; None stays None and is not counted.

    Holm 1979, “A simple sequentially rejective multiple test procedure”, Scandinavian Journal of
    Statistics 6: the i-th smallest of k times k − i + 1, never less than one before it, at most 1.
    """
    known = sorted((p, position) for position, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    highest = 0.0
    for rank, (p, position) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        adjusted[position] = highest
    return tuple(adjusted)


@lru_cache(maxsize=256)
def _quantile(freedom: int) -> float:
    """Return Student's t above which lies half of what the interval leaves out."""
    from scipy.special import stdtrit  # pyright: ignore[reportMissingTypeStubs]

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
