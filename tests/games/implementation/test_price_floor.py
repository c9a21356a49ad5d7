"""What a price floor is worth: figures by hand, parity, and a simulation beside the formula."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.implementation.price_floor import floor_range, normal_cdf, put, strip, variance

prices = st.floats(1, 500)
volatilities = st.floats(0.05, 1.5)


@pytest.mark.parametrize(
    ("forward", "volatility", "expected"),
    [(69, 0.40, 44.16), (69, 0.0, 33.12), (123, 0.40, 26.36), (123, 0.0, 0.0)],
)
def test_a_ten_year_strip_is_worth_what_the_formula_says(forward, volatility, expected):
    assert round(float(strip(forward, 110, volatility)), 2) == expected


def test_the_range_runs_over_volatility_and_mean_reversion():
    found = floor_range(123, 110)

    assert [round(value.worth, 1) for value in found.values] == [26.4, 32.6, 12.8]
    assert (round(found.least, 1), round(found.most, 1), found.intrinsic) == (12.8, 32.6, 0.0)


def test_a_rate_of_one_half_gives_the_low_end_at_either_corrected_volatility():
    assert round(float(strip(123, 110, 0.50, reversion=0.5)), 1) == 13.1
    assert round(float(strip(123, 110, 0.49, reversion=0.5)), 1) == 12.8


def test_the_normal_distribution_function_at_known_points():
    found = normal_cdf(np.array([-1.959964, 0.0, 1.0, 8.5]))

    assert found == pytest.approx([0.025, 0.5, 0.841344746, 1.0], abs=1e-8)


def test_a_simulation_finds_the_same_value():
    normal = np.random.default_rng(7).standard_normal(400_000)
    deviation = 0.4 * np.sqrt(5)
    later = 100 * np.exp(deviation * normal - deviation**2 / 2)
    paid = exp(-0.2) * np.maximum(110 - later, 0)

    found = float(put(100, 110, deviation**2, 5, 0.04))

    assert abs(paid.mean() - found) < 4 * paid.std() / np.sqrt(len(paid))


@given(prices, prices, volatilities, st.integers(1, 20))
def test_a_put_lies_between_its_intrinsic_value_and_the_discounted_strike(f, k, sigma, years):
    found = float(put(f, k, variance(sigma, years), years, 0.04))

    assert exp(-0.04 * years) * max(k - f, 0) - 1e-9 <= found <= exp(-0.04 * years) * k + 1e-9


@given(prices, prices, volatilities)
def test_a_put_obeys_put_call_parity(f, k, sigma):
    # A call is a put with forward and strike exchanged (and K units of it in place of F).
    spread = float(put(f, k, sigma**2, 1, 0.0)) - float(put(k, f, sigma**2, 1, 0.0))

    assert spread == pytest.approx(k - f, abs=1e-9)


@given(prices, prices, volatilities, st.floats(0.01, 3))
def test_a_higher_floor_is_dearer_and_reversion_makes_it_cheaper(f, k, sigma, kappa):
    base = float(strip(f, k, sigma))

    assert float(strip(f, k + 1, sigma)) >= base
    assert float(strip(f, k, sigma, reversion=kappa)) <= base + 1e-9


def test_slow_reversion_tends_to_none():
    assert variance(0.4, 10, 1e-9) == pytest.approx(variance(0.4, 10))
    assert variance(0.4, 1e6, 0.5) == pytest.approx(0.16)


def test_no_floor_is_worth_nothing():
    assert float(strip(123, 0, 0.4)) == 0.0
