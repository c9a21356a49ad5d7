"""Text that is as high as it is long."""

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tui.widgets.fitted import Fitted, Text


def lines(count: int) -> list[Content]:
    return [Content(f"line {number}") for number in range(count)]


def fitted() -> tuple[Widget, Callable[[int], object]]:
    made = Fitted(lambda _: lines(1))
    return made, lambda count: made.show(lambda _: lines(count))


def text() -> tuple[Widget, Callable[[int], object]]:
    made = Text("line")
    return made, lambda count: made.update(Content("\n").join(lines(count)))


@pytest.mark.parametrize("kind", [fitted, text])
def test_what_is_shown_next_has_its_height_though_the_screen_was_laid_out_in_between(
    kind: Callable[[], tuple[Widget, Callable[[int], object]]],
) -> None:
    widget, show = kind()

    class Showing(App[None]):
        def compose(self) -> ComposeResult:
            with VerticalScroll():
                yield widget

    async def act() -> int:
        app = Showing()
        async with app.run_test() as pilot:
            await pilot.pause()
            show(2)
            # As where a neighbour has changed its size.
            app.query_one(VerticalScroll)._clear_arrangement_cache()
            app.screen._refresh_layout()
            show(5)
            await pilot.pause()
            await pilot.pause()
            return widget.size.height

    assert asyncio.run(act()) == 5
