"""The years after signature in words."""

from games.implementation.words import explain_outlook
from games.scenario import Scenario
from tests.games.implementation.test_outlook import seen, years_after


def words(game: Scenario) -> str:
    return explain_outlook(game, seen(game))


def test_a_safe_agreement_without_floor_or_projects_is_told_in_two_sentences():
    assert words(years_after(term=12)) == (
        "In 4,000 simulated futures of 15 years, 100% of what is due is kept (100% to 100%). "
        "Delivered: 500 (500 to 500) by year 5, 1,000 (1,000 to 1,000) by year 10, "
        "1,200 (1,200 to 1,200) by year 15."
    )


def test_who_ends_it_what_is_built_and_what_the_floor_costs_are_told():
    game = years_after(
        law={"A": 1.0}, floor=80, swing={"B": 900}, patience=0.5, projects=[{}], years=3
    )

    # B reneges once 20 < .5·(30 + 900·gap), that is above 80.9; A's law changes in the first year.
    assert words(game) == (
        "In 4,000 simulated futures of 3 years, 0% of what is due is kept (0% to 0%). It ends by "
        "A party's breach as prices tempt it in 63%, by a change of A party's law in 100%. "
        "Financed: mine 0 in 0%. The floor costs 0 (0 to 0) in present value."
    )


def test_the_unit_is_that_of_the_issue_the_volume_is_read_off():
    fields = years_after(volume={"issue": "volume"}).model_dump(by_alias=True)
    fields["issues"]["volume"]["unit"] = "t Co/yr"

    told = words(Scenario.model_validate(fields))

    assert "50 (50 to 50) t Co by year 5" in told
