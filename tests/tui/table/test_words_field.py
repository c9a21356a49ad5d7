"""The field for words, in an app that stays open."""

import asyncio
import gc
from weakref import ref

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import ModalScreen

from tui.table.words_field import WordsField


class _Form(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield WordsField("Cobalt is scarce.", compact=True)


async def _opened(pilot: Pilot[None]) -> WordsField:
    await pilot.app.push_screen(_Form())
    await pilot.pause()
    return pilot.app.screen.query_one(WordsField)


def test_a_field_that_was_closed_is_let_go_of() -> None:
    async def main() -> list[object]:
        async with App[None]().run_test() as pilot:
            closed: list[ref[WordsField]] = []
            for _ in range(3):
                closed.append(ref(await _opened(pilot)))
                await pilot.app.pop_screen()
                await pilot.pause()
            gc.collect()
            # The last to be closed may still be in the hands of a message.
            return [one() for one in closed[:-1]]

    assert asyncio.run(main()) == [None, None]


def test_an_open_field_takes_on_the_colours_of_another_theme() -> None:
    async def main() -> tuple[object, object]:
        app = App[None]()
        async with app.run_test() as pilot:
            field = await _opened(pilot)
            colours = []
            for theme in ("textual-dark", "textual-light"):
                app.theme = theme
                await pilot.pause()
                await pilot.pause()
                colours.append([segment.style for segment in field.render_line(0)])
            return colours[0], colours[1]

    dark, light = asyncio.run(main())
    assert dark != light
