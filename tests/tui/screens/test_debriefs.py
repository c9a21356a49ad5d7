"""All debriefs of a session on the screen: a column a seat, gone through by keys."""

import asyncio
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from delegates.classroom.side_by_side import SideBySide, side_by_side
from games.errors import TranscriptError
from games.review.debrief import Debrief
from tests.delegates.classroom.tables import OPEN, sat
from tests.tui.recordings import TALKS
from tests.tui.replaying import SMALL, seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_snapshots import THEMES, Compare, themed
from tui.app import MinilateralApp
from tui.errands import OpenReplay, OpenReview
from tui.screens.debriefs import DebriefsScreen
from tui.screens.export import OPENS_THEN, PageExportScreen
from tui.screens.help import HelpScreen

SIZES = {"small": SMALL, "middling": (120, 36)}


@pytest.fixture(scope="module")
def talks() -> SideBySide:
    return side_by_side(TALKS)


def showing(
    found: SideBySide | Exception, deed: Deed, size: tuple[int, int] = SMALL, path: Path = TALKS
) -> None:
    acted(partial(DebriefsScreen, path, read=partial(_told, found)), deed, size)


def _told(found: SideBySide | Exception, *_: object) -> SideBySide:
    if isinstance(found, Exception):
        raise found
    return found


def columns(app: Sender) -> list[str | None]:
    return [one.id for one in app.screen.query(".seat") if one.has_focus]


def test_every_seat_has_a_column_with_its_figures_and_lessons(talks: SideBySide) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "every seat's private side is told" in text
        for number, (side, name) in enumerate(
            zip(talks.sides, ["United States", "DR Congo"], strict=True), 1
        ):
            own: Debrief = side.debrief
            assert f"{number} {'●▲'[number - 1]} {name}" in text
            assert f"{own.accuracy:.0f} ± {own.accuracy_error:.0f}%" in text
            assert own.lessons[0].title[:20] in text
        assert "The session" in text
        assert "Nash product: 67%" in " ".join(text.split())

    showing(talks, deed, (120, 36))


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ([], "seat-1"),
        (["right"], "seat-2"),
        (["l", "right", "right"], "session"),
        (["tab", "left"], "seat-1"),
        (["2"], "seat-2"),
        (["9", "h"], "seat-1"),
    ],
)
def test_keys_go_through_the_seats(talks: SideBySide, keys: list[str], at: str) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settled(pilot)

        assert columns(app) == [at]
        focused = app.screen.query_one(f"#{at}")
        assert focused.region.x >= 0
        assert focused.region.right <= 80

    showing(talks, deed)


def test_the_seats_scroll_up_and_down(talks: SideBySide) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        await settled(pilot)
        assert app.screen.query_one("#seat-1").scroll_offset.y > 0
        await pilot.press("g")
        await settled(pilot)
        assert app.screen.query_one("#seat-1").scroll_offset.y == 0

    showing(talks, deed)


def test_a_seat_leads_to_its_review_and_the_replay(talks: SideBySide) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("right", "v", "r")
        await settled(pilot)

        assert app.sent == [OpenReview(TALKS, talks.sides[1].party), OpenReplay(TALKS)]

    showing(talks, deed)


@pytest.mark.parametrize(("key", "ending"), [("m", "md"), ("h", "html")])
def test_the_page_is_written_beside_the_transcript(
    talks: SideBySide, tmp_path: Path, key: str, ending: str
) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        assert isinstance(app.screen, PageExportScreen)
        await pilot.press(key)
        await settled(pilot)

        text = (tmp_path / f"talks-debriefs.{ending}").read_text(encoding="utf-8")
        assert "Debriefs side by side" in text
        assert "it tells every seat" in text

    showing(talks, deed, path=tmp_path / "talks.jsonl")


def test_the_export_opens_once_what_is_written_is_there(talks: SideBySide) -> None:
    """The key did nothing, and nothing was said."""
    go_on = Event()

    def slowly(*_: object) -> SideBySide:
        assert go_on.wait(20)
        return talks

    async def main() -> None:
        app = Sender(partial(DebriefsScreen, TALKS, read=slowly))
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            await pilot.press("e")
            await pilot.pause()
            assert OPENS_THEN in seen(pilot)
            await pilot.press("v")
            await pilot.pause()
            assert app.sent == [OpenReview(TALKS, None)]
            go_on.set()
            await settled(pilot)
            assert isinstance(app.screen, PageExportScreen)

    asyncio.run(main())


def test_what_cannot_be_read_is_said_in_a_line() -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert "✗ t.jsonl: is torn" in seen(pilot)
        await pilot.press("v", "e", "right")
        assert isinstance(app.screen, DebriefsScreen)

    showing(TranscriptError("t.jsonl: is torn"), deed)


def test_a_person_still_at_the_table_keeps_it_shut_until_it_is_stopped(tmp_path: Path) -> None:
    path = sat(tmp_path, "t", OPEN, 1, seats={"A": "human"})

    async def shut(app: Sender, pilot: Pilot[None]) -> None:
        assert "a person sits for A" in seen(pilot)
        assert list(app.screen.query(".seat")) == []

    async def told(app: Sender, pilot: Pilot[None]) -> None:
        assert len(app.screen.query(".seat")) == 3

    acted(partial(DebriefsScreen, path), shut, (160, 30))
    acted(partial(DebriefsScreen, path, is_stopped=True), told)


def test_help_says_what_the_keys_do(talks: SideBySide) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)

    showing(talks, deed)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_the_seats_as_they_look(
    talks: SideBySide, snap_compare: Compare, size: str, theme: str
) -> None:
    app = MinilateralApp(partial(DebriefsScreen, TALKS, read=partial(_told, talks)))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=themed(app, theme, ["right"]))
