"""From Home through a plan and its batch to the report and back, with the real engine."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from delegates.evaluation.playing.folder import Folder
from tests.tui.evaluations import TINY, interrupted, played
from tests.tui.replaying import seen, settled
from tests.tui.screens.test_evaluation_progress import Held, until
from tests.tui.staging import SMALL, pressed, settings_at, told
from tui.app import MinilateralApp, evaluation_errand
from tui.errands import OpenEvaluation, OpenPlan, PlayBatch
from tui.library import evaluation_card
from tui.screens.evaluation import EvaluationScreen
from tui.screens.evaluation_plan import EvaluationPlanScreen
from tui.screens.evaluation_progress import EvaluationProgressScreen
from tui.screens.home import HomeScreen
from tui.widgets.listing import Listing
from tui.widgets.sure import SureScreen

Act = Callable[[MinilateralApp, Pilot[None]], Awaitable[None]]


def at_home(home: Path, act: Act, size: tuple[int, int] = SMALL) -> None:
    """Open the app at Home and act on it."""

    async def main() -> None:
        app = MinilateralApp(settings=settings_at(home))
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            await act(app, pilot)

    asyncio.run(main())


async def opened(pilot: Pilot[None], path: Path) -> None:
    """Open a file, or a folder, by its path."""
    await pressed(pilot, "o")
    pilot.app.screen.query_one(Input).value = str(path)
    await pressed(pilot, "enter")
    await settled(pilot)


def test_a_plan_is_opened_played_read_and_listed(tmp_path: Path) -> None:
    plan = tmp_path / "tiny.yaml"
    plan.write_text(TINY, encoding="utf-8")
    folder = Folder(tmp_path / "evaluations" / "tiny")

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        await opened(pilot, plan)
        assert isinstance(app.screen, EvaluationPlanScreen)
        assert "4 in 1 repetition" in seen(pilot)
        await pressed(pilot, "enter")
        progress = app.screen
        assert isinstance(progress, EvaluationProgressScreen)
        await until(pilot, lambda: progress.phase == "over")
        await pressed(pilot, "enter")
        assert isinstance(app.screen, EvaluationScreen)
        assert "4 of 4 sessions" in seen(pilot)
        assert len(app.screen_stack) == 2
        await pressed(pilot, "e")
        await until(pilot, folder.report("html").is_file)
        await settled(pilot)
        await pressed(pilot, "escape", "escape")
        assert isinstance(app.screen, HomeScreen)
        await pressed(pilot, "end")
        assert "✓ 4 sessions" in seen(pilot)
        await pressed(pilot, "enter")
        assert isinstance(app.screen, EvaluationScreen)

    at_home(tmp_path, act)
    assert evaluation_card(folder.path).state == "finished"


def test_an_interrupted_evaluation_is_continued_from_home(tmp_path: Path) -> None:
    folder = interrupted(played(tmp_path), 1)
    before = folder.journal.read_bytes()

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        await pressed(pilot, "end")
        assert "… 1 of 4" in seen(pilot)
        await pressed(pilot, "enter")
        assert "3 left, of 4" in seen(pilot)
        await pressed(pilot, "enter")
        progress = app.screen
        assert isinstance(progress, EvaluationProgressScreen)
        await until(pilot, lambda: progress.phase == "over")
        assert "4 of 4 · 100 %" in seen(pilot)
        assert "1 finished by earlier runs" in seen(pilot)

    at_home(tmp_path, act)
    assert folder.journal.read_bytes().startswith(before)
    assert len(folder.journal.read_bytes().splitlines()) == 4


def test_a_broken_folder_says_why_and_opens_nothing(tmp_path: Path) -> None:
    folder = played(tmp_path)
    folder.journal.write_text("no journal\n")

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        await pressed(pilot, "end", "enter", "v")
        assert "✗ damaged" in seen(pilot)
        assert (
            told(pilot)
            == [
                "tiny: damaged: journal.jsonl: line 1 is none of an evaluation",
            ]
            * 2
        )
        assert isinstance(app.screen, HomeScreen)

    at_home(tmp_path, act)


def test_a_folder_is_opened_by_its_path(tmp_path: Path) -> None:
    folder = played(tmp_path / "elsewhere")

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        await opened(pilot, folder.path)
        assert isinstance(app.screen, EvaluationScreen)
        assert "Patience against haste" in seen(pilot)

    at_home(tmp_path, act)


def test_what_a_path_leads_to_is_told_apart(tmp_path: Path) -> None:
    folder = played(tmp_path)
    plan, scenario = tmp_path / "mine.yaml", tmp_path / "scenario.yaml"
    plan.write_text(f"# mine\n{TINY}")
    scenario.write_text("minilateral: 1\ntitle: minilateral-plan\n")

    assert evaluation_errand(str(folder.path)) == OpenEvaluation(folder.path)
    assert evaluation_errand(str(plan)) == OpenPlan(str(plan))
    assert evaluation_errand(str(scenario)) is None
    assert evaluation_errand("first-table") is None
    assert evaluation_errand(str(tmp_path)) is None
    assert evaluation_errand(str(tmp_path / "none.yaml")) is None


def test_bundled_names_mean_what_is_bundled_whatever_lies_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = played(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("quick", "first-table"):
        shutil.copytree(folder.path, name)

    assert evaluation_errand("quick") == OpenPlan("quick")
    assert evaluation_errand("./quick") == OpenEvaluation(Path("quick"))
    assert evaluation_errand("first-table") is None
    assert evaluation_errand("./first-table") == OpenEvaluation(Path("first-table"))


@pytest.mark.parametrize("action", ["quit", "home"])
def test_the_app_asks_before_it_leaves_a_batch(tmp_path: Path, action: str) -> None:
    held = Held()

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        app.post_message(PlayBatch(held.batch))
        await until(pilot, lambda: isinstance(app.screen, EvaluationProgressScreen))
        await pilot.pause()
        await app.run_action(action)
        await pilot.pause()
        assert isinstance(app.screen, SureScreen)
        await pilot.press("y")
        if action == "quit":
            await until(pilot, lambda: app._exit)
        else:
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert held.was_stopped

    at_home(tmp_path, act)


def test_plans_and_evaluations_are_found_by_a_search(tmp_path: Path) -> None:
    played(tmp_path)

    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        await pressed(pilot, "slash")
        app.screen.query_one(Input).value = "haste"
        await settled(pilot)
        listing = app.screen.query_one(Listing)
        assert listing.current == f"evaluation:{tmp_path / 'evaluations' / 'tiny'}"
        app.screen.query_one(Input).value = "rules against rules"
        await settled(pilot)
        assert listing.current == "plan:quick"
        await pressed(pilot, "enter", "enter")
        assert isinstance(app.screen, EvaluationPlanScreen)
        assert "125 in 1 repetition" in seen(pilot)

    at_home(tmp_path, act)


def test_a_plan_is_opened_by_two_clicks(tmp_path: Path) -> None:
    async def act(app: MinilateralApp, pilot: Pilot[None]) -> None:
        rows = seen(pilot).splitlines()
        line = next(number for number, row in enumerate(rows) if "▷ plan, by rules" in row)
        await pilot.click(offset=(6, line))
        await pilot.click(offset=(6, line))
        await settled(pilot)
        assert isinstance(app.screen, EvaluationPlanScreen)

    at_home(tmp_path, act, (120, 36))
