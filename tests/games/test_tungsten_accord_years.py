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


@pytest.mark.campaign
def test_the_table_of_the_page_holds(accord: Scenario) -> None:
    rows: dict[str, dict[str, Any]] = {}
    found = {name: years_after(accord, paths=10_000, **changes) for name, changes in rows.items()}

    assert found
