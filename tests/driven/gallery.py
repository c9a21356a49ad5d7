"""Pictures of the app for `docs/how-to/app.md`: a first session, from home to futures, and a batch.

    python -m tests.driven.gallery docs/gallery

The app is driven by keys, without a terminal; what it shows is exported as SVG. Counterparts are
scripted and the seed is fixed, so that the pictures change only when the screens do.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from textual.message import Message
from textual.pilot import Pilot

from delegates import evaluate, negotiate
from delegates.fork import fork
from games.scenario import load_scenario
from tests.delegates.sessions import settings_at
from tui.app import MinilateralApp
from tui.errands import (
    Analyse,
    Compare,
    OpenEvaluation,
    OpenReplay,
    OpenReview,
    Prepare,
    Sit,
)
from tui.screens.class_page import ClassScreen
from tui.screens.table import TableScreen
from tui.session_plan import SessionPlan

SIZE = (120, 36)
ROUNDS = 10


@dataclass
class Pictures:
    """The app under way, and the folder that takes its pictures."""

    app: MinilateralApp
    pilot: Pilot[None]
    folder: Path
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, message: Message) -> None:
        """Note that something happened in the app."""
        del message
        self.came.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait, message by message, until something holds."""
        while not holds():
            self.came.clear()
            await self.came.wait()
            await self.pilot.pause()
        tables = [one for one in self.app.screen_stack if isinstance(one, TableScreen)]
        if not any(table.is_under_way for table in tables):
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()
        await self.pilot.pause()

    async def at(self, screen: str) -> None:
        """Wait until a screen is on top and what it reads is read."""
        await self.until(lambda: type(self.app.screen).__name__ == screen)

    async def press(self, *keys: str) -> None:
        """Press keys and let them take effect."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    def take(self, name: str) -> None:
        """Keep what is seen."""
        (self.folder / f"{name}.svg").write_text(self.app.export_screenshot(), encoding="utf-8")


async def main(folder: Path) -> None:
    """Play the session and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        settings = settings_at(home=Path(home))
        plan = SessionPlan(
            scenario=load_scenario("first-table"),
            settings=settings,
            party="KOR",
            seed=7,
            hints=True,
            seats={"AUS": "firm"},
            out=Path(home) / "transcripts" / "first-session.jsonl",
        )
        app = MinilateralApp(settings=settings)
        app.typed.pause_s = 0.0
        pictures: list[Pictures] = []
        hook = lambda message: pictures[0].hear(message) if pictures else None  # noqa: E731
        async with app.run_test(size=SIZE, message_hook=hook) as pilot:
            shown = Pictures(app, pilot, folder)
            pictures.append(shown)
            await prepared(shown, plan)
            await played(shown)
            await looked_back(shown, plan)
            await compared(shown, plan)
            await taught(shown, Path(home) / "class")


async def prepared(shown: Pictures, plan: SessionPlan) -> None:
    """Take the pictures before the session."""
    await shown.at("HomeScreen")
    shown.take("home")
    await shown.press("enter")
    await shown.at("BriefingScreen")
    shown.take("briefing")
    shown.app.post_message(Prepare(plan))
    await shown.at("PreparationScreen")
    shown.take("preparation")
    shown.app.post_message(Sit(plan))
    await shown.at("TableScreen")


async def played(shown: Pictures) -> None:
    """Play to an agreement, taking pictures at the table."""
    table = shown.app.screen
    assert isinstance(table, TableScreen)
    for number in range(ROUNDS):
        await shown.until(lambda: table.turn is not None or not table.is_under_way)
        if table.turn is None:
            break
        view = table.turn.view
        if view.offer is not None and not view.own.falls_short(view.offer):
            await shown.press("a", "ctrl+s")
            break
        if number == 3:
            shown.take("table")
            await shown.press("i")
            await shown.until(lambda: table.turn is not None and table.turn.advice is not None)
            shown.take("hint")
            await shown.press("escape")
        await shown.press("o", "down", "right", "down", "right")
        if number == 0:
            shown.take("offer")
        before = view.turn
        await shown.press("ctrl+s")
        await shown.until(
            lambda before=before: (
                not table.is_under_way
                or (table.turn is not None and table.turn.view.turn != before)
            )
        )
    await shown.until(lambda: table.record is not None)
    shown.take("agreement")


async def looked_back(shown: Pictures, plan: SessionPlan) -> None:
    """Take the pictures after the session."""
    assert plan.out is not None
    shown.app.post_message(OpenReview(plan.out))
    await shown.at("ReviewScreen")
    await shown.press("2")
    shown.take("review")
    shown.app.post_message(OpenReplay(plan.out, at=12))
    await shown.at("ReplayScreen")
    await shown.press("4")
    shown.take("replay")
    shown.app.post_message(Analyse(path=plan.out))
    await shown.at("AnalysisScreen")
    await shown.press("3")
    shown.take("analysis")
    branch = fork(plan.out, at=6, seats={"KOR": "logroller"}, settings=plan.settings).path
    await asyncio.to_thread(_carry_on, branch, plan)
    shown.app.post_message(Compare(plan.out, branch))
    await shown.at("CompareScreen")
    shown.take("futures")


async def compared(shown: Pictures, plan: SessionPlan) -> None:
    """Take the pictures of an evaluation."""
    home = plan.settings.home.value
    batch = await asyncio.to_thread(
        evaluate, "quick", out=home / "evaluations" / "quick", workers=1, settings=plan.settings
    )
    shown.app.post_message(OpenEvaluation(batch.folder.path))
    await shown.at("EvaluationScreen")
    await shown.press("2")
    shown.take("evaluation-standings")
    await shown.press("6")
    shown.take("evaluation-game")


async def taught(shown: Pictures, folder: Path) -> None:
    """Take the picture of a class of eight tables, which differ by who sat for Korea."""
    folder.mkdir()
    minds = ("boulware", "firm", "linear", "conceder", "logroller", "micro", "closer", "cab")
    paths = [folder / f"table-{number}.jsonl" for number in range(1, len(minds) + 1)]
    for path, mind in zip(paths, minds, strict=True):
        seats = {"KOR": mind, "AUS": "firm"}
        await asyncio.to_thread(
            negotiate, load_scenario("first-table"), seats, seed=1, transcript=path
        )
    screen = ClassScreen(paths)
    shown.app.push_screen(screen)
    await shown.at("ClassScreen")
    await shown.until(lambda: screen._found is not None)
    shown.take("class")


def _carry_on(branch: Path, plan: SessionPlan) -> None:
    from delegates.negotiate import resume

    resume(branch, settings=plan.settings)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
