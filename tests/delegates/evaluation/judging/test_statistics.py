"""Means over scenarios, their intervals and tests: by hand, and beside scipy and statsmodels."""

from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.evaluation.judging.statistics import (
    alike_interval,
    estimate,
    holm,
    score_interval,
    standard_error,
    t_interval,
    two_sided_p,
)
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from tests.delegates.evaluation.judging.wild_bootstrap import (
    wild_bootstrap_interval,
    wild_bootstrap_p,
)

stats: Any = import_module("scipy.stats")
regression: Any = import_module("statsmodels.regression.linear_model")
multitest: Any = import_module("statsmodels.stats.multitest")
proportion: Any = import_module("statsmodels.stats.proportion")

SIX = np.array([0.2, 0.3, 0.3, 0.5, 0.6, 0.8])
"""Mean .45; s² = .255/5 = .051, s/√6 = √.0085."""

numbers = st.integers(-1000, 1000).map(lambda number: number / 64)
spread_out = (
    st.lists(numbers, min_size=5, max_size=12).filter(lambda one: len(set(one)) > 1).map(np.array)
)
shares = (
    st.lists(st.integers(0, 64).map(lambda number: number / 64), min_size=5, max_size=12)
    .filter(lambda one: len(set(one)) > 1)
    .map(np.array)
)
probabilities = st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12)


def drawn(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.1, 0.3, count)


def wild_p(means: np.ndarray, null: float = 0.0, **how: Any) -> float:
    found = wild_bootstrap_p(means, null, **how)
    assert found is not None
    return found


def wild_interval(means: np.ndarray, **how: Any) -> tuple[float, float]:
    found = wild_bootstrap_interval(means, **how)
    assert found is not None
    return found


# By hand


def test_every_scenario_weighs_the_same():
    found = estimate(SIX, sessions=600)

    assert found.mean == pytest.approx(0.45)
    assert found.error == pytest.approx(0.0085**0.5)
    assert (found.sessions, found.scenarios, found.method) == (600, 6, "t")


def test_the_t_interval_by_hand():
    # t of 5 degrees of freedom: 2.570582.
    low, high = t_interval(SIX)

    assert (low, high) == pytest.approx((0.45 - 0.2369959, 0.45 + 0.2369959), abs=1e-6)


def test_the_score_interval_by_hand():
    # n = .45·.55/.0085 = 29.11765, t²/n = 6.607892/29.11765 = .2269377.
    # (.45 + .1134688 ± √(.0561671 + .0128752)) / 1.2269377 = (.5634688 ± .2627590) / 1.2269377
    low, high = score_interval(SIX)

    assert (low, high) == pytest.approx((0.2450898, 0.6734065), abs=1e-6)


def test_of_scenarios_all_alike_the_interval_is_what_chance_leaves_open():
    low, high = alike_interval(np.ones(5))

    assert high == 1
    assert low**5 == pytest.approx(0.025)
    assert estimate(np.ones(5), sessions=5, within=(0, 1)).method == "alike"


def test_a_value_within_the_range_that_all_scenarios_share_may_be_left_to_either_side():
    low, high = alike_interval(np.full(5, 0.25))

    other = 1 - 0.025**0.2
    assert (low, high) == pytest.approx((0.25 * (1 - other), 0.25 + 0.75 * other))


def test_a_difference_that_is_the_same_everywhere_has_no_interval_of_no_width():
    found = estimate(np.zeros(7), sessions=70)

    assert (found.mean, found.low, found.high, found.method) == (0, None, None, "alike")


@pytest.mark.parametrize("count", range(1, LEAST_SCENARIOS))
def test_there_is_no_interval_below_five_scenarios(count: int):
    found = estimate(drawn(1, count), sessions=10_000, within=(0, 1))

    assert found.mean is not None
    assert (found.low, found.high, found.method) == (None, None, "none")
    assert two_sided_p(drawn(1, count)) is None
    assert wild_bootstrap_p(drawn(1, count)) is None
    assert wild_bootstrap_interval(drawn(1, count)) is None


def test_there_is_no_mean_of_nothing_and_no_error_of_one():
    assert estimate(np.array([]), sessions=0).mean is None
    assert estimate(np.array([0.3]), sessions=4).error is None


def test_what_leaves_the_range_is_no_share_and_gets_t():
    below = np.array([-0.1, 0.2, 0.4, 0.5, 0.6])

    found = estimate(below, sessions=5, within=(0, 1))

    assert found.method == "t"
    assert (found.low, found.high) == t_interval(below)


def test_rounding_at_the_end_of_the_range_does_not_leave_it():
    found = estimate(np.array([1 + 1e-12, 0.5, 0.6, 0.7, 0.8]), sessions=5, within=(0, 1))

    assert found.method == "score"


def test_holm_by_hand():
    # Holm 1979: .01·4, .02·3, then .03·2 = .06 not below .06, and .04.
    assert holm([0.04, 0.01, None, 0.03, 0.02]) == pytest.approx((0.06, 0.04, None, 0.06, 0.06))


def test_differences_alike_in_all_scenarios_count_as_signs_do():
    assert two_sided_p(np.zeros(6)) == 1
    assert two_sided_p(np.full(6, 0.1)) == 2.0**-5


# Beside others


@pytest.mark.parametrize("count", [5, 6, 10, 20])
def test_t_is_scipys(count: int):
    means = drawn(count, count)

    theirs = stats.ttest_1samp(means, 0)

    assert two_sided_p(means) == pytest.approx(theirs.pvalue, rel=1e-10)
    interval = theirs.confidence_interval(0.95)
    assert t_interval(means) == pytest.approx((interval.low, interval.high), rel=1e-10)


@pytest.mark.parametrize("count", [5, 6, 10, 20])
def test_t_is_that_of_a_regression_on_a_constant_clustered_by_scenario(count: int):
    """Sessions of equal number, errors clustered by scenario, t with G − 1: statsmodels."""
    rng = np.random.default_rng(count)
    sessions = rng.normal(0.1, 0.3, (count, 1)) + rng.normal(0, 0.2, (count, 8))
    groups = np.repeat(np.arange(count), 8)

    # Its correction for few clusters is G/(G − 1)·(N − 1)/(N − K), which is G/(G − 1) here.
    theirs = regression.OLS(sessions.ravel(), np.ones(groups.size)).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )

    means = sessions.mean(axis=1)
    assert theirs.df_resid_inference == count - 1
    assert standard_error(means) == pytest.approx(theirs.bse[0], rel=1e-10)
    assert t_interval(means) == pytest.approx(tuple(theirs.conf_int(0.05)[0]), rel=1e-10)
    assert two_sided_p(means) == pytest.approx(theirs.pvalues[0], rel=1e-10)


@pytest.mark.parametrize(("agreed", "count"), [(3, 5), (7, 10), (18, 20), (1, 8)])
def test_the_score_interval_of_zeros_and_ones_is_wilsons(agreed: int, count: int):
    """The spread of zeros and ones is binomial: n = G − 1 scenarios, and t for the normal."""
    means = np.array([1.0] * agreed + [0.0] * (count - agreed))
    t = stats.t.ppf(0.975, count - 1)

    theirs = proportion.proportion_confint(
        agreed / count * (count - 1), count - 1, alpha=2 * stats.norm.sf(t), method="wilson"
    )

    assert score_interval(means) == pytest.approx(theirs, rel=1e-9)


@settings(max_examples=30)  # theirs takes long
@given(probabilities)
def test_holm_is_that_of_statsmodels(ps: list[float | None]):
    known = [p for p in ps if p is not None]

    ours = [p for p in holm(ps) if p is not None]

    theirs = multitest.multipletests(known, method="holm")[1] if known else []
    assert ours == pytest.approx(list(theirs))


@pytest.mark.parametrize("count", [5, 7, 10])
def test_the_wild_bootstrap_with_signs_is_the_test_that_flips_signs(count: int):
    means = drawn(count + 100, count)

    theirs = stats.permutation_test(
        (means,), np.mean, permutation_type="samples", n_resamples=np.inf
    )

    assert wild_p(means, weights="rademacher") == pytest.approx(theirs.pvalue)


def test_signs_of_five_scenarios_can_reject_nothing_at_five_per_cent():
    far = np.array([10.0, 10.1, 10.2, 10.3, 10.4])

    assert wild_p(far, weights="rademacher") == 1 / 16
    assert wild_interval(far, weights="rademacher") == (-np.inf, np.inf)
    assert wild_p(far) < 0.01


@pytest.mark.parametrize("count", [5, 6, 10, 20])
def test_the_wild_bootstrap_agrees_with_t_where_t_is_right(count: int):
    """Of normal scenarios both cover 95 %; on average they are about as wide."""
    ratios = []
    for seed in range(8):
        means = drawn(seed, count)
        low, high = wild_interval(means, seed=seed, draws=1999)
        ratios.append((high - low) / np.ptp(t_interval(means)))

    assert np.median(ratios) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("count", [5, 8])
def test_the_limits_of_the_wild_bootstrap_are_where_its_p_passes_five_per_cent(count: int):
    means = drawn(3, count)
    low, high = wild_interval(means, seed=4)
    step = 1e-4 * standard_error(means)

    assert wild_p(means, low + step, seed=4) >= 0.05
    assert wild_p(means, high - step, seed=4) >= 0.05
    assert wild_p(means, low - step, seed=4) < 0.05
    assert wild_p(means, high + step, seed=4) < 0.05


# Properties


@given(spread_out, st.sampled_from([-4.0, 0.5, 2.0]), numbers)
def test_the_t_interval_goes_with_the_unit(means: np.ndarray, scale: float, shift: float):
    there = sorted(scale * limit + shift for limit in t_interval(means))

    assert list(t_interval(scale * means + shift)) == pytest.approx(there, abs=1e-9)


@given(shares, st.sampled_from([-4.0, 0.5, 2.0]), numbers)
def test_the_score_interval_goes_with_the_range(means: np.ndarray, scale: float, shift: float):
    ends = sorted((shift, scale + shift))

    there = sorted(scale * limit + shift for limit in score_interval(means))

    moved = score_interval(scale * means + shift, (ends[0], ends[1]))
    assert list(moved) == pytest.approx(there, abs=1e-9)


@given(shares)
def test_the_score_interval_stays_in_the_range_and_holds_the_mean(means: np.ndarray):
    low, high = score_interval(means)

    assert 0 <= low < means.mean() < high <= 1


@given(spread_out, st.randoms(use_true_random=False))
def test_the_order_of_scenarios_does_not_matter(means: np.ndarray, random):
    mixed = means.copy()
    random.shuffle(mixed)

    assert t_interval(mixed) == pytest.approx(t_interval(means))
    assert two_sided_p(mixed) == pytest.approx(two_sided_p(means))


@given(spread_out)
def test_zero_lies_in_the_interval_where_p_is_above_five_per_cent(means: np.ndarray):
    low, high = t_interval(means)
    p = two_sided_p(means)

    assert p is not None
    assert (low <= 0 <= high) == (p >= 0.05) or p == pytest.approx(0.05)


@given(probabilities)
def test_holm_never_lowers_a_p_and_keeps_their_order(ps: list[float | None]):
    adjusted = holm(ps)

    both = sorted(
        (p, after) for p, after in zip(ps, adjusted, strict=True) if p is not None and after
    )
    assert all(p <= after <= 1 for p, after in both)
    assert all(first[1] <= second[1] for first, second in pairwise(both))
    assert [p is None for p in ps] == [p is None for p in adjusted]
