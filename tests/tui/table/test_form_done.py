"""Keys that still come into a form once its move has been made."""

from pathlib import Path

from tests.tui.table.driving import Seated, at_table, session
from tui.table.form import MoveForm


def test_keys_that_come_after_the_move_was_made_change_nothing(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        form = at.app.screen
        assert isinstance(form, MoveForm)
        at.screen.draft.forget()
        await at.press("left", "down", "right", "ctrl+s")
        assert at.app.screen is form
        assert at.screen.draft.levels == {}
        await at.press("escape")
        assert at.screen.total == 0

    at_table(session(tmp_path), act)
