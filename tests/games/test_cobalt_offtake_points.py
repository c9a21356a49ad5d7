"""Every number of points in cobalt-offtake follows from the formulas of its docs page."""

import math
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from games.scenario import load_scenario
from tests.support.markets import with_market_share
from tests.support.points import (
    RATE,
    certain_price,
    complement,
    falling,
    normal,
    put,
    rising,
    strip,
)

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "cobalt-offtake.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}

PRICE = 56_414.0
"""USD/t, January 2026."""
VOLATILITY = 0.45
LARGEST_VOLUME = 13_400
ALLIED_NEED = 14_500
LEVERAGE_EXPONENT = 1.15
FIRST_MONEY = 1_400
BEST_REFINING = 10
REFINING_SCALE = 17
BEST_TERM = 12
DELIVERY = (0.50, 0.66, 0.72, 0.95)
SOVEREIGNTY = (0.0, 0.15, 0.35, 1.0)
SECURITY_COST = (0.0, 0.25, 1.0)
SECURITY_VALUE = (0.0, 0.65, 1.0)
TRACEABILITY_VALUE = (0.0, 0.7, 1.0)

STAKES = {
    "USA": {
        "volume": 7.2,
        "floor": 10.9,
        "term": 6.3,
        "invest": 19.0,
        "localref": 8.1,
        "quota": 4.5,
        "security": 14.5,
        "traceability": 6.3,
        "volume+quota": 3.6,
        "term+quota": 9.1,
        "volume+invest": 10.0,
    },
    "COD": {
        "volume": 16.0,
        "floor": 7.5,
        "term": 7.5,
        "invest": 14.1,
        "localref": 4.7,
        "quota": 8.5,
        "security": 16.9,
        "traceability": 6.6,
        "invest+localref": 12.2,
        "volume+floor": 3.8,
        "volume+invest": -14.1,
        "floor+invest": 4.7,
    },
}
"""Points at stake in each issue, and in each pair of issues."""


def shapes() -> dict[str, dict[str, list[float]]]:
    """Return each party's value of each option, from 0 to 1."""
    volume, floor, term = OPTIONS["volume"], OPTIONS["floor"], OPTIONS["term"]
    invest, refined = OPTIONS["invest"], OPTIONS["localref"]
    return {
        "USA": {
            "volume": rising([1 - (1 - tonnes / ALLIED_NEED) ** 2 for tonnes in volume]),
            "floor": falling([strip(strike, PRICE, VOLATILITY) for strike in floor]),
            "term": rising([1 - math.exp(-RATE * years) for years in term]),
            "invest": falling(invest),
            "localref": falling([abs(share - BEST_REFINING) for share in refined]),
            "quota": rising(DELIVERY),
            "security": falling(SECURITY_COST),
            "traceability": rising(TRACEABILITY_VALUE),
        },
        "COD": {
            "volume": falling([tonnes**LEVERAGE_EXPONENT for tonnes in volume]),
            "floor": rising([certain_price(strike, PRICE, VOLATILITY) for strike in floor]),
            "term": falling([(years - BEST_TERM) ** 2 for years in term]),
            "invest": rising([math.log(1 + money / FIRST_MONEY) for money in invest]),
            "localref": rising([1 - math.exp(-share / REFINING_SCALE) for share in refined]),
            "quota": falling(SOVEREIGNTY),
            "security": rising(SECURITY_VALUE),
            "traceability": rising(TRACEABILITY_VALUE),
        },
    }


SHAPES = shapes()


def pair_shapes() -> dict[str, dict[tuple[str, str], tuple[Sequence[float], Sequence[float]]]]:
    """Return the two factors of each pairwise interaction; a minus sign stands in the stakes."""
    usa, cod = SHAPES["USA"], SHAPES["COD"]
    covered = [tonnes / LARGEST_VOLUME for tonnes in OPTIONS["volume"]]
    leverage_lost = complement(cod["volume"])
    return {
        "USA": {
            ("volume", "quota"): (usa["volume"], usa["quota"]),
            ("term", "quota"): (usa["term"], usa["quota"]),
            ("volume", "invest"): (usa["volume"], usa["invest"]),
        },
        "COD": {
            ("invest", "localref"): (cod["invest"], cod["localref"]),
            ("volume", "floor"): (covered, cod["floor"]),
            ("volume", "invest"): (leverage_lost, cod["invest"]),
            ("floor", "invest"): (cod["floor"], cod["invest"]),
        },
    }


PAIRS = pair_shapes()
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""


def utilities(party: str) -> Any:
    """Return a party's points of every combination of options, one axis an issue."""
    details, names = SCENARIO["parties"][party], list(OPTIONS)
    table = np.zeros([len(options) for options in OPTIONS.values()])
    for position, name in enumerate(names):
        shape = [1] * len(names)
        shape[position] = -1
        points = details["points"][name]
        table += np.reshape([points[option] for option in OPTIONS[name]], shape)
    for link in details["links"]:
        first, second = (names.index(name) for name in link["issues"])
        assert first < second
        shape = [1] * len(names)
        shape[first], shape[second] = table.shape[first], table.shape[second]
        table += np.reshape(
            [
                link["points"].get(one, {}).get(other, 0)
                for one, other in product(*(OPTIONS[name] for name in link["issues"]))
            ],
            shape,
        )
    return table


def possible() -> Any:
    """Return which combinations of volume and licence can happen, as a mask over all issues."""
    mask = np.ones([len(options) for options in OPTIONS.values()], dtype=bool)
    licences = OPTIONS["quota"]
    for volume, exclusions in SCENARIO["issues"]["volume"]["excludes"].items():
        for licence in exclusions["quota"]:
            mask[OPTIONS["volume"].index(volume), ..., licences.index(licence), :, :] = False
    return mask


@pytest.mark.parametrize(("party", "issue"), list(product(("USA", "COD"), OPTIONS)))
def test_points_of_an_issue_follow_from_its_formula(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    stake = STAKES[party][issue]

    expected = [stake * share for share in SHAPES[party][issue]]

    assert [points[option] for option in OPTIONS[issue]] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", ["USA", "COD"])
def test_each_interaction_follows_from_its_formula(party: str) -> None:
    links = {tuple(link["issues"]): link["points"] for link in SCENARIO["parties"][party]["links"]}
    assert set(links) == {tuple(name.split("+")) for name in STAKES[party] if "+" in name}
    for (first, second), points in links.items():
        stake = STAKES[party][f"{first}+{second}"]
        one, other = PAIRS[party][first, second]
        for i, j in product(range(len(one)), range(len(other))):
            found = points.get(OPTIONS[first][i], {}).get(OPTIONS[second][j], 0)
            assert found == pytest.approx(stake * one[i] * other[j], abs=ROUNDING)


@pytest.mark.parametrize("party", ["USA", "COD"])
def test_points_use_a_scale_from_0_to_100(party: str) -> None:
    points = utilities(party)[possible()]

    assert points.min() >= 0
    assert 98 <= points.max() <= 100
    assert 0 < reservation(party) < points.max()


def reservation(party: str, share: float | None = None) -> float:
    """Return the worth of a party's best alternative, as the page has it."""
    held = SCENARIO["market"]["share"] if share is None else share
    return max(
        one["points"] - one.get("exposure", 0) * held**2
        for one in SCENARIO["parties"][party]["alternatives"]
    )


@pytest.mark.parametrize(("party", "now", "at_half"), [("USA", 42.0, 50.19), ("COD", 40.0, 36.724)])
def test_reservation_values_move_with_the_suppliers_share(
    party: str, now: float, at_half: float
) -> None:
    game = load_scenario("cobalt-offtake")
    position = game.ids.index(party)

    assert SCENARIO["market"]["share"] == round(220_000 / 290_000, 2)
    assert game.preferences[position].reservation == now == pytest.approx(reservation(party))
    moved = with_market_share(game, 0.5).preferences[position].reservation
    assert moved == at_half == pytest.approx(reservation(party, 0.5))


def test_no_volume_exceeds_the_licence_that_is_granted() -> None:
    granted = {"none": 7_500, "best effort": 7_500, "carve-out": 9_600, "binding": 17_100}
    excluded = SCENARIO["issues"]["volume"]["excludes"]

    for volume, (licence, tonnes) in product(OPTIONS["volume"], granted.items()):
        is_possible = licence not in excluded.get(volume, {}).get("quota", [])
        assert is_possible == (volume <= tonnes)


@pytest.mark.parametrize(
    ("party", "issue"), [("USA", "volume"), ("USA", "term"), ("COD", "invest"), ("COD", "localref")]
)
def test_gains_diminish_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


@pytest.mark.parametrize(("party", "issue"), [("USA", "floor"), ("COD", "volume")])
def test_costs_rise_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


def test_a_low_floor_is_worth_more_to_the_insured_than_it_costs() -> None:
    cost = complement(SHAPES["USA"]["floor"])

    assert all(
        value > share for value, share in zip(SHAPES["COD"]["floor"][1:-1], cost[1:-1], strict=True)
    )


def test_both_want_proof_of_origin() -> None:
    favourites = {
        party: max(details["points"]["traceability"], key=details["points"]["traceability"].get)
        for party, details in SCENARIO["parties"].items()
    }

    assert favourites == {"USA": "mine to port", "COD": "mine to port"}


def test_floor_liability_meets_a_value_worked_by_hand() -> None:
    # One year, strike at the forward: F e^(-r) (2 N(sigma/2) - 1).
    at_the_money = PRICE * math.exp(-RATE) * (2 * normal(VOLATILITY / 2) - 1)

    assert put(PRICE, 1, PRICE, VOLATILITY) == pytest.approx(at_the_money)


def test_briefs_quote_nothing_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = {source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day}
    cited = {name for issue in SCENARIO["issues"].values() for name in issue["source"]}

    assert day == "2026-02-04"
    assert late == {"usgs-2026"}
    assert not late & cited
