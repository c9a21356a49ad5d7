"""Text that is as high as it is long."""

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from tui.widgets.fitted import Fitted, Text, wrapped


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


def test_a_line_that_was_made_too_long_goes_on_in_the_next() -> None:
    """Whoever watched a briefing read "Ta", of "Take a seat to see one."."""
    made = "You watch: briefs and points are the delegates' own. Take a seat to see one."
    widget = Fitted(lambda _: [Content("The seat"), Content(made), Content("")])

    class Showing(App[None]):
        def compose(self) -> ComposeResult:
            yield widget

    async def shown() -> tuple[list[str], int]:
        async with Showing().run_test(size=(40, 12)) as pilot:
            await pilot.pause()
            strips = widget.render_lines(Region(0, 0, *widget.size))
            return [strip.text.rstrip() for strip in strips], widget.size.height

    told, height = asyncio.run(shown())
    assert told[0] == "The seat"
    assert " ".join(told[1:]).strip() == made
    assert height == 4


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("漢字" * 60, "", None),
        ("漢字" * 60, "◆ ", " " * 16),
        ("the 双方 agreed on 鈷礦石 and 銅 " * 8, "! ", "  "),
        ("e\u0301tats ge\u0301ne\u0301raux " * 12, "· ", None),
    ],
    ids=["one long word", "hung", "mixed", "combining"],
)
def test_a_text_in_wide_letters_is_wrapped_by_the_columns_that_they_take(
    text: str, first: str, rest: str | None
) -> None:
    lines = wrapped(text, 40, first=first, rest=rest)
    lead = " " * len(first) if rest is None else rest

    assert max(line.cell_length for line in lines) in (38, 39, 40)
    assert lines[0].plain.startswith(first)
    assert all(line.plain.startswith(lead) for line in lines[1:])
    told = [lines[0].plain[len(first) :], *(line.plain[len(lead) :] for line in lines[1:])]
    assert "".join(told).replace(" ", "") == text.replace(" ", "")


def test_text_in_narrow_letters_is_wrapped_between_words() -> None:
    lines = wrapped("Gains “to be had” – at most ½ of it", 20, first="▸ ")

    assert [line.plain for line in lines] == ["▸ Gains “to be had”", "  – at most ½ of it"]
