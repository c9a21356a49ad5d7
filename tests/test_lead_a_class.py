"""What the tutorial has a trainer do at the first table leads where it says."""

from pathlib import Path
from typing import cast

import pytest

from delegates import negotiate
from delegates.contract import View
from delegates.minds.registry import SCRIPTED_MINDS, Rule
from games import Move, Offer, load_scenario
from games.tactics.offers import best_outcome

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tutorials" / "lead-a-class.md"
ASKED = {"volume": 16, "floor": 350, "invest": 100, "priority": "first half", "start": "2027"}


class AsTold:
    """Asks for the best in nine rounds, and in the tenth for what the page says."""

    def choose(self, view: View) -> Move:
        is_last = view.round == view.rounds - 1
        return Offer(view.public.space.index(ASKED) if is_last else best_outcome(view.own))


def test_what_the_tutorial_says_of_the_first_table_is_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCRIPTED_MINDS, "as-told", Rule(make=lambda _: AsTold(), source="page"))
    table = load_scenario("first-table")

    record = negotiate(table, {"KOR": "as-told", "AUS": "firm"}, seed=1)

    korea = table.preferences[0]
    theirs = [outcome for _, party, outcome in record.offers if party == "AUS"]
    worth = [korea.utility(table.space.index(outcome)) for outcome in theirs]
    ends = cast("dict[str, float]", record.as_json()["utilities"]).values()
    found = [korea.highest, korea.reservation, worth[0], worth[-1], *ends]
    assert found == [99.5, 34.0, 14.5, 39.5, 62.5, 54.0]
    assert next(round_ for round_ in range(1, 9) if theirs[round_] != theirs[0]) + 1 == 6
    text = PAGE.read_text("utf-8")
    assert all(f"{figure:g}" in text for figure in found)
