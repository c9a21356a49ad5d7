"""A batch under way on the screen: what it tells, how it is left, and its pictures."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot

from delegates.evaluation.playing.progress import Progress, Watch
from games.errors import CapReached
from tests.tui.evaluating.test_batch import Ends
from tests.tui.evaluations import HOSTILE, progress
from tests.tui.replaying import seen
from tests.tui.screens.test_snapshots import Compare as Picture
from tests.tui.staging import (
    SIZES,
    SMALL,
    THEMES,
    Stage,
    settings_at,
)
from tui.app import MinilateralApp
from tui.errands import ContinueEvaluation, GoHome, OpenEvaluation
from tui.evaluating import LiveBatch, Played
from tui.screens.evaluation_progress import EvaluationProgressScreen
from tui.screens.help import HelpScreen
from tui.widgets.sure import SureScreen

HERE = Path("/evaluations/quick")
HOME = Path("/nowhere")

Act = Callable[[EvaluationProgressScreen, Pilot[None], list[Message]], Awaitable[None]]


class Held:
    """A batch that tells how far it has come and then waits until it is let on."""

    def __init__(
        self, *told: Progress, error: Exception | None = None, title: str = "Five tactics"
    ) -> None:
        self.told, self.error = told, error
        self.go_on = threading.Event()
        self.was_stopped = False
        self.batch = LiveBatch(self.play, HERE, title, 960)

    async def play(self, watch: Watch) -> Played:
        for one in self.told:
            watch(one)
        try:
            while not self.go_on.is_set():
                await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            self.was_stopped = True
            raise
        if self.error is not None:
            raise self.error
        return Ends({"agreement": 958, "provider": 2})


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(500):
        await pilot.pause(0.01)
        if holds():
            return
    raise AssertionError("it never came to hold")


def shown(held: Held, act: Act, size: tuple[int, int] = SMALL) -> None:
    async def main() -> None:
        app = Stage(lambda: EvaluationProgressScreen(held.batch, lambda: 0.0), settings_at(HOME))
        async with app.run_test(size=size) as pilot:
            screen: Any = app.screen
            try:
                await until(pilot, lambda: held.batch.progress is not None)
                await pilot.pause()
                await pilot.pause()
                await act(screen, pilot, app.errands)
            finally:
                held.go_on.set()
                await app.workers.wait_for_complete()

    asyncio.run(main())


def test_it_tells_how_far_it_has_come() -> None:
    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        text = seen(pilot)
        for words in (
            "487 of 960 · 50 %",
            "5.0 sessions a second",
            "1 min 13 s so far, about 1 min 34 s to go",
            "8 at this moment",
            "0.4312 USD of at most 2.00 USD",
            "120 finished by earlier runs",
            "✗ timeout",
            "✗ provider",
            "/evaluations/quick",
        ):
            assert words in text

    shown(Held(progress(done=1), progress()), act)


def test_time_goes_on_while_sessions_take_long() -> None:
    held, times = Held(progress()), [0.0]

    async def main() -> None:
        app = Stage(
            lambda: EvaluationProgressScreen(held.batch, lambda: times[0]), settings_at(HOME)
        )
        async with app.run_test(size=SMALL) as pilot:
            await until(pilot, lambda: "1 min 13 s so far, about 1 min 34 s to go" in seen(pilot))
            times[0] = 30.0
            await until(pilot, lambda: "1 min 43 s so far, about 1 min 04 s to go" in seen(pilot))
            held.go_on.set()
            await app.workers.wait_for_complete()

    asyncio.run(main())


@pytest.mark.parametrize("key", ["escape", "q", "H"])
def test_leaving_is_asked_first_and_enter_stays(key: str) -> None:
    held = Held(progress())

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, SureScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert screen.is_under_way
        assert not held.was_stopped

    shown(held, act)


@pytest.mark.parametrize("key", ["escape", "H"])
def test_who_leaves_stops_the_batch_as_an_interrupt_does(key: str) -> None:
    held = Held(progress())

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        await pilot.press(key)
        await pilot.pause()
        await pilot.press("y")
        await until(pilot, lambda: bool(errands))
        assert held.was_stopped
        assert screen.phase == "stopped"
        assert errands == [GoHome()]

    shown(held, act)


def test_q_quits_once_it_is_stopped() -> None:
    held = Held(progress())

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        await pilot.press("q")
        await pilot.pause()
        await pilot.press("y")
        await until(pilot, lambda: pilot.app._exit)
        assert held.was_stopped

    shown(held, act)


def test_the_answer_is_given_by_the_mouse() -> None:
    held = Held(progress())

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        line = seen(pilot).splitlines()[-1]
        await pilot.click(offset=(line.index("back"), 23))
        await pilot.pause()
        await pilot.click("#yes")
        await until(pilot, lambda: screen.phase == "stopped")
        assert held.was_stopped

    shown(held, act)


def test_at_the_end_enter_opens_the_report_and_failures_can_be_tried_again() -> None:
    held = Held(progress(done=960, is_over=True))

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        assert "Writing the tables…" in seen(pilot)
        await pilot.press("enter", "c")
        assert errands == []
        held.go_on.set()
        await until(pilot, lambda: screen.phase == "over")
        await pilot.pause()
        assert "2 failed; they are tried again" in seen(pilot)
        await pilot.press("enter", "c")
        await pilot.pause()
        assert errands == [OpenEvaluation(HERE), ContinueEvaluation(HERE)]
        await pilot.press("escape")
        await until(pilot, lambda: len(errands) == 3)
        assert errands[2] == GoHome()

    shown(held, act)


def test_a_cap_that_is_met_is_told_and_it_can_be_continued() -> None:
    held = Held(progress(), error=CapReached("the cap of 2.00 USD\x1b[31m is reached"))

    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        held.go_on.set()
        await until(pilot, lambda: screen.phase == "stopped")
        await pilot.pause()
        text = seen(pilot)
        assert "the cap of 2.00 USD is reached. What was played is kept." in text
        await pilot.press("v", "c")
        await pilot.pause()
        assert errands == [OpenEvaluation(HERE), ContinueEvaluation(HERE)]

    shown(held, act)


def test_hostile_titles_and_classes_are_shown_as_text() -> None:
    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        text = seen(pilot)
        assert "[bold]x[/] [@click=app.quit]y" in text
        assert "\x1b" not in text
        assert "\u202e" not in text

    shown(Held(progress(ended={HOSTILE: 4}), title=HOSTILE), act)


def test_help_and_back() -> None:
    async def act(
        screen: EvaluationProgressScreen, pilot: Pilot[None], errands: list[Message]
    ) -> None:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen

    shown(Held(progress()), act)


PICTURES: dict[str, list[Progress]] = {
    "ready": [],
    "begun": [
        progress(
            done=0,
            earlier=0,
            running=2,
            ended={},
            failed=0,
            rate=None,
            eta_s=None,
            cap_usd=None,
            cost_usd=0.0,
            elapsed_s=0.4,
        )
    ],
    "midway": [progress()],
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("which", PICTURES)
def test_batches(snap_compare: Picture, which: str, size: tuple[int, int], theme: str) -> None:
    held = Held(*PICTURES[which])
    app = MinilateralApp(
        lambda: EvaluationProgressScreen(held.batch, lambda: 0.0), settings_at(HOME)
    )

    async def before(pilot: Pilot[None]) -> None:
        pilot.app.theme = THEMES[theme]
        if held.told:
            await until(pilot, lambda: held.batch.progress is not None)
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
    held.go_on.set()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_batch_that_is_over(snap_compare: Picture, size: tuple[int, int]) -> None:
    held = Held(progress(done=960, running=0, eta_s=0.0, is_over=True))
    held.go_on.set()
    app = MinilateralApp(
        lambda: EvaluationProgressScreen(held.batch, lambda: 0.0), settings_at(HOME)
    )

    async def before(pilot: Pilot[None]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=before)
