"""A person is told before they make an offer that nobody is left to answer, and is asked first."""

from pathlib import Path

import pytest

from tests.delegates.sessions import mini
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from tui.table.form import MoveForm
from tui.widgets.sure import SureScreen

TOLD = "Nobody can answer an offer now"


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["small", "middle"])
def test_the_last_offer_of_all_is_asked_about(tmp_path: Path, size: tuple[int, int]) -> None:
    live = session(tmp_path, scenario=mini(rounds=1), party="COD", seats={"USA": "firm"})

    async def act(at: Seated) -> None:
        await at.asked()
        assert TOLD in at.seen()
        await at.press("o")
        assert TOLD in at.seen()
        await at.press("ctrl+b", "ctrl+s")
        assert isinstance(at.app.screen, SureScreen)
        assert TOLD in at.seen()
        await at.press("n")
        assert isinstance(at.app.screen, MoveForm)
        await at.press("ctrl+s", "y")
        await at.ended()
        assert "No agreement" in at.seen()

    at_table(live, act, size)


def test_offers_that_can_be_answered_are_not_asked_about(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        assert TOLD not in at.seen()
        await at.press("o", "ctrl+s")
        await at.asked(2)

    at_table(session(tmp_path), act)
