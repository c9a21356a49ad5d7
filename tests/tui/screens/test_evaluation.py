"""The report of an evaluation by keys and by mouse, with hostile names, and its pictures."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot

from delegates.evaluation.judging.found import Found
from games.errors import UserError
from tests.tui.evaluations import HOSTILE, STRATEGIES, found, game
from tests.tui.replaying import seen, settled
from tests.tui.screens.test_snapshots import Compare as Picture
from tests.tui.staging import (
    LARGE,
    MIDDLE,
    SIZES,
    SMALL,
    THEMES,
    playing,
    pressed,
    settings_at,
    staged,
)
from tui.app import MinilateralApp
from tui.errands import ContinueEvaluation
from tui.screens.evaluation import PARTS, EvaluationScreen
from tui.screens.evaluation_export import EvaluationExportScreen
from tui.screens.help import HelpScreen
from tui.widgets.cell_grid import CellGrid
from tui.widgets.listing import Listing

HERE = Path("/evaluations/quick")
HOME = Path("/nowhere")

Act = Callable[[EvaluationScreen, Pilot[None], list[Message]], Awaitable[None]]


def shown(act: Act, size: tuple[int, int] = SMALL, of: Found | None = None) -> None:
    """Open a report and act on it once it is read."""
    told = found() if of is None else of
    staged(lambda: EvaluationScreen(HERE, read=lambda _: told), act, settings_at(HOME), size)


def without_intervals(scenarios: int, **more: Any) -> Found:
    """Return findings on so many scenarios, whose means have no interval."""
    whole = found(half=None, **more)
    on = (replace(one.advantage, scenarios=scenarios) for one in whole.standings)
    standings = zip(whole.standings, on, strict=True)
    return replace(whole, standings=tuple(replace(one, advantage=of) for one, of in standings))


def test_each_key_shows_its_part() -> None:
    told = {
        "1": "boulware leads",
        "2": "95 % interval",
        "3": "advantage of rows against columns",
        "4": "share of the rounds",
        "5": "Australia gains",
        "6": "All 6 scenarios together",
        "7": "Every strategy met every other",
    }

    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        for (key, words), part in zip(told.items(), PARTS, strict=True):
            await pressed(pilot, key)
            assert screen.part == part
            assert words in seen(pilot)

    shown(act)


def test_tab_goes_round_the_parts() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "shift+tab")
        assert screen.part == "methods"
        await pressed(pilot, "tab", "tab")
        assert screen.part == "standings"

    shown(act)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_part_is_chosen_by_the_mouse(size: tuple[int, int]) -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        row = seen(pilot).split("\n")[2]
        for part, name in PARTS.items():
            await pilot.click("#parts", offset=(row.index(name), 0))
            assert screen.part == part

    shown(act, size)


def test_a_mean_stands_with_its_interval_and_n_and_the_current_strategy_is_told() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2")
        line = next(one for one in seen(pilot).split("\n") if "1 boulware" in one)
        assert "56.2 [50.2, 62.3]" in line
        assert "240" in line
        assert "├─●─┤" in line
        await pressed(pilot, "down", "down")
        listing = screen.query_one("#standings", Listing)
        assert listing.current == "linear"
        await pressed(pilot, "pagedown")
        assert "Own names less aliases" in seen(pilot)
        assert "percentage points" in seen(pilot)
        assert "▼" in seen(pilot)

    shown(act)


def test_standings_are_ranked_by_another_measure() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2", "m", "m")
        assert "by agreed %" in seen(pilot)
        assert "1 conceder" in seen(pilot)
        await pressed(pilot, "M", "M", "M")
        assert "by rounds" in seen(pilot)

    shown(act)


def test_a_strategy_is_chosen_by_the_mouse() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2")
        await pilot.click("#standings", offset=(6, 4))
        assert screen.query_one("#standings", Listing).current == "linear"

    shown(act)


def test_a_pair_is_chosen_by_keys_and_by_the_mouse() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "3", "down", "right", "right")
        grid = screen.query_one("#pairs", CellGrid)
        assert grid.cell == (1, 2)
        assert "tit-for-tat against linear" in seen(pilot)
        assert "linear against tit-for-tat" in seen(pilot)
        assert "advantage % 50.0 [44.0, 56.0]" in seen(pilot)
        await pilot.click(CellGrid, offset=(grid.size.width - 6, 4))
        assert grid.cell == (3, 3)
        await pressed(pilot, "g")
        assert grid.cell == (0, 3)

    shown(act)


def test_a_curve_is_chosen_and_each_has_a_sign_of_its_own() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "4", "down")
        text = seen(pilot)
        assert screen.query_one("#curve-choices", Listing).current == "tit-for-tat"
        for sign, name in zip("●■▲◆", STRATEGIES, strict=True):
            assert f"{sign} {name}" in text
            assert text.count(sign) > 5

    shown(act)


def test_another_scenario_is_chosen_by_keys_and_by_the_mouse() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        scenarios = screen.query_one("#scenarios", Listing)
        await pressed(pilot, "5", "down")
        assert scenarios.current == "cobalt-offtake"
        await pressed(pilot, "n")
        assert scenarios.current == "first-table"
        await pilot.click("#scenarios", offset=(6, 1))
        assert scenarios.current == "cobalt-offtake"
        assert "156 agreed, 24 not" in seen(pilot)

    shown(act)


def test_a_cell_of_the_game_is_explained_and_equilibria_have_their_sign() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "6")
        text = seen(pilot)
        assert "[43↕·43↔◆]" in text
        assert "47↕·47↔◆" in text
        assert "41·40≈" in text
        assert "◆ An equilibrium of the means" in text
        await pressed(pilot, "right")
        assert "≈ Not distinguishable from an equilibrium" in seen(pilot)
        await pressed(pilot, "down", "down")
        assert "44.0 | 50.0 % (± 1.2 | 1.2); n 60" in seen(pilot)
        grid = screen.query_one("#game", CellGrid)
        await pilot.click("#game", offset=(grid.size.width - 6, 4))
        assert grid.cell == (3, 3)

    shown(act)


def test_supports_basins_and_alpha_rank_are_told_beside_the_game() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "6")
        text = seen(pilot)
        for words in (
            "Supports in 1,000 resampled games",
            "71 %  {boulware} / {boulware}",
            "Where replicator dynamics rest",
            "α-rank",
            "83 %  boulware / boulware",
        ):
            assert words in text

    shown(act, LARGE)


def test_the_next_game_is_shown_by_key_and_by_mouse() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "6", "n")
        assert "first-table: A first table" in seen(pilot)
        assert "consumers who play boulware" in seen(pilot)
        await pilot.click("#game-name")
        await pilot.pause()
        assert "cobalt-offtake: A cobalt offtake" in seen(pilot)
        await pressed(pilot, "N", "N", "N")
        assert "cobalt-offtake: A cobalt offtake" in seen(pilot)

    shown(act, MIDDLE)


def test_columns_that_do_not_fit_come_into_sight_with_the_chosen_cell() -> None:
    names = [f"strategy-{number:02}" for number in range(12)]
    cells = [[(0.4 + (i - j) / 50, 0.4 + (j - i) / 60) for j in range(12)] for i in range(12)]
    wide = found(games=(game("wide", names, cells, near=(), alpha_rank=()),))

    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "6", "g", *["left"] * 12)
        assert "↓1–6/12 →1–5/12" in seen(pilot)
        assert "strategy-06" not in seen(pilot).split("─" * 80)[0]
        await pressed(pilot, *["right"] * 11)
        assert "↓1–6/12 →8–12/12" in seen(pilot)
        await pressed(pilot, "G")
        assert "↓7–12/12 →8–12/12" in seen(pilot)
        assert screen.query_one("#game", CellGrid).cell == (11, 11)
        assert "[" in next(
            line for line in seen(pilot).split("\n") if line.strip().startswith("strategy-11")
        )

    shown(act, of=wide)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_without_an_interval_it_is_said_why(size: tuple[int, int]) -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "2")
        assert "56.2 [–]" in seen(pilot)
        assert "no interval: fewer than 5 scenarios" in seen(pilot)
        assert "├" not in seen(pilot)

    shown(act, size, without_intervals(4))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_hostile_names_are_shown_as_text_in_every_part(size: tuple[int, int]) -> None:
    names = ("boulware", HOSTILE, "linear", "conceder")
    hostile = found(
        names, title=HOSTILE, question=HOSTILE, methods=HOSTILE, plan=HOSTILE, notes=(HOSTILE,)
    )

    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        for key in "1234567":
            await pressed(pilot, key, "down")
            text = seen(pilot)
            assert "[bold]x" in text
            assert "\x1b" not in text
            assert "\u202e" not in text

    shown(act, size, hostile)


def test_an_evaluation_without_anything_to_show_says_so_in_every_part() -> None:
    nothing = found(
        standings=(), differences=(), pairings=(), namings=(), curves=(), clouds=(), games=()
    )

    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        told = (
            "there is nothing to compare",
            "No strategy was tested.",
            "There were no sessions of two parties.",
            "No offer was made",
            "There is no scenario of two parties in which somebody can gain.",
            "There is no game",
        )
        for key, words in zip("123456", told, strict=True):
            await pressed(pilot, key, "down", "right", "pagedown")
            assert words in seen(pilot)

    shown(act, of=nothing)


def test_one_strategy_is_told_as_one() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "none failed · 1 strategy ·" in seen(pilot)

    shown(act, of=found(standings=found().standings[:1], ended={"agreement": 240}))


def test_an_unfinished_one_can_be_continued() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "487 of 960 sessions" in seen(pilot)
        await pressed(pilot, "c")
        assert errands == [ContinueEvaluation(HERE)]

    shown(act, of=found(sessions=487))


def test_a_finished_one_cannot() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "c", "m", "n")
        assert errands == []

    shown(act, of=found(ended={"agreement": 960}))


def test_what_cannot_be_read_is_told_in_a_line() -> None:
    def fail(path: Path) -> Found:
        raise UserError(f"{path}: holds \x1b[31mno plan")

    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "✗ /evaluations/quick: holds no plan" in seen(pilot)
        await pressed(pilot, "2", "down", "e", "pagedown")
        assert "✗ /evaluations/quick" in seen(pilot)

    staged(lambda: EvaluationScreen(HERE, read=fail), act, settings_at(HOME))


def test_help_and_back() -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "the next game or scenario" in seen(pilot)
        await pressed(pilot, "escape")
        assert pilot.app.screen is screen

    shown(act, LARGE)


def test_the_report_is_written_by_e_and_it_is_said_where(tmp_path: Path) -> None:
    async def act(screen: EvaluationScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "e")
        assert isinstance(pilot.app.screen, EvaluationExportScreen)
        await settled(pilot)
        assert "Written:" in seen(pilot)
        assert (tmp_path / "report.html").is_file()
        assert (tmp_path / "report.md").is_file()
        assert list((tmp_path / "figures").glob("*.csv"))
        await pressed(pilot, "escape")
        assert pilot.app.screen is screen

    staged(
        lambda: EvaluationScreen(tmp_path, read=lambda _: found()), act, settings_at(HOME), LARGE
    )


def while_it_is_read(
    path: Path, act: Callable[[Pilot[None], Callable[[], None]], Awaitable[None]]
) -> None:
    """Act on a report that is read once the second thing that is given is called."""
    is_read = Event()

    def read(_: Path) -> Found:
        assert is_read.wait(60)
        return found()

    async def main() -> None:
        app = MinilateralApp(lambda: EvaluationScreen(path, read=read), settings_at(HOME))
        async with app.run_test(size=SMALL) as pilot:
            await act(pilot, is_read.set)

    asyncio.run(main())


def test_a_report_asked_for_while_it_is_read_is_written_then(tmp_path: Path) -> None:
    async def act(pilot: Pilot[None], go_on: Callable[[], None]) -> None:
        await pilot.press("e")
        await pilot.pause()
        assert "the report is written then" in seen(pilot)
        assert not isinstance(pilot.app.screen, EvaluationExportScreen)
        go_on()
        await settled(pilot)
        assert isinstance(pilot.app.screen, EvaluationExportScreen)
        await settled(pilot)
        assert (tmp_path / "report.html").is_file()

    while_it_is_read(tmp_path, act)


def test_a_report_asked_for_while_it_is_read_waits_for_what_lies_over_it(tmp_path: Path) -> None:
    async def act(pilot: Pilot[None], go_on: Callable[[], None]) -> None:
        await pilot.press("e", "question_mark")
        await pilot.pause()
        go_on()
        await settled(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        assert not (tmp_path / "report.html").exists()

    while_it_is_read(tmp_path, act)


def test_a_report_that_cannot_be_written_says_why() -> None:
    def fail(told: Found, path: Path) -> Sequence[Path]:
        raise UserError(f"{path}: cannot be written: No space left on device")

    async def main() -> None:
        app = MinilateralApp(lambda: EvaluationScreen(HERE, read=lambda _: found()))
        async with app.run_test(size=SMALL) as pilot:
            app.push_screen(EvaluationExportScreen(found(), HERE, write=fail))
            await pressed(pilot, "down")
            assert "✗ /evaluations/quick: cannot be written" in seen(pilot)

    asyncio.run(main())


def picture(of: Found | None = None) -> MinilateralApp:
    told = found() if of is None else of
    return MinilateralApp(lambda: EvaluationScreen(HERE, read=lambda _: told), settings_at(HOME))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize(
    "keys",
    [
        ["1"],
        ["2", "down"],
        ["3", "down", "right"],
        ["4", "down"],
        ["5"],
        ["6"],
        ["6", "n"],
        ["7"],
    ],
    ids=["answer", "standings", "pairs", "curves", "outcomes", "game", "duel", "methods"],
)
def test_parts(snap_compare: Picture, keys: list[str], size: tuple[int, int], theme: str) -> None:
    assert snap_compare(picture(), terminal_size=size, run_before=playing(*keys, theme=theme))


@pytest.mark.parametrize("theme", ["minilateral-dark-16", "minilateral-light-16"])
@pytest.mark.parametrize(
    "keys", [["2"], ["4"], ["5"], ["6"]], ids=["standings", "curves", "outcomes", "game"]
)
def test_parts_in_sixteen_colours(snap_compare: Picture, keys: list[str], theme: str) -> None:
    async def before(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await pressed(pilot, *keys)

    assert snap_compare(picture(), terminal_size=MIDDLE, run_before=before)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_without_intervals(snap_compare: Picture, size: tuple[int, int]) -> None:
    few = without_intervals(4, sessions=487)
    assert snap_compare(picture(few), terminal_size=size, run_before=playing("2"))


def test_help_over_a_report(snap_compare: Picture) -> None:
    assert snap_compare(picture(), terminal_size=MIDDLE, run_before=playing("question_mark"))
