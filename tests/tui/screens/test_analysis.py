"""The analysis screen by keys and by mouse, and its pictures at three sizes in two themes."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot

from tests.tui.recordings import TALKS, with_person
from tests.tui.replaying import seen, settled
from tests.tui.staging import told
from tui.app import MinilateralApp
from tui.screens.analysis import AnalysisScreen
from tui.screens.help import HelpScreen
from tui.study import PARTS
from tui.widgets.game_grid import GameGrid
from tui.widgets.space_plot import SpacePlot

SIZES = {"small": (80, 24), "middle": (120, 36), "large": (200, 60)}
THEMES = ("minilateral-dark", "minilateral-light")

Act = Callable[[AnalysisScreen, Pilot[None]], Awaitable[None]]


def analysed(act: Act, size: tuple[int, int] = (80, 24), **what: Any) -> None:
    """Open the analysis, wait until all is worked out, and act on the screen."""

    async def main() -> None:
        app = MinilateralApp(partial(AnalysisScreen, **(what or {"source": "first-table"})))
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            screen = app.screen
            assert isinstance(screen, AnalysisScreen)
            await act(screen, pilot)

    asyncio.run(main())


def test_each_key_shows_its_part() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        told = {
            "1": "outcomes; ",
            "2": "Nash (greatest product of gains)",
            "3": "How hard to negotiate",
            "4": "Perfect play (everyone reckons back",
            "5": "If the Nash outcome were signed",
            "6": "The years after",
        }
        for (key, words), part in zip(told.items(), PARTS, strict=True):
            await pilot.press(key)
            await settled(pilot)
            assert screen.part == part
            assert words in seen(pilot)

    analysed(act, source="nickel-hub")


def test_tab_goes_round_the_parts() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("shift+tab")
        assert screen.part == "years"
        await pilot.press("tab", "tab")
        assert screen.part == "solutions"

    analysed(act)


def test_a_part_is_chosen_by_the_mouse() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        row = seen(pilot).split("\n")[2]
        await pilot.click("#parts", offset=(row.index("Perfect play"), 0))
        assert screen.part == "play"

    analysed(act)


def test_arrows_choose_a_cell_that_is_explained() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        grid = screen.query_one(GameGrid)
        await pilot.press("3", *["up"] * 4, *["left"] * 4)
        await settled(pilot)
        assert grid.cell == (0, 0)
        assert "insists, Australia insists:" in seen(pilot)
        await pilot.press("down", "right", "right")
        await settled(pilot)
        assert grid.cell == (1, 2)
        assert "holds firm, Australia gives ground:" in seen(pilot)
        await pilot.press(*["right"] * 9, *["down"] * 9)
        assert grid.cell == (3, 3)

    analysed(act)


def test_a_cell_is_chosen_by_the_mouse() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settled(pilot)
        grid = screen.query_one(GameGrid)
        await pilot.click(GameGrid, offset=(grid.size.width - 4, 4))
        assert grid.cell == (3, 3)
        await pilot.click(GameGrid, offset=(2, 4))
        await pilot.click(GameGrid, offset=(grid.size.width - 4, 0))
        assert grid.cell == (3, 3)

    analysed(act)


def test_best_replies_and_equilibria_are_marked_by_signs() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("3")
        await settled(pilot)
        grid = screen.query_one(GameGrid)
        assert grid.matrix is not None
        lines = seen(pilot).split("\n")
        drawn = "\n".join(lines[6:10])
        stable = sum(one.pure for one in grid.matrix.report.equilibria)
        assert drawn.count("◆") == stable
        assert drawn.count("↕") >= 4
        assert drawn.count("↔") >= 4

    analysed(act)


def test_the_next_game_is_shown_by_key_and_by_mouse() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await settled(pilot)
        assert (screen.part, screen.game) == ("games", 1)
        assert "Whether to honour the agreement" in seen(pilot)
        await pilot.click("#game-name")
        await settled(pilot)
        assert screen.game == 0
        await pilot.press("N")
        assert screen.game == 1

    analysed(act)


def test_the_outcome_space_is_shown_to_other_pairs() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        await settled(pilot)
        assert screen.part == "solutions"
        assert screen.query_one(SpacePlot).pair == 1

    analysed(act, (120, 36), source="nickel-hub")


def test_a_session_is_shown_with_what_it_came_to() -> None:
    async def act(_: AnalysisScreen, pilot: Pilot[None]) -> None:
        assert "session talks" in seen(pilot)
        await pilot.press("5")
        await settled(pilot)
        assert "★ Agreement" in seen(pilot)
        assert "What was agreed" in seen(pilot)
        assert "from Nash" in seen(pilot)

    analysed(act, path=TALKS)


def test_n_says_so_while_no_game_is_worked_out() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        screen.study = None
        await pilot.press("n")
        assert told(pilot) == ["the games are not worked out yet"]

    analysed(act)


def test_a_session_with_a_person_that_is_not_over_is_refused_in_a_line(tmp_path: Path) -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        assert "✗ test: a person sits for BUY" in seen(pilot)
        assert screen.study is None
        for key in "123456":
            await pilot.press(key)
            await settled(pilot)
            assert "Nash" not in seen(pilot)

    analysed(act, path=with_person(tmp_path / "open.jsonl", closes=False))


def test_what_cannot_be_read_is_told_in_a_line() -> None:
    async def act(_: AnalysisScreen, pilot: Pilot[None]) -> None:
        assert "✗ " in seen(pilot)
        assert "no-such-thing" in seen(pilot)
        await pilot.press("n")
        assert told(pilot) == ["there is no game to show"]

    analysed(act, source="no-such-thing")


def test_help_says_what_the_keys_do() -> None:
    async def act(_: AnalysisScreen, pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "the next game, the one before" in seen(pilot)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, AnalysisScreen)

    analysed(act)


def test_escape_closes_the_screen_and_q_quits() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        above = AnalysisScreen(source="first-table")
        await pilot.app.push_screen(above)
        await pilot.press("escape")
        assert pilot.app.screen is screen
        await pilot.press("q")
        assert not pilot.app.is_running

    analysed(act)


def test_fifty_six_parties_fit() -> None:
    async def act(screen: AnalysisScreen, pilot: Pilot[None]) -> None:
        for key in "123456":
            await pilot.press(key)
            await settled(pilot)
            assert all(len(line) <= 80 for line in seen(pilot).split("\n"))
        assert screen.study is not None
        assert len(screen.study.matrices) == 3

    analysed(act, source="ministerial")


class Compare(Protocol):
    def __call__(
        self, app: MinilateralApp, *, terminal_size: tuple[int, int], run_before: object
    ) -> bool: ...


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_games_at_every_size_in_both_themes(
    snap_compare: Compare, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=pressing(["3", "down"], theme))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_solutions_at_every_size_in_both_themes(
    snap_compare: Compare, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=pressing(["2"], theme))


@pytest.mark.parametrize("key", ["1", "4", "5"])
def test_other_parts_in_a_small_terminal(snap_compare: Compare, key: str) -> None:
    assert snap_compare(app(), terminal_size=(80, 24), run_before=pressing([key], THEMES[0]))


def test_the_years_after_in_a_small_terminal(snap_compare: Compare) -> None:
    years = MinilateralApp(partial(AnalysisScreen, source="nickel-hub"))
    assert snap_compare(years, terminal_size=(80, 24), run_before=pressing(["6"], THEMES[0]))


def app() -> MinilateralApp:
    return MinilateralApp(partial(AnalysisScreen, path=TALKS))


def pressing(keys: list[str], theme: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def press(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    return press
