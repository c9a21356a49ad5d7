"""Every number of points in greenland-linkage follows from its docs page, and so does the game."""

import math
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from games.bargaining.solutions import SOLUTIONS, bargain, fair_share, normalised_gains
from games.compliance.dispute import dispute_limits, dispute_scales
from games.compliance.game import incentives
from games.compliance.verdicts import verdict
from games.implementation.outlook import outlook
from games.lint.findings import lint
from games.scenario import Dispute, Scenario, load_scenario
from tests.support.markets import with_market_share
from tests.support.points import RATE, certain_price, falling, normal, put, rising, strip

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "greenland-linkage.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}
PARTIES = ("USA", "GRL", "EUE")

PRICE = 88.0
"""USD/kg, 26 August 2025."""
VOLATILITY = 0.42
FIRST_MONEY = {"finance": 150, "infrastructure": 200}
FINANCE_SCALE = 200
BEST_SPLIT = 38
JOBS_SCALE = 15
SURVIVAL = (0.15, 0.50, 0.80, 0.90)
KINGDOM_DEPTH = (0.0, 0.6, 1.0, 0.8)
CAP_OPENS = (0.0, 0.15, 1.0)
CAP_OPENS_FOR_EUROPE = (0.0, 0.3, 1.0)
CAP_COST = (0.0, 0.4, 1.0)
JOBS_VALUE = (0.0, 0.7, 1.0)
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""s, by the language on status."""
DEPTHS = (0.25, 0.5, 0.75, 1.0)
"""d, by the legal form."""
SENSITIVITY = {"USA": 0.0, "GRL": 1.0, "EUE": 0.8}
FULL_AUDIENCE_COST = 54.0
SHARE = 0.91

STAKES: dict[str, dict[str, float]] = {
    "USA": {
        "status": 32.5,
        "depth": 10.0,
        "offtake": 12.5,
        "finance": 13.5,
        "infrastructure": 4.0,
        "uranium": 7.5,
        "floor": 9.5,
        "local": 5.5,
        "depth+offtake": 4.5,
    },
    "GRL": {
        "depth": 12.5,
        "offtake": 11.5,
        "finance": 12.5,
        "infrastructure": 11.0,
        "uranium": 19.0,
        "floor": 11.5,
        "local": 11.0,
        "depth+finance": 6.5,
        "infrastructure+local": 4.0,
    },
    "EUE": {
        "depth": 5.0,
        "offtake": 37.0,
        "finance": 5.5,
        "infrastructure": 22.5,
        "uranium": 6.0,
        "floor": 9.0,
        "local": 7.5,
        "depth+offtake": 5.0,
    },
}
"""Points at stake in each issue, and in each pair of issues."""


def first_millions(issue: str) -> list[float]:
    return rising([math.log(1 + money / FIRST_MONEY[issue]) for money in OPTIONS[issue]])


def shapes() -> dict[str, dict[str, Sequence[float]]]:
    """Return each party's value of each option, from 0 to 1."""
    split, finance, floor = OPTIONS["offtake"], OPTIONS["finance"], OPTIONS["floor"]
    nothing = (0.0,) * len(LEVELS)
    liability = falling([strip(strike, PRICE, VOLATILITY) for strike in floor])
    return {
        "USA": {
            "status": rising([1 - (1 - level) ** 3 for level in LEVELS]),
            "depth": rising(SURVIVAL),
            "offtake": rising([1 - (1 - share / 100) ** 2 for share in split]),
            "finance": falling(finance),
            "infrastructure": first_millions("infrastructure"),
            "uranium": CAP_OPENS,
            "floor": liability,
            "local": JOBS_VALUE,
        },
        "GRL": {
            "status": nothing,
            "depth": KINGDOM_DEPTH,
            "offtake": falling([(share - BEST_SPLIT) ** 2 for share in split]),
            "finance": first_millions("finance"),
            "infrastructure": first_millions("infrastructure"),
            "uranium": falling(CAP_COST),
            "floor": rising([certain_price(strike, PRICE, VOLATILITY) for strike in floor]),
            "local": rising([1 - math.exp(-share / JOBS_SCALE) for share in OPTIONS["local"]]),
        },
        "EUE": {
            "status": nothing,
            "depth": rising(SURVIVAL),
            "offtake": rising([1 - (share / 100) ** 2 for share in split]),
            "finance": rising([1 - math.exp(-money / FINANCE_SCALE) for money in finance]),
            "infrastructure": falling(OPTIONS["infrastructure"]),
            "uranium": CAP_OPENS_FOR_EUROPE,
            "floor": liability,
            "local": JOBS_VALUE,
        },
    }


SHAPES = shapes()
PAIRS: dict[str, dict[tuple[str, str], tuple[Sequence[float], Sequence[float]]]] = {
    "USA": {("depth", "offtake"): (rising(SURVIVAL), SHAPES["USA"]["offtake"])},
    "GRL": {
        ("depth", "finance"): (rising(SURVIVAL), SHAPES["GRL"]["finance"]),
        ("infrastructure", "local"): (SHAPES["GRL"]["infrastructure"], SHAPES["GRL"]["local"]),
    },
    "EUE": {("depth", "offtake"): (rising(SURVIVAL), SHAPES["EUE"]["offtake"])},
}
"""The two factors of each pairwise interaction."""
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""


@pytest.fixture(scope="module")
def greenland() -> Scenario:
    return load_scenario("greenland-linkage")


def with_audience_costs(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with everybody's sensitivity multiplied."""
    assert scenario.dispute is not None
    costs = {party: factor * cost for party, cost in scenario.dispute.audience_cost.items()}
    quarrel = scenario.dispute.model_copy(update={"audience_cost": costs})
    return scenario.model_copy(update={"dispute": quarrel})


def without_quarrel(scenario: Scenario) -> Scenario:
    """Return the scenario with s = 0, whatever is written on status."""
    assert scenario.dispute is not None
    quarrel = Dispute(level=0.0, audience_cost=scenario.dispute.audience_cost)
    return scenario.model_copy(update={"dispute": quarrel})


def zopa_share(scenario: Scenario) -> float:
    return len(bargain(scenario).zopa) / scenario.space.count


def nash(scenario: Scenario) -> int:
    """Return the only Nash outcome."""
    (only,) = bargain(scenario).solutions["nash"]
    return int(only)


def interior(scenario: Scenario, outcome: int) -> set[str]:
    """Return the issues settled neither by their first nor by their last option."""
    text = settled(scenario, outcome)
    return {name for name, options in OPTIONS.items() if text[name] in options[1:-1]}


def settled(scenario: Scenario, outcome: int) -> dict[str, Any]:
    levels = scenario.space.levels_of(outcome)
    return {name: OPTIONS[name][level] for name, level in zip(OPTIONS, levels, strict=True)}


@pytest.mark.parametrize(("party", "issue"), list(product(PARTIES, OPTIONS)))
def test_points_of_an_issue_follow_from_its_formula(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    stake = STAKES[party].get(issue, 0.0)

    expected = [stake * share for share in SHAPES[party][issue]]

    assert [points[option] for option in OPTIONS[issue]] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", PARTIES)
def test_each_interaction_follows_from_its_formula(party: str) -> None:
    links = {tuple(link["issues"]): link["points"] for link in SCENARIO["parties"][party]["links"]}
    assert set(links) == {tuple(name.split("+")) for name in STAKES[party] if "+" in name}
    for (first, second), points in links.items():
        stake = STAKES[party][f"{first}+{second}"]
        one, other = PAIRS[party][first, second]
        for i, j in product(range(len(one)), range(len(other))):
            found = points.get(OPTIONS[first][i], {}).get(OPTIONS[second][j], 0)
            assert found == pytest.approx(stake * one[i] * other[j], abs=ROUNDING)


def test_the_quarrel_is_counted_as_audience_cost_and_nowhere_else(greenland: Scenario) -> None:
    quarrel = SCENARIO["dispute"]

    assert list(quarrel["level"]["values"].items()) == list(
        zip(OPTIONS["status"], LEVELS, strict=True)
    )
    assert list(quarrel["depth"]["values"].items()) == list(
        zip(OPTIONS["depth"], DEPTHS, strict=True)
    )
    assert quarrel["audience_cost"] == pytest.approx(
        {party: FULL_AUDIENCE_COST * share for party, share in SENSITIVITY.items()}
    )
    assert [party for party in PARTIES if any(SHAPES[party]["status"])] == ["USA"]


@pytest.mark.parametrize("party", PARTIES)
def test_points_use_a_scale_from_0_to_100_before_the_quarrel(
    greenland: Scenario, party: str
) -> None:
    calm = without_quarrel(greenland)
    possible = calm.space.possible
    assert possible is not None
    points = calm.preferences[PARTIES.index(party)].utilities[possible]

    assert points.min() >= 0
    assert 95 <= points.max() <= 100


def test_what_cannot_be_is_excluded(greenland: Scenario) -> None:
    issues = SCENARIO["issues"]
    possible = greenland.space.possible
    assert possible is not None
    for outcome in np.flatnonzero(possible):
        text = settled(greenland, int(outcome))
        pays_for_years = text["floor"] > 60 or text["finance"] > 290
        changes_law = text["uranium"] > 200
        assert not (text["depth"] == "joint statement" and (pays_for_years or changes_law))
        assert (text["status"], text["depth"]) != ("demand upheld", "treaty")
        assert not (text["offtake"] > 50 and text["finance"] == 0)
        assert not (text["finance"] > 290 and text["infrastructure"] == 0)
    assert sum(len(issue.get("excludes", {})) for issue in issues.values()) == 6


def test_gains_diminish_and_costs_rise_per_unit() -> None:
    diminishing = [("USA", "offtake"), ("GRL", "finance"), ("GRL", "infrastructure")]
    diminishing += [("EUE", "finance"), ("GRL", "local"), ("USA", "infrastructure")]
    for party, issue in [*diminishing, ("EUE", "offtake")]:
        slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])
        assert np.all(np.diff(slopes) <= 1e-12)


def test_floor_liability_meets_a_value_worked_by_hand() -> None:
    # One year, strike at the forward: F e^(-r) (2 N(sigma/2) - 1).
    at_the_money = PRICE * math.exp(-RATE) * (2 * normal(VOLATILITY / 2) - 1)

    assert put(PRICE, 1, PRICE, VOLATILITY) == pytest.approx(at_the_money)


@pytest.mark.parametrize(("party", "points", "exposure"), [("USA", 44, 11), ("EUE", 49, 14.5)])
def test_the_suppliers_share_moves_reservation_values_as_stated(
    greenland: Scenario, party: str, points: float, exposure: float
) -> None:
    lower = with_market_share(greenland, 0.5)

    assert greenland.parties[party].reservation == pytest.approx(points - exposure * SHARE**2)
    assert lower.parties[party].reservation == pytest.approx(points - exposure * 0.5**2)


def test_greenlands_alternative_lies_outside_this_market_down_to_half_of_it(
    greenland: Scenario,
) -> None:
    at_half, below = (with_market_share(greenland, share) for share in (0.5, 0.4))

    assert at_half.parties["GRL"].reservation == greenland.parties["GRL"].reservation
    assert below.parties["GRL"].reservation > greenland.parties["GRL"].reservation


def test_the_scenario_is_clean_and_of_a_tractable_size(greenland: Scenario) -> None:
    assert lint(greenland) == ()
    assert 5_000 <= greenland.space.count <= 100_000
    assert 0.02 <= greenland.protocol.breakdown <= 0.05


def test_the_nash_outcome_leaves_the_quarrel_neither_settled_nor_open(greenland: Scenario) -> None:
    outcome = nash(greenland)
    level, depth = dispute_scales(greenland, outcome)

    assert 0 < level < 1
    assert depth < 1
    assert {"status", "depth"} <= interior(greenland, outcome)
    assert len(interior(greenland, outcome)) >= 3


def test_the_nash_outcome_is_worth_something_like_the_same_to_all(greenland: Scenario) -> None:
    outcome = nash(greenland)
    shares = normalised_gains(greenland, np.array([outcome]))[:, 0]

    assert shares.max() <= 2 * shares.min()
    assert all(own.utility(outcome) - own.reservation >= 10 for own in greenland.preferences)


def test_no_two_parties_want_the_same(greenland: Scenario) -> None:
    possible = greenland.space.possible
    assert possible is not None
    rows = [own.utilities[possible] for own in greenland.preferences]

    assert max(np.corrcoef(one, other)[0, 1] for one, other in combinations(rows, 2)) < 0.7


def test_one_issue_divides_nobody() -> None:
    orders = {
        issue: {
            tuple(sorted(options, key=SCENARIO["parties"][party]["points"][issue].get))
            for party in PARTIES
        }
        for issue, options in OPTIONS.items()
    }

    assert orders["local"] == {(10, 20, 30)}


def test_solutions_differ_in_whether_they_would_be_kept(greenland: Scenario) -> None:
    found = bargain(greenland).solutions
    outcomes = {int(outcome) for name in SOLUTIONS for outcome in found[name]}
    verdicts = {verdict(greenland, outcome).kind for outcome in outcomes}
    classes = {
        incentives(greenland, outcome, position).kind
        for outcome, position in product(outcomes, range(3))
    }

    assert len(verdicts) >= 2
    assert len(classes) >= 2


def test_a_quarrel_shrinks_what_can_be_agreed_and_cools_what_is(greenland: Scenario) -> None:
    heat = [without_quarrel(greenland), greenland, with_audience_costs(greenland, 2)]
    shares = [zopa_share(one) for one in heat]
    written = [settled(one, nash(one)) for one in heat]
    burdens = [
        LEVELS[OPTIONS["status"].index(text["status"])]
        * DEPTHS[OPTIONS["depth"].index(text["depth"])]
        for text in written
    ]

    assert shares[0] > shares[1] > shares[2] > 0
    assert 0.05 <= shares[1] <= 0.60
    assert burdens[0] > burdens[1] > burdens[2]


def test_without_the_quarrel_hardness_would_be_free(greenland: Scenario) -> None:
    calm, heated = fair_share(without_quarrel(greenland)), fair_share(greenland)

    assert calm is not None
    assert heated is not None
    assert calm >= 0.55 > heated


def test_the_worse_the_words_the_shallower_the_best_text(greenland: Scenario) -> None:
    zopa = bargain(greenland).zopa
    gains = np.array([own.utilities[zopa] - own.reservation for own in greenland.preferences])
    products = gains.prod(axis=0)
    levels = np.array([greenland.space.levels_of(int(outcome))[:2] for outcome in zopa])
    best = [
        int(levels[np.where(levels[:, 0] == status, products, 0.0).argmax()][1])
        for status in range(len(LEVELS))
    ]

    assert best == [3, 2, 2, 1, 0]


def test_in_the_worst_language_only_a_shallow_text_would_be_signed(greenland: Scenario) -> None:
    outcome = nash(greenland)
    levels = list(greenland.space.levels_of(outcome))
    levels[0] = OPTIONS["status"].index("demand upheld")
    limits = {
        one.party: one for one in dispute_limits(greenland, greenland.space.index_of_levels(levels))
    }

    assert limits["USA"].depth == 1
    assert all(limits[party].depth < 1 for party in ("GRL", "EUE"))


def test_hardly_a_tonne_arrives_in_the_years_that_count(greenland: Scenario) -> None:
    found = outlook(greenland, nash(greenland), seed=1, paths=4_000)
    assert found is not None
    asked = SCENARIO["implementation"]["volume"]

    assert found.delivered[5].high == 0
    assert found.delivered[10].mean < 0.02 * 10 * asked
    assert found.delivered[10].median == 0
    assert 0 < found.closed_by_project["the fjord project"] < 1
    assert found.closed_by_project["the deposit under the cap"] == 0


def test_briefs_quote_nothing_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = [source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day]

    assert day == "2026-02-04"
    assert late == []
