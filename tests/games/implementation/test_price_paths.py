"""Price paths: their moments are those of the processes they claim to follow."""

import numpy as np
import pytest

from games.implementation.price_paths import forward, price_paths, reversion_of
from games.parts.aftermath import Price

WALK = Price(spot=100, volatility=0.4)
REVERTING = Price.model_validate(
    {
        "spot": 100,
        "volatility": 0.4,
        "process": {"kind": "mean-reverting", "reversion": 0.5, "level": 60},
    }
)


def drawn(price: Price, paths: int = 100_000):
    return price_paths(price, 10, paths, np.random.default_rng(11))


@pytest.mark.parametrize("price", [WALK, REVERTING])
@pytest.mark.parametrize("year", [1, 4, 10])
def test_the_mean_of_the_paths_is_the_forward_price(price, year):
    paths = drawn(price)[year]

    expected = float(forward(price, np.array([100.0]), year)[0])

    assert abs(paths.mean() - expected) < 4 * paths.std() / np.sqrt(len(paths))


@pytest.mark.parametrize(
    ("price", "variances"),
    [(WALK, (0.16, 1.6)), (REVERTING, (0.16 * (1 - np.exp(-1)), 0.16 * (1 - np.exp(-10))))],
)
def test_the_variance_of_the_logarithm_is_that_of_the_process(price, variances):
    logs = np.log(drawn(price))

    assert logs[[1, 10]].var(axis=1) == pytest.approx(variances, rel=0.02)


def test_all_paths_start_at_spot():
    assert drawn(REVERTING, 10)[0] == pytest.approx(np.full(10, 100.0))


def test_in_the_long_run_a_reverting_price_has_its_level_as_mean():
    assert forward(REVERTING, np.array([5.0, 100.0, 900.0]), 60) == pytest.approx([60, 60, 60])
    assert forward(WALK, np.array([5.0, 900.0]), 60).tolist() == [5, 900]


def test_yearly_steps_add_up_to_the_forward_over_several_years():
    now = np.array([20.0, 60.0, 200.0])
    # E[S₂ | S₀] by averaging the one-year forward over a fine grid of next year's logarithm.
    points, weights = np.polynomial.hermite_e.hermegauss(60)
    spread = np.sqrt(0.16 * (1 - np.exp(-1)))
    mean_log = np.log(forward(REVERTING, now, 1)) - spread**2 / 2
    grid = np.exp(mean_log[:, None] + spread * points)
    twice = forward(REVERTING, grid, 1) @ weights / weights.sum()

    assert forward(REVERTING, now, 2) == pytest.approx(twice)


def test_one_seed_gives_one_future():
    assert drawn(WALK, 10).tolist() == drawn(WALK, 10).tolist()
    assert (reversion_of(WALK), reversion_of(REVERTING)) == (0.0, 0.5)
