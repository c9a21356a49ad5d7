"""Patience, fines, linkage, dispute and trust: hand-worked numbers and the constraints behind."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.compliance.enforcement import (
    belief,
    critical_discount,
    dispute_threshold,
    effective_discount,
    expected_utility_of_signing,
    gain_of_honouring,
    linkage,
    smallest_fine,
)

EXAMPLE = (5.0, 3.0, 1.0)
"""T, R, P."""

whole = st.integers(-20, 20).map(float)
gaps = st.integers(1, 20).map(float)
patience = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9, 0.99])
chance = st.sampled_from([0.05, 0.25, 0.5, 1.0])
lags = st.integers(1, 6)


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, 0.50), ({"lag": 2}, 0.71), ({"detection": 0.5}, 0.67)],
)
def test_critical_discount_of_the_worked_example(more, expected):
    assert round(critical_discount(*EXAMPLE, **more), 2) == expected


def test_critical_discount_is_the_closed_form():
    assert critical_discount(*EXAMPLE, lag=2) == pytest.approx(0.5**0.5, abs=1e-15)
    assert critical_discount(*EXAMPLE, detection=0.5) == pytest.approx(2 / 3, abs=1e-15)


def test_no_temptation_needs_no_patience():
    assert critical_discount(3, 3, 1) == 0.0


def test_patience_is_undefined_where_honouring_brings_nothing():
    with pytest.raises(ValueError, match=r"R = 1 is not above P = 1; δ\* is undefined"):
        critical_discount(5, 1, 1)


@given(whole, gaps, gaps, lags, chance)
def test_at_the_critical_discount_honouring_and_reneging_are_worth_the_same(p, up, on, lag, q):
    r, t = p + up, p + up + on

    discount = critical_discount(t, r, p, lag, q)

    later = effective_discount(discount, lag, q)
    assert (1 - later) * t + later * p == pytest.approx(r, abs=1e-9)


@given(lags, chance, patience)
def test_later_years_weigh_what_the_expected_discount_at_detection_is(lag, q, delta):
    # E[δ^τ] term by term: noticed in year L + k with chance q(1−q)^k.
    terms = [q * (1 - q) ** k * delta ** (lag + k) for k in range(5000)]

    assert effective_discount(delta, lag, q) == pytest.approx(sum(terms), abs=1e-9)


@pytest.mark.parametrize(("mutual", "expected"), [(0.0, 0.67), (1.0, 0.40)])
def test_smallest_fine_of_the_worked_example(mutual, expected):
    assert round(smallest_fine(*EXAMPLE, 0.4, mutual), 2) == expected


def test_smallest_fine_is_the_formula_of_either_way_to_levy_it():
    t, r, p = EXAMPLE

    assert smallest_fine(*EXAMPLE, 0.4) == pytest.approx(t - (r - 0.4 * p) / 0.6)
    assert smallest_fine(*EXAMPLE, 0.4, 1.0) == pytest.approx(0.6 * t + 0.4 * p - r)
    assert smallest_fine(*EXAMPLE, 0.5) == 0.0
    assert smallest_fine(*EXAMPLE, 0.9) == 0.0


@given(whole, gaps, whole, patience, st.sampled_from([0.0, 0.3, 1.0]))
def test_the_smallest_fine_makes_reneging_worth_no_more_year_by_year(p, up, t, delta, mutual):
    r = p + up
    fine = smallest_fine(t, r, p, delta, mutual)

    years = range(4000)
    honouring = sum(r * delta**year for year in years)
    reneging = sum((t - fine if year == 0 else p - mutual * fine) * delta**year for year in years)

    assert reneging <= honouring + 1e-6
    assert fine == 0.0 or reneging == pytest.approx(honouring, abs=1e-6)


def test_linkage_pools_the_slack_and_loses_the_easy_issue():
    found = linkage((4, 1), (1, 6))

    assert [round(alone, 2) for alone in found.apart] == [0.80, 0.14]
    assert round(found.pooled, 2) == 0.42
    assert found.gained == (0,)
    assert found.lost == ((1, pytest.approx(1 / 7), pytest.approx(5 / 12)),)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5),
    st.sampled_from([0.05, 0.2, 0.41, 0.6, 0.93]),
)
def test_a_package_holds_exactly_when_its_constraint_does(pairs, delta):
    gains, losses = zip(*pairs, strict=True)
    found = linkage(gains, losses)
    weight = delta / (1 - delta)

    assert [delta >= alone for alone in found.apart] == [g <= weight * c for g, c in pairs]
    assert (delta >= found.pooled) == (sum(gains) <= weight * sum(losses))
    assert min(found.apart) - 1e-12 <= found.pooled <= max(found.apart) + 1e-12


def test_what_costs_more_than_it_brings_holds_only_in_a_package():
    found = linkage((4, 0), (-4, 10))

    assert found.apart == (1.0, 0.0)
    assert found.pooled == pytest.approx(4 / 10)
    assert linkage((4,), (-4,)).pooled == 1.0


@pytest.mark.parametrize(("gains", "losses"), [((1,), ()), ((), (1,)), ((-1,), (1,))])
def test_linkage_refuses_what_is_no_list_of_gains_and_losses(gains, losses):
    with pytest.raises(ValueError, match="expected as many gains, from 0, as losses"):
        linkage(gains, losses)


@pytest.mark.parametrize(
    ("gain", "cost", "depth", "expected"),
    [
        (6, 20, 1, 0.3),
        (6, 20, 0.5, 0.6),
        (6, 4, 1, 1.5),
        (-2, 4, 1, -0.5),
        (6, 0, 1, inf),
        (6, 20, 0, inf),
        (0, 0, 0, inf),
        (-1, 0, 1, -inf),
    ],
)
def test_a_dispute_keeps_from_signing_above_its_threshold(gain, cost, depth, expected):
    assert dispute_threshold(gain, cost, depth) == pytest.approx(expected)


def test_trust_is_the_mean_of_a_beta_distribution():
    assert belief(1, 1) == 0.5
    assert belief(2, 1, kept=3, broken=4) == 0.5
    assert belief(1, 3, np.array([0.0, 4.0])).tolist() == [0.25, 0.625]


@given(whole, whole, whole, whole, patience)
def test_certain_trust_leaves_the_condition_of_grim_trigger(t, r, p, s, delta):
    gain = float(gain_of_honouring(t, r, p, s, patience=delta, belief=1.0))

    assert gain == pytest.approx(r - (1 - delta) * t - delta * p)


def test_in_a_stag_hunt_played_once_it_honours_from_the_threshold_belief():
    # T 10, R 20, P 0, S −20: p* = 20 / (40 − 10) = 2/3.
    believing = np.array([0.6, 2 / 3, 0.7])

    gain = gain_of_honouring(10.0, 20.0, 0.0, -20.0, patience=0.0, belief=believing)

    assert np.sign(np.round(gain, 12)).tolist() == [-1, 0, 1]


def test_signing_is_worth_what_the_better_way_of_acting_brings():
    stakes = {"temptation": 10.0, "reward": 20.0, "punishment": 0.0, "sucker": -20.0}

    worth = [expected_utility_of_signing(60.0, belief=p, **stakes) for p in (1.0, 0.8, 0.5, 0.0)]

    # Honouring loses 40 if betrayed; below 2/3 it reneges: p·(−10) − (1−p)·20.
    assert worth == pytest.approx([60, 52, 45, 40])
