"""What pydantic finds at fault in a scenario is said in plain words, never in its own."""

import copy
from importlib.resources import files

import pytest
import yaml

from games.errors import ScenarioError
from games.lint.findings import lint
from games.scenario import parse_scenario

CLUB = (files("games") / "scenarios" / "price-floor-club.yaml").read_text("utf-8")


def changed_club(place, value):
    """Return the club's text with one value replaced or, if it is `...`, left out."""
    changed = copy.deepcopy(yaml.safe_load(CLUB))
    *way, last = place
    inner = changed
    for key in way:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return yaml.safe_dump(changed, allow_unicode=True)


def refusal(place, value):
    """Return what is said of the club with one value replaced, without the file and the line."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(changed_club(place, value), "club.yaml")
    return str(caught.value).split(": ", 1)[1]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (["market"], 5, "market: expected keys with values, found 5"),
        (["market", "share"], 1.2, "market.share: expected at most 1, found 1.2"),
        (["market", "share"], "70%", "market.share: expected a number, found '70%'"),
        (["market", "supplier"], 5, "market.supplier: expected text, found 5"),
        (["market", "supplier"], ..., "market.supplier: is missing"),
        (
            ["market", "suplier"],
            "China",
            "market.suplier: no such key is known here; is it supplier?",
        ),
        (
            ["parties", "JPN", "concerns"],
            "ndpr",
            "parties.JPN.concerns: expected a list, found 'ndpr'",
        ),
        (["protocol", "caucuses"], 10**6, "protocol.caucuses: expected at most 100, found 1000000"),
        (["protocol", "caucuses"], 2.5, "protocol.caucuses: expected a whole number, found 2.5"),
        (["protocol", "rooms"], {"size": 1}, "protocol.rooms.size: expected at least 2, found 1"),
        (["protocol", "rooms"], {5: 1}, "protocol.rooms.5: expected a name as the key, found 5"),
        (["fund", "members"], ["USA"], "fund.members: expected at least 2 of them, found 1"),
        (["outside", "squeeze", "values"], ..., "outside.squeeze.values: is missing"),
        (
            ["side_deals", "offtake", "parties"],
            ["JPN", "MYS", "USA"],
            "side_deals.offtake.parties: expected at most 2 of them, found 3",
        ),
        (
            ["outside", "basis"],
            "guess",
            "outside.basis: expected 'fact', 'estimate' or 'judgement', found 'guess'",
        ),
    ],
)
def test_a_fault_is_said_in_plain_words(place, value, said):
    assert refusal(place, value) == said


TARIFF = ["statecraft", "measures", "tariff-europe"]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (
            [*TARIFF, "towards"],
            ["USA", "EUE", "GBR"],
            "statecraft.measures.tariff-europe.towards: 'USA' aims it at itself; expected others",
        ),
        (
            [*TARIFF, "towards"],
            [],
            "statecraft.measures.tariff-europe.towards: expected at least 1 of them, found 0",
        ),
        ([*TARIFF, "label"], " ", "statecraft.measures.tariff-europe.label: must not be blank"),
        (["outside", "name"], "", "outside.name: must not be blank, found ''"),
        (
            ["parties", "JPN", "alternatives", 0, "name"],
            "",
            "parties.JPN.alternatives.0.name: must",
        ),
    ],
)
def test_what_surrounds_the_table_must_name_somebody(place, value, said):
    assert refusal(place, value).startswith(said)


@pytest.mark.parametrize(
    ("place", "value", "where", "what"),
    [
        (["market", "source"], ["nowhere"], "market.source", "'nowhere' is not among the sources"),
        (
            ["parties", "JPN", "alternatives", 0, "source"],
            "nowhere",
            "parties.JPN.alternatives.0.source",
            "'nowhere' is not among the sources",
        ),
        (["market", "supplier"], "", "market.supplier", "names nobody"),
        (
            ["protocol", "kind"],
            "alternating-offers",
            "protocol.caucuses",
            "counts for nothing in alternating offers",
        ),
        (
            ["protocol", "rooms"],
            {"size": 13},
            "protocol.rooms.size",
            "13, but there are 12 parties",
        ),
        (["protocol", "speakers"], 99, "protocol.speakers", "99, but there are 12 parties"),
        (
            ["participation"],
            ...,
            "outside",
            "never answers: no participation is stated, so that no text is in force",
        ),
        (
            [*TARIFF, "effect", "EUE"],
            ...,
            "statecraft.measures.tariff-europe.effect",
            "EUE is aimed at, but nothing befalls it",
        ),
        (
            [*TARIFF, "effect", "EUE"],
            4,
            "statecraft.measures.tariff-europe.effect",
            "harms some and helps others; it is either threatened or promised",
        ),
    ],
)
def test_what_is_stated_but_moves_nothing_is_found(place, value, where, what):
    found = lint(parse_scenario(changed_club(place, value)))

    assert (where, what) in [(one.where, one.what) for one in found]


def test_an_exposure_without_a_market_is_found():
    found = lint(parse_scenario(changed_club(["market"], ...)))

    assert [one.what for one in found] == ["an exposure counts for nothing: no market"] * len(found)
    assert found
