"""No seat learns how others read ambiguous words: not from its view, not from a prompt."""

import json
from typing import Any

import pytest

from delegates.contract import View
from delegates.models.prompt import decision_messages, instructions
from games.parts.ambiguity import Ambiguity
from games.scenario import Scenario
from games.session import Offer
from tests.delegates.sessions import mini, view_at
from tests.delegates.test_separation import parts
from tui.text.seat import briefing

WORDS = "a fair price"


def planted(reading: str) -> Scenario:
    """Return the small game in which DR Congo reads words in one way, the United States as 20."""
    plain: Any = json.loads(mini(rounds=4).canonical())
    issue = plain["issues"]["price"]
    issue["options"].append(WORDS)
    issue["ambiguous"] = {
        WORDS: {
            "readings": {"USA": "20", "COD": reading},
            "hazard": 0.25,
            "arbitration": {"20": 1, "40": 1},
            "note": f"CANARY: DR Congo takes them for {reading}",
        }
    }
    return Scenario.model_validate(plain)


def views(party: str, reading: str) -> list[View]:
    """Return views of a party at several turns."""
    game = planted(reading)
    offer = Offer(game.space.index({"volume": "3", "price": WORDS, "rail": "rail"}))
    walks = ([], [offer], [offer, offer], [offer, offer, offer])
    return [view for moves in walks if (view := view_at(game, moves)).party == party]


def test_a_view_holds_the_words_and_no_reading_of_another() -> None:
    for view in views("USA", "40"):
        reached = list(parts(view, set()))
        found = [part for part in reached if isinstance(part, Ambiguity)]
        assert [one.readings for one in found] == [{}]
        assert not any("CANARY" in part for part in reached if isinstance(part, str))
        assert view.readings == {"price": {WORDS: "20"}}


@pytest.mark.parametrize("others", ["10", "30"])
def test_nothing_a_seat_is_told_depends_on_how_others_read(others: str) -> None:
    for one, other in zip(views("USA", "40"), views("USA", others), strict=True):
        assert instructions(one) == instructions(other)
        assert decision_messages(one, []) == decision_messages(other, [])
        assert briefing(one) == briefing(other)
        texts, figures = ([*map(repr, _plain(view))] for view in (one, other))
        assert texts == figures


def _plain(view: View) -> list[object]:
    kinds = str | int | float
    return [part for part in parts(view, set()) if isinstance(part, kinds)]


def test_a_seat_is_told_the_words_its_own_reading_and_its_own_points() -> None:
    (view, _) = views("COD", "40")
    told = instructions(view)
    assert f'"{WORDS}" = 40' in told or f"{WORDS} = 40" in told
    assert f"the words {json.dumps(WORDS)} are left open" in told
    assert "you read them as 40" in told
    assert "you read it as 40" in " ".join(" ".join(briefing(view)).split())
