"""What parties do in the years after: reneging until noticed, reopening, and who kept what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.implementation.accounts import Account
from games.implementation.estimates import Estimate
from games.implementation.outlook import Outlook
from games.scenario import Scenario
from tests.games.implementation.test_outlook import seen, years_after

HASTY = {"A": 0.99, "B": 0.0}
"""Patience with which B, who owes the volume, reneges in the first year, and A never does."""


def accounts(found: Outlook) -> dict[str, Account]:
    """Return the accounts by party."""
    return {one.party: one for one in found.accounts}


def test_what_reneging_brings_is_kept_until_it_is_noticed():
    # T − R of B is 10 a year: it takes that for as long as it is not noticed, six years here.
    caught, never = (
        accounts(seen(years_after(patience=HASTY, lag=lag, years=6)))["B"] for lag in (2, 7)
    )

    assert (caught.reneged, caught.noticed, caught.spoils.mean) == (1.0, 1.0, 20.0)
    assert (never.reneged, never.noticed, never.spoils.mean) == (1.0, 0.0, 60.0)


def test_a_fine_is_for_each_year_of_it_and_comes_when_it_is_noticed():
    found = seen(years_after(patience=HASTY, enforcement=1, fine={"B": 3}, lag=3, years=6))

    own = accounts(found)["B"]
    assert (own.fined.mean, own.spoils.mean) == (9.0, 30.0)
    assert [year.fines["B"].mean for year in found.by_year if year.fines] == [0, 0, 9, 0, 0, 0]


def test_fines_are_shared_out_where_both_renege():
    both = years_after(patience=0.0, enforcement=1, fine=4, mutual=0.5, years=3)

    assert {one.party: one.fined.mean for one in seen(both).accounts} == {"A": 2.0, "B": 2.0}


def test_who_owes_the_volume_holds_back_what_its_issue_says_until_the_end():
    volume = {"issue": "volume", "values": {"0": 30, "10": 100}}
    by_b = seen(years_after(volume=volume, patience=HASTY, lag=3, years=6))
    by_a = seen(years_after(volume=volume, patience={"A": 0.0, "B": 0.99}, lag=3, years=6))

    # B reneges to 0 units, which is read as 30, for three years; A's reneging stops no delivery.
    assert [year.delivered.mean for year in by_b.by_year] == [30, 30, 30, 0, 0, 0]
    assert [year.delivered.mean for year in by_a.by_year] == [100, 100, 100, 0, 0, 0]


def test_a_volume_that_nobody_in_particular_owes_is_missing_while_anybody_reneges():
    found = seen(years_after(patience=HASTY, lag=3, years=6))

    assert [year.delivered.mean for year in found.by_year] == [0] * 6


def test_who_owes_the_floor_pays_what_its_issue_says_while_it_reneges():
    floor = {"issue": "price", "values": {"low": 0, "high": 1000}}
    fields: dict[str, Any] = {"floor": floor, "contract_price": 100, "lag": 2, "years": 4}
    volume = {"issue": "volume", "values": {"0": 0, "10": 100}}
    kept, broken = (
        seen(years_after(volume=volume, patience={"A": own, "B": 0.99}, **fields))
        for own in (0.99, 0.0)
    )

    assert kept.by_year[1].floor_paid.mean > 0
    assert broken.by_year[1].floor_paid.mean == 0
    assert broken.by_year[1].delivered.mean == 100


def test_no_project_is_financed_while_a_party_reneges():
    lead = {"kind": "components", "build": 1}
    found = seen(
        years_after(patience=HASTY, lag=5, years=4, projects=[{"share": 1.0, "lead": lead}])
    )

    assert found.closed.mean == 0


def test_the_betrayed_keeps_its_word_until_it_learns_of_it():
    own = accounts(seen(years_after(patience=HASTY, lag=2, years=8)))

    assert own["A"].kept == pytest.approx(2 / 8)
    assert own["A"].unkept == {"breach": pytest.approx(6 / 8)}
    assert own["B"].unkept == {"incentive": pytest.approx(1.0)}
    assert (own["A"].issues, own["B"].issues) == (("price",), ("volume",))


def test_prices_are_the_reason_where_it_would_keep_its_word_without_their_pull():
    # B, δ .5: it breaks once the price passes 150.
    own = accounts(seen(years_after(patience=0.5, swing={"B": 20}, contract_price=100)))["B"]

    assert set(own.unkept) == {"price"}
    assert own.kept == pytest.approx(1 - own.unkept["price"])


def test_a_project_never_financed_leaves_its_share_unkept():
    lead = {"kind": "components", "build": 1}
    hopeless = {"share": 0.4, "capex": 1e9, "lead": lead}
    own = accounts(seen(years_after(projects=[hopeless])))

    assert own["A"].kept == own["B"].kept == pytest.approx(0.6)
    assert own["A"].unkept == {"unfinanced": pytest.approx(0.4)}


def test_a_change_of_one_partys_law_is_the_reason_for_all():
    own = accounts(seen(years_after(law={"B": 0.2}, years=5)))

    assert own["A"].unkept == own["B"].unkept
    assert set(own["A"].unkept) == {"law"}


def test_nothing_due_leaves_no_accounts():
    assert seen(years_after(term=0)).accounts == ()


REOPENED = {"share": 1.0, "most": 20}


def swung(renegotiation: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return years in which a high price tempts B and a low one A."""
    terms = {} if renegotiation is None else {"renegotiation": renegotiation}
    fields = {"patience": 0.55, "swing": {"A": -20, "B": 20}, "contract_price": 100, **terms}
    return years_after(**{**fields, **more})


def test_without_the_key_the_price_is_never_reopened():
    found = seen(swung())

    assert found.reopened is None
    assert found.breaks["B"] > 0


def test_a_price_that_follows_the_market_all_the_way_keeps_everybody():
    found, firm = seen(swung(REOPENED)), seen(swung())

    assert found.reopened is not None
    assert found.kept.mean == 1.0
    assert found.reopened.kept_saved == pytest.approx(1 - firm.kept.mean)
    saved = sum(one.delivered.mean for one in found.by_year) - sum(
        one.delivered.mean for one in firm.by_year
    )
    assert found.reopened.delivered_saved == pytest.approx(saved)
    assert found.reopened.share == pytest.approx(max(firm.breaks["A"] + firm.breaks["B"], 0))


def test_a_price_is_reopened_only_so_often():
    once, often = (seen(swung({**REOPENED, "most": most})) for most in (1, 20))

    assert once.reopened is not None
    assert often.reopened is not None
    assert once.reopened.times == once.reopened.share
    assert often.reopened.times > once.reopened.times
    assert often.kept.mean > once.kept.mean


def test_reopening_costs_points_and_is_left_where_it_costs_more_than_it_keeps():
    # A: R 20 and P 0, which with δ .55 is worth 20/.45 = 44.4 over the years.
    cheap, dear = (seen(swung({**REOPENED, "cost": {"A": cost}})) for cost in (44, 45))

    assert cheap.reopened is not None
    assert dear.reopened is not None
    assert cheap.reopened.cost == {"A": pytest.approx(44 * cheap.reopened.times), "B": 0.0}
    assert dear.reopened.times == 0
    assert dear.kept == seen(swung()).kept


def test_a_price_is_not_reopened_where_that_would_tempt_another():
    # At the market's price all the way both are held; halfway the gap still tempts.
    far, near = (seen(swung({"share": share, "most": 20})) for share in (1.0, 0.01))

    assert far.reopened is not None
    assert near.reopened is not None
    assert near.reopened.times < far.reopened.times
    assert near.kept.mean < far.kept.mean


def test_a_floor_that_is_the_contract_price_moves_with_it():
    fields: dict[str, Any] = {"contract_price": None, "floor": 100}
    still, moved = (seen(swung(terms, **fields)) for terms in (None, REOPENED))

    # Where the market falls the floor falls with it and pays less; and more of it is kept.
    assert moved.kept.mean > still.kept.mean
    assert moved.by_year[0].floor_paid.mean < still.by_year[0].floor_paid.mean + 1e-9


SWINGS = st.sampled_from([0.0, 5.0, 20.0, 60.0])
FUTURES = st.fixed_dictionaries(
    {
        "patience": st.sampled_from([0.0, 0.4, 0.6, 0.9]),
        "swing": st.builds(lambda a, b: {"A": -a, "B": b}, SWINGS, SWINGS),
        "law": st.sampled_from([0.0, 0.05]),
        "lag": st.sampled_from([1, 3]),
        "detection": st.sampled_from([0.2, 1.0]),
        "enforcement": st.sampled_from([0.0, 0.5]),
        "fine": st.sampled_from([0.0, 12.0]),
        "contract_price": st.just(100),
        "projects": st.sampled_from([[], [{"share": 0.5, "capex": 20_000, "unit_cost": 30}]]),
    }
)
"""The years after the deal of the compliance tests, of many kinds."""


def _none_or(terms: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {}, terms


def ranges(found: Outlook) -> list[Estimate]:
    """Return every estimate of an outlook."""
    by_year = [
        one
        for year in found.by_year
        for one in (year.delivered, year.worth, year.floor_paid, *year.fines.values())
    ]
    of_parties = [one for own in found.accounts for one in (own.spoils, own.fined)]
    return [found.kept, found.closed, found.floor_budget, *by_year, *of_parties]


@given(FUTURES)
def test_what_is_kept_and_why_the_rest_is_not_sum_to_one(fields: dict[str, Any]):
    for one in seen(years_after(**fields), paths=300).accounts:
        assert one.kept + sum(one.unkept.values()) == pytest.approx(1.0)
        assert min([one.kept, *one.unkept.values()]) >= -1e-12
        assert one.noticed <= one.reneged


@given(FUTURES)
def test_ranges_are_in_order(fields: dict[str, Any]):
    for one in ranges(seen(years_after(floor=90, **fields), paths=300)):
        assert one.low <= one.median <= one.high
        assert one.standard_error >= 0


@given(FUTURES, st.sampled_from([0.3, 0.6, 1.0]))
def test_more_detection_never_lowers_what_is_kept(fields: dict[str, Any], detection: float):
    less, more = (
        seen(years_after(**{**fields, "detection": chance}), paths=300)
        for chance in (detection / 2, detection)
    )

    assert more.kept.mean >= less.kept.mean - 1e-12


@given(FUTURES, st.sampled_from([0.3, 0.7, 1.0]), st.sampled_from([1, 4]))
def test_reopening_the_price_never_lowers_what_is_kept_or_delivered(
    fields: dict[str, Any], share: float, most: int
):
    firm, open_price = (
        seen(years_after(**fields, **terms), paths=300)
        for terms in _none_or({"renegotiation": {"share": share, "most": most}})
    )

    assert open_price.kept.mean >= firm.kept.mean - 1e-12
    for before, after in zip(firm.by_year, open_price.by_year, strict=True):
        assert after.delivered.mean >= before.delivered.mean - 1e-9
