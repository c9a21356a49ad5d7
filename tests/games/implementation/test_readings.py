"""Ambiguous words in the years after: disputes at their hazard, awards, and what they change."""

from typing import Any

import pytest

from games.implementation.outlook import Outlook
from games.implementation.readings import readings_over
from games.scenario import Scenario
from tests.games.implementation.test_outlook import seen, years_after

READINGS = {"A": "10", "B": "0"}


def fair(hazard: float = 0.2, arbitration: dict[str, float] | None = None, **more: Any) -> Scenario:
    """Return the deal of the compliance tests, whose volume may also be "fair".

    A, who buys, reads 10 into it and B, who delivers, nothing at all.
    """
    fields = years_after(
        volume={"issue": "volume", "values": {"0": 0, "10": 100}}, **more
    ).model_dump(by_alias=True)
    volume = fields["issues"]["volume"]
    volume["options"] = [0, 10, "fair"]
    volume["ambiguous"] = {
        "fair": {
            "readings": READINGS,
            "hazard": hazard,
            "arbitration": arbitration or {"0": 1, "10": 1},
        }
    }
    fields["implementation"]["volume"]["values"]["fair"] = 60
    return Scenario.model_validate(fields)


def years(game: Scenario, volume: str | int, **more: Any) -> Outlook:
    """Return the years after an agreement on a volume at the high price."""
    return seen(game, game.space.index({"volume": volume, "price": "high"}), **more)


def test_plain_words_are_never_disputed():
    game = fair()
    found = readings_over(game, game.space.index({"volume": 10, "price": "high"}), 5, 100, 0)

    assert (len(found.outcomes), found.disputed, found.held.any()) == (1, {}, False)
    assert years(game, 10).disputes == {}


def test_each_award_holds_from_the_year_of_the_dispute_on():
    game = fair(arbitration={"0": 3, "10": 1})
    agreed = game.space.index({"volume": "fair", "price": "high"})
    found = readings_over(game, agreed, 8, 40_000, 0)

    settled = [game.space.outcome(one)["volume"] for one in found.outcomes]
    assert (found.outcomes[0], settled) == (agreed, ["fair", 0, 10])
    last = found.held[-1]
    disputed = (last > 0).mean()
    assert disputed == pytest.approx(1 - 0.8**8, abs=0.01)
    assert (last == 1).mean() == pytest.approx(0.75 * disputed, abs=0.01)
    begun = found.disputed["volume"]
    for year in (1, 4, 8):
        assert ((found.held[year - 1] > 0) == (begun <= year)).all()


def test_disputes_come_at_their_hazard_while_the_agreement_stands():
    found = years(fair(arbitration={"10": 1}, years=6), "fair", paths=20_000)

    assert found.disputes["volume"] == pytest.approx(1 - 0.8**6, abs=0.012)


def test_an_award_changes_what_is_delivered():
    # Sixty as written, a hundred once it is awarded so; nobody is tempted either way.
    found = years(fair(arbitration={"10": 1}, patience=0.99), "fair", paths=20_000)

    for year in (1, 5, 15):
        expected = 60 + 40 * (1 - 0.8**year)
        assert found.by_year[year - 1].delivered.mean == pytest.approx(expected, rel=0.01)


def test_an_award_against_it_is_why_a_party_breaks_its_word():
    # Without the volume A gives 20 for nothing.
    found = years(fair(arbitration={"0": 1}), "fair")
    own = {one.party: one for one in found.accounts}

    assert found.breaks == {"A": pytest.approx(1 - 0.8**15, abs=0.02), "B": 0.0}
    assert set(own["A"].unkept) == {"arbitration"}
    assert set(own["B"].unkept) == {"breach"}


def test_ambiguity_lowers_what_is_kept_and_the_more_the_sooner_it_is_disputed():
    kept = [years(fair(hazard), "fair").kept.mean for hazard in (0.0, 0.05, 0.2, 0.6)]

    assert years(fair(), 10).kept.mean == kept[0] == 1.0
    assert kept == sorted(kept, reverse=True)
    assert len(set(kept)) == 4


def test_another_issue_or_project_leaves_disputes_as_they_were():
    plain, mined = (years(fair(projects=own), "fair") for own in ([], [{"share": 0.0}]))

    assert plain.disputes == mined.disputes
    assert plain.breaks == mined.breaks


def test_where_an_award_leaves_nothing_due_nothing_is_broken():
    values = fair(patience=0.99, arbitration={"0": 1}).model_dump(by_alias=True)
    term = {"issue": "volume", "values": {"0": 0, "10": 10, "fair": 10}}
    values["implementation"]["term"] = term
    # Without the volume A gives something for nothing, but by then nothing is due.
    found = years(Scenario.model_validate(values), "fair")

    assert found.disputes["volume"] == pytest.approx(1 - 0.8**10, abs=0.02)
    assert found.breaks == {"A": 0.0, "B": 0.0}
    assert found.kept.mean == 1.0
    for one in found.accounts:
        assert (one.kept, one.unkept) == (1.0, {})


def test_an_award_that_moves_the_contract_price_is_the_reason_where_that_tempts():
    # B, who takes "fair" for 10 as well, would keep to a price of 100; at 50 the market tempts it.
    price = {"spot": 100, "volatility": 0.001}
    game = fair(arbitration={"10": 1}, patience=0.55, swing={"B": 20}, price=price)
    values = game.model_dump(by_alias=True)
    contract = {"issue": "volume", "values": {"0": 100, "10": 50, "fair": 100}}
    values["implementation"]["contract_price"] = contract
    points = values["parties"]["B"]["points"]["volume"]
    points["fair"] = points["10"]
    found = years(Scenario.model_validate(values), "fair")
    own = {one.party: one for one in found.accounts}

    assert found.breaks["B"] == pytest.approx(1 - 0.8**15, abs=0.02)
    assert set(own["B"].unkept) == {"arbitration"}
    assert set(own["A"].unkept) == {"breach"}
