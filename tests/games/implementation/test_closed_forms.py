"""The simulation equals what theory says in closed form, within its own standard error."""

from math import erf, exp, log, sqrt

import numpy as np
import pytest

from games.implementation.outlook import Outlook
from games.implementation.price_floor import put, strip
from tests.games.implementation.test_outlook import seen, years_after

SEEDS = (0, 1, 2, 3)
PATHS = 20_000
FAR = 4.0
"""Standard errors that a mean may lie off."""


def off(found: float, expected: float, error: float) -> float:
    """Return how many standard errors a figure lies off."""
    return abs(found - expected) / error


def share_error(expected: float) -> float:
    """Return the standard error of a share over all paths."""
    return sqrt(expected * (1 - expected) / PATHS)


def normal(value: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * (1 + erf(value / sqrt(2)))


def runs(**more: object) -> list[Outlook]:
    """Return the years after the deal of the compliance tests, under each seed."""
    game = years_after(**more)  # type: ignore[arg-type]
    return [seen(game, seed=seed, paths=PATHS) for seed in SEEDS]


@pytest.mark.parametrize(
    ("lag", "detection", "years"), [(1, 0.3, 1), (1, 0.3, 4), (2, 0.5, 3), (3, 0.2, 8), (4, 0.5, 3)]
)
def test_reneging_is_noticed_by_a_year_with_the_chance_of_repeated_checks(
    lag: int, detection: float, years: int
):
    # B, without patience, reneges from the first year on; A is patient enough to honour.
    expected = 1 - (1 - detection) ** max(years - lag + 1, 0)
    for found in runs(patience={"A": 0.99, "B": 0.0}, lag=lag, detection=detection, years=years):
        account = {one.issues: one for one in found.accounts}[("volume",)]
        assert account.reneged == 1.0
        if expected == 0:
            assert account.noticed == 0.0
        else:
            assert off(account.noticed, expected, share_error(expected)) < FAR


def test_a_breach_costs_in_fines_what_enforcement_makes_of_each_year_of_it():
    # Noticed in year t with q(1−q)^(t−1), then fined with chance e for t years.
    chance, fine, detection, years = 0.4, 5.0, 0.25, 6
    expected = (
        chance * fine * sum(t * detection * (1 - detection) ** (t - 1) for t in range(1, years + 1))
    )
    for found in runs(
        patience={"A": 0.99, "B": 0.0},
        enforcement=chance,
        fine={"B": fine},
        detection=detection,
        years=years,
    ):
        fined = {one.issues: one.fined for one in found.accounts}[("volume",)]
        assert off(fined.mean, expected, fined.standard_error) < FAR
        by_year = sum(year.fines["B"].mean for year in found.by_year if "B" in year.fines)
        assert by_year == pytest.approx(fined.mean)


@pytest.mark.parametrize("years", [10, 15, 20])
def test_the_share_financed_by_a_year_is_the_lognormal_lead_times(years: int):
    lead = {"kind": "total", "mu": 2.714, "sigma": 0.283, "build": 3}
    expected = normal((log(years + 3) - 2.714) / 0.283)
    for found in runs(projects=[{"lead": lead}], years=years):
        assert off(found.closed.mean, expected, share_error(expected)) < FAR


def test_a_permit_comes_by_a_year_with_the_exponential_of_its_hazard():
    lead = {"kind": "components", "explore": 1, "permit": 0.2, "finance": 1, "build": 2}
    expected = 1 - exp(-0.2 * (9 - 2))
    for found in runs(projects=[{"lead": lead}], years=9):
        assert off(found.closed.mean, expected, share_error(expected)) < FAR


def test_the_floor_costs_what_blacks_puts_are_worth():
    expected = 100 * 10 * float(strip(100, 110, 0.4, years=10))
    for found in runs(floor=110, term=10, contract_price=100):
        assert off(found.floor_budget.mean, expected, found.floor_budget.standard_error) < FAR
        for year in (1, 4, 10):
            paid = found.by_year[year - 1].floor_paid
            undiscounted = 100 * exp(0.04 * year) * float(put(100, 110, 0.16 * year, year, 0.04))
            assert off(paid.mean, undiscounted, paid.standard_error) < FAR


def test_laws_change_by_a_year_with_the_chance_of_repeated_draws():
    expected = 1 - 0.95**8
    for found in runs(law={"B": 0.05}, years=8):
        assert off(found.lapses["B"], expected, share_error(expected)) < FAR
        delivered = found.by_year[5].delivered
        assert off(delivered.mean, 100 * 0.95**6, delivered.standard_error) < FAR


def test_the_expected_price_stays_at_spot():
    for found in runs(years=12):
        for year in (1, 6, 12):
            worth = found.by_year[year - 1].worth
            assert off(worth.mean, 100 * 100, worth.standard_error) < FAR


def test_the_median_price_falls_by_half_the_variance():
    found = runs(years=10)[0]

    assert found.by_year[9].worth.median == pytest.approx(1e4 * np.exp(-0.08 * 10), rel=0.05)
