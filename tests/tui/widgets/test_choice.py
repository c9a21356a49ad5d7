"""A question with a list of answers: found by typing, taken by Enter or a click."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.replaying import seen, settled
from tests.tui.staging import pressed
from tui.app import MinilateralApp
from tui.widgets.choice import ChoiceScreen
from tui.widgets.listing import Listing

ANSWERS = {"linear": "evenly", "firm": "hardly", "firm+llm": "the same, in a model's words"}


def asked(act: Any, **more: Any) -> list[str | None]:
    """Ask, act, and return what was answered."""
    answered: list[str | None] = []

    async def main() -> None:
        app = MinilateralApp(Screen[None])
        async with app.run_test(size=(80, 24)) as pilot:
            app.push_screen(
                ChoiceScreen("Who?", more.pop("answers", ANSWERS), **more), answered.append
            )
            await settled(pilot)
            await act(pilot)
            await settled(pilot)

    asyncio.run(main())
    return answered


def typing(text: str, *keys: str) -> Any:
    async def act(pilot: Pilot[None]) -> None:
        if text:
            await pilot.press(*text)
        await pressed(pilot, *keys)

    return act


@pytest.mark.parametrize(
    ("text", "keys", "answer"),
    [
        ("", ["enter"], ["linear"]),
        ("", ["down", "enter"], ["firm"]),
        ("", ["pagedown", "enter"], ["firm+llm"]),
        ("", ["pagedown", "pageup", "enter"], ["linear"]),
        ("hard", ["enter"], ["firm"]),
        ("firm", ["enter"], ["firm"]),
        ("firm", ["down", "enter"], ["firm+llm"]),
        ("zzz", ["enter"], []),
        ("", ["escape"], [None]),
    ],
)
def test_an_answer_is_found_and_taken(
    text: str, keys: Sequence[str], answer: list[str | None]
) -> None:
    assert asked(typing(text, *keys)) == answer


@pytest.mark.parametrize(
    ("text", "keys", "answer"),
    [
        ("fi", ["enter"], ["firm"]),
        ("firm(x)", ["enter"], ["firm(x)"]),
        ("mine", ["enter"], ["mine"]),
        ("", ["enter"], ["linear"]),
        ("i", ["down", "enter"], ["firm"]),
    ],
)
def test_an_answer_of_ones_own_is_taken_where_it_is_allowed(
    text: str, keys: Sequence[str], answer: list[str | None]
) -> None:
    assert asked(typing(text, *keys), free="or another") == answer


def test_it_begins_at_the_answer_that_holds() -> None:
    async def act(pilot: Pilot[None]) -> None:
        assert pilot.app.screen.query_one(Listing).current == "firm"
        await pressed(pilot, "enter")

    assert asked(act, current="firm") == ["firm"]


def test_a_wrong_answer_is_told_and_can_be_mended() -> None:
    async def act(pilot: Pilot[None]) -> None:
        await pilot.press(*"mine")
        await pressed(pilot, "enter")
        assert "✗ not mine" in seen(pilot)
        await pressed(pilot, *["backspace"] * 4)
        assert "✗" not in seen(pilot)
        await pressed(pilot, "enter")

    def check(answer: str) -> str | None:
        return "not mine" if answer == "mine" else None

    assert asked(act, free="or another", check=check) == ["firm"]


def test_a_click_takes_the_answer_that_is_current() -> None:
    async def act(pilot: Pilot[None]) -> None:
        await pilot.click("#choice-answers", offset=(4, 1))
        await settled(pilot)
        await pilot.click("#choice-answers", offset=(4, 1))

    assert asked(act) == ["firm"]


def test_answers_are_shown_as_text() -> None:
    async def act(pilot: Pilot[None]) -> None:
        assert "[bold]x[/]  [red]y" in seen(pilot)

    asked(act, answers={"[bold]x[/]": "[red]y"})
