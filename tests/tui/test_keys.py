"""Keys that mean the same on every screen, as the page of the app tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import ModalScreen, Screen

from tui.screens.analysis import AnalysisScreen
from tui.screens.arrange import ArrangeScreen
from tui.screens.briefing import BriefingScreen
from tui.screens.chain import ChainScreen
from tui.screens.compare import CompareScreen
from tui.screens.evaluation import EvaluationScreen
from tui.screens.evaluation_export import EvaluationExportScreen
from tui.screens.evaluation_plan import EvaluationPlanScreen
from tui.screens.evaluation_progress import EvaluationProgressScreen
from tui.screens.export import ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.home import HomeScreen
from tui.screens.peek import PeekScreen
from tui.screens.preparation import PreparationScreen
from tui.screens.prompts import PromptsScreen
from tui.screens.replay import ReplayScreen
from tui.screens.review import ReviewScreen
from tui.screens.table import TableScreen
from tui.screens.try_again import TryAgainScreen

SHARED = {
    "r": "replay",
    "v": "review",
    "A": "analyse",
    "T": "try_again",
    "C": "compare",
    "H": "home",
}
"""Key → the action that it stands for wherever it does anything."""

SCREENS: tuple[type[Screen[Any]], ...] = (
    AnalysisScreen,
    BriefingScreen,
    CompareScreen,
    EvaluationPlanScreen,
    EvaluationProgressScreen,
    EvaluationScreen,
    HomeScreen,
    PreparationScreen,
    ReplayScreen,
    ReviewScreen,
    TableScreen,
)
WINDOWS: tuple[type[ModalScreen[Any]], ...] = (
    ArrangeScreen,
    ChainScreen,
    EvaluationExportScreen,
    ExportScreen,
    HelpScreen,
    PeekScreen,
    PromptsScreen,
    TryAgainScreen,
)


def actions(screen: type[Screen[Any]]) -> list[tuple[str, str]]:
    """Return each key of a screen with the action it stands for."""
    bindings = [one for one in screen.BINDINGS if isinstance(one, Binding)]
    return [
        (key.strip(), one.action.removeprefix("app.").partition("(")[0])
        for one in bindings
        for key in one.key.split(",")
    ]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_what_leads_to_another_screen_has_the_same_key_everywhere(
    screen: type[Screen[Any]],
) -> None:
    found = actions(screen)
    assert [(key, action) for key, action in found if SHARED.get(key, action) != action] == []
    led = {action: key for key, action in SHARED.items()}
    astray = [(key, action) for key, action in found if led.get(action, key).lower() != key.lower()]
    assert astray == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_every_screen_goes_back_helps_and_quits_by_the_same_keys(screen: type[Screen[Any]]) -> None:
    keys = {key for key, _ in actions(screen)}
    assert {"escape", "question_mark", "q"} <= keys


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.__name__)
def test_every_window_closes_by_escape(window: type[ModalScreen[Any]]) -> None:
    assert "escape" in {key for key, _ in actions(window)}


def test_the_page_of_the_app_tells_the_keys_that_mean_the_same() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "app.md"
    told = page.read_text(encoding="utf-8").split("## Keys")[1].split("\n## ")[0]
    assert [key for key in SHARED if f"| `{key}` |" not in told] == []
