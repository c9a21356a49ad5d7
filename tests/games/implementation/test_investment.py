"""Financial close: the hurdle's published values, values and triggers by hand, lead times."""

from math import exp, inf, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import solve_banded

from games.implementation.investment import (
    Backing,
    construction_years,
    hurdle,
    project_value,
    trigger,
    years_until_ready,
)
from games.parts.aftermath import Price, Project

PRICE = Price(spot=100, volatility=0.4)


def project(lead: dict[str, Any] | None = None, **more: Any) -> Project:
    return Project.model_validate(
        {
            "name": "mine",
            "share": 1,
            "capex": 500,
            "lead": lead or {"kind": "components", "build": 2},
            **more,
        }
    )


def value(own: Project, *prices: float, **backing: float) -> list[float]:
    found = project_value(own, PRICE, np.array(prices), Backing(**backing))
    return found.tolist()


def trigger_price(own: Project, capital: float = 500.0, **more: float) -> float:
    """Return the price from which a project is financed."""
    backing = Backing(**{"term": 10.0, **more})
    found = trigger(own, PRICE, output=1.0, capital=capital, backing=backing)
    return float(found.above)


@pytest.mark.parametrize(("volatility", "expected"), [(0.26, 1.9), (0.40, 2.6), (0.60, 4.0)])
def test_uncertainty_raises_the_hurdle(volatility, expected):
    assert round(hurdle(volatility), 1) == expected


def test_without_uncertainty_a_project_need_only_be_worth_its_cost():
    assert hurdle(1e-6) == pytest.approx(1.0, abs=1e-5)


@given(st.floats(0.05, 2), st.floats(0.01, 0.5))
def test_the_hurdle_rises_with_volatility(volatility, more):
    assert hurdle(volatility + more) > hurdle(volatility) > 1


def test_a_project_is_worth_its_discounted_margin():
    own = project(unit_cost=30, life=2)

    # Two years to build, sales at the ends of years 3 and 4; the forward price is flat.
    assert value(own, 100.0, 30.0) == pytest.approx([70 * (exp(-0.12) + exp(-0.16)), 0])


def test_a_floor_adds_a_put_in_each_year_under_contract():
    own = project(unit_cost=30, life=3)
    plain, floored, short = (
        value(own, 1e-6, 1e6, floor=floor, term=term) for floor, term in ((0, 3), (50, 3), (50, 1))
    )

    # At a price of nearly nothing the floor is what is earned; at a huge one it is idle.
    weights = [exp(-0.04 * year) for year in (3, 4, 5)]
    assert floored[0] - plain[0] == pytest.approx(50 * sum(weights))
    assert short[0] - plain[0] == pytest.approx(50 * weights[0])
    assert floored[1] == pytest.approx(plain[1])


def test_the_trigger_is_the_price_at_which_value_meets_the_hurdle():
    own = project(unit_cost=30)

    found = trigger_price(own)

    assert value(own, found)[0] == pytest.approx(hurdle(0.4) * 500, rel=1e-3)


def test_a_floor_or_public_money_lowers_the_trigger():
    own = project(unit_cost=30)

    assert trigger_price(own, floor=90) < trigger_price(own, floor=60) < trigger_price(own)
    assert trigger_price(own, capital=250) < trigger_price(own)


def test_a_high_enough_floor_finances_at_any_price_and_a_huge_cost_at_none():
    assert trigger_price(project(unit_cost=1), floor=400, term=20) == 0.0
    assert trigger_price(project(), capital=1e9) == inf


@pytest.mark.parametrize(
    ("lead", "years"),
    [
        ({"kind": "components", "build": 3}, 3),
        ({"kind": "components", "build": 3, "open_season": 0.5}, 6),
        ({"kind": "total", "mu": 2.7, "sigma": 0.3, "build": 4}, 4),
    ],
)
def test_a_short_open_season_stretches_construction(lead, years):
    assert construction_years(project(lead)) == years


def ready(lead: dict[str, Any], capped: float = 0.0):
    return years_until_ready(project(lead), capped, 200_000, np.random.default_rng(5))


def test_the_lognormal_total_has_the_published_mean_and_range():
    years = ready({"kind": "total", "mu": 2.714, "sigma": 0.283, "build": 0})

    assert round(float(years.mean()), 1) == 15.7
    assert np.quantile(years, [0.05, 0.5, 0.95]) == pytest.approx([9.5, 15.1, 24.0], abs=0.15)


def test_construction_is_the_last_part_of_the_total():
    whole, before = (
        ready({"kind": "total", "mu": 2.714, "sigma": 0.283, "build": build}) for build in (0, 3)
    )

    assert (whole - before).tolist() == pytest.approx([3.0] * len(whole))


@pytest.mark.parametrize("hazard", [0.1, 0.3])
def test_a_permit_comes_at_its_hazard(hazard):
    years = ready({"kind": "components", "explore": 2, "permit": hazard, "finance": 1, "build": 2})

    assert float(years.min()) >= 3
    assert float((years - 3).mean()) == pytest.approx(1 / hazard, rel=0.02)
    assert float(np.mean(years - 3 > 5)) == pytest.approx(exp(-5 * hazard), abs=0.01)


def test_no_permit_comes_while_a_legal_cap_binds():
    lead = {"kind": "components", "explore": 2, "permit": 0.3, "build": 2}

    assert float(ready(lead, capped=7).min()) >= 7
    assert float(ready(lead, capped=1).min()) < 3
    assert float(ready({"kind": "total", "mu": 1, "sigma": 0.3}, capped=7).min()) >= 7


def test_a_hazard_of_law_lowers_value_and_raises_the_trigger():
    own = project(unit_cost=30)
    safe, hosted, promised = (
        value(own, 100.0, floor=90, term=10, **hazards)[0]
        for hazards in (
            {},
            {"host_hazard": 0.1, "contract_hazard": 0.1},
            {"contract_hazard": 0.1},
        )
    )

    assert safe > promised > hosted
    prices = [trigger_price(own, host_hazard=hazard) for hazard in (0.0, 0.02, 0.05, 0.1)]
    assert prices == sorted(prices)
    assert prices[0] < prices[-1]


def test_what_a_law_may_take_counts_with_the_chance_that_it_has_not():
    own = project(unit_cost=30, life=1)
    # Sold once, three years after financial close.
    assert value(own, 100.0, host_hazard=0.1) == pytest.approx([70 * exp(-0.14 * 3)])
    # At a price of nearly nothing only the floor is earned, as long as the contract stands.
    nothing = value(project(life=1), 1e-9, floor=50, term=1, contract_hazard=0.2)
    assert nothing == pytest.approx([50 * exp(-0.24 * 3)])


def test_the_multiple_under_a_floor_is_that_of_the_option_to_wait():
    # S·V'(S) = β(V(S) − I) at the trigger, by differences; without costs V is what is earned.
    own, beta = project(), 0.5 + sqrt(0.25 + 2 * 0.08 / 0.4**2)
    for floor in (0.0, 20.0, 40.0):
        price = trigger_price(own, capital=900.0, floor=floor)
        near = value(own, price * 0.999, price, price * 1.001, floor=floor, term=10)
        slope = (near[2] - near[0]) / 0.002
        assert slope == pytest.approx(beta * (near[1] - 900.0), rel=0.01)


def option_trigger(own: Project, price: Price, capital: float, backing: Backing) -> float:
    """Return the price from which one invests at once, by differences over a grid of prices.

    The option to wait has no term: where one waits, σ²/2 · (F″ − F′) = r·F in the logarithm of the
    price, which has no drift; else F is what investing brings. Where one waits is improved until
    nothing is to be gained (Howard 1960).
    """
    logs = np.log(price.spot) + np.linspace(-3, 3, 801) * np.log(10)
    brings = project_value(own, price, np.exp(logs), backing) - capital
    step, var = logs[1] - logs[0], price.volatility**2 / 2
    up, down = var / step**2 - var / (2 * step), var / step**2 + var / (2 * step)
    bands, invests = np.zeros((3, len(logs))), brings > 0
    for _ in range(200):
        waits = ~invests
        waits[0], waits[-1] = False, False
        bands[1] = np.where(waits, -(up + down + 0.08), 1.0)
        bands[0, 1:], bands[2, :-1] = np.where(waits[:-1], up, 0), np.where(waits[1:], down, 0)
        worth = solve_banded((1, 1), bands, np.where(waits, 0.0, np.maximum(brings, 0.0)))
        drift = np.zeros(len(logs))
        drift[1:-1] = down * worth[:-2] - (up + down + 0.08) * worth[1:-1] + up * worth[2:]
        better = np.where(waits, brings > worth + 1e-9, drift <= 1e-9)
        better[0], better[-1] = False, True
        if (better == invests).all():
            break
        invests = better
    return float(np.exp(logs[np.flatnonzero(~invests)[-1] + 1]))


@pytest.mark.parametrize("volatility", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("floor", [0.0, 60.0, 90.0])
def test_the_trigger_is_that_of_the_option_to_wait_valued_by_differences(
    volatility: float, floor: float
):
    own, price = project(life=20), Price(spot=100, volatility=volatility)
    for capital in (750.0, 1200.0):
        backing = Backing(floor=floor, term=10, rate=0.04)
        found = trigger(own, price, output=1.0, capital=capital, backing=backing)

        assert found.below == 0
        expected = option_trigger(own, price, capital, backing)
        assert found.above == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("volatility", [0.001, 0.4, 10.0])
@pytest.mark.parametrize("reversion", [None, 0.5, 50.0])
@pytest.mark.parametrize("hazard", [0.0, 20.0])
def test_extreme_prices_and_hazards_have_a_trigger_all_the_same(volatility, reversion, hazard):
    process = {"kind": "random-walk"}
    if reversion is not None:
        process = {"kind": "mean-reverting", "reversion": reversion, "level": 60}
    price = Price.model_validate({"spot": 100, "volatility": volatility, "process": process})
    backing = Backing(floor=80, term=10, host_hazard=hazard, contract_hazard=hazard)
    own = project(unit_cost=40, life=100)

    found = trigger(own, price, output=1.0, capital=500.0, backing=backing)

    assert 0 <= found.above <= inf
    assert found.below <= found.above


def test_where_the_floor_alone_carries_it_a_project_is_financed_at_low_prices_too():
    # 40 a year for ten years, from year 3 on, are worth 40·Σe^(−.04t) = 298 as prices vanish. Of a
    # mine that lasts as long, little more than that is to be had a little above the floor.
    backing = Backing(floor=40, term=10)
    found = trigger(project(life=10), PRICE, output=1.0, capital=297.0, backing=backing)

    assert 0 < found.below < found.above
    prices = np.array([0.5 * found.below, (found.below * found.above) ** 0.5, 2 * found.above])
    assert found.is_met(prices).tolist() == [True, False, True]
    dear = trigger(project(life=10), PRICE, output=1.0, capital=330.0, backing=backing)
    assert (dear.below, dear.above > found.above) == (0.0, True)


@given(
    st.floats(0.15, 0.9),
    st.floats(0.0, 120.0),
    st.floats(1.0, 40.0),
    st.floats(200.0, 2000.0),
    st.sampled_from([0.0, 30.0]),
)
def test_a_higher_floor_never_keeps_a_project_from_being_financed(
    volatility: float, floor: float, more: float, capital: float, cost: float
):
    price = Price(spot=100, volatility=volatility)
    own = project(unit_cost=cost)
    prices = np.logspace(0, 4, 60)
    lower, higher = (
        trigger(own, price, output=1.0, capital=capital, backing=Backing(floor=k, term=10)).is_met(
            prices
        )
        for k in (floor, floor + more)
    )

    # But for the width of the table's steps next to a trigger.
    assert (lower & ~higher).sum() <= 1
    assert higher.sum() >= lower.sum() - 1
