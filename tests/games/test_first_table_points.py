"""Every number of points in first-table follows from the formulas of its docs page."""

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from games.scenario import load_scenario
from tests.support.markets import with_market_share
from tests.support.points import certain_price, falling, rising, strip

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "first-table.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}

PRICE = 425.0
"""USD/kg, Rotterdam in October 2023: the last price found."""
VOLATILITY = 0.32
NEED = 40
OUTLET_EXPONENT = 1.15
FIRST_MONEY = 100
DELIVERY = (0.30, 0.60, 0.80, 0.95)
DISPOSAL = (0.0, 0.2, 0.5, 1.0)

STAKES = {
    "KOR": {
        "volume": 21.7,
        "floor": 20.0,
        "invest": 18.7,
        "priority": 9.9,
        "start": 14.5,
        "volume+invest": 18.9,
        "volume+priority": 17.0,
    },
    "AUS": {
        "volume": 23.9,
        "floor": 11.1,
        "invest": 12.4,
        "priority": 6.2,
        "start": 7.7,
        "volume+priority": 18.9,
        "floor+invest": 19.9,
    },
}
"""Points at stake in each issue, and in each pair of issues."""


def shapes() -> dict[str, dict[str, list[float]]]:
    """Return each party's value of each option, from 0 to 1."""
    volume, floor, invest = OPTIONS["volume"], OPTIONS["floor"], OPTIONS["invest"]
    return {
        "KOR": {
            "volume": rising([1 - (1 - tonnes / NEED) ** 2 for tonnes in volume]),
            "floor": falling([strip(strike, PRICE, VOLATILITY) for strike in floor]),
            "invest": falling(invest),
            "priority": rising(DELIVERY),
            "start": falling([int(year) for year in OPTIONS["start"]]),
        },
        "AUS": {
            "volume": falling([tonnes**OUTLET_EXPONENT for tonnes in volume]),
            "floor": rising([certain_price(strike, PRICE, VOLATILITY) for strike in floor]),
            "invest": rising([math.log(1 + money / FIRST_MONEY) for money in invest]),
            "priority": falling(DISPOSAL),
            "start": falling([int(year) for year in OPTIONS["start"]]),
        },
    }


SHAPES = shapes()
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""


def reservation(party: str, share: float | None = None) -> float:
    """Return the worth of a party's best alternative, as the page has it."""
    held = SCENARIO["market"]["share"] if share is None else share
    return max(
        one["points"] - one.get("exposure", 0) * held**2
        for one in SCENARIO["parties"][party]["alternatives"]
    )


@pytest.mark.parametrize(("party", "issue"), list(product(("KOR", "AUS"), OPTIONS)))
def test_points_of_an_issue_follow_from_its_formula(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    stake = STAKES[party][issue]

    expected = [stake * share for share in SHAPES[party][issue]]

    assert [points[option] for option in OPTIONS[issue]] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", ["KOR", "AUS"])
def test_each_interaction_is_the_product_of_two_values(party: str) -> None:
    links = {tuple(link["issues"]): link["points"] for link in SCENARIO["parties"][party]["links"]}
    assert set(links) == {tuple(name.split("+")) for name in STAKES[party] if "+" in name}
    for (first, second), points in links.items():
        stake = STAKES[party][f"{first}+{second}"]
        one, other = SHAPES[party][first], SHAPES[party][second]
        for i, j in product(range(len(one)), range(len(other))):
            found = points.get(OPTIONS[first][i], {}).get(OPTIONS[second][j], 0)
            assert found == pytest.approx(stake * one[i] * other[j], abs=ROUNDING)


def test_points_use_a_scale_from_0_to_100() -> None:
    game = load_scenario("first-table")
    possible = game.space.possible
    assert possible is not None

    for own in game.preferences:
        assert own.utilities[possible].min() >= 0
        assert 98 <= own.utilities[possible].max() <= 100
        assert 0 < own.reservation < own.highest


def test_no_volume_exceeds_what_the_money_builds() -> None:
    built = {10: 12, 25: 16, 50: 16, 100: 24, 150: 24}
    excluded = SCENARIO["issues"]["volume"]["excludes"]

    for volume, (money, tonnes) in product(OPTIONS["volume"], built.items()):
        is_possible = money not in excluded.get(volume, {}).get("invest", [])
        assert is_possible == (volume <= tonnes)


@pytest.mark.parametrize(("party", "issue"), [("KOR", "volume"), ("AUS", "invest")])
def test_gains_diminish_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


@pytest.mark.parametrize(("party", "issue"), [("KOR", "floor"), ("AUS", "volume")])
def test_costs_rise_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


def test_a_low_floor_is_worth_more_to_the_insured_than_it_costs() -> None:
    cost = [1 - share for share in SHAPES["KOR"]["floor"]]

    assert all(
        value > share for value, share in zip(SHAPES["AUS"]["floor"][1:-1], cost[1:-1], strict=True)
    )


def test_both_want_the_earliest_start() -> None:
    for details in SCENARIO["parties"].values():
        assert max(details["points"]["start"], key=details["points"]["start"].get) == "2027"


@pytest.mark.parametrize(("party", "now", "at_half"), [("KOR", 34.0, 44.656), ("AUS", 34.0, 34.0)])
def test_reservation_values_move_with_the_suppliers_share(
    party: str, now: float, at_half: float
) -> None:
    game = load_scenario("first-table")
    position = game.ids.index(party)

    assert game.preferences[position].reservation == now == pytest.approx(reservation(party))
    moved = with_market_share(game, 0.5).preferences[position].reservation
    assert moved == at_half == pytest.approx(reservation(party, 0.5))


def test_a_beginner_reads_a_brief_in_a_minute() -> None:
    for details in SCENARIO["parties"].values():
        assert len(details["brief"].split()) <= 150


def test_tonnes_for_money_is_a_trade_that_serves_both() -> None:
    game = load_scenario("first-table")
    space = game.space
    small = {"volume": 4, "floor": 400, "invest": 10, "priority": "first half", "start": "2027"}
    large = small | {"volume": 12, "invest": 100}

    gained = [
        own.utility(space.index(large)) - own.utility(space.index(small))
        for own in game.preferences
    ]

    assert gained == [8.5, 11.0]


def test_the_early_start_serves_both_whatever_else_is_agreed() -> None:
    game = load_scenario("first-table")
    table = [own.utilities.reshape(game.space.shape) for own in game.preferences]

    assert all(np.all(np.diff(own, axis=-1) < 0) for own in table)


def test_briefs_quote_nothing_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = {source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day}
    cited = {name for issue in SCENARIO["issues"].values() for name in issue["source"]}
    cited |= {SCENARIO["market"]["source"]}
    for details in SCENARIO["parties"].values():
        for one in details["alternatives"]:
            cited |= {one["source"]} if isinstance(one["source"], str) else set(one["source"])

    assert day == "2026-02-04"
    assert late == {"usgs-2026"}
    assert cited <= {source["id"] for source in SCENARIO["sources"]} - late
