"""Keys that are typed faster than the app gets to them."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.widgets import Input

from games.errors import ScenarioError
from tests.tui.replaying import seen, settled
from tests.tui.staging import settings_at, user_folder
from tui import app as apps
from tui import typed_keys
from tui.app import MinilateralApp
from tui.screens.briefing import BriefingScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.widgets.choice import ChoiceScreen
from tui.widgets.key_line import KeyLine
from tui.widgets.listing import Listing
from tui.widgets.slow import SlowScreen


@pytest.fixture
def app(tmp_path: Path) -> MinilateralApp:
    home = user_folder(tmp_path / "home")
    return MinilateralApp(partial(HomeScreen, home, settings_at(home)), settings_at(home))


def typed_at_once(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        pilot.app.post_message(events.Key(key, "/" if key == "slash" else key_to_character(key)))


def test_what_is_typed_ahead_of_a_search_is_sought(app: MinilateralApp) -> None:
    """The second key quit the app."""

    async def main() -> tuple[bool, str]:
        async with app.run_test() as pilot:
            await settled(pilot)
            typed_at_once(pilot, "slash", "q", "u", "i", "c", "k")
            await settled(pilot)
            return app.is_running, app.screen.query_one(Input).value

    assert asyncio.run(main()) == (True, "quick")


def test_an_app_that_ends_opens_nothing_for_a_key_typed_ahead(app: MinilateralApp) -> None:
    """It opened a screen without parts, which ended in a traceback."""

    async def main() -> None:
        async with app.run_test() as pilot:
            await settled(pilot)
            typed_at_once(pilot, "q", "i")
            await pilot.pause()

    asyncio.run(main())
    assert app.return_code == 0


def test_an_app_that_ends_shows_nothing_that_was_fetched_for_it(app: MinilateralApp) -> None:
    async def main() -> None:
        async with app.run_test() as pilot:
            await settled(pilot)
            typed_at_once(pilot, "enter", "q")
            await pilot.pause()

    asyncio.run(main())
    assert app.return_code == 0


async def steps(number: int) -> None:
    """Let the app go on by a number of steps of its loop."""
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.parametrize("apart", [1, 2])
def test_keys_typed_ahead_of_a_field_come_in_the_order_in_which_they_were_typed(
    app: MinilateralApp, apart: int
) -> None:
    """The one that was on its way when the field opened came after the next one: `/qx`, `xq`."""

    async def main() -> str:
        async with app.run_test() as pilot:
            await settled(pilot)
            for key in ("slash", *"qxyz"):
                typed_at_once(pilot, key)
                await steps(apart)
            await settled(pilot)
            return app.screen.query_one(Input).value

    assert asyncio.run(main()) == "qxyz"


def test_what_is_typed_ahead_of_a_question_is_its_answer(app: MinilateralApp) -> None:
    async def main() -> str:
        async with app.run_test() as pilot:
            await settled(pilot)
            for key in "oqx":
                typed_at_once(pilot, key)
                await steps(2)
            await settled(pilot)
            assert isinstance(app.screen, ChoiceScreen)
            return app.screen.query_one(Input).value

    assert asyncio.run(main()) == "qx"


def slowly(fetch: Callable[..., Any], go_on: Event) -> Callable[..., Any]:
    def fetched(*given: Any) -> Any:
        assert go_on.wait(20)
        return fetch(*given)

    return fetched


def test_what_is_typed_while_a_screen_is_fetched_is_meant_for_it(
    app: MinilateralApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen below obeyed it."""
    go_on = Event()
    monkeypatch.setattr(apps, "load_scenario", slowly(apps.load_scenario, go_on))

    async def main() -> None:
        async with app.run_test() as pilot:
            await settled(pilot)
            typed_at_once(pilot, "enter")
            await steps(50)
            typed_at_once(pilot, "2", "question_mark")
            await steps(50)
            assert isinstance(app.screen, HomeScreen)
            go_on.set()
            await settled(pilot)
            assert isinstance(app.screen, HelpScreen)
            below = app.screen_stack[-2]
            assert isinstance(below, BriefingScreen)
            assert below.query_one("#points").has_focus

    asyncio.run(main())


Slow = Callable[[Pilot[None]], Awaitable[None]]


def while_slow(app: MinilateralApp, act: Slow) -> None:
    """Ask for a screen that takes its time, and act once that is told."""

    async def main() -> None:
        async with app.run_test(notifications=True) as pilot:
            await settled(pilot)
            typed_at_once(pilot, "enter")
            while not app._errands:
                await steps(1)
            typed_at_once(pilot, "2")
            while not isinstance(app.screen, SlowScreen):
                await pilot.pause()
            await act(pilot)

    asyncio.run(main())


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Lets a scenario be there, for which nobody has much patience."""
    told = Event()
    monkeypatch.setattr(apps, "load_scenario", slowly(apps.load_scenario, told))
    monkeypatch.setattr(typed_keys, "PATIENCE_S", 0.3)
    return told


def test_what_is_typed_once_a_screen_takes_its_time_goes_to_no_screen_below(
    app: MinilateralApp, go_on: Event
) -> None:
    """The screen below obeyed it: `q` ended the app."""

    async def act(pilot: Pilot[None]) -> None:
        assert "Reading…" in seen(pilot)
        typed_at_once(pilot, "question_mark", "j", "x")
        await pilot.pause()
        assert isinstance(app.screen, SlowScreen)
        go_on.set()
        await settled(pilot)
        assert [type(one) for one in app.screen_stack[-2:]] == [HomeScreen, BriefingScreen]
        # What was typed before that was told is meant for what came.
        assert app.screen.query_one("#points").has_focus

    while_slow(app, act)


@pytest.mark.parametrize("key", ["escape", "q"])
def test_what_takes_its_time_can_be_left(app: MinilateralApp, go_on: Event, key: str) -> None:
    async def act(pilot: Pilot[None]) -> None:
        typed_at_once(pilot, key)
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        go_on.set()
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert app.is_running
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)

    while_slow(app, act)


def test_why_a_slow_screen_does_not_come_is_told_on_the_screen_below(
    app: MinilateralApp, go_on: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        assert go_on.wait(20)
        raise ScenarioError("it is gone")

    monkeypatch.setattr(apps, "load_scenario", fails)

    async def act(pilot: Pilot[None]) -> None:
        go_on.set()
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)
        while "it is gone" not in seen(pilot):
            await pilot.pause()

    while_slow(app, act)


def test_a_slow_screen_that_is_covered_as_what_it_waits_for_comes_closes_by_itself(
    app: MinilateralApp, go_on: Event
) -> None:
    async def act(pilot: Pilot[None]) -> None:
        app.push_screen(HelpScreen())
        await pilot.pause()
        go_on.set()
        await settled(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)

    while_slow(app, act)


def test_a_slow_screen_that_closes_by_itself_leaves_nothing_that_is_read_since(
    app: MinilateralApp, go_on: Event
) -> None:
    later, shown = Event(), list[str]()

    async def act(pilot: Pilot[None]) -> None:
        app.push_screen(HelpScreen())
        await pilot.pause()
        app._fetch(lambda: later.wait(20), lambda _: shown.append("later"))
        go_on.set()
        await pilot.pause()
        while not isinstance(app.screen, BriefingScreen):
            await pilot.pause()
        app.pop_screen()
        app.pop_screen()
        while not isinstance(app.screen, HomeScreen):
            await pilot.pause()
        later.set()
        await settled(pilot)
        assert shown == ["later"]

    while_slow(app, act)


def test_a_key_that_never_comes_to_its_end_does_not_hold_up_the_next_ones(
    app: MinilateralApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_keys, "PATIENCE_S", 0.0)

    async def main() -> None:
        async with app.run_test() as pilot:
            await settled(pilot)
            monkeypatch.setattr(Listing, "call_later", lambda *_: True)
            typed_at_once(pilot, "j", "question_mark")
            await steps(300)
            monkeypatch.undo()
            assert isinstance(app.screen, HelpScreen)

    asyncio.run(main())


@pytest.mark.parametrize("apart", [7, 8])
def test_an_app_that_ends_opens_nothing_for_a_click(app: MinilateralApp, apart: int) -> None:
    """It opened a screen without parts, which ended in a traceback."""

    async def main() -> None:
        async with app.run_test() as pilot:
            await settled(pilot)
            line = app.screen.query_one(KeyLine)
            x, y = seen(pilot).split("\n")[line.region.y].index("about"), line.region.y
            mouse = (x, y, 0, 0, 1, False, False, False)
            for kind in (events.MouseDown, events.MouseUp):
                app.post_message(kind(None, *mouse, screen_x=x, screen_y=y))
            await steps(apart)
            app.exit()
            await steps(50)

    asyncio.run(main())
    assert app.return_code == 0
