"""Every number of points in price-floor-club follows from the formulas of its docs page."""

import json
import math
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from delegates import negotiate
from games.bargaining.solutions import bargain
from games.lint.findings import lint
from games.participation.signatures import signature_game, stable_signatures
from games.participation.signing import choose_signature, signing_worths
from games.protocols.hall import HallState
from games.protocols.perceived import is_credible
from games.protocols.settlement import is_in_force
from games.scenario import Scenario, load_scenario
from tests.support.markets import with_market_share
from tests.support.points import certain_price, falling, rising, strip

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "games" / "scenarios" / "price-floor-club.yaml"
SCENARIO: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CLUB = load_scenario("price-floor-club")
OPTIONS: dict[str, list[Any]] = {
    name: issue["options"] for name, issue in SCENARIO["issues"].items()
}
PARTIES: tuple[str, ...] = tuple(SCENARIO["parties"])

FORWARD = {"ndpr": 88.0, "sb": 39_750.0}
"""USD/kg in August 2025, USD/t at the end of 2024."""
VOLATILITY = {"ndpr": 0.40, "sb": 0.45}
OPENING = {"ndpr": 70.0, "sb": 18_000.0}
"""The floor at which 63 % of the mines that a floor can open are bankable."""
SHARE = 0.74
OPENED = 0.15
"""What China's share falls by if all these mines open: 91 to 76 % in the IEA's base case."""
DEPTH = (0.0, 0.33, 0.67, 1.0)

CHINA_IN_IMPORTS = {"USA": 0.7, "EUE": 0.72, "JPN": 0.58, "KOR": 0.8, "GBR": 0.6, "IND": 0.7}
"""China's share of what a consumer imports."""
DEMAND = {"JPN": 27, "EUE": 25, "USA": 18, "KOR": 14, "IND": 5, "GBR": 3, "MYS": 3, "MEX": 2,
          "BRA": 2, "CAN": 1, "AUS": 0, "KAZ": 0}  # fmt: skip
"""Per cent of the twelve's use of magnets."""
MINED = {"USA": 45_000, "AUS": 13_000, "IND": 2_900, "MYS": 130, "BRA": 20}
SEPARATED = {"MYS": 3.63, "USA": 0.96}
ANTIMONY = {"AUS": 2_000, "MEX": 800, "KAZ": 40}

_STAKES = {
    "USA": """
        form leverage: 14.5, ndpr security: 4.5, ndpr insured: 10, ndpr bill: 9, sb security:
        10, sb bill: 7, tariff shelter: 13.5, tariff revenue: 11, comp budget: 16, stock cover:
        14.5, stock cost: 9, bind credit: 17, origin proof: 9
    """,
    "EUE": """
        form neutral: 21.5, ndpr security: 18, ndpr bill: 23, sb security: 8, sb bill: 10,
        tariff shelter: 14, tariff precedent: 20, comp relief: 7, ndpr rent × comp relief: 15,
        stock cost: 7, bind middle: 19.5, origin proof: 16
    """,
    "JPN": """
        form projects: 9.5, ndpr security: 31, ndpr bill: 20.5, sb security: 7.5, sb bill: 12.5,
        tariff shelter: 7, tariff retaliation: 16.5, comp relief: 4, stock cover: 27, bind
        middle: 14, origin proof: 12
    """,
    "KOR": """
        form leverage: 3, ndpr bill: 27, sb bill: 9.5, tariff retaliation: 16.5, comp relief:
        19, ndpr rent × comp relief: 17.5, stock cover: 10.5, stock cost: 6.5, bind sovereignty:
        15.5, origin proof: 4
    """,
    "MEX": """
        form leverage: 6, ndpr bill: 3, sb insured: 22, tariff shelter: 13, comp budget: 4,
        stock cost: 11, bind credit: 25, origin proof: 16
    """,
    "CAN": """
        form projects: 20.5, ndpr insured: 15, sb insured: 8.5, tariff shelter: 10, tariff
        precedent: 10, comp budget: 13, stock pull: 19.5, bind credit: 8.5, origin proof: 11
    """,
    "AUS": """
        form leverage: 11, ndpr insured: 36, sb insured: 4, tariff shelter: 8, tariff
        retaliation: 14, comp budget: 4, stock pull: 9, bind credit: 14, origin proof: 11
    """,
    "GBR": """
        form neutral: 20, ndpr security: 6, ndpr bill: 7.5, sb bill: 8.5, tariff precedent: 8.5,
        comp half: 8.5, stock cost: 4, bind credit: 29, origin proof: 17.5
    """,
    "IND": """
        form projects: 20, ndpr bill: 22, sb insured: 12, tariff shelter: 5, comp relief: 9,
        stock cost: 7, bind sovereignty: 20, origin proof: 5
    """,
    "BRA": """
        form projects: 20, ndpr insured: 18, sb insured: 2, tariff precedent: 13, comp budget:
        16, stock cost: 6, bind sovereignty: 16, origin proof: 9
    """,
    "KAZ": """
        form projects: 10, ndpr insured: 4, sb insured: 32, tariff retaliation: 17, comp budget:
        3, stock pull: 14, bind sovereignty: 15, origin proof: 5
    """,
    "MYS": """
        form leverage: 6, ndpr insured: 14, sb insured: 2, tariff precedent: 22, comp relief:
        15.5, stock cost: 8, bind sovereignty: 27.5, origin proof: 6
    """,
}
STAKES = {
    party: {name: float(stake) for name, stake in (one.split(": ") for one in terms.split(", "))}
    for party, terms in {key: " ".join(text.split()) for key, text in _STAKES.items()}.items()
}
"""Points at stake in each value of an issue, and in each product of two."""


def of_floors(mineral: str) -> dict[str, list[float]]:
    floors, forward, sigma = OPTIONS[mineral], FORWARD[mineral], VOLATILITY[mineral]
    strips = [strip(floor, forward, sigma) for floor in floors]
    opened = [OPENED * (1 - math.exp(-((floor / OPENING[mineral]) ** 2))) for floor in floors]
    return {
        f"{mineral} rent": rising(strips),
        f"{mineral} bill": falling(strips),
        f"{mineral} insured": rising([certain_price(floor, forward, sigma) for floor in floors]),
        f"{mineral} security": rising([SHARE**2 - (SHARE - share) ** 2 for share in opened]),
    }


def shapes() -> dict[str, list[float]]:
    """Return the value of each option of an issue, from 0 to 1, by name of the value."""
    tariff, comp, stock = OPTIONS["tariff"], OPTIONS["comp"], OPTIONS["stock"]
    return {
        **of_floors("ndpr"),
        **of_floors("sb"),
        "form leverage": [0, 0.6, 1],
        "form projects": [0, 1, 0.4],
        "form neutral": [0.8, 1, 0],
        "tariff shelter": rising([1 - math.exp(-rate / 20) for rate in tariff]),
        "tariff revenue": rising([rate * math.exp(-rate / 40) for rate in tariff]),
        "tariff retaliation": falling([rate**2 for rate in tariff]),
        "tariff precedent": falling(tariff),
        "comp relief": rising(comp),
        "comp budget": falling(comp),
        "comp half": falling([abs(share - 50) for share in comp]),
        "stock cover": rising([1 - math.exp(-months / 2) for months in stock]),
        "stock cost": falling([months**1.3 for months in stock]),
        "stock pull": rising([math.sqrt(months) for months in stock]),
        "bind credit": rising(DEPTH),
        "bind sovereignty": falling([depth**2 for depth in DEPTH]),
        "bind middle": falling([(depth - 0.6) ** 2 for depth in DEPTH]),
        "origin proof": [0, 0.7, 1],
    }


SHAPES = shapes()
ROUNDING = 0.25 + 1e-9
"""Points are rounded to halves."""
PRODUCT = " × "


def possible() -> Any:
    mask = CLUB.space.possible
    assert mask is not None
    return mask


def changed(change: Callable[[dict[str, Any]], object]) -> Scenario:
    """Return the club with something changed in its file."""
    values = json.loads(CLUB.canonical())
    change(values)
    return Scenario.model_validate(values)


def nash() -> int:
    return int(bargain(CLUB).solutions["nash"][0])


def like_nash(**options: str | int) -> int:
    """Return the Nash outcome with some issues settled otherwise."""
    return CLUB.space.index({**CLUB.space.outcome(nash()), **options})


@pytest.mark.parametrize(("party", "issue"), list(product(PARTIES, OPTIONS)))
def test_points_of_an_issue_follow_from_its_formulas(party: str, issue: str) -> None:
    points = SCENARIO["parties"][party]["points"][issue]
    terms = {
        name: stake
        for name, stake in STAKES[party].items()
        if name.split()[0] == issue and PRODUCT not in name
    }

    worth = [
        sum(stake * SHAPES[name][level] for name, stake in terms.items())
        for level in range(len(OPTIONS[issue]))
    ]

    expected = [value - min(worth) for value in worth]
    assert [points[option] for option in OPTIONS[issue]] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", PARTIES)
def test_each_interaction_follows_from_its_formula(party: str) -> None:
    links = SCENARIO["parties"][party].get("links", [])
    terms = [name.split(PRODUCT) for name in STAKES[party] if PRODUCT in name]
    found = {tuple(link["issues"]): link["points"] for link in links}
    assert set(found) == {(one.split()[0], other.split()[0]) for one, other in terms}
    for one, other in terms:
        stake = STAKES[party][f"{one}{PRODUCT}{other}"]
        first, second = one.split()[0], other.split()[0]
        for i, j in product(range(len(OPTIONS[first])), range(len(OPTIONS[second]))):
            points = found[first, second].get(OPTIONS[first][i], {}).get(OPTIONS[second][j], 0)
            expected = stake * SHAPES[one][i] * SHAPES[other][j]
            assert points == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("party", PARTIES)
def test_points_use_a_scale_from_0_to_100(party: str) -> None:
    undisputed = changed(lambda values: values.pop("dispute"))
    points = undisputed.preferences[PARTIES.index(party)].utilities[possible()]

    assert points.min() >= 0
    assert 98 <= points.max() <= 100


def test_no_two_parties_want_nearly_the_same() -> None:
    rows = {own.party: own.utilities[possible()] for own in CLUB.preferences}

    for one, other in combinations(PARTIES, 2):
        assert np.corrcoef(rows[one], rows[other])[0, 1] <= 0.70, (one, other)


def test_scenario_is_clean_and_of_a_size_to_be_looked_through() -> None:
    found = bargain(CLUB)

    assert lint(CLUB) == ()
    assert 2_000 <= CLUB.space.count <= 50_000
    assert 0.005 <= len(found.zopa) / CLUB.space.count <= 0.10
    assert 0.15 <= len(found.passing) / CLUB.space.count <= 0.50


def test_nash_outcome_is_extreme_on_few_issues() -> None:
    levels = CLUB.space.levels_of(nash())
    ends = [len(issue.options) - 1 for issue in CLUB.issues.values()]

    assert sum(0 < level < end for level, end in zip(levels, ends, strict=True)) >= 5


def test_all_want_proof_of_origin() -> None:
    favourites = {
        max(details["points"]["origin"], key=details["points"]["origin"].get)
        for details in SCENARIO["parties"].values()
    }

    assert favourites == {"chain of custody"}


def test_there_is_no_tariff_under_words_and_no_reference_price_without_one() -> None:
    settled = [CLUB.space.outcome(int(k)) for k in np.flatnonzero(possible())]

    for one in settled:
        if one["bind"] == "political" or one["form"] == "declaration":
            assert one["tariff"] == 0
        if one["form"] == "reference price":
            assert int(one["tariff"]) > 0
            assert int(one["ndpr"]) > 0
        if one["form"] == "declaration":
            assert (one["ndpr"], one["sb"], one["comp"]) == (0, 0, 0)


def test_a_low_floor_is_worth_more_to_the_insured_than_it_costs() -> None:
    for mineral in ("ndpr", "sb"):
        worth, cost = SHAPES[f"{mineral} insured"], SHAPES[f"{mineral} rent"]
        assert all(a > b for a, b in zip(worth[1:-1], cost[1:-1], strict=True))


def test_strip_of_the_american_precedent_meets_the_values_of_theory() -> None:
    # Ten years of 110 USD/kg, σ .40: at a forward of 69 and of 123.
    assert strip(110, 69, 0.40) == pytest.approx(44.16, abs=0.005)
    assert strip(110, 123, 0.40) == pytest.approx(26.36, abs=0.005)


def test_votes_follow_demand_and_supply() -> None:
    made = (MINED, SEPARATED, ANTIMONY)
    supply = {
        party: sum(each.get(party, 0) / sum(each.values()) for each in made) / 3
        for party in PARTIES
    }

    votes = {party: round(3 + 64 * (DEMAND[party] / 100 + supply[party]) / 2) for party in PARTIES}

    assert sum(DEMAND.values()) == 100
    assert votes == SCENARIO["protocol"]["agreement"]["weights"]
    assert sum(votes.values()) == 100


def test_exposure_and_dependence_follow_the_share_of_china_in_imports() -> None:
    dependence = SCENARIO["outside"]["dependence"]
    for party, share in CHINA_IN_IMPORTS.items():
        exposures = [one["exposure"] for one in SCENARIO["parties"][party]["alternatives"]]
        assert max(exposures) == round(40 * share)
        assert dependence[party] == round(10 * share)


def test_spill_over_follows_the_votes() -> None:
    spill, votes = SCENARIO["participation"]["spill"], SCENARIO["protocol"]["agreement"]["weights"]

    assert spill == pytest.approx({party: 0.0025 * votes[party] for party in votes}, abs=0.0006)


def test_a_smaller_share_of_the_supplier_betters_what_consumers_have_without_a_club() -> None:
    freer = with_market_share(CLUB, 0.50)
    for party in CHINA_IN_IMPORTS:
        before, after = CLUB.parties[party].reservation, freer.parties[party].reservation
        assert after >= 1.10 * before


def test_stable_signatures_are_neither_all_nor_nothing() -> None:
    found = stable_signatures(CLUB, nash())
    in_force = [profile.signatures for profile in found.found if profile.in_force]

    assert in_force
    for signatures in in_force:
        assert 6 <= list(signatures.values()).count("binding") < len(PARTIES)


def signed(club: Scenario, outcome: int) -> list[str]:
    """Return where it ends if each signs as suits it, thinking the others nine tenths sure."""
    position = dict.fromkeys(club.ids, "binding")
    for _ in range(10):
        expected = np.array([0.9 if one == "binding" else 0.1 for one in position.values()])
        before = dict(position)
        for number, party in enumerate(club.ids):
            trust = club.trust[party]
            worths = signing_worths(
                club,
                number,
                outcome,
                trust=trust.a / (trust.a + trust.b),
                bound=np.zeros(len(club.ids), dtype=bool),
                expected=expected,
            )
            may_sign = club.preferences[number].may_sign(outcome)
            position[party] = choose_signature(worths, reaches_aspiration=True, may_sign=may_sign)
        if position == before:
            break
    return list(position.values())


@pytest.mark.parametrize("mind", ["firm", "linear", "boulware", "conceder"])
def test_the_page_tells_what_a_plenary_of_one_mind_adopts_and_signs(mind: str) -> None:
    page = (ROOT / "docs" / "scenarios" / "price-floor-club.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines()]

    state = negotiate(CLUB, dict.fromkeys(CLUB.ids, mind)).state

    assert isinstance(state, HallState)
    letters = {"binding": "B", "declaratory": "d", "out": "–"}
    against = [party for party, vote in zip(CLUB.ids, state.ballots, strict=True) if vote == "no"]
    assert next(row[2:5] for row in rows if row[0] == mind) == [
        ", ".join(against),
        "".join(letters[way or "out"] for way in state.signatures),
        "yes" if is_in_force(state) else "no",
    ]


def test_without_the_reply_from_outside_more_sign_binding() -> None:
    quiet = changed(lambda values: values.pop("outside"))

    assert signed(quiet, nash()).count("binding") > signed(CLUB, nash()).count("binding")


def test_without_the_penalty_more_stay_out() -> None:
    free = changed(lambda values: values["participation"].update(penalty=0.0))

    for outcome in (nash(), like_nash(ndpr=75), like_nash(ndpr=110)):
        assert signed(free, outcome).count("out") > signed(CLUB, outcome).count("out")


def test_had_nobody_been_threatened_more_would_sign_binding() -> None:
    threatened = ("EUE", "GBR", "CAN", "MEX")
    even = changed(
        lambda values: values["trust"].update({party: {"a": 3, "b": 1} for party in threatened})
    )

    assert signed(even, nash()).count("binding") > signed(CLUB, nash()).count("binding")


def test_the_threatened_trust_less_than_any_other() -> None:
    threatened = {"EUE", "GBR", "CAN"}
    trust = {party: own.a / (own.a + own.b) for party, own in CLUB.trust.items()}

    assert max(trust[party] for party in threatened) < min(
        trust[party] for party in set(PARTIES) - threatened
    )


def test_depth_drives_off_those_whom_it_binds() -> None:
    deep = signature_game(CLUB, like_nash(bind="dispute settlement"))
    agreed = signature_game(CLUB, nash())

    assert agreed.may_sign.all()
    assert [party for party, may in zip(PARTIES, deep.may_sign, strict=True) if not may] == [
        "IND",
        "MYS",
    ]


def test_each_member_of_the_fund_would_rather_others_paid() -> None:
    fund = CLUB.fund
    assert fund is not None
    total = sum(fund.weights.values())
    for member in fund.members:
        returned = fund.benefit[member] * fund.weights[member] / total
        assert returned < fund.cost[member] < fund.benefit[member]


def test_some_threats_and_promises_are_believed_and_others_are_not() -> None:
    measures = CLUB.statecraft.measures
    believed = {name for name in measures if is_credible(CLUB, name)}

    assert {name for name in believed if measures[name].is_threat} == {"tariff-north-america"}
    assert {name for name in set(measures) - believed if measures[name].is_threat} == {
        "tariff-europe",
        "counter-measures",
    }


def test_briefs_quote_nothing_published_after_the_date() -> None:
    day = str(SCENARIO["date"])
    late = {source["id"] for source in SCENARIO["sources"] if str(source["date"]) > day}
    cited = {name for issue in CLUB.issues.values() for name in issue.source}
    cited |= {
        name for own in CLUB.parties.values() for one in own.alternatives for name in one.source
    }

    assert day == "2026-02-04"
    assert late == {"usgs-2026"}
    assert not late & cited
