"""Text that is laid out for the width there is."""

import asyncio

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from tui.widgets.fitted import Fitted


def lines(count: int) -> list[Content]:
    return [Content(f"line {number}") for number in range(count)]


class Showing(App[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Fitted(lambda _: lines(1))


def test_what_is_shown_next_has_its_height_though_the_screen_was_laid_out_in_between() -> None:
    async def act() -> int:
        app = Showing()
        async with app.run_test() as pilot:
            await pilot.pause()
            text = app.query_one(Fitted)
            text.show(lambda _: lines(2))
            # As where a neighbour has changed its size.
            app.query_one(VerticalScroll)._clear_arrangement_cache()
            app.screen._refresh_layout()
            text.show(lambda _: lines(5))
            await pilot.pause()
            await pilot.pause()
            return text.size.height

    assert asyncio.run(act()) == 5
