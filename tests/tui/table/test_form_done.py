"""Keys that still come into a form once its move has been made."""

from pathlib import Path

from tests.tui.table.driving import Seated, at_table, session
from tests.tui.table.test_hall import turn_with
from tui.table.draft import Draft
from tui.table.form import MoveForm
from tui.table.told import act_open


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


def test_so_it_is_with_acts_that_choose_no_option_of_an_issue(tmp_path: Path) -> None:
    turns = {act: turn_with(act) for act in ("vote", "threaten", "call-caucus")}

    async def act(at: Seated) -> None:
        await at.asked()
        for name, turn in turns.items():
            found, draft = act_open(turn.view, name), Draft()
            assert found is not None
            form = MoveForm(turn, found, draft)
            at.app.push_screen(form)
            await at.pilot.pause()
            draft.forget()
            await at.press("space", "right", "down", "right", "tab", "tab", "x", "ctrl+s")
            assert at.app.screen is form
            assert (draft.terms, draft.words) == ({}, "")
            await at.press("escape")

    at_table(session(tmp_path), act)
