"""What a joined seat may not do, key by key: nothing of the host's, nothing of the others'."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from games.errors import ProviderError
from tests.tui.hosting.driving import Clock, Hosted, at_table, table_of, three
from tests.tui.hosting.test_together import accepts, both, offers
from tests.tui.replaying import seen
from tests.tui.staging import ERRANDS, settings_at
from transcripts.record import SessionRecord
from tui import errands
from tui.errands import OpenReview
from tui.hosting.table import HostedTable
from tui.palette import Palette
from tui.screens.watching import ITS_HOST_KNOWS
from tui.table.keys import BINDINGS as KEYS
from tui.wire.driver import Outlet, driver_to
from tui.wire.seat_app import SeatApp

PLAYED = {"act", "menu", "say", "advice", "guess", "delegate", "take_back", "papers"}
LOOKED = {"step", "newest", "first", "panel", "next_panel", "help", "close", "review"}
FORBIDDEN = {"replay", "shock", "undo", "analyse", "try_again", "compare", "carry_on", "home"}

Act = Callable[[SeatApp, Pilot[None], HostedTable], Awaitable[None]]


def seated(tmp_path: Path, act: Act) -> HostedTable:
    """Open the app of a seat without a server, once its person is asked."""
    clock = Clock()
    table = table_of(tmp_path, three(), {"AAA": "human", "BBB": "firm", "CCC": "firm"}, clock)

    async def main() -> None:
        app = SeatApp(table.seats["AAA"].sitting(), driver_to(Outlet()))
        table.start()
        async with app.run_test(size=(120, 36)) as pilot:
            while "Your move" not in seen(pilot):
                await pilot.pause()
            await act(app, pilot, table)
        await asyncio.to_thread(table.close)

    asyncio.run(main())
    return table


def test_every_key_of_the_table_is_either_open_or_shut() -> None:
    bound = {str(one.action).partition("(")[0] for one in KEYS}

    assert bound - {"app.quit"} == PLAYED | LOOKED - {"review"} | FORBIDDEN | {"review"}


def test_what_is_not_the_seats_does_nothing_whatever_the_session(tmp_path: Path) -> None:
    async def act(app: SeatApp, pilot: Pilot[None], table: HostedTable) -> None:
        table_screen = app.screen
        for action in FORBIDDEN:
            assert not table_screen.check_action(action, ()), action
        before = sorted(path for path in tmp_path.rglob("*"))
        for key in ("u", "t", "r", "A", "T", "C", "c", "H"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is table_screen, key
        assert sorted(path for path in tmp_path.rglob("*")) == before

    seated(tmp_path, act)


def test_no_key_leads_beyond_the_own_review_once_it_is_over(tmp_path: Path) -> None:
    async def act(at: Hosted) -> None:
        first, second = await both(at)
        await offers(first)
        await second.until("Your move")
        await accepts(second)
        await first.until("Agreement", "v review")
        for keys in ("r", "A", "T", "C", "c", "u", "H"):
            await first.type(keys)
        await first.type("v")
        await first.until("Review ·", "kept by whoever hosted", "accuracy: with whoever hosted")
        for keys in ("T", "r", "C", "s", "e", "A", "H"):
            await first.type(keys)
        await first.type("?")
        await first.until("Esc closes")
        assert "write the review to a file" not in first.seen()
        await first.type("q")
        await first.type("\x1b[")  # half a key
        await first.type("Z")  # back to the panel before
        await first.until("Review ·")

    table = at_table(tmp_path, act)

    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["talks.jsonl"]
    assert table.phase == "over"


@pytest.mark.parametrize("errand", ERRANDS, ids=lambda one: one.__name__)
def test_no_errand_but_the_own_review_is_run(tmp_path: Path, errand: type) -> None:
    async def act(app: SeatApp, pilot: Pilot[None], table: HostedTable) -> None:
        made = _made(errand, table.path)
        is_open = errand is OpenReview
        assert app.check_message_enabled(made) == is_open
        if is_open:
            assert not app.check_message_enabled(OpenReview(table.path, "BBB"))
            assert not app.check_message_enabled(OpenReview(table.path))

    seated(tmp_path, act)


def _made(errand: type, path: Path) -> errands.Message:
    given = {"OpenReview": (path, "AAA"), "GoHome": (), "Compare": (None, path)}
    plain = {"Analyse": (None, path), "TryAgain": (path, 0)}
    made: errands.Message = errand(*{**given, **plain}.get(errand.__name__, (path,)))
    return made


def test_the_palette_offers_colours_and_nothing_else(tmp_path: Path) -> None:
    async def act(app: SeatApp, pilot: Pilot[None], table: HostedTable) -> None:
        offered = [command.title for command in app.get_system_commands(app.screen)]
        assert offered == ["Theme"]
        for action in ("screenshot", "home", "push_screen", "suspend_process", "simulate_key"):
            assert not app.check_action(action, ()), action

    seated(tmp_path, act)


def test_the_palette_closes_once_however_often_one_clicks_beside_it(tmp_path: Path) -> None:
    async def act(app: SeatApp, pilot: Pilot[None], table: HostedTable) -> None:
        table_screen = app.screen
        app.action_command_palette()
        await pilot.pause()
        palette = app.screen
        assert isinstance(palette, Palette)
        palette.dismiss()
        palette.dismiss()
        await pilot.pause()
        assert app.screen is table_screen

    seated(tmp_path, act)


def test_what_could_strike_and_what_was_spent_is_not_shown(tmp_path: Path) -> None:
    async def act(app: SeatApp, pilot: Pilot[None], table: HostedTable) -> None:
        assert "cost" not in seen(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        shown = seen(pilot)
        assert "have a shock strike" not in shown
        assert "a branch begins" not in shown
        assert "your link leads back" in shown

    seated(tmp_path, act)


def test_why_it_failed_is_the_hosts_to_know(tmp_path: Path) -> None:
    secret = f"http://models.example:1/v1 refused the key in {tmp_path}/keys"

    async def held(*_: object) -> SessionRecord:
        raise ProviderError(secret)

    table = HostedTable(
        held,
        number=1,
        path=tmp_path / "talks.jsonl",
        scenario=three(),
        seed=0,
        people=["AAA"],
        settings=settings_at(tmp_path),
    )

    async def main() -> None:
        app = SeatApp(table.seats["AAA"].sitting(), driver_to(Outlet()))
        table.start()
        async with app.run_test(size=(120, 36)) as pilot:
            while ITS_HOST_KNOWS not in seen(pilot):
                await pilot.pause()
            assert "models.example" not in seen(pilot)
            app.push_screen(app.review_of(OpenReview(tmp_path / "gone.jsonl", "AAA")))
            while "No review" not in seen(pilot):
                await pilot.pause()
            assert ITS_HOST_KNOWS in seen(pilot)
            assert "gone.jsonl" not in seen(pilot)
        await asyncio.to_thread(table.close)

    asyncio.run(main())
    assert str(table.ended) == secret
