"""The years after signature in words."""

from games.implementation.words import explain_outlook
from games.scenario import Scenario
from tests.games.implementation.test_outlook import seen, years_after


def words(game: Scenario) -> str:
    return explain_outlook(game, seen(game))


def test_a_safe_agreement_without_floor_or_projects_is_told_in_two_sentences():
    assert words(years_after(term=12)) == (
        "In 4,000 simulated futures of 15 years, all honour it in 100% of the years due (100% to "
        "100%). Of what A party and A party owe, 100% is kept. "
        "Delivered: 500 (500 to 500) by year 5, 1,000 (1,000 to 1,000) by year 10, "
        "1,200 (1,200 to 1,200) by year 15."
    )


def test_who_breaks_it_and_why_what_is_built_and_what_the_floor_costs_are_told():
    game = years_after(
        floor=80,
        swing={"B": 900},
        patience=0.5,
        enforcement=0.5,
        fine={"B": 1},
        projects=[{"share": 1.0}],
        years=1,
    )

    # B reneges once 20 < .5·(29.5 + 900·gap), above 80.9: with N(.329) = 63 %; a year of it brings
    # 10 + 900·gap, on average 303 with a standard error of 6.
    assert words(game) == (
        "In 4,000 simulated futures of 1 year, all honour it in 37% of the years due (0% to 100%). "
        "A party breaks it as prices tempt it in 63% (noticed in 63%), which brings it 301.4 "
        "points on average, less 0.3 in fines. Of what A party owes, 100% is kept. Of what A party "
        "owes, 37% is kept; not kept: prices that tempted it 63%. Financed: mine 0 in 37%."
    )


def test_what_all_but_never_happens_is_left_out():
    game = years_after(
        law={"A": 0.000001},
        swing={"A": 1},
        contract_price=100,
        renegotiation={"share": 0.9, "cost": {"A": 2}, "most": 3},
        years=2,
    )
    told = words(game)

    for sentence in ("reopened", " 0%", "Changes of law", "costs"):
        assert sentence not in told


def test_laws_arbitration_and_a_reopened_price_are_told():
    game = years_after(
        law={"A": 0.2},
        swing={"A": -60},
        patience=0.6,
        contract_price=100,
        renegotiation={"share": 0.9, "cost": {"A": 2}, "most": 3},
        years=2,
    )
    told = words(game)

    assert "Changes of law end it (A party " in told
    assert "The price is reopened in " in told
    assert " of deliveries; it costs A party " in told
    assert "a change of law " in told


def test_the_unit_is_that_of_the_issue_the_volume_is_read_off():
    fields = years_after(volume={"issue": "volume"}).model_dump(by_alias=True)
    fields["issues"]["volume"]["unit"] = "t Co/yr"

    told = words(Scenario.model_validate(fields))

    assert "50 (50 to 50) t Co by year 5" in told
