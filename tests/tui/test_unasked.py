"""What comes on top without a key: when it comes, and whose keys it heeds."""

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
from textual.screen import Screen

from delegates.classroom.comparison import compared_at
from delegates.classroom.side_by_side import side_by_side
from delegates.persons.person import PersonMove
from games.session import Offer
from tests.delegates.sessions import mini
from tests.tui.debriefs import buyers, talks
from tests.tui.evaluations import found
from tests.tui.replaying import settled
from tests.tui.screens.errands import Sender, acted
from tests.tui.table.driving import Seated, at_table, session
from tests.tui.table.test_aids import GUESSED
from tui import typed_keys
from tui.live import TurnOver
from tui.screens.class_page import ClassScreen
from tui.screens.debriefs import DebriefsScreen
from tui.screens.evaluation import EvaluationScreen
from tui.screens.evaluation_export import EvaluationExportScreen
from tui.screens.export import ExportScreen, PageExportScreen
from tui.screens.help import HelpScreen
from tui.screens.review import ReviewScreen
from tui.screens.try_again import TryAgainScreen
from tui.table.guesses import GuessScreen
from tui.table.saying import SayScreen
from tui.typed_keys import PAUSE_S, OrderlyApp
from tui.widgets.dialogs import PapersScreen


def slowly(fetch: Callable[..., Any], go_on: Event) -> Callable[..., Any]:
    def fetched(*given: Any) -> Any:
        assert go_on.wait(20)
        return fetch(*given)

    return fetched


def reviewing(folder: Path, review: Callable[..., Any]) -> Screen[None]:
    return ReviewScreen(talks(folder / "t.jsonl"), review=review)


def sides(folder: Path, read: Callable[..., Any]) -> Screen[None]:
    return DebriefsScreen(talks(folder / "t.jsonl"), read=read)


def classes(folder: Path, read: Callable[..., Any]) -> Screen[None]:
    return ClassScreen([talks(folder / "t.jsonl")], read=read)


def evaluated(folder: Path, read: Callable[..., Any]) -> Screen[None]:
    return EvaluationScreen(folder, read=read)


# --- what was asked for and comes while another screen is on top


@pytest.mark.parametrize(
    ("opening", "fetch", "key", "comes"),
    [
        (reviewing, lambda path, *_: buyers(path), "e", ExportScreen),
        (reviewing, lambda path, *_: buyers(path), "T", TryAgainScreen),
        (evaluated, lambda _: found(), "e", EvaluationExportScreen),
        (sides, lambda path, *_: side_by_side(path), "e", PageExportScreen),
        (classes, lambda paths, *_: compared_at(paths), "e", PageExportScreen),
    ],
)
def test_what_was_asked_for_opens_once_the_help_over_its_screen_is_closed(
    tmp_path: Path,
    opening: Callable[..., Screen[None]],
    fetch: Callable[..., Any],
    key: str,
    comes: type[Screen[Any]],
) -> None:
    """It was dropped where the help lay on top when it was ready, and nothing was said."""
    go_on = Event()

    async def main() -> None:
        app = Sender(lambda: opening(tmp_path, slowly(fetch, go_on)))
        async with app.run_test() as pilot:
            await pilot.pause()
            await pilot.press(key, "question_mark")
            go_on.set()
            await settled(pilot)
            assert isinstance(app.screen, HelpScreen)
            await pilot.press("escape")
            await settled(pilot)
            assert isinstance(app.screen, comes)
            await pilot.press("escape")
            await settled(pilot)
            assert len(app.screen_stack) == 2

    asyncio.run(main())


def test_nothing_opens_over_a_screen_that_was_closed_meanwhile() -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        opened: list[str] = []
        below = app.screen
        await app.push_screen(HelpScreen())
        app.open_unasked(below, partial(opened.append, "once"))
        app.pop_screen()
        app.pop_screen()
        await settled(pilot)
        assert opened == []

    acted(Screen, deed)


# --- keys that were meant for what is covered


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def typed(app: OrderlyApp, key: str, at_s: float) -> None:
    """Have a key typed at some second."""
    event = events.Key(key, key_to_character(key))
    event.time = at_s
    app.post_message(event)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ([-0.1], True),
        ([0.1], True),
        ([0.4, 0.8, 1.2], True),
        ([0.4, 0.8, 1.4], False),
        ([0.6], False),
        ([0.4, 0.8, 1.2, 1.6, 2.1], False),
    ],
    ids=["before", "at once", "one after the other", "paused", "after a look", "two seconds"],
)
def test_what_opens_by_itself_heeds_the_first_key_after_a_pause(
    monkeypatch: pytest.MonkeyPatch, at: list[float], is_open: bool
) -> None:
    """A key meant for the screen below closed it unread."""
    clock = Clock()
    monkeypatch.setattr(typed_keys, "monotonic", clock)

    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        app.typed.pause_s = PAUSE_S
        below = app.screen
        app.open_unasked(below, lambda: app.push_screen(HelpScreen()))
        await settled(pilot)
        for seconds in at:
            typed(app, "enter", 100.0 + seconds)
            await settled(pilot)
        assert (app.screen is not below) == is_open

    acted(Screen, deed)


def test_what_a_key_opens_heeds_the_next_one_at_once(tmp_path: Path) -> None:
    async def deed(app: Sender, pilot: Pilot[None]) -> None:
        app.typed.pause_s = PAUSE_S
        review = app.screen
        await pilot.press("question_mark", "escape")
        await settled(pilot)
        assert app.screen is review

    acted(lambda: reviewing(tmp_path, lambda path, *_: buyers(path)), deed)


def guessing(tmp_path: Path, act: Callable[[Seated], Awaitable[None]]) -> None:
    """Act at a table at whose half time guesses are asked for."""
    live = session(tmp_path, scenario=mini(rounds=2), seats={"COD": "boulware"}, sheet=GUESSED)
    at_table(live, act)


def test_a_key_typed_as_the_guesses_are_asked_for_leaves_them_open(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        at.app.typed.pause_s = 1e9
        await at.asked(2)
        assert isinstance(at.app.screen, GuessScreen)
        await at.press("escape")
        assert isinstance(at.app.screen, GuessScreen)

    guessing(tmp_path, act)


def test_the_guesses_are_asked_for_once_the_papers_are_closed(tmp_path: Path) -> None:
    """They were not asked for at all."""

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("b")
        best = int(at.turn.view.own.ranking[0][-1])
        at.screen.live.person.answer(PersonMove(Offer(best)), at.turn)
        await at.asked(2)
        assert isinstance(at.app.screen, PapersScreen)
        await at.press("escape")
        assert isinstance(at.app.screen, GuessScreen)

    guessing(tmp_path, act)


def test_what_is_typed_into_a_form_as_its_time_runs_out_is_no_command(tmp_path: Path) -> None:
    """The rest of a sentence opened papers and changed panels."""

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("s")
        assert isinstance(at.app.screen, SayScreen)
        at.app.typed.pause_s = 1e9
        at.screen.post_message(TurnOver())
        await at.until(lambda: at.app.screen is at.screen)
        await at.press("b", "question_mark")
        assert at.app.screen is at.screen

    at_table(session(tmp_path), act)
