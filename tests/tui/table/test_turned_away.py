"""An offer on the table that one may not accept says why, wherever one looks."""

from pathlib import Path

import pytest

from games.scenario import Scenario
from tests.delegates.sessions import mini
from tests.tui.table.driving import SMALL, Seated, at_table, session
from tui.table.dock import Dock

WHY = "it crosses a red line of yours:"


def _barred() -> Scenario:
    """Return the small game in which DR Congo may sign nothing that the other side likes best."""
    plain = mini().model_dump(mode="json", by_alias=True)
    plain["parties"]["COD"]["red_lines"] = [
        {"volume": str(one)} for one in plain["issues"]["volume"]["options"][1:]
    ]
    return Scenario.model_validate(plain)


def test_what_may_not_be_signed_says_so_and_why(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=_barred(), party="COD", seats={"USA": "firm"})

    async def act(at: Seated) -> None:
        await at.asked()
        assert at.turn.view.offer is not None
        assert f"You may not sign it: {WHY}" in at.seen()
        await at.press("a")
        notes = at.screen.query_one(Dock).notes
        assert any(f"“accept” is not open to you now: {WHY}" in one for one in notes)
        await at.press("m")
        assert f"a accept  not open: {WHY}" in at.seen()
        await at.press("down", "down", "down", "enter")
        await at.press("escape")

    at_table(live, act, SMALL)


def test_before_the_first_offer_there_is_nothing_to_accept(tmp_path: Path) -> None:
    live = session(tmp_path, party="USA", seats={"COD": "firm"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("a")
        notes = at.screen.query_one(Dock).notes
        assert any("nothing is on the table" in one for one in notes)
        await at.press("m")
        assert "not open" not in "\n".join(
            line for line in at.seen().split("\n") if line.lstrip("│ ").startswith("a ")
        )
        await at.press("escape")

    at_table(live, act)


@pytest.mark.parametrize("answered", [False, True])
def test_while_the_adviser_looks_the_table_says_so(tmp_path: Path, *, answered: bool) -> None:
    """It said that the table waited for the one who waited."""
    live = session(tmp_path, hints=True)

    async def act(at: Seated) -> None:
        await at.asked()
        told: list[str] = []
        at.screen.action_advice()
        told += [one.plain for one in at.screen.query_one(Dock).told]
        assert told == ["The adviser looks at it…"]
        if answered:
            await at.until(lambda: at.screen.turn and at.screen.turn.advice)
            await at.press("escape", "o", "ctrl+s")
            await at.asked(2)
            assert "The adviser looks at it…" not in at.seen()

    at_table(live, act)
