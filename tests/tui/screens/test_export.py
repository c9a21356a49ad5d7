"""A review is written beside its transcript, and nothing is ever overwritten."""

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from games.errors import UserError
from games.review.debrief import Debrief
from tests.tui.debriefs import buyers
from tests.tui.replaying import seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_snapshots import Compare
from tui.screens.export import ExportScreen, written_beside


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talks.jsonl"


def exporting(path: Path, deed: Deed) -> None:
    acted(partial(ExportScreen, buyers(path), path), deed)


@pytest.mark.parametrize(
    ("way", "ending", "begins"),
    [
        ("m", "md", "# Review: Buyer"),
        ("#md", "md", "# Review: Buyer"),
        ("h", "html", "<!DOCTYPE html>"),
        ("enter", "html", "<!DOCTYPE html>"),
        ("#html", "html", "<!DOCTYPE html>"),
    ],
)
def test_keys_and_mouse_write_the_review(path: Path, way: str, ending: str, begins: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await (pilot.click(way) if way.startswith("#") else pilot.press(way))
        await settled(pilot)

        text = path.with_name(f"talks-BUY-review.{ending}").read_text(encoding="utf-8")
        assert text.lower().startswith(begins.lower())
        assert f"talks-BUY-review.{ending}" in "".join(
            line.strip(" │") for line in seen(pilot).splitlines()
        )

    exporting(path, deed)


def test_the_forms_stand_as_in_other_exports_the_page_to_look_at_first(path: Path) -> None:
    """Markdown came first here alone, and Enter wrote it."""

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert "h HTML · m Markdown · Esc back" in seen(pilot)
        assert [one.id for one in app.screen.query(Button)] == ["html", "md"]

    exporting(path, deed)


def test_a_form_is_written_once_however_often_it_is_asked_for(path: Path) -> None:
    """The question stays open, and every further key wrote one more file."""

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for key in ("m", "m", "h", "m"):
            await pilot.press(key)
            await settled(pilot)

        found = sorted(file.name for file in path.parent.glob("talks*"))
        assert found == ["talks-BUY-review.html", "talks-BUY-review.md"]

    exporting(path, deed)


def test_what_could_not_be_written_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "later"

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("m")
        await settled(pilot)
        folder.mkdir()
        await pilot.press("m")
        await settled(pilot)
        assert [file.name for file in folder.iterdir()] == ["talks-BUY-review.md"]

    exporting(folder / "talks.jsonl", deed)


def test_a_second_review_gets_a_number(path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("m")
        await settled(pilot)

    for _ in range(3):
        exporting(path, deed)

    found = sorted(file.name for file in path.parent.glob("*.md"))
    assert found == [f"talks-BUY-review{more}.md" for more in ("-2", "-3", "")]


def test_what_stands_there_is_left_as_it_is(path: Path) -> None:
    kept = path.with_name("talks-BUY-review.md")
    kept.write_text("mine")

    assert written_beside(path, "BUY-review.md", "new") == path.with_name("talks-BUY-review-2.md")
    assert kept.read_text() == "mine"


def test_only_the_owner_may_read_it(path: Path) -> None:
    file = written_beside(path, "BUY-review.md", "new")

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none" / "talks.jsonl"

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("m")
        await settled(pilot)
        assert "cannot be" in seen(pilot)

    exporting(path, deed)
    with pytest.raises(UserError, match="cannot be written"):
        written_beside(path, "x.md", "")


@pytest.mark.parametrize("key", ["escape", "q"])
def test_one_can_go_back(path: Path, key: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await settled(pilot)
        assert not isinstance(app.screen, ExportScreen)
        assert list(path.parent.iterdir()) == []

    exporting(path, deed)


@pytest.mark.parametrize("theme", ["minilateral-dark", "minilateral-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=["small", "mid", "large"])
def test_export_as_it_looks(snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    def told(found: Debrief, form: str) -> str:
        return f"{found.party} as {form}"

    app = Sender(lambda: ExportScreen(buyers(Path()), Path("talks.jsonl"), write=told))

    async def prepare(pilot: Pilot[None]) -> None:
        app.theme = theme
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=prepare)
