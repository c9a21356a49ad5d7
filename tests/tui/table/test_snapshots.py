"""Pictures of the table at three sizes and in both themes."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
from textual._context import message_hook
from textual.pilot import Pilot

from games.scenario import Scenario, load_scenario
from tests.tui.halls import hall
from tests.tui.table.driving import LARGE, MIDDLE, SMALL, Heard, Seated, session
from tui.app import MinilateralApp
from tui.live import LiveSession
from tui.screens.table import TableScreen
from tui.table.result_panel import ResultPanel

Then = Callable[[Seated], Awaitable[None]]

SIZES = pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["small", "middle", "large"])
THEMES = pytest.mark.parametrize("theme", ["dark", "light"])


class Compare(Protocol):
    def __call__(
        self, app: MinilateralApp, *, terminal_size: tuple[int, int], run_before: object
    ) -> bool: ...


def first_table() -> Scenario:
    return load_scenario("first-table")


def pictured(
    compare: Compare, live: LiveSession, size: tuple[int, int], theme: str, then: Then
) -> bool:
    """Compare the table with its picture, once it has come so far."""
    app = MinilateralApp(partial(TableScreen, live), live.settings)
    heard = Heard()

    async def run(pilot: Pilot[None]) -> None:
        app.theme = f"minilateral-{theme}"
        at = Seated(app, pilot, heard)
        await then(at)
        app.clear_notifications()
        await pilot.pause()

    message_hook.set(heard)
    return compare(app, terminal_size=size, run_before=run)


def at_first_table(tmp_path: Path, *, hints: bool = False) -> LiveSession:
    return session(
        tmp_path, scenario=first_table(), party="KOR", seats={"AUS": "linear"}, hints=hints
    )


async def second_turn(at: Seated) -> None:
    await at.asked()
    await at.press("o", "ctrl+s")
    await at.asked(2)


@SIZES
@THEMES
def test_your_turn(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    assert pictured(snap_compare, at_first_table(tmp_path), size, theme, second_turn)


@SIZES
@THEMES
def test_composing(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    async def then(at: Seated) -> None:
        await second_turn(at)
        await at.press("o", "left", "down", "right", "right")

    assert pictured(snap_compare, at_first_table(tmp_path), size, theme, then)


@SIZES
@THEMES
def test_the_text(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    async def then(at: Seated) -> None:
        await second_turn(at)
        await at.press("2")

    assert pictured(snap_compare, at_first_table(tmp_path), size, theme, then)


@SIZES
@THEMES
def test_a_hint(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    async def then(at: Seated) -> None:
        await second_turn(at)
        await at.press("i")
        await at.until(lambda: at.screen.turn and at.screen.turn.advice)

    assert pictured(snap_compare, at_first_table(tmp_path, hints=True), size, theme, then)


@SIZES
@THEMES
def test_an_act_of_a_hall(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    others = {"BEA": "conceder", "CYR": "linear", "DOR": "boulware"}
    live = session(tmp_path, scenario=hall(), party="ANN", seats=others)

    async def then(at: Seated) -> None:
        await at.asked()
        at.screen.action_act("promise")
        await at.pilot.pause()
        await at.press("space")

    assert pictured(snap_compare, live, size, theme, then)


@SIZES
@THEMES
def test_the_end(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    live = session(tmp_path, scenario=first_table(), party="KOR", seats={"AUS": "conceder"})

    async def then(at: Seated) -> None:
        await second_turn(at)
        await at.press("a", "ctrl+s")
        await at.ended()
        await at.until(lambda: at.screen.query_one(ResultPanel).lines)
        await at.press("4")

    assert pictured(snap_compare, live, size, theme, then)
