"""Mark-up in somebody else's scenario or transcript is text: no link, no action, no colour.

Textual turns `[@click=app.quit]` into something to click wherever a plain string is given as a
title or a label, and stops at mark-up that does not add up.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import rich.markup
from pydantic import ValidationError
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen

from delegates import negotiate
from games.scenario import Scenario
from tests.delegates.sessions import haggle, mini, settings_at
from tests.support.openai_stub import OpenAIStub
from tests.tui.cli.test_hostile_transcripts import poisoned
from tests.tui.halls import hall
from tests.tui.replaying import seen, settled
from tests.tui.staging import planned
from tests.tui.table.driving import Seated, at_table, session
from tui.app import MinilateralApp
from tui.replay import Recording
from tui.screens.analysis import AnalysisScreen
from tui.screens.briefing import BriefingScreen
from tui.screens.class_page import ClassScreen
from tui.screens.compare import CompareScreen
from tui.screens.debriefs import DebriefsScreen
from tui.screens.home import HomeScreen
from tui.screens.preparation import PreparationScreen
from tui.screens.replay import ReplayScreen
from tui.screens.review import ReviewScreen
from tui.widgets.dialogs import MenuScreen

MARK = "[@click=app.quit][bold red]x[/][link=file:///etc/passwd]y[/link][/b] [nowhere"
SIZE = (120, 36)

Opens = Callable[[], Screen[Any]]


def hostile(of: Scenario | None = None) -> Scenario:
    """Return a scenario, by default the small game, with mark-up in every text that may hold it."""
    plain: Any = json.loads((of or mini(rounds=2)).canonical())
    for party in plain["parties"].values():
        party |= {"brief": "Bring it home.", "interests": "Ore.", "reservation_basis": "Judged."}

    def is_valid() -> bool:
        try:
            Scenario.model_validate(plain)
        except ValidationError:
            return False
        return True

    places = set(poisoned(plain, is_valid, MARK))
    assert {"title", "name", "label", "brief"} <= places
    return Scenario.model_validate(plain)


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session of hostile words in a hostile scenario."""
    home = tmp_path_factory.mktemp("marked")

    def answer(request: Any) -> str:
        text = haggle(request)
        if not text.startswith("{"):
            return f"{text} {MARK}"
        return json.dumps(json.loads(text) | {"message": f"We can meet there. {MARK}"})

    with OpenAIStub(answer) as stub:
        seats = {"USA": "llm:m", "COD": "menu:m+llm:m"}
        path = home / "transcripts" / "[@click=app.quit]x[nowhere.jsonl"
        negotiate(
            hostile(), seats, seed=1, transcript=path, settings=settings_at(stub.url, home=home)
        )
    return path


@pytest.fixture(autouse=True)
def taken_for_markup(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every hostile text that Textual or Rich has taken for mark-up: there must be none."""
    found: list[str] = []
    textual, rich_ = Content.from_markup, rich.markup.render

    def from_markup(markup: Any, **variables: object) -> Content:
        if "app.quit" in str(markup):
            found.append(str(markup))
        return textual(markup, **variables)

    def render(markup: str, *more: Any, **named: Any) -> Any:
        if "app.quit" in markup:
            found.append(markup)
        return rich_(markup, *more, **named)

    monkeypatch.setattr(Content, "from_markup", from_markup)
    monkeypatch.setattr(rich.markup, "render", render)
    yield found
    assert found == []


def calm(pilot: Pilot[None]) -> None:
    """Check that nothing on the screen is a link, or does anything that a text said."""
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            assert style is None or style.link is None
            assert style is None or "quit" not in str(style.meta.get("@click", ""))


def shown(opens: Opens, *keys: str, size: tuple[int, int] = SIZE) -> None:
    """Open a screen over a home folder and press keys, each time looking at what is shown."""

    async def main() -> None:
        app = MinilateralApp(opens)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            assert "[@click=app.qu" in seen(pilot).replace("\n", "")
            calm(pilot)
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
                calm(pilot)

    asyncio.run(main())


@pytest.mark.parametrize(
    "screen",
    [
        (ReplayScreen, ("2", "3", "4", "5", "p", "escape", "i")),
        (ReviewScreen, ("1", "2", "3", "4", "5")),
        (DebriefsScreen, ("right", "e")),
        (CompareScreen, ("right", "tab")),
        (HomeScreen, ("2", "slash", "A", "escape")),
        (ClassScreen, ("1", "2", "right", "e")),
    ],
    ids=lambda given: given[0].__name__,
)
def test_no_screen_takes_a_transcripts_texts_for_markup(
    talks: Path, screen: tuple[type[Screen[Any]], tuple[str, ...]]
) -> None:
    kind, keys = screen
    opens: dict[type[Screen[Any]], Opens] = {
        ReplayScreen: lambda: ReplayScreen(Recording(talks)),
        ReviewScreen: partial(ReviewScreen, talks, "USA"),
        DebriefsScreen: partial(DebriefsScreen, talks),
        CompareScreen: lambda: CompareScreen(Recording(talks), Recording(talks)),
        ClassScreen: partial(ClassScreen, [talks]),
        HomeScreen: partial(HomeScreen, talks.parent.parent, settings_at(home=talks.parent.parent)),
    }
    # The list of sessions is beside that of scenarios where there is room.
    shown(opens[kind], *keys, size=(200, 50) if kind is HomeScreen else SIZE)


def test_no_screen_takes_a_halls_texts_for_markup(tmp_path: Path) -> None:
    of, path = hostile(hall("forum")), tmp_path / "hall.jsonl"
    negotiate(of, dict.fromkeys(of.ids, "boulware"), seed=1, transcript=path)

    shown(lambda: ReplayScreen(Recording(path)), "2", "3", "4", "5", "G")


@pytest.mark.parametrize("kind", [BriefingScreen, AnalysisScreen, PreparationScreen])
def test_no_screen_takes_a_scenarios_texts_for_markup(
    tmp_path: Path, kind: type[Screen[Any]]
) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(hostile().canonical(), encoding="utf-8")
    plan = planned(tmp_path, hostile(), "USA")
    opens: dict[type[Screen[Any]], Opens] = {
        BriefingScreen: partial(BriefingScreen, plan),
        AnalysisScreen: partial(AnalysisScreen, source=str(path)),
        PreparationScreen: partial(PreparationScreen, plan),
    }
    shown(opens[kind], "1", "2", "3", "tab")


def test_the_table_takes_nothing_for_markup(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        for keys in ("2", "3", "b", "2", "3 escape", "m escape", "o down right escape"):
            await at.press(*keys.split())
            calm(at.pilot)

    at_table(session(tmp_path, scenario=hostile()), act, SIZE)


def test_the_title_of_a_menu_is_no_markup() -> None:
    """It was once: what did not add up stopped the screen."""

    async def main() -> None:
        app = MinilateralApp(Screen)
        async with app.run_test(size=SIZE) as pilot:
            await app.push_screen(MenuScreen(MARK, {}))
            await settled(pilot)
            calm(pilot)

    asyncio.run(main())
