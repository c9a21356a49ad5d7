import asyncio
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from textual.screen import Screen

from games.errors import TranscriptError
from tests.tui.replaying import seen, settled
from tests.tui.staging import SMALL, settings_at, user_folder
from tui.app import MinilateralApp, replay
from tui.screens.home import HomeScreen


def test_a_missing_transcript_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="cannot be read"):
        replay(tmp_path / "none.jsonl")


def test_a_file_that_is_no_transcript_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"n": 0}\n')

    with pytest.raises(TranscriptError, match="event 0"):
        replay(path)


def test_an_empty_file_is_refused_before_anything_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"")

    with pytest.raises(TranscriptError, match="no whole line"):
        replay(path)


class Faulty(Screen[None]):
    def on_mount(self) -> None:
        brief = "CANARY-" + "BRIEF"
        raise RuntimeError(len(brief))


def test_a_fault_tells_no_value_that_it_came_upon() -> None:
    """The player sees it, and sends it in with a report."""
    app = MinilateralApp(Faulty)
    app.error_console = Console(file=StringIO(), width=200)

    async def main() -> None:
        async with app.run_test():
            pass

    with pytest.raises(RuntimeError):
        asyncio.run(main())
    told = app.error_console.file.getvalue()  # type: ignore[attr-defined]
    assert "RuntimeError: 12" in told
    assert "on_mount" in told
    assert "CANARY-BRIEF" not in told


def test_a_notice_covers_nothing(tmp_path: Path) -> None:
    """It lay over the panel that tells of what is chosen, and over the keys of a small terminal."""
    home = user_folder(tmp_path / "home")
    app = MinilateralApp(partial(HomeScreen, home, settings_at(home)), settings_at(home))

    async def main() -> list[str]:
        async with app.run_test(size=SMALL, notifications=True) as pilot:
            await settled(pilot)
            app.notify("a line to be read " * 6)
            await settled(pilot)
            notice = next(iter(app.screen.query("Toast"))).region
            for other in app.screen.query("#home-list, #home-details, KeyLine"):
                assert other.region.height
                assert not notice.overlaps(other.region)
            return seen(pilot).split("\n")[notice.y : notice.bottom]

    lines = asyncio.run(main())
    assert len(lines) == 2
    assert all("a line to be read" in one for one in lines)


def _picture_taken(tmp_path: Path, home: Path, size: tuple[int, int] = SMALL) -> str:
    """Take a picture of the home screen by the palette; return what is on the screen then."""
    app = MinilateralApp(partial(HomeScreen, tmp_path, settings_at(home)), settings_at(home))

    async def main() -> str:
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            command = next(
                one for one in app.get_system_commands(app.screen) if one.title == "Screenshot"
            )
            command.callback()
            while not list(app.screen.query("Toast")):
                await settled(pilot)
            return seen(pilot)

    return asyncio.run(main())


def test_a_picture_of_the_screen_is_kept_where_a_line_says(tmp_path: Path) -> None:
    """It went to a folder for downloads, which servers do not have, and nothing said why not."""
    home = user_folder(tmp_path / "home")

    shown = _picture_taken(tmp_path, home)

    kept = home / "screenshots" / "screen-1.svg"
    assert kept.read_text(encoding="utf-8").startswith("<svg")
    assert kept.stat().st_mode & 0o077 == 0
    assert str(kept)[-12:] in "".join(shown.split())
    _picture_taken(tmp_path, home)
    assert sorted(one.name for one in kept.parent.iterdir()) == ["screen-1.svg", "screen-2.svg"]


def test_a_picture_that_cannot_be_kept_says_where_and_why(tmp_path: Path) -> None:
    home = user_folder(tmp_path / "home")
    (home / "screenshots").write_text("a file")

    shown = _picture_taken(tmp_path, home, (200, 24))

    assert "cannot be made: File exists" in shown


def test_ctrl_c_does_what_q_does(tmp_path: Path) -> None:
    home = user_folder(tmp_path / "home")
    app = MinilateralApp(partial(HomeScreen, home, settings_at(home)), settings_at(home))

    async def main() -> None:
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot)
            await pilot.press("ctrl+c")
            await settled(pilot)
            assert not app.is_running

    asyncio.run(main())
