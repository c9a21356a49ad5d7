"""What the years after signature make of texts over Kazakhstan's tungsten."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from games.bargaining.solutions import bargain
from games.compliance.verdicts import verdict
from games.implementation.outlook import Outlook, outlook
from games.scenario import Scenario, load_scenario
from tests.games.test_tungsten_accord_points import BANKABLE, OPTIONS

PATHS = 2_000


@pytest.fixture(scope="module")
def accord() -> Scenario:
    return load_scenario("tungsten-accord")


def nash_with(accord: Scenario, **changes: Any) -> int:
    """Return the Nash outcome with some issues settled otherwise."""
    (nash,) = (int(one) for one in bargain(accord).solutions["nash"])
    return accord.space.index({**accord.space.outcome(nash), **changes})


def years_after(accord: Scenario, paths: int = PATHS, **changes: Any) -> Outlook:
    found = outlook(accord, nash_with(accord, **changes), seed=1, paths=paths)
    assert found is not None
    return found


def unkept(found: Outlook, party: str) -> dict[str, float]:
    """Return why a party does not keep its word, as shares of the years due."""
    (account,) = (one for one in found.accounts if one.party == party)
    reasons: dict[str, float] = account.as_json()["unkept"]  # pyright: ignore[reportAssignmentType]
    return reasons


@pytest.mark.parametrize(("row", "column"), list(product(range(4), range(4))))
def test_whether_the_mine_is_financed_is_what_the_points_count(
    accord: Scenario, row: int, column: int
) -> None:
    finance, band = OPTIONS["finance"][row], OPTIONS["band"][column]
    behind = accord.commitments
    assert behind is not None
    strict = {"enforcement": 1.0, "fine": 100.0, "mutual": 1.0, "detection": 1.0, "lag": 1}
    calm = accord.model_copy(update={"commitments": behind.model_copy(update=strict), "trust": {}})

    found = outlook(
        calm,
        nash_with(accord, export="reserved", finance=finance, band=band),
        seed=1,
        paths=400,
    )

    assert found is not None
    closed = found.closed_by_project.values()
    assert (min(closed) > 0.5) == bool(BANKABLE[row][column])
    assert BANKABLE[row][column] or max(closed) < 0.25


def test_no_metal_comes_while_those_who_sign_are_in_office(accord: Scenario) -> None:
    found = years_after(accord)
    nameplate = 12_000

    assert [one.delivered.mean for one in found.by_year[:3]] == [0, 0, 0]
    assert found.delivered[5].mean < 0.02 * 5 * nameplate
    assert 0.1 < found.delivered[10].mean / (10 * nameplate) < 0.25


def test_ambiguous_words_are_kept_less_than_plain_ones(accord: Scenario) -> None:
    vague, plain = years_after(accord), years_after(accord, export="after consultation")

    assert vague.kept.mean < plain.kept.mean - 0.03
    assert 0.6 < vague.disputes["export"] < 0.8
    assert unkept(vague, "KAZ")["arbitration"] > 0.05
    assert "arbitration" not in unkept(plain, "KAZ")


def test_the_text_that_the_buyers_would_like_best_is_not_kept_at_all(accord: Scenario) -> None:
    found = years_after(accord, export="none, ever")

    assert verdict(accord, nash_with(accord, export="none, ever")).kind == "needs a fine"
    assert found.kept.mean == 0
    assert unkept(found, "KAZ")["incentive"] > 0.9
    assert max(one.mean for one in found.delivered.values()) == 0


def test_the_review_clause_saves_a_plain_text_from_the_price(accord: Scenario) -> None:
    plan = accord.implementation
    assert plan is not None
    rigid = accord.model_copy(
        update={"implementation": plan.model_copy(update={"renegotiation": None})}
    )
    reopened = years_after(accord, export="after consultation")
    broken = years_after(rigid, export="after consultation")

    assert reopened.reopened is not None
    assert 0.2 < reopened.reopened.share < 0.4
    assert reopened.reopened.kept_saved == pytest.approx(
        reopened.kept.mean - broken.kept.mean, abs=1e-9
    )
    assert reopened.reopened.kept_saved > 0.15
    assert unkept(broken, "KAZ")["price"] > 0.2


def test_a_floor_is_paid_for_the_dearer_the_higher(accord: Scenario) -> None:
    paid = [years_after(accord, band=band).floor_budget.mean for band in OPTIONS["band"]]

    assert paid[0] == 0
    assert np.all(np.diff(paid) > 0)


def test_more_than_the_other_gives_back_is_kept_only_until_arbitration(accord: Scenario) -> None:
    dear = years_after(accord, finance=700, band=600)

    assert unkept(dear, "USA")["arbitration"] > 0.1


TABLE: dict[str, tuple[dict[str, Any], tuple[float, ...]]] = {
    "Nash": ({}, (0.55, 0.12, 0.02, 0.76, 0.69, 20.1, 41.7, 54)),
    "plain": ({"export": "after consultation"}, (0.61, 0.00, 0.29, 0.81, 0.75, 22.9, 48.2, 61)),
    "reserved": ({"export": "reserved"}, (0.61, 0.00, 0.00, 0.81, 0.75, 22.9, 48.3, 61)),
    "never": ({"export": "none, ever"}, (0.00, 0.95, 0.00, 0.00, 0.00, 0.0, 0.0, 0)),
    "no band": ({"band": 0}, (0.47, 0.21, 0.00, 0.04, 0.00, 0.4, 0.7, 0)),
    "450": ({"band": 450}, (0.57, 0.08, 0.00, 0.77, 0.70, 21.1, 44.2, 215)),
    "600": ({"band": 600}, (0.60, 0.02, 0.00, 0.79, 0.73, 22.4, 47.3, 628)),
    "no money": ({"finance": 0}, (0.39, 0.38, 0.01, 0.00, 0.00, 0.0, 0.0, 0)),
    "700": ({"finance": 700}, (0.58, 0.07, 0.02, 0.77, 0.71, 21.3, 44.9, 58)),
    "first refusal": (
        {"finance": 700, "china": "right of first refusal"},
        (0.50, 0.20, 0.03, 0.69, 0.63, 18.1, 37.4, 48),
    ),
}
"""Kept, Kazakhstan reneges, price reopened, each deposit financed, thousand tonnes by years 10 and
15, and what the floor costs in M USD."""


@pytest.mark.parametrize("row", list(TABLE))
def test_the_table_of_the_page_holds(accord: Scenario, row: str) -> None:
    changes, expected = TABLE[row]
    found = years_after(accord, paths=10_000, **changes)
    assert found.reopened is not None
    shares = (found.kept.mean, found.breaks["KAZ"], found.reopened.share)
    tonnes = (found.delivered[10].mean / 1000, found.delivered[15].mean / 1000)

    assert (*shares, *found.closed_by_project.values()) == pytest.approx(expected[:5], abs=0.0051)
    assert tonnes == pytest.approx(expected[5:7], abs=0.051)
    assert found.floor_budget.mean / 1000 == pytest.approx(expected[7], abs=0.51)
