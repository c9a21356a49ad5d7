"""Keys that are typed faster than the app gets to them."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.replaying import settled
from tests.tui.staging import settings_at, user_folder
from tui.app import MinilateralApp
from tui.screens.home import HomeScreen


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
