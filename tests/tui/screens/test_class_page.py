"""A class on the screen: a row a table, ordered by any column, and what is found across them."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from delegates.classroom.accuracies import Played
from delegates.classroom.comparison import Comparison, compared_at
from delegates.classroom.tables import Table, Watch
from games.errors import UserError
from tests.delegates.classroom.tables import AGREED_MORE, OPEN, sat, three
from tests.delegates.debriefing.talks import ladder
from tests.support.domains import listed
from tests.tui.replaying import SMALL, seen, settled
from tests.tui.screens.errands import Deed, Sender, acted
from tests.tui.screens.test_snapshots import THEMES, Compare, themed
from tests.tui.staging import told
from tui.app import MinilateralApp
from tui.errands import OpenReplay
from tui.screens.class_page import ClassScreen
from tui.screens.debriefs import DebriefsScreen
from tui.screens.export import OPENS_THEN, PageExportScreen
from tui.screens.help import HelpScreen
from tui.widgets.listing import Listing

SIZES = {"small": SMALL, "middling": (120, 36)}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("class")
    return [
        *three(folder),
        sat(folder, "table-11", OPEN, 11),
        sat(folder, "table-12", AGREED_MORE, 12, ladder(reservations=(30.0, 20.0))),
    ]


@pytest.fixture(scope="module")
def found(paths: list[Path]) -> Comparison:
    return compared_at(paths)


def showing(found: Comparison, deed: Deed, size: tuple[int, int] = SMALL) -> None:
    acted(partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found), deed, size)


def test_the_export_opens_once_the_tables_are_compared(found: Comparison) -> None:
    """The key did nothing, and nothing was said."""
    go_on = Event()

    def slowly(*_: object) -> Comparison:
        assert go_on.wait(20)
        return found

    async def main() -> None:
        app = Sender(partial(ClassScreen, [Path("t.jsonl")], read=slowly))
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            await pilot.press("e")
            await pilot.pause()
            assert OPENS_THEN in seen(pilot)
            go_on.set()
            await settled(pilot)
            assert isinstance(app.screen, PageExportScreen)

    asyncio.run(main())


def rows(pilot: Pilot[None]) -> list[str]:
    """Return the tables in the order in which they stand."""
    listing = pilot.app.screen.query_one(Listing)
    return [row.key for row in listing._rows if row.key is not None]


def test_tables_stand_in_rows_with_what_is_found_below(paths: list[Path]) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        text = seen(pilot)
        assert "5 tables · 4 finished · 3 agreed · by its name" in text
        assert "every seat's private side is told" in text
        assert rows(pilot) == ["table-1", "table-2", "table-10", "table-12", "table-11"]
        line = next(line for line in text.splitlines() if "table-2 " in line)
        assert line.split()[:7] == ["table-2", "agreement", "1", "70.0", "30.0", "56%", "0.00"]
        assert "B: A test" in text
        assert "2 of 3 finished tables agreed, on 2 texts; 1 ended without." in text

    acted(partial(ClassScreen, paths), deed, (120, 36))


def test_tables_are_ordered_by_a_seat_whose_name_its_column_cuts(tmp_path: Path) -> None:
    steps = [10 * k for k in range(11)]
    game = listed({"GREEN_MINERS": steps, "B": steps[::-1]}, protocol={"opens": "fixed"})
    found = compared_at([sat(tmp_path, "one", AGREED_MORE, 1, game)])

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("o", "o", "o")
        await settled(pilot)

        assert "by what GREEN_MINERS got, the most first" in seen(pilot)
        assert " GREEN… " in seen(pilot)

    showing(found, deed, (120, 36))


@pytest.mark.parametrize(
    ("keys", "by", "first"),
    [
        (["o"], "how it ended", ["table-1", "table-2", "table-10"]),
        (["o", "o"], "rounds, the fewest first", ["table-2", "table-10", "table-1"]),
        (["o", "o", "o"], "what A got, the most first", ["table-2", "table-1", "table-10"]),
        (["o"] * 4, "what B got, the most first", ["table-1", "table-2", "table-10"]),
        (["o"] * 5, "share of the greatest Nash", ["table-1", "table-2", "table-10"]),
        (["o"] * 6, "distance to the frontier", ["table-1", "table-2", "table-10"]),
        (["O"], "moves that stand-ins decided", ["table-1", "table-2", "table-10"]),
        (["o", "O"], "its name", ["table-1", "table-2", "table-10"]),
    ],
)
def test_tables_are_ordered_by_any_column_within_their_groups(
    found: Comparison, keys: Sequence[str], by: str, first: list[str]
) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)
        await settled(pilot)

        assert f"by {by}" in seen(pilot)
        assert rows(pilot) == [*first, "table-12", "table-11"]

    showing(found, deed, (120, 36))


def test_enter_opens_a_tables_debriefs_and_r_its_replay(
    found: Comparison, paths: list[Path]
) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("j", "r")
        await settled(pilot)
        assert app.sent == [OpenReplay(paths[1])]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, DebriefsScreen)
        assert "★ agreement · 1 round · 2 moves" in seen(pilot)

    showing(found, deed)


def test_what_is_found_scrolls_and_is_that_of_the_tables_group(found: Comparison) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown")
        await settled(pilot)
        assert app.screen.query_one("#found").scroll_offset.y > 0
        await pilot.press("pageup", "k", "G", "k")
        await settled(pilot)
        assert "One finished table; it agreed." in seen(pilot)
        await pilot.press("G")
        await settled(pilot)
        assert "Unfinished after 2 moves: in no figure." in seen(pilot)

    showing(found, deed)


def test_accuracies_are_worked_out_when_they_are_asked_for(found: Comparison) -> None:
    asked: list[list[str]] = []

    def judge(tables: Sequence[Table], watch: Watch) -> dict[str, Played]:
        asked.append([one.name for one in tables])
        watch(1, 4)
        return {"table-2": {"A": (88.4, 5.2), "B": None}}

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert asked == []
        await pilot.press("a")
        await settled(pilot)
        assert asked == [["table-1", "table-2", "table-10", "table-12"]]
        line = next(line for line in seen(pilot).splitlines() if "table-2 " in line)
        assert "70.0   88 ± 5%" in line
        await pilot.press("a")
        await settled(pilot)
        assert len(asked) == 1
        assert told(pilot) == ["it is told already: the ± beside each seat's points"]

    shown = partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found, judge=judge)
    acted(shown, deed, (120, 36))


def test_accuracies_are_worked_out_once_however_often_they_are_asked_for(
    found: Comparison,
) -> None:
    go_on = Event()
    asked: list[int] = []

    def judge(tables: Sequence[Table], watch: Watch) -> dict[str, Played]:
        asked.append(len(tables))
        assert go_on.wait(20)
        return {}

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("a", "a")
        await pilot.pause()
        go_on.set()
        await settled(pilot)
        assert asked == [4]
        assert told(pilot) == ["it is being worked out already"]

    acted(partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found, judge=judge), deed)


def test_after_a_failure_accuracies_may_be_asked_for_again(found: Comparison) -> None:
    asked: list[int] = []

    def judge(tables: Sequence[Table], watch: Watch) -> dict[str, Played]:
        asked.append(len(tables))
        raise UserError("no memory is left")

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        for _ in range(2):
            await pilot.press("a")
            await settled(pilot)
        assert "✗ no memory is left" in seen(pilot)
        assert asked == [4, 4]

    acted(partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found, judge=judge), deed)


def test_who_leaves_the_screen_waits_for_no_further_table(found: Comparison) -> None:
    begun, gone = Event(), Event()
    judged: list[int] = []

    def judge(tables: Sequence[Table], watch: Watch) -> dict[str, Played]:
        begun.set()
        gone.wait(20)
        for done, _ in enumerate(tables, 1):
            judged.append(done)
            watch(done, len(tables))
        return {}

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("a")
        await asyncio.to_thread(begun.wait, 20)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, ClassScreen)
        gone.set()
        await settled(pilot)

    shown = partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found, judge=judge)
    acted(shown, deed)
    assert judged == [1]


def test_the_page_is_written_beside_the_transcripts(found: Comparison, paths: list[Path]) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        assert isinstance(app.screen, PageExportScreen)
        await pilot.press("h")
        await settled(pilot)

        page = paths[0].with_name("class-comparison.html")
        assert "The class: A test" in page.read_text(encoding="utf-8")

    showing(found, deed)


def test_what_cannot_be_read_is_said_in_a_line() -> None:
    def refuse(*_: object) -> Comparison:
        raise UserError("t: is torn")

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        assert "✗ t: is torn" in seen(pilot)
        await pilot.press("o", "a", "e", "r", "enter")
        assert isinstance(app.screen, ClassScreen)

    acted(partial(ClassScreen, [Path("t.jsonl")], read=refuse), deed)


def test_help_says_what_the_keys_do(found: Comparison) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)

    showing(found, deed)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_the_class_as_it_looks(
    found: Comparison, snap_compare: Compare, size: str, theme: str
) -> None:
    app = MinilateralApp(partial(ClassScreen, [Path("t.jsonl")], read=lambda *_: found))
    keys = ["o", "o", "o", "j"]
    assert snap_compare(app, terminal_size=SIZES[size], run_before=themed(app, theme, keys))
