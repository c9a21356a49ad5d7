"""The preparation sheet: every field by keys and mouse, and pictures at every size."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.geometry import Offset
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from games.preparation import Guess, Sheet, Trade, problem_with_sheet
from games.scenario import load_scenario
from tests.tui.recordings import pair, several
from tests.tui.replaying import seen, settled
from tests.tui.screens.test_snapshots import Compare as Picture
from tests.tui.staging import (
    LARGE,
    MIDDLE,
    SIZES,
    SMALL,
    THEMES,
    planned,
    playing,
    pressed,
    settings_at,
    staged,
    told,
)
from tui.app import MinilateralApp
from tui.errands import Sit
from tui.screens.help import HelpScreen
from tui.screens.peek import PeekScreen
from tui.screens.preparation import MOST_GUESSES, GuessBox, PreparationScreen
from tui.session_plan import SessionPlan
from tui.widgets.choice import ChoiceScreen
from tui.widgets.picks import Picks
from tui.widgets.ranking import RankingList
from tui.widgets.sure import SureScreen


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def on_stage(plan: SessionPlan, act: Any, size: tuple[int, int] = MIDDLE) -> None:
    staged(partial(PreparationScreen, plan), act, plan.settings, size)


def test_an_empty_sheet_is_skipped_with_one_key(home: Path) -> None:
    plan = planned(home, pair(), "BUY")

    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "ctrl+s")
        assert errands == [Sit(plan)]

    on_stage(plan, act)


def test_f2_sits_down_without_what_was_filled_in(home: Path) -> None:
    plan = planned(home, pair(), "BUY")

    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "3", "f2")
        assert errands == [Sit(plan)]

    on_stage(plan, act)


def test_a_whole_sheet_is_filled_in_by_keys_and_sealed(home: Path) -> None:
    plan = planned(home, pair(), "BUY")

    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2", "0", "tab", "6", "5", ".", "5", "enter", "3", "0")
        await pressed(pilot, "tab", "down", "shift+up")
        await pressed(pilot, "tab", "right", "left")
        await pressed(pilot, "tab", "right", "down", "right", "right")
        await pressed(pilot, "tab", "minus", "5", "tab", "shift+down")
        sheet = Sheet(
            reservation=20,
            target=65.5,
            walk_away=30,
            ranking=("price", "tonnes"),
            opening={"tonnes": 2, "price": 10},
            trade=Trade(gives="tonnes", wants="price"),
            guesses={"SUP": Guess(reservation=-5, ranking=("price", "tonnes"))},
        )
        assert screen.sheet == sheet
        await pressed(pilot, "ctrl+s")
        assert errands == [Sit(plan, sheet)]
        assert problem_with_sheet(plan.scenario, "BUY", sheet) is None

    on_stage(plan, act)


def test_a_bad_number_is_told_beside_its_field_and_nothing_is_lost(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2", "0", "tab", *"about", "tab")
        (line,) = [line for line in seen(pilot).splitlines() if "I mean to reach" in line]
        assert "✗ not a number" in line
        await pressed(pilot, "ctrl+s")
        assert errands == []
        assert told(pilot) == ["'about': expected a number of points, or nothing"]
        assert screen.focused is screen.query_one("#prep-target Input")
        assert screen.query_one("#prep-reservation Input", Input).value == "20"
        await pressed(pilot, *["backspace"] * 5, "5", "ctrl+s")
        assert "✗" not in seen(pilot)
        (sit,) = errands
        assert isinstance(sit, Sit)
        assert sit.sheet == Sheet(reservation=20, target=5)

    on_stage(planned(home, pair(), "BUY"), act)


@pytest.mark.parametrize("typed", ["nan", "inf", "1e9", "--5", "３x"])
def test_what_is_no_number_of_points_is_refused(home: Path, typed: str) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        screen.query_one("#prep-target Input", Input).value = typed
        await pressed(pilot, "ctrl+s")
        assert errands == []
        assert "✗ not a number" in seen(pilot)

    on_stage(planned(home, pair(), "BUY"), act)


def test_an_opening_begins_with_the_best_and_its_worth_is_told_as_it_changes(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        screen.query_one("#prep-opening").focus()
        assert "begins with what is best for you" in seen(pilot)
        await pressed(pilot, "right")
        assert screen.opening == {"tonnes": 3, "price": 10}
        assert "worth 80.0 to you, 60.0 more than without agreement" in seen(pilot)
        await pressed(pilot, "down", "left")
        assert screen.opening == {"tonnes": 3, "price": 30}
        assert "worth 40.0 to you, 20.0 more" in seen(pilot)
        await pressed(pilot, "up", "space")
        assert screen.opening == {"tonnes": 1, "price": 30}
        assert "20.0 LESS than without agreement" in seen(pilot)
        await pressed(pilot, "backspace")
        assert screen.opening is None

    on_stage(planned(home, pair(), "BUY"), act)


def test_an_opening_that_crosses_a_red_line_says_so_and_may_be_sealed(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        screen.query_one("#prep-opening").focus()
        await pressed(pilot, "right", "down", "down", "down", "right")
        assert screen.opening is not None
        assert screen.opening["priority"] == "none"
        assert "✗ it crosses a red line of yours: place in the queue none" in seen(pilot)
        await pressed(pilot, "ctrl+s")
        assert len(errands) == 1

    on_stage(planned(home, "first-table", "KOR"), act)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (["right"], "settle both sides of the trade, or neither (Backspace)"),
        (["right", "down", "right"], "a trade is across two issues"),
    ],
    ids=["half", "same"],
)
def test_a_trade_that_is_none_is_told(home: Path, keys: list[str], problem: str) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        screen.query_one("#prep-trade").focus()
        await pressed(pilot, *keys)
        assert f"✗ {problem}"[:40] in seen(pilot)
        await pressed(pilot, "ctrl+s")
        assert errands == []
        assert told(pilot) == [problem]
        await pressed(pilot, "backspace", "up", "backspace", "ctrl+s")
        assert errands == [Sit(screen.plan)]

    on_stage(planned(home, pair(), "BUY"), act)


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (["3"], "bcadef"),
        (["J"], "bacdef"),
        (["shift+down", "shift+down"], "bcadef"),
        (["down", "down", "K"], "acbdef"),
        (["down", "1"], "bacdef"),
        (["9"], "bcdefa"),
        (["shift+up"], "abcdef"),
        (["3", "backspace"], ""),
        ([], ""),
    ],
)
def test_issues_are_ranked_by_keys(home: Path, keys: list[str], order: str) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        ranking = RankingList({letter: f"issue {letter}" for letter in "abcdef"})
        await screen.mount(ranking)
        ranking.focus()
        await pressed(pilot, *keys)
        assert "".join(ranking.ranking) == order

    on_stage(planned(home, pair(), "BUY"), act)


def test_issues_are_ranked_by_dragging(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pilot.mouse_down("#prep-ranking", offset=(6, 0))
        await pilot.hover("#prep-ranking", offset=(6, 2))
        await pilot.mouse_up("#prep-ranking", offset=(6, 2))
        await settled(pilot)
        assert screen.sheet.ranking[:3] == ("floor", "invest", "volume")
        await pilot.hover("#prep-ranking", offset=(6, 0))
        assert screen.sheet.ranking[:3] == ("floor", "invest", "volume")

    on_stage(planned(home, "first-table", "KOR"), act)


def test_options_are_turned_by_clicks(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        picks = screen.query_one("#prep-opening", Picks)
        line = picks.render().plain.splitlines()[0]
        await pilot.click("#prep-opening", offset=(line.index("▸"), 1))
        assert screen.opening == {"tonnes": 3, "price": 10}
        line = picks.render().plain.splitlines()[0]
        await pilot.click("#prep-opening", offset=(line.index("◂"), 0))
        assert screen.opening == {"tonnes": 2, "price": 10}
        await pilot.click("#prep-opening", offset=(2, 1))
        assert (picks.current, screen.opening) == (1, {"tonnes": 2, "price": 10})

    on_stage(planned(home, pair(), "BUY"), act)


def test_few_counterparts_are_all_asked_about(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert [box.party for box in screen.query(GuessBox)] == ["BBB", "CCC", "DDD"]
        await pressed(pilot, "f3")
        assert not isinstance(pilot.app.screen, ChoiceScreen)

    on_stage(planned(home, several(4), "AAA"), act, LARGE)


def test_no_guess_is_asked_for_once_there_is_one_about_every_counterpart(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        for _ in range(4):
            await pressed(pilot, "f3", "enter")
        await pressed(pilot, "f3")
        assert pilot.app.screen is screen
        assert told(pilot) == ["you guess about every counterpart already: fill in those"]

    on_stage(planned(home, several(5), "AAA"), act, LARGE)


def test_of_many_counterparts_a_few_are_chosen(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "f3")
        await pilot.press(*"congo")
        await pressed(pilot, "enter")
        await pressed(pilot, "4", "1")
        await pilot.click("#prep-add")
        await settled(pilot)
        await pressed(pilot, "enter", "tab", "shift+down")
        first = screen.plan.scenario.ids[0]
        assert list(screen.sheet.guesses) == ["COD", first]
        assert screen.sheet.guesses["COD"] == Guess(reservation=41)
        assert screen.sheet.guesses[first].ranking[:2] == ("fund", "form")
        for _ in range(MOST_GUESSES - 2):
            await pressed(pilot, "f3", "enter")
        await pressed(pilot, "f3")
        assert pilot.app.screen is screen
        assert told(pilot) == [f"guesses about {MOST_GUESSES} are enough: fill in those"]

    on_stage(planned(home, "ministerial", "JPN"), act, LARGE)


def test_what_is_typed_right_after_a_counterpart_is_chosen_is_the_guess(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "f3", *"congo")
        await settled(pilot)
        pilot.app.post_message(Key("enter", None))
        while pilot.app.screen is not screen:
            await asyncio.sleep(0)
        for typed in "56":
            pilot.app.post_message(Key(typed, typed))
        await settled(pilot)
        assert screen.sheet == Sheet(guesses={"COD": Guess(reservation=56)})

    on_stage(planned(home, "ministerial", "JPN"), act, SMALL)


def test_no_counterpart_chosen_leaves_no_guess(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "f3", "escape")
        assert not screen.query(GuessBox)
        assert screen.focused is screen.query_one("#prep-reservation Input")

    on_stage(planned(home, "ministerial", "JPN"), act)


def test_f4_looks_up_the_points(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "3", "f4")
        assert isinstance(pilot.app.screen, PeekScreen)
        assert "Without agreement you have 34.0 points." in seen(pilot)
        await pressed(pilot, "escape")
        assert screen.query_one("#prep-reservation Input", Input).value == "3"

    on_stage(planned(home, "first-table", "KOR"), act)


def test_help_is_a_key_away_from_a_field(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "seal the sheet and sit down" in seen(pilot)

    on_stage(planned(home, pair(), "BUY"), act)


def test_what_it_is_compared_with_is_told(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "What it will be compared with" in seen(pilot)
        assert "rank correlation" in seen(pilot)

    on_stage(planned(home, pair(), "BUY"), act)


@pytest.mark.parametrize(("key", "leaves"), [("y", True), ("n", False), ("escape", False)])
def test_going_back_asks_before_anything_is_lost(home: Path, key: str, leaves: bool) -> None:
    async def main() -> None:
        plan = planned(home, pair(), "BUY")
        app = MinilateralApp(settings=settings_at(home))
        async with app.run_test(size=MIDDLE) as pilot:
            await settled(pilot)
            below, screen = app.screen, PreparationScreen(plan)
            app.push_screen(screen)
            await settled(pilot)
            await pressed(pilot, "x", "escape")
            assert isinstance(app.screen, SureScreen)
            await pressed(pilot, key)
            assert app.screen is (below if leaves else screen)

    asyncio.run(main())


def test_the_question_before_leaving_is_answered_by_click(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        screen.query_one("#prep-ranking").focus()
        await pressed(pilot, "2", "q")
        assert isinstance(pilot.app.screen, SureScreen)
        await pilot.click("#no")
        await settled(pilot)
        assert pilot.app.screen is screen
        await pressed(pilot, "q")
        await pilot.click("#yes")
        await settled(pilot)
        assert pilot.app._exit

    on_stage(planned(home, pair(), "BUY"), act)


def test_going_back_from_an_empty_sheet_asks_nothing(home: Path) -> None:
    async def main() -> None:
        plan = planned(home, pair(), "BUY")
        app = MinilateralApp(settings=settings_at(home))
        async with app.run_test(size=MIDDLE) as pilot:
            await settled(pilot)
            below = app.screen
            app.push_screen(PreparationScreen(plan))
            await settled(pilot)
            await pressed(pilot, "escape")
            assert app.screen is below

    asyncio.run(main())


def test_a_sheet_needs_a_seat(home: Path) -> None:
    with pytest.raises(ValueError, match="expected a plan with one"):
        PreparationScreen(planned(home, pair(), None))


def test_every_field_can_be_reached_in_a_small_terminal(home: Path) -> None:
    async def act(screen: PreparationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        reached: list[Offset] = []
        for _ in range(8):
            focused = screen.focused
            assert focused is not None
            assert screen.query_one("#prep-body").region.contains_region(focused.region)
            reached.append(focused.region.offset)
            await pressed(pilot, "tab")
        assert screen.focused is screen.query_one("#prep-reservation Input")

    on_stage(planned(home, "first-table", "KOR"), act, SMALL)


FILLED = [*"34", "tab", *"about", "tab", *"30", "tab", "shift+down", "tab", "right", "tab", "right"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_preparation(snap_compare: Picture, home: Path, size: tuple[int, int], theme: str) -> None:
    plan = planned(home, "first-table", "KOR")
    app = MinilateralApp(partial(PreparationScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=size, run_before=playing(*FILLED, theme=theme))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_preparation_for_a_hall(snap_compare: Picture, home: Path, size: tuple[int, int]) -> None:
    plan = planned(home, load_scenario("ministerial"), "JPN")
    app = MinilateralApp(partial(PreparationScreen, plan), plan.settings)
    keys = ["f3", *"congo", "enter", *"56", "tab", "4"]
    assert snap_compare(app, terminal_size=size, run_before=playing(*keys))


@pytest.mark.parametrize("keys", [["f4"], ["x", "escape"]], ids=["points", "sure"])
def test_over_the_sheet(snap_compare: Picture, home: Path, keys: list[str]) -> None:
    plan = planned(home, "first-table", "KOR")
    app = MinilateralApp(partial(PreparationScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=SMALL, run_before=playing(*keys))
