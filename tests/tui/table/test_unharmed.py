"""What the toolkit does wrong costs nobody their session, nor the screen on which they play it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandList, CommandPalette
from textual.widget import Widget

from tests.tui.table.driving import Heard, Seated, at_table, session
from tui.app import MinilateralApp
from tui.screens.table import TableScreen


@pytest.mark.parametrize("key", ["pagedown", "pageup"])
def test_keys_reach_the_palette_before_it_is_laid_out(tmp_path: Path, key: str) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("ctrl+p")
        await at.until(lambda: isinstance(at.app.screen, CommandPalette))
        found = at.app.screen.query_one(CommandList)
        await at.until(lambda: found.option_count and found.highlighted == 0)
        await at.press("pagedown")
        assert found.highlighted
        found.highlighted = 0
        found.styles.width = 0  # as it is before the first layout
        await at.pilot.pause()
        found._clear_caches()
        await at.press(key)
        assert isinstance(at.app.screen, CommandPalette)

    at_table(session(tmp_path), act)


class Never:
    """Something that is never done."""

    def __await__(self) -> Any:
        while True:
            yield


def test_the_table_opens_though_the_place_is_not_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("remove_children", "remove"):
        monkeypatch.setattr(Widget, name, lambda *_, **__: Never())

    async def act(at: Seated) -> None:
        await at.asked()
        assert "Your move" in at.seen()

    at_table(session(tmp_path), act)


def test_a_crash_says_first_where_the_session_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_: TableScreen) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr(TableScreen, "action_help", fault)
    live = session(tmp_path)

    async def main() -> None:
        heard = Heard()
        app = MinilateralApp(lambda: TableScreen(live), live.settings)
        async with app.run_test(message_hook=heard) as pilot:
            await Seated(app, pilot, heard).asked()
            await pilot.press("question_mark")

    with pytest.raises(KeyError):
        asyncio.run(main())
    first, second, *_ = capsys.readouterr().err.split("\n")
    kept = tmp_path / "session.jsonl"
    assert first == f"your session is kept in {kept}; carry on with: minilateral resume {kept}"
    assert "Traceback" in second


def test_notes_of_the_screens_before_are_gone_at_the_table(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def act(at: Seated) -> None:
        await at.asked()
        at.app.notify("'abc': expected a number of points, or nothing", timeout=60)
        at.app.push_screen(TableScreen(session(tmp_path / "other")))
        await at.until(lambda: at.screen.live is not live)
        await at.asked()
        assert "expected a number" not in at.seen()
        assert not list(at.app._notifications)

    (tmp_path / "other").mkdir()
    at_table(live, act)
