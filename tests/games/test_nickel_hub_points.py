"""Every number of points in nickel-hub follows from the formulas of its docs page."""

import math
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from delegates import negotiate
from games import load_scenario
from games.bargaining.solutions import SOLUTIONS, bargain, fair_share, normalised_gains
from games.compliance.verdicts import verdict
from games.lint.findings import lint
from games.matrices.stance_game import stance_game
from games.scenario import Scenario
from games.standard.figures import (
    MultilateralFigures,
    compatible_issues,
    correlation,
    distinct_verdicts,
    interior_issues,
    middle_outcome,
)
from games.standard.lines import standard
from tests.support.markets import with_market_share
from tests.support.points import complement, falling, rising

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "nickel-hub.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}
PARTIES = ("EUE", "IDN", "JPN")

PLANT = 120_000
"""t Ni/yr, as at Pomalaa."""
CAPEX = 3_800
LOAN = 2_700
OVERRUN = 1.4
EQUITY = OVERRUN * (CAPEX - LOAN)
"""M USD that lenders leave to the owners, 1,540."""
MOST_MINORITY = 50
CONTROL = 51
BOARD = {"EUE": 0.60, "IDN": 0.45}
"""How much of what ownership is worth grows with the share; the rest comes with the majority."""
DIVIDENDS = 40
NEED = {"EUE": 100_000, "JPN": 110_000}
LEVERAGE_EXPONENT = 1.15
LOST_TO_EUROPE = 1.5
MONEY_SCALE = 600
BUDGET_EXPONENT = 1.3
PREMIUM_SCALE = 8
LARGEST_OFFTAKE = 90_000
ORE = {"EUE": (0, 0.35, 0.8, 1), "IDN": (1, 0.75, 0.4, 0), "JPN": (0.25, 0, 1, 0.8)}
STANDARD = {"EUE": (0, 0.6, 1), "IDN": (1, 0.7, 0), "JPN": (0, 1, 0.5)}
FOOTPRINT = (0.0, 0.7, 1.0)
NOTHING = (0.0, 0.0, 0.0)

STAKES: dict[str, dict[str, float]] = {
    "EUE": {
        "share": 8.5,
        "offtake": 3.0,
        "split": 12.0,
        "eumoney": 19.0,
        "jpmoney": 0.0,
        "ore": 5.5,
        "premium": 8.5,
        "payer": 0.0,
        "standard": 16.0,
        "footprint": 5.0,
        "share+standard": 9.0,
        "offtake+split": 8.0,
        "eumoney+jpmoney": 5.5,
        "premium+payer": -8.5,
    },
    "IDN": {
        "share": 22.0,
        "offtake": 14.5,
        "split": 3.5,
        "eumoney": 7.5,
        "jpmoney": 6.0,
        "ore": 12.0,
        "premium": 9.5,
        "payer": 0.0,
        "standard": 12.0,
        "footprint": 7.0,
        "share+offtake": -8.0,
        "offtake+premium": 8.0,
        "eumoney+jpmoney": 8.5,
        "eumoney+standard": 6.5,
        "premium+standard": 7.5,
    },
    "JPN": {
        "share": 5.5,
        "offtake": 13.0,
        "split": 11.0,
        "eumoney": 0.0,
        "jpmoney": 26.0,
        "ore": 11.0,
        "premium": 5.5,
        "payer": 0.0,
        "standard": 4.5,
        "footprint": 5.5,
        "share+jpmoney": 3.5,
        "offtake+split": 7.5,
        "eumoney+jpmoney": 9.5,
        "premium+payer": 5.5,
    },
}
"""Points at stake in each issue, and in each pair of issues."""


def voice(share: float, by_share: float) -> float:
    """Return what owning a share is worth where a majority decides."""
    return by_share * share / CONTROL + (1 - by_share) * (share > MOST_MINORITY)


def covered(need: float) -> list[float]:
    """Return the loss from a cut-off that reserved tonnes avert: it grows with the gap squared."""
    return [1 - (1 - tonnes / need) ** 2 for tonnes in OPTIONS["offtake"]]


def shapes() -> dict[str, dict[str, Sequence[float]]]:
    """Return each party's value of each option, from 0 to 1."""
    share, offtake, split = OPTIONS["share"], OPTIONS["offtake"], OPTIONS["split"]
    european, japanese, premium = OPTIONS["eumoney"], OPTIONS["jpmoney"], OPTIONS["premium"]
    return {
        "EUE": {
            "share": rising([voice(percent, BOARD["EUE"]) for percent in share]),
            "offtake": rising(covered(NEED["EUE"])),
            "split": rising([1 - (1 - percent / 100) ** 2 for percent in split]),
            "eumoney": falling(european),
            "jpmoney": NOTHING,
            "ore": ORE["EUE"],
            "premium": falling(premium),
            "payer": NOTHING,
            "standard": STANDARD["EUE"],
            "footprint": FOOTPRINT,
        },
        "IDN": {
            "share": falling([voice(percent, BOARD["IDN"]) for percent in share]),
            "offtake": falling([tonnes**LEVERAGE_EXPONENT for tonnes in offtake]),
            "split": falling([abs(percent - 50) for percent in split]),
            "eumoney": rising([math.log(1 + money / MONEY_SCALE) for money in european]),
            "jpmoney": rising([math.log(1 + money / MONEY_SCALE) for money in japanese]),
            "ore": ORE["IDN"],
            "premium": rising([1 - math.exp(-percent / PREMIUM_SCALE) for percent in premium]),
            "payer": NOTHING,
            "standard": STANDARD["IDN"],
            "footprint": FOOTPRINT,
        },
        "JPN": {
            "share": rising([1 - math.exp(-percent / DIVIDENDS) for percent in share]),
            "offtake": rising(covered(NEED["JPN"])),
            "split": falling([percent**LOST_TO_EUROPE for percent in split]),
            "eumoney": NOTHING,
            "jpmoney": falling([money**BUDGET_EXPONENT for money in japanese]),
            "ore": ORE["JPN"],
            "premium": falling(premium),
            "payer": NOTHING,
            "standard": STANDARD["JPN"],
            "footprint": FOOTPRINT,
        },
    }


SHAPES = shapes()


def closing() -> Any:
    """Return how sure the plant's closing is by European and Japanese money, from 0 to 1."""
    money = product(OPTIONS["eumoney"], OPTIONS["jpmoney"])
    chances = rising([min(1.0, (one + other) / EQUITY) for one, other in money])
    return np.reshape(chances, (len(OPTIONS["eumoney"]), len(OPTIONS["jpmoney"])))


def shifted_premium() -> Any:
    """Return the part of the highest premium's half that Europe pays beyond its own half."""
    level = [percent / max(OPTIONS["premium"]) for percent in OPTIONS["premium"]]
    beyond = [(percent - 50) / 50 for percent in OPTIONS["payer"]]
    return np.outer(level, beyond)


def pair_shapes() -> dict[str, dict[tuple[str, str], Any]]:
    """Return the value of each pair of options; a minus sign stands in the stakes."""
    eue, idn, jpn = (SHAPES[party] for party in PARTIES)
    strictness = complement(idn["standard"])
    tonnes = [reserved / LARGEST_OFFTAKE for reserved in OPTIONS["offtake"]]
    return {
        "EUE": {
            ("share", "standard"): np.outer(eue["share"], eue["standard"]),
            ("offtake", "split"): np.outer(eue["offtake"], eue["split"]),
            ("eumoney", "jpmoney"): closing(),
            ("premium", "payer"): shifted_premium(),
        },
        "IDN": {
            ("share", "offtake"): np.outer(idn["share"], idn["offtake"]),
            ("offtake", "premium"): np.outer(tonnes, idn["premium"]),
            ("eumoney", "jpmoney"): closing(),
            ("eumoney", "standard"): np.outer(idn["eumoney"], strictness),
            ("premium", "standard"): np.outer(idn["premium"], strictness),
        },
        "JPN": {
            ("share", "jpmoney"): np.outer(jpn["share"], complement(jpn["jpmoney"])),
            ("offtake", "split"): np.outer(jpn["offtake"], jpn["split"]),
            ("eumoney", "jpmoney"): closing(),
            ("premium", "payer"): shifted_premium(),
        },
    }


PAIRS = pair_shapes()
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""


@pytest.fixture(scope="module")
def hub() -> Scenario:
    return load_scenario("nickel-hub")


def gains(scenario: Scenario, outcome: int) -> list[float]:
    """Return what an outcome brings each party beyond no agreement, in points."""
    return [own.utility(outcome) - own.reservation for own in scenario.preferences]


@pytest.mark.parametrize(("party", "issue"), list(product(PARTIES, OPTIONS)))
def test_points_of_an_issue_follow_from_its_formula(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    stake = STAKES[party][issue]

    expected = [stake * share for share in SHAPES[party][issue]]

    assert [points[option] for option in OPTIONS[issue]] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", PARTIES)
def test_each_interaction_follows_from_its_formula(party: str) -> None:
    links = {tuple(link["issues"]): link["points"] for link in SCENARIO["parties"][party]["links"]}
    assert set(links) == {tuple(name.split("+")) for name in STAKES[party] if "+" in name}
    for (first, second), points in links.items():
        stake = STAKES[party][f"{first}+{second}"]
        for i, j in product(range(len(OPTIONS[first])), range(len(OPTIONS[second]))):
            found = points.get(OPTIONS[first][i], {}).get(OPTIONS[second][j], 0)
            assert found == pytest.approx(stake * PAIRS[party][first, second][i, j], abs=ROUNDING)


def test_what_europe_pays_of_the_premium_japan_is_spared() -> None:
    europe, japan = STAKES["EUE"], STAKES["JPN"]

    # Half the premium costs each its stake; Europe paying all doubles its cost and ends Japan's.
    assert europe["premium+payer"] == -europe["premium"]
    assert japan["premium+payer"] == japan["premium"]


@pytest.mark.parametrize("party", PARTIES)
def test_points_use_a_scale_from_0_to_100(hub: Scenario, party: str) -> None:
    own = hub.preferences[PARTIES.index(party)]
    points = own.utilities[hub.space.possible]

    assert points.min() >= 0
    assert 98 <= points.max() <= 100
    assert 0 < own.reservation < points.max()


def test_no_more_is_reserved_than_the_owners_can_direct() -> None:
    excluded = SCENARIO["issues"]["offtake"]["excludes"]
    directed = {
        share: 0.75 * PLANT if share > MOST_MINORITY else share / 100 * PLANT
        for share in OPTIONS["share"]
    }

    for tonnes, share in product(OPTIONS["offtake"], OPTIONS["share"]):
        is_possible = share not in excluded.get(tonnes, {}).get("share", [])
        assert is_possible == (tonnes <= directed[share])


def test_a_premium_is_paid_for_what_somebody_certifies_and_by_somebody(hub: Scenario) -> None:
    assert hub.space.possible is not None
    possible = [hub.space.outcome(int(one)) for one in np.flatnonzero(hub.space.possible)]

    assert len(possible) == hub.space.count
    assert all(one["premium"] == 0 for one in possible if one["standard"] == "national")
    assert all(one["payer"] == 50 for one in possible if one["premium"] == 0)


@pytest.mark.parametrize(
    ("party", "issue"),
    [
        ("EUE", "offtake"),
        ("EUE", "split"),
        ("JPN", "offtake"),
        ("JPN", "share"),
        ("IDN", "eumoney"),
        ("IDN", "jpmoney"),
        ("IDN", "premium"),
    ],
)
def test_gains_diminish_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


@pytest.mark.parametrize(("party", "issue"), [("JPN", "jpmoney"), ("IDN", "offtake")])
def test_costs_rise_per_unit(party: str, issue: str) -> None:
    slopes = np.diff(SHAPES[party][issue]) / np.diff(OPTIONS[issue])

    assert np.all(np.diff(slopes) <= 1e-12)


@pytest.mark.parametrize(("payer", "issue"), [("EUE", "jpmoney"), ("JPN", "eumoney")])
def test_each_consumer_would_rather_the_other_paid(payer: str, issue: str) -> None:
    own = "eumoney" if payer == "EUE" else "jpmoney"
    details = SCENARIO["parties"][payer]
    links = {tuple(link["issues"]): link["points"] for link in details["links"]}
    closes = links["eumoney", "jpmoney"]

    def worth(european: int, japanese: int) -> float:
        paid = european if own == "eumoney" else japanese
        return details["points"][own][paid] + closes.get(european, {}).get(japanese, 0)

    # The same 1,400 M in all: 400 from one, 1,000 from the other.
    little, much = worth(400, 1000), worth(1000, 400)
    assert (little > much) if payer == "EUE" else (much > little)
    assert set(details["points"][issue].values()) == {0}


def test_reservation_values_are_those_of_the_best_alternatives(hub: Scenario) -> None:
    share = SCENARIO["market"]["share"]
    for own in hub.preferences:
        alternatives = SCENARIO["parties"][own.party]["alternatives"]
        worth = [one["points"] - one["exposure"] * share**2 for one in alternatives]
        stated = SCENARIO["parties"][own.party]["reservation_basis"]

        assert own.reservation == pytest.approx(max(worth))
        assert len(worth) == 2
        assert all(f"{one:.1f}" in stated for one in worth)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.30, [45.1, 39.2, 48.8]), (0.429, [42.5, 41.0, 47.0]), (0.60, [37.8, 44.3, 43.7])],
)
def test_reservation_values_move_with_the_share_of_the_supplier(
    hub: Scenario, share: float, expected: list[float]
) -> None:
    moved = with_market_share(hub, share)

    assert [own.reservation for own in moved.preferences] == pytest.approx(expected, abs=0.06)


def test_all_want_carbon_data_and_no_issue_is_nobodys(hub: Scenario) -> None:
    assert compatible_issues(hub) == ("footprint",)
    figures = standard(hub).figures
    assert isinstance(figures, MultilateralFigures)
    assert figures.idle == ()


def test_the_scenario_is_clean(hub: Scenario) -> None:
    assert lint(hub) == ()
    assert standard(hub).missed == ()


def test_figures_of_the_docs_page(hub: Scenario) -> None:
    space, found = hub.space, bargain(hub)
    rows = [own.utilities[space.possible] for own in hub.preferences]
    alike = [correlation(one, other) for one, other in combinations(rows, 2)]
    nash = int(found.solutions["nash"][0])
    shares = normalised_gains(hub, np.array([nash]))[:, 0]
    middle = middle_outcome(space)

    assert space.count == 48_600
    assert len(found.zopa) == 13_443
    assert found.pareto is not None
    assert len(found.pareto) == 370
    assert alike == pytest.approx([-0.60, -0.01, -0.39], abs=0.005)
    assert list(space.outcome(nash).values()) == [
        49,
        58000,
        50,
        400,
        1000,
        "ore quota",
        5,
        50,
        "coal exit",
        "shared register",
    ]
    assert gains(hub, nash) == pytest.approx([23.97, 26.00, 25.00], abs=0.05)
    assert shares.max() <= 2 * shares.min()
    assert len(interior_issues(space, nash)) == 7
    assert fair_share(hub) == pytest.approx(0.510, abs=0.001)
    assert min(gains(hub, middle)) > 0
    product_share = np.prod(gains(hub, middle)) / np.prod(gains(hub, nash))
    assert product_share == pytest.approx(0.596, abs=0.005)


def test_what_gives_more_away_is_what_the_host_takes_back(hub: Scenario) -> None:
    found = bargain(hub).solutions
    nash, utilitarian = (int(found[name][0]) for name in ("nash", "utilitarian"))

    assert len({int(one) for name in SOLUTIONS for one in found[name]}) == 2
    assert len(distinct_verdicts(hub)) == 2
    assert verdict(hub, nash).kind == "self-enforcing"
    assert hub.space.outcome(utilitarian)["share"] == 51
    assert verdict(hub, utilitarian).kind == "needs a fine"
    assert [one.kind for one in verdict(hub, utilitarian).parties] == [
        "self-enforcing",
        "needs a fine",
        "self-enforcing",
    ]


def test_hardness_on_both_sides_fails(hub: Scenario) -> None:
    game = stance_game(hub)
    rows, columns = game.report.game.floats()
    pure = [one.cell for one in game.report.equilibria if one.pure]

    # As shares of what each bloc can gain: one who yields to the hard does better than both hard.
    assert rows[0, 0] == pytest.approx(0)
    assert columns[0, 0] == pytest.approx(0)
    assert rows[:, 0].max() == pytest.approx(0.20, abs=0.005)
    assert columns[0].max() == pytest.approx(0.13, abs=0.005)
    # Consumers insist and the supplier gives ground; or they give ground and it holds firm.
    assert pure == [(0, 2), (2, 1)]


def test_firm_delegates_meet_in_the_last_round(hub: Scenario) -> None:
    record = negotiate(hub, dict.fromkeys(PARTIES, "firm"), seed=3, transcript=None).as_json()

    assert record["status"] == "agreement"
    assert record["rounds"] == 12


def test_nothing_at_the_table_was_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = {source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day}
    cited = {name for issue in SCENARIO["issues"].values() for name in issue.get("source", ())}
    for party in SCENARIO["parties"].values():
        cited |= {name for one in party["alternatives"] for name in one.get("source", ())}
    cited |= set(SCENARIO["market"]["source"])

    assert day == "2026-02-04"
    assert late == {"usgs-2026"}
    assert not late & cited
