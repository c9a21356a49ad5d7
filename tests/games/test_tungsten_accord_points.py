"""Every number of points in tungsten-accord follows from its docs page, and so does the game."""

import math
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from games.bargaining.solutions import SOLUTIONS, bargain, fair_share, normalised_gains
from games.compliance.game import incentives
from games.compliance.verdicts import verdict
from games.lint.findings import lint
from games.scenario import Scenario, load_scenario
from games.standard.lines import standard
from tests.support.markets import with_market_share
from tests.support.points import falling, rising

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "tungsten-accord.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}
PARTIES = ("USA", "KAZ", "EUE")
WORDS = "in accordance with national law"
"""The ambiguous option; its points follow from readings and are stated nowhere."""

SPOT, LONG_RUN = 1025.0, 400.0
"""USD per 10 kg of WO3: mid-January 2026, and what prices return to."""
CONCENTRATE = (225.0, 275.0, 258.0, 252.0, 380.0)
"""The same of concentrate, averages of 2021 to 2025."""
UNITS_A_TONNE = 88.5
"""Of 10 kg of WO3, in a tonne of APT."""
VOLATILITY, REVERSION, AHEAD, CEILING = 0.27, 0.5, 5, 300.0
FIRST_MONEY = {"finance": 300, "route": 100}
FINANCE_SCALE, NEED = 400, 40
BEST_SHARE, BEST_EUROPEAN, BEST_PROCESSING, PROCESSING_SCALE = 40, 20, 40, 60
SHARE = 0.827
BANKABLE = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 1, 1, 1), (1, 1, 1, 1))
"""Whether the mine would be financed, by finance and band; see the test of the years after."""

STAKES: dict[str, dict[str, float]] = {
    "USA": {
        "american": 28,
        "european": 4,
        "export": 9,
        "finance": 12,
        "band": 11,
        "processing": 5,
        "route": 3,
        "china": 18,
        "american+export": 5,
        "finance+band": 5,
    },
    "KAZ": {
        "american": 9,
        "european": 4,
        "export": 17,
        "finance": 10,
        "band": 8,
        "processing": 14,
        "route": 12,
        "china": 15,
        "finance+band": 6,
        "finance+processing": 4,
    },
    "EUE": {
        "american": 7,
        "european": 25,
        "export": 17,
        "finance": 3,
        "band": 8,
        "processing": 9,
        "route": 17,
        "china": 6,
        "european+export": 4,
        "finance+band": 4,
    },
}
"""Points at stake in each issue, and in each pair of issues."""


def spread() -> float:
    """Return the standard deviation of the logarithm of the price in five years."""
    return VOLATILITY * math.sqrt((1 - math.exp(-2 * REVERSION * AHEAD)) / (2 * REVERSION))


def prices(floor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return prices in five years that a band lets through, and their weights."""
    grid = np.linspace(-8, 8, 4001)
    weights = np.exp(-(grid**2) / 2)
    market = LONG_RUN * np.exp(spread() * grid - spread() ** 2 / 2)
    kept = np.clip(market, floor, floor + CEILING) if floor else market
    return kept, weights / weights.sum()


def mean_price(floor: float) -> float:
    kept, weights = prices(floor)
    return float((weights * kept).sum())


def certain(floor: float) -> float:
    """Return the certain price as good to a seller of relative risk aversion 2."""
    kept, weights = prices(floor)
    return 1 / float((weights / kept).sum())


def first_millions(issue: str) -> list[float]:
    return rising([math.log(1 + money / FIRST_MONEY[issue]) for money in OPTIONS[issue]])


def plainly(issue: str, values: Sequence[float]) -> dict[Any, float]:
    """Return values by option, the ambiguous one left out."""
    plain = [option for option in OPTIONS[issue] if option != WORDS]
    return dict(zip(plain, values, strict=True))


def shapes() -> dict[str, dict[str, Sequence[float]]]:
    """Return each party's value of each plain option, stretched from 0 to 1."""
    american, european, finance = OPTIONS["american"], OPTIONS["european"], OPTIONS["finance"]
    processing, route = OPTIONS["processing"], OPTIONS["route"]
    paid = falling([mean_price(floor) for floor in OPTIONS["band"]])
    return {
        "USA": {
            "american": rising([1 - (1 - share / 100) ** 2 for share in american]),
            "european": falling(european),
            "export": (1, 0.6, 0),
            "finance": falling(finance),
            "band": paid,
            "processing": falling(processing),
            "route": first_millions("route"),
            "china": (0, 0.4, 0.75, 1),
        },
        "KAZ": {
            "american": falling([(share - BEST_SHARE) ** 2 for share in american]),
            "european": falling([(share - BEST_EUROPEAN) ** 2 for share in european]),
            "export": (0, 0.45, 1),
            "finance": first_millions("finance"),
            "band": rising([certain(floor) for floor in OPTIONS["band"]]),
            "processing": rising([1 - math.exp(-part / PROCESSING_SCALE) for part in processing]),
            "route": first_millions("route"),
            "china": (1, 0.85, 0.45, 0),
        },
        "EUE": {
            "american": falling([share**2 for share in american]),
            "european": rising([1 - (1 - share / NEED) ** 2 for share in european]),
            "export": (1, 0.75, 0),
            "finance": rising([1 - math.exp(-money / FINANCE_SCALE) for money in finance]),
            "band": paid,
            "processing": falling([(part - BEST_PROCESSING) ** 2 for part in processing]),
            "route": falling(route),
            "china": (0.6, 1, 0.7, 0),
        },
    }


SHAPES = shapes()
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""


@pytest.fixture(scope="module")
def accord() -> Scenario:
    return load_scenario("tungsten-accord")


def unbound(scenario: Scenario) -> Scenario:
    """Return the scenario without limits to what delegates may sign."""
    mandates = {
        party: mandate.model_copy(update={"limits": {}})
        for party, mandate in scenario.mandates.items()
    }
    return scenario.model_copy(update={"mandates": mandates})


def nash(scenario: Scenario) -> int:
    (only,) = bargain(scenario).solutions["nash"]
    return int(only)


def settled(scenario: Scenario, outcome: int) -> dict[str, Any]:
    levels = scenario.space.levels_of(outcome)
    return {name: OPTIONS[name][level] for name, level in zip(OPTIONS, levels, strict=True)}


def zopa_share(scenario: Scenario) -> float:
    return len(bargain(scenario).zopa) / scenario.space.count


@pytest.mark.parametrize(("party", "issue"), list(product(PARTIES, OPTIONS)))
def test_points_of_an_issue_follow_from_its_formula(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    stake = STAKES[party][issue]

    expected = {o: stake * share for o, share in plainly(issue, SHAPES[party][issue]).items()}

    assert points == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", PARTIES)
def test_each_interaction_follows_from_its_formula(party: str) -> None:
    links = {"+".join(one["issues"]): one["points"] for one in SCENARIO["parties"][party]["links"]}
    assert set(links) == {name for name in STAKES[party] if "+" in name}
    for name, points in links.items():
        first, second = name.split("+")
        rows, columns = plainly(first, SHAPES[party][first]), plainly(second, SHAPES[party][second])
        for (i, one), (j, other) in product(enumerate(rows), enumerate(columns)):
            together = rows[one] * columns[other]
            share = BANKABLE[i][j] if name == "finance+band" else together
            found = points.get(one, {}).get(other, 0)
            assert found == pytest.approx(STAKES[party][name] * share, abs=ROUNDING)


def test_the_ambiguous_words_are_worth_what_each_reads_in_them(accord: Scenario) -> None:
    points = {party: accord.parties[party].points["export"] for party in PARTIES}
    weights = accord.issues["export"].ambiguous[WORDS].chances
    expected = sum(share * points["EUE"][option] for option, share in weights.items())

    assert points["USA"][WORDS] == points["USA"]["after consultation"]
    assert points["KAZ"][WORDS] == points["KAZ"]["reserved"]
    assert points["EUE"][WORDS] == pytest.approx(expected)
    assert points["EUE"]["after consultation"] > points["EUE"][WORDS] > points["EUE"]["reserved"]


def test_figures_of_the_price_follow_from_their_sources(accord: Scenario) -> None:
    plan = accord.implementation
    assert plan is not None
    thousand = UNITS_A_TONNE / 1000
    changes = np.diff(np.log(CONCENTRATE))
    rise = accord.shocks["rise"].spot

    assert plan.price.spot == pytest.approx(SPOT * thousand, abs=0.05)
    assert plan.price.volatility == pytest.approx(1.22 * np.std(changes, ddof=1), abs=0.005)
    assert plan.projects[0].unit_cost == pytest.approx(np.mean(CONCENTRATE[:4]) * thousand, abs=0.1)
    assert sum(one.share for one in plan.projects) == 1
    assert sum(one.capex for one in plan.projects) == 1_100_000
    assert rise == pytest.approx((SPOT / 500) ** (2 / 7), abs=0.005)


@pytest.mark.parametrize("party", PARTIES)
def test_points_use_a_scale_from_0_to_100_before_the_quarrel(accord: Scenario, party: str) -> None:
    calm = accord.model_copy(update={"dispute": None, "mandates": {}})
    possible = calm.space.possible
    assert possible is not None
    points = calm.preferences[PARTIES.index(party)].utilities[possible]

    assert points.min() >= 0
    assert 95 <= points.max() <= 100


@pytest.mark.parametrize(
    ("party", "points", "exposure"), [("USA", 41, 12), ("KAZ", 39, 5), ("EUE", 48, 12)]
)
def test_the_suppliers_share_moves_reservation_values_as_stated(
    accord: Scenario, party: str, points: float, exposure: float
) -> None:
    lower = with_market_share(accord, 0.6)

    assert accord.parties[party].reservation == pytest.approx(points - exposure * SHARE**2)
    assert lower.parties[party].reservation == pytest.approx(points - exposure * 0.6**2)


def test_the_scenario_is_clean_and_of_a_tractable_size(accord: Scenario) -> None:
    assert lint(accord) == ()
    assert accord.space.count == 20_880
    assert standard(accord).missed == ()


def test_no_two_parties_want_the_same(accord: Scenario) -> None:
    possible = accord.space.possible
    assert possible is not None
    free = accord.model_copy(update={"mandates": {}})
    rows = [own.utilities[possible] for own in free.preferences]
    found = [round(float(np.corrcoef(a, b)[0, 1]), 2) for a, b in combinations(rows, 2)]

    assert found == [-0.43, -0.2, -0.24]


def test_capitals_leave_little_of_what_could_be_agreed(accord: Scenario) -> None:
    assert zopa_share(accord) == pytest.approx(0.013, abs=5e-4)
    assert zopa_share(unbound(accord)) == pytest.approx(0.280, abs=5e-4)
    assert fair_share(accord) == pytest.approx(0.67, abs=5e-3)
    assert fair_share(unbound(accord)) == pytest.approx(0.57, abs=5e-3)


def test_the_nash_outcome_is_at_no_corner_and_worth_something_like_the_same_to_all(
    accord: Scenario,
) -> None:
    outcome = nash(accord)
    text = settled(accord, outcome)
    interior = {name for name, options in OPTIONS.items() if text[name] in options[1:-1]}
    shares = normalised_gains(unbound(accord), np.array([outcome]))[:, 0]

    assert text == {
        "american": 50,
        "european": 30,
        "export": WORDS,
        "finance": 300,
        "band": 350,
        "processing": 50,
        "route": 100,
        "china": "owners screened",
    }
    assert interior == set(OPTIONS) - {"european"}
    assert nash(unbound(accord)) == outcome
    assert shares.max() <= 1.25 * shares.min()
    assert all(own.utility(outcome) - own.reservation >= 25 for own in accord.preferences)


def test_solutions_and_the_buyers_best_text_differ_in_whether_they_would_be_kept(
    accord: Scenario,
) -> None:
    free = unbound(accord)
    found = {int(outcome) for name in SOLUTIONS for outcome in bargain(free).solutions[name]}
    classes = {incentives(free, outcome, k).kind for outcome in found for k in range(3)}
    levels = list(accord.space.levels_of(nash(accord)))
    levels[list(OPTIONS).index("export")] = 0
    harsh = accord.space.index_of_levels(levels)

    assert {verdict(accord, outcome).kind for outcome in found} == {"self-enforcing"}
    assert classes == {"prisoner's dilemma", "chicken"}
    assert verdict(accord, harsh).kind == "needs a fine"


def test_the_further_the_words_on_third_countries_go_the_dearer_is_the_quarrel() -> None:
    depth = SCENARIO["dispute"]["depth"]["values"]

    assert list(depth) == OPTIONS["china"]
    assert list(depth.values()) == [0.25, 0.5, 0.75, 1]
    assert SCENARIO["dispute"]["audience_cost"] == {"USA": 0, "KAZ": 0, "EUE": 12}


def test_what_cannot_be_is_excluded(accord: Scenario) -> None:
    possible = accord.space.possible
    assert possible is not None
    for outcome in np.flatnonzero(possible):
        text = settled(accord, int(outcome))
        assert text["american"] + text["european"] < 95
        assert text["finance"] or (text["american"] < 65 and text["processing"] < 100)
        assert text["band"] < 600 or text["american"] > 20


def test_briefs_quote_nothing_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = [source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day]

    assert day == "2026-02-04"
    assert late == []


def test_every_source_is_used() -> None:
    text = FILE.read_text(encoding="utf-8").split("\nsources:\n")[0]
    idle = [source["id"] for source in SCENARIO["sources"] if source["id"] not in text]

    assert idle == []
