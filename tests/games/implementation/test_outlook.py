"""The years after signature: what was agreed decides, by figures worked out and by comparison."""

import json
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.implementation.outlook import Outlook, outlook
from games.implementation.price_floor import strip
from games.implementation.works import floor_worth, overlap, terms_of
from games.scenario import Scenario
from tests.games.compliance.test_game import AGREED, deal
from tests.games.test_rescaling import rescaled

MINE = {"kind": "components", "finance": 1, "build": 2}


def years_after(
    *, projects: list[dict[str, Any]] | None = None, trust: Any = None, **more: Any
) -> Scenario:
    """Return the deal of the compliance tests with years after it.

    Keywords of `deal` go there, the others to `implementation`.
    """
    names = ("audience", "enforcement", "fine", "mutual", "collapse", "sunk", "lag", "detection")
    behind = {name: more.pop(name) for name in names if name in more}
    fields = deal(patience=more.pop("patience", 0.9), **behind).model_dump(by_alias=True)
    fields["implementation"] = {
        "volume": 100,
        "price": {"spot": 100, "volatility": 0.4},
        "projects": [
            {"name": f"mine {number}", "share": 0.4, "capex": 0, "lead": MINE, **project}
            for number, project in enumerate(projects or [])
        ],
        **more,
    }
    fields["trust"] = trust or {}
    return Scenario.model_validate(fields)


def seen(game: Scenario, outcome: int = AGREED, seed: int = 0, paths: int = 4000) -> Outlook:
    found = outlook(game, outcome, seed=seed, paths=paths)
    assert found is not None
    return found


def test_without_the_key_there_is_nothing_to_simulate():
    assert outlook(deal(), AGREED) is None
    assert terms_of(deal(), AGREED) is None


def test_a_safe_agreement_delivers_what_was_agreed():
    found = seen(years_after(term=12))

    assert (found.kept.mean, found.kept.standard_error) == (1.0, 0.0)
    assert {year: one.mean for year, one in found.delivered.items()} == pytest.approx(
        {5: 500, 10: 1000, 15: 1200}
    )
    assert found.breaks == {"A": 0.0, "B": 0.0}


def test_a_project_delivers_from_its_start_for_its_term():
    # Ready after 1 year, built in 2: from the end of year 3 on, 40 of 100 a year.
    found = seen(years_after(projects=[{}], term=4))

    assert found.closed.mean == 1
    assert found.closed_by_project == {"mine 0": 1.0}
    assert found.delivered[5].mean == pytest.approx(60 * 4 + 40 * 2)
    assert found.delivered[10].mean == pytest.approx(60 * 4 + 40 * 4)


def test_no_contract_outlives_its_mine():
    found = seen(years_after(projects=[{"share": 1.0, "life": 3}], term=10))

    assert found.delivered[15].mean == pytest.approx(300)


@pytest.mark.parametrize(
    ("year", "start", "end", "expected"),
    [(1, 0, 5, 1), (1, 0.25, 5, 0.75), (3, 0, 2.5, 0.5), (4, 0, 2.5, 0), (2, 1.2, 1.4, 0.2)],
)
def test_a_year_counts_as_far_as_it_lies_within_the_dates(year, start, end, expected):
    assert float(overlap(year, start, end)) == pytest.approx(expected)


def test_terms_are_read_off_the_outcome():
    game = years_after(
        volume={"issue": "volume", "scale": 1000},
        floor={"issue": "price", "values": {"low": 20, "high": 90}},
        term=8,
        invest={"issue": "volume", "values": {"0": 5, "10": 7}, "scale": 1e6},
        projects=[{"capped_until": {"issue": "price", "values": {"low": 50, "high": 2}}}],
    )

    agreed, nothing = terms_of(game, AGREED), terms_of(game, 0)

    assert agreed is not None
    assert nothing is not None
    assert (agreed.volume, agreed.floor, agreed.term, agreed.invest) == (10_000, 90, 8, 7e6)
    assert (nothing.volume, nothing.floor, nothing.invest) == (0, 20, 5e6)
    assert (agreed.capped, nothing.capped) == ((2,), (50,))
    assert agreed.contract_price == 90


def test_more_volume_means_more_tonnes():
    game = years_after(volume={"issue": "volume"}, projects=[{}])
    none, ten = (seen(game, outcome) for outcome in (1, 3))

    assert none.delivered[10].mean == 0
    assert ten.delivered[10].mean > 0


def test_a_higher_floor_costs_more_and_finances_more():
    dear = {"capex": 60_000, "unit_cost": 40}
    low, high = (
        seen(years_after(floor=floor, contract_price=100, term=10, projects=[dear]))
        for floor in (60, 110)
    )

    assert high.floor_budget.mean > 2 * low.floor_budget.mean
    assert high.closed.mean > low.closed.mean
    assert high.delivered[15].mean > low.delivered[15].mean


def test_the_floor_budget_is_the_value_of_the_strip():
    found = seen(years_after(floor=110, term=10, contract_price=100), paths=40_000)

    expected = 100 * 10 * float(strip(100, 110, 0.4, years=10))

    assert abs(found.floor_budget.mean - expected) < 4 * found.floor_budget.standard_error


def test_the_worth_of_an_agreed_floor_is_a_range():
    game = years_after(
        floor={"issue": "price", "values": {"low": 0, "high": 110}},
        term=10,
        price={"spot": 123, "volatility": 0.4},
    )

    found = floor_worth(game, AGREED)

    assert found is not None
    assert [round(one.worth, 1) for one in found.values] == [26.4, 32.5, 12.7]
    assert (round(found.least, 1), round(found.most, 1)) == (12.7, 32.5)
    assert floor_worth(game, 0) is None
    assert floor_worth(deal(), AGREED) is None


def test_a_price_that_reverts_keeps_its_own_rate_in_the_range():
    process = {"kind": "mean-reverting", "reversion": 0.3, "level": 100}
    game = years_after(floor=110, price={"spot": 123, "volatility": 0.4, "process": process})

    found = floor_worth(game, AGREED)

    assert found is not None
    assert [one.reversion for one in found.values] == [0.0, 0.0, 0.3]


def test_public_money_brings_projects_to_close():
    dear = {"capex": 60_000, "unit_cost": 40}

    shares = [
        seen(years_after(projects=[dear], invest=money)).closed.mean
        for money in (0, 30_000, 60_000)
    ]

    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > 0.98  # what costs nothing is built wherever it earns its unit cost


def test_a_legal_cap_keeps_a_project_from_closing_while_it_binds():
    lead = {"kind": "components", "permit": 0.3, "build": 2}

    free, late, never = (
        seen(years_after(projects=[{"lead": lead, "capped_until": years}])).closed.mean
        for years in (0, 8, 1000)
    )

    assert free > late > never == 0.0
    assert free == pytest.approx(1 - np.exp(-0.3 * 15), abs=0.02)
    assert late == pytest.approx(1 - np.exp(-0.3 * 7), abs=0.03)


def test_the_spot_price_tempts_the_seller_and_fines_hold_it():
    # B: T 30, R 20, P 0 and δ .5: the price may add 10 before it reneges.
    bare, fined = (
        seen(
            years_after(
                patience=0.5, swing={"B": 20}, contract_price=100, enforcement=1, fine={"B": fine}
            )
        )
        for fine in (0, 15)
    )

    assert bare.breaks["B"] > fined.breaks["B"] > 0
    assert fined.kept.mean > bare.kept.mean
    assert bare.breaks["A"] == 0.0
    assert fined.delivered[15].mean > bare.delivered[15].mean


def test_the_first_breach_comes_when_the_years_constraint_fails():
    # R ≥ (1−δ)T + δP: 20 ≥ .5·(30 + 20·gap), so that B breaks once the price passes 150.
    game = years_after(patience=0.5, swing={"B": 20}, contract_price=100, years=1)

    found = seen(game, paths=100_000)

    # P(S₁ > 150) of a lognormal with σ = .4: N(−(ln 1.5 + .08)/.4).
    assert found.breaks["B"] == pytest.approx(0.11230, abs=0.004)
    assert found.kept.mean == pytest.approx(1 - found.breaks["B"])


def test_a_buyer_is_tempted_by_a_low_price():
    found = seen(years_after(patience=0.5, swing={"A": -40}, contract_price=100))

    assert found.breaks["A"] > 0
    assert found.breaks["B"] == 0.0


def test_a_contract_at_the_markets_price_tempts_nobody():
    found = seen(years_after(patience=0.5, swing={"A": -40, "B": 40}))

    assert found.breaks == {"A": 0.0, "B": 0.0}


def test_laws_change_at_their_hazard():
    found = seen(years_after(law={"B": 0.1}, years=5), paths=40_000)

    assert found.lapses["B"] == pytest.approx(1 - 0.9**5, abs=0.01)
    assert found.lapses["A"] == 0.0
    assert found.delivered[5].mean == pytest.approx(
        sum(100 * 0.9**k for k in range(1, 6)), rel=0.01
    )


def test_what_is_delivered_in_full_can_no_longer_be_broken():
    found = seen(years_after(law=0.2, term=2), paths=40_000)

    # In the first year .2, and .2 again of the .64 in which neither law changed; then no more.
    assert found.lapses["A"] == pytest.approx(0.328, abs=0.01)
    assert found.kept.mean == pytest.approx((0.64 + 0.64**2) / 2, abs=0.01)


def test_distrust_breaks_what_trust_would_keep():
    # A, δ = .6: with p = .5 honouring is worth 10 − 4 and reneging 8; with p = .98 19.4 and 15.7.
    doubt, faith = (seen(years_after(patience=0.6, trust={"A": {"a": a, "b": 1}})) for a in (1, 50))

    assert doubt.breaks["A"] == 1.0
    assert faith.breaks["A"] == 0.0


def test_trust_won_in_the_first_years_carries_over_a_later_temptation():
    def breaks(prior: float) -> float:
        trust = {"B": {"a": 20 * prior, "b": prior}}
        game = years_after(patience=0.6, swing={"B": 20}, contract_price=100, trust=trust)
        return seen(game).breaks["B"]

    # The same belief of 95 % at first; the lighter prior learns faster from what is kept.
    assert breaks(0.1) < breaks(100)


def test_the_same_seed_gives_the_same_future_and_another_a_different_one():
    game = years_after(floor=80, law=0.05, swing={"B": 20}, projects=[{}])

    assert seen(game, seed=4) == seen(game, seed=4)
    assert seen(game, seed=4).floor_budget != seen(game, seed=5).floor_budget


def test_the_record_says_in_plain_values_who_kept_what_and_each_year():
    fields: dict[str, Any] = {
        "law": {"A": 0.1},
        "swing": {"B": 20},
        "contract_price": 100,
        "renegotiation": {"share": 0.5},
        "enforcement": 0.5,
        "fine": 3,
    }
    found = seen(years_after(patience=0.5, floor=80, years=4, **fields))
    written = json.loads(json.dumps(found.as_json()))

    assert written["accounts"]["B"]["issues"] == ["volume"]
    assert written["accounts"]["B"]["unkept"] == found.accounts[1].unkept
    assert set(written["accounts"]["A"]["unkept"]) == {"law", "breach"}
    assert set(written["accounts"]["B"]["unkept"]) == {"price", "law"}
    assert [year["year"] for year in written["by_year"]] == [1, 2, 3, 4]
    assert set(written["by_year"][0]) == {"year", "delivered", "worth", "floor_paid", "fines"}
    assert written["by_year"][0]["delivered"]["high"] == 100
    assert written["reopened"]["share"] > 0
    assert written["disputes"] == {}


def test_another_project_leaves_prices_and_laws_as_they_were():
    fewer = seen(years_after(floor=80, law=0.05, term=15))
    more = seen(years_after(floor=80, law=0.05, term=15, projects=[{"share": 0.0}]))

    assert more.floor_budget == fewer.floor_budget
    assert more.lapses == fewer.lapses


def test_ten_thousand_paths_take_well_under_a_second():
    lead = {"kind": "total", "mu": 2.714, "sigma": 0.283}
    game = years_after(
        floor=80,
        law=0.02,
        swing={"B": 20},
        projects=[{"share": 0.2, "lead": lead, "capex": 9000} for _ in range(5)],
    )
    seen(game)

    begin = process_time()
    seen(game, paths=10_000)

    assert process_time() - begin < 1.0


@given(
    st.sampled_from([0.3, 1 / 3, 4.0, 9.9]),
    st.sampled_from([0.0, 2.7, -11.0]),
    st.sampled_from([0.3, 0.5, 0.8]),
)
def test_a_partys_unit_changes_no_future(factor, shift, patience):
    def game(scale: float) -> Scenario:
        return years_after(
            patience=patience, swing={"A": -30 * scale, "B": 20}, contract_price=100, law=0.02
        )

    before = seen(game(1.0), paths=500)
    after = seen(rescaled(game(factor), "A", factor, shift), paths=500)

    assert replace(after, accounts=()) == replace(before, accounts=())
    for one, own in zip(after.accounts, before.accounts, strict=True):
        unit = factor if own.party == "A" else 1.0
        assert (one.kept, one.unkept, one.noticed) == (own.kept, own.unkept, own.noticed)
        assert one.spoils.mean == pytest.approx(unit * own.spoils.mean)
