"""95 % intervals hold the truth about 95 times in 100, where the truth is known."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from tests.delegates.evaluation.judging.coverage import (
    HARSH,
    REQUIRED,
    SIZES,
    Population,
    advantages,
    coverage,
    coverage_of_percentiles,
    coverage_of_t,
    coverage_of_wild,
    percentiles,
    samples,
)

stats: Any = import_module("scipy.stats")

REPLICATIONS = 10_000
FEW = 1_000
LEAST, MOST = 0.92, 0.97
SLACK = 0.015
"""Two standard errors of a coverage from `FEW` replications."""


@pytest.mark.parametrize("population", REQUIRED, ids=lambda one: one.name)
def test_intervals_hold_the_truth_about_as_often_as_they_say(population: Population):
    found = [coverage(population, size, FEW) for size in (5, 10)]

    assert all(LEAST - SLACK <= one <= MOST + SLACK for one in found)


def test_the_percentile_bootstrap_holds_it_too_seldom():
    normal = REQUIRED[0]

    assert coverage_of_percentiles(normal, 5, FEW) < 0.88
    assert coverage_of_percentiles(normal, 6, FEW) < 0.89
    assert coverage(normal, 6, FEW) > 0.93


@pytest.mark.parametrize("size", [5, 20])
def test_the_percentile_bootstrap_that_is_measured_is_scipys(size: int):
    means = samples(REQUIRED[0], size, 1)[0]

    theirs = stats.bootstrap(
        (means,),
        np.mean,
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval

    reach = (theirs.high - theirs.low) / 50
    assert percentiles(means, 20_000) == pytest.approx((theirs.low, theirs.high), abs=reach)


def test_t_alone_holds_a_skewed_share_too_seldom():
    rate = next(one for one in REQUIRED if one.name == "agreement rate, mean .8")

    assert coverage_of_t(rate, 5, FEW) < LEAST
    assert coverage(rate, 5, FEW) > LEAST


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("population", REQUIRED, ids=lambda one: one.name)
def test_coverage_lies_between_92_and_97_per_cent(population: Population, size: int):
    assert LEAST <= coverage(population, size, REPLICATIONS) <= MOST


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
def test_coverage_of_advantages_that_were_played_lies_there_too(size: int):
    found = {one.name: coverage(one, size, REPLICATIONS) for one in advantages()}

    assert {name: one for name, one in found.items() if not LEAST <= one <= MOST} == {}


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("population", HARSH, ids=lambda one: one.name)
def test_where_so_few_scenarios_cannot_tell_coverage_still_does_not_collapse(
    population: Population, size: int
):
    assert coverage(population, size, REPLICATIONS) > coverage_of_percentiles(
        population, size, REPLICATIONS
    )


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("size", SIZES)
def test_the_wild_bootstrap_covers_where_scenarios_are_normal(size: int):
    assert LEAST <= coverage_of_wild(REQUIRED[0], size, 2_000) <= MOST
