"""What brings projects of an agreement to financial close: floors, volatility, laws, the Arctic."""

from typing import Any

import numpy as np
import pytest

from games.bargaining.solutions import bargain
from games.implementation.investment import construction_years
from games.implementation.obligors import obligors
from games.implementation.outlook import outlook
from games.implementation.works import Works, terms_of, triggers_of
from games.scenario import Scenario, load_scenario
from tests.games.implementation.test_outlook import AGREED, seen, years_after

LEAD = {"kind": "components", "permit": 0.3, "finance": 1, "build": 3}


def mine(**more: Any) -> dict[str, Any]:
    """Return a mine that delivers all there is."""
    return {"share": 1.0, "capex": 30_000, "unit_cost": 40, "lead": LEAD, **more}


def financed(floor: float = 0.0, volatility: float = 0.4, **more: Any) -> float:
    """Return the share of paths in which a mine is financed."""
    price = {"spot": 100, "volatility": volatility}
    fields = {"projects": [mine()], "contract_price": 100, "term": 10, **more}
    return seen(years_after(floor=floor, price=price, **fields), paths=10_000).closed.mean


def test_a_floor_finances_more_and_the_more_so_the_more_prices_swing():
    gains = [financed(60, sigma) - financed(0, sigma) for sigma in (0.2, 0.3, 0.4, 0.5)]

    # Measured: .077, .120, .146, .170. With the hurdle of the bare price they would be .035 and
    # then about .04 throughout: it charges for waiting what the floor has already insured.
    assert gains == sorted(gains)
    assert gains[0] > 0.05
    assert gains[-1] > 2 * gains[0]


def test_swings_cost_a_project_without_a_floor_far_more_than_one_with_it():
    bare, floored = ([financed(floor, sigma) for sigma in (0.2, 0.5)] for floor in (0, 100))

    assert bare[0] - bare[1] > 0.3
    assert floored[0] - floored[1] < 0.1


def test_the_hazard_of_a_change_of_law_keeps_projects_from_being_financed():
    for party in ("A", "B"):
        shares = [financed(80, law={party: hazard}) for hazard in (0.0, 0.02, 0.05, 0.1)]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > shares[-1] + 0.2


def test_the_law_of_the_host_weighs_more_with_investors_than_that_of_a_buyer():
    # Ended by the buyer's law the mine loses its floor, by the host's it loses everything.
    bought, hosted, named = (
        triggers_of(game, game.implementation, terms)[0].above
        for game in (
            years_after(floor=80, term=10, law={"A": 0.05}, projects=[mine()]),
            years_after(floor=80, term=10, law={"B": 0.05}, projects=[mine()]),
            years_after(floor=80, term=10, law={"A": 0.05}, projects=[mine(host="A")]),
        )
        if (terms := terms_of(game, AGREED)) is not None and game.implementation is not None
    )

    assert hosted == pytest.approx(named)
    assert hosted > 1.2 * bought


def test_a_law_that_changes_for_certain_finances_nothing():
    assert financed(law={"B": 1.0}) == 0.0


FIGURES = ("finance", "floor", "uranium")
"""The issues of the talks over Greenland that its projects depend on; volume and term are fixed."""

NAMEPLATE = 5_000
"""Tonnes a year, whatever is agreed."""


@pytest.fixture(scope="module")
def greenland() -> Scenario:
    """Return the talks over Greenland."""
    return load_scenario("greenland-linkage")


def figures(game: Scenario, outcome: int) -> tuple[int, ...]:
    """Return how an outcome settles the issues that projects depend on."""
    levels = game.space.levels_of(outcome)
    return tuple(levels[game.space.issues.index(name)] for name in FIGURES)


def test_hardly_a_tonne_leaves_the_arctic_by_year_5_whatever_is_signed(greenland: Scenario):
    plan = greenland.implementation
    assert plan is not None
    assert plan.volume == NAMEPLATE
    assert not hasattr(plan.term, "issue")
    settled: dict[tuple[int, ...], int] = {}
    for outcome in range(greenland.space.size):
        if greenland.space.is_possible(outcome):
            settled.setdefault(figures(greenland, outcome), outcome)
    assert len(settled) == 4 * 4 * 3

    # However they behave and whatever prices do, nothing is delivered before it is built; what a
    # party breaks only takes from that.
    paths = 2_000
    never = np.zeros(1, dtype=np.intp)
    for outcome in settled.values():
        streams = [np.random.default_rng(number) for number in range(len(plan.projects))]
        works = Works.before_the_first_year(greenland, plan, [outcome], paths, streams)
        building = np.array([construction_years(project) for project in plan.projects])
        earliest = np.ceil(works.ready) + building[:, None]
        shares = [works.output(year, earliest, never).mean() for year in range(1, 6)]
        assert NAMEPLATE * sum(shares) < 0.01 * NAMEPLATE * 5


def test_some_tonnes_leave_the_arctic_by_year_15_where_all_keep_what_they_sign(
    greenland: Scenario,
):
    plan = greenland.implementation
    assert plan is not None
    zopa = [int(one) for one in bargain(greenland).zopa]
    calm, none = np.zeros(1), np.zeros(1)
    every = np.arange(len(zopa))
    kept = np.logical_and.reduce(
        [one.honours(every, calm, none) for one in obligors(greenland, zopa, plan)]
    )
    settled = {
        figures(greenland, outcome): outcome
        for outcome, is_kept in zip(zopa, kept, strict=True)
        if is_kept
    }
    assert len(settled) == 24

    for outcome in settled.values():
        found = outlook(greenland, outcome, paths=4_000)
        assert found is not None
        assert found.delivered[5].mean < 0.01 * NAMEPLATE * 5
        assert 0 < found.delivered[15].mean < 0.05 * NAMEPLATE * 15
