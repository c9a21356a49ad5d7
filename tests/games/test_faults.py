"""What pydantic finds at fault in a scenario is said in plain words, never in its own."""

import copy
from importlib.resources import files

import pytest
import yaml

from games.errors import ScenarioError
from games.scenario import parse_scenario

CLUB = (files("games") / "scenarios" / "price-floor-club.yaml").read_text("utf-8")


def refusal(place, value):
    """Return what is said of the club with one value replaced, without the file and the line."""
    changed = copy.deepcopy(yaml.safe_load(CLUB))
    *way, last = place
    inner = changed
    for key in way:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(yaml.safe_dump(changed, allow_unicode=True), "club.yaml")
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
            "market.suplier: no such key is known here, found 'China'",
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
