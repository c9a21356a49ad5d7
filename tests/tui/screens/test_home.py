"""Home: every action by keys and by mouse, the first run, and pictures at every size."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.evaluations import interrupted, played
from tests.tui.recordings import TALKS, offers, pair, recorded
from tests.tui.replaying import seen, settled
from tests.tui.screens.test_snapshots import Compare as Picture
from tests.tui.staging import (
    LARGE,
    MIDDLE,
    SIZES,
    SMALL,
    THEMES,
    Stage,
    playing,
    pressed,
    settings_at,
    staged,
    told,
    user_folder,
)
from tui.app import MinilateralApp
from tui.errands import (
    Analyse,
    Brief,
    CarryOn,
    Compare,
    ContinueEvaluation,
    OpenEvaluation,
    OpenPlan,
    OpenReplay,
    OpenReview,
)
from tui.library import RECOMMENDED
from tui.screens.briefing import BriefingScreen
from tui.screens.help import HelpScreen
from tui.screens.home import AboutScreen, HomeScreen
from tui.widgets.listing import Listing

DOWN_TO_SESSIONS = ["down"] * 8
"""From the first scenario past the last one and the row that opens a file."""

UP_TO_SESSIONS = ["end", "up", "up"]
"""From the last plan of an evaluation to the last session."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return user_folder(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def at_home(folder: Path) -> Callable[[], HomeScreen]:
    return partial(HomeScreen, folder, settings_at(folder))


def on_stage(folder: Path, act: Any, size: tuple[int, int] = SMALL) -> None:
    staged(at_home(folder), act, settings_at(folder), size)


def session(folder: Path, name: str) -> Path:
    return folder / "transcripts" / f"{name}.jsonl"


def current(screen: HomeScreen) -> str | None:
    return screen.query_one(Listing).current


def test_enter_opens_the_briefing_of_the_recommended_scenario(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "enter")
        assert errands == [Brief(RECOMMENDED)]

    on_stage(home, act)


@pytest.mark.parametrize(
    ("keys", "errand"),
    [
        (["enter"], lambda folder: OpenReplay(session(folder, "talks"))),
        (["down", "enter"], lambda folder: CarryOn(session(folder, "buyer"))),
        (["r"], lambda folder: OpenReplay(session(folder, "talks"))),
        (["down", "r"], lambda folder: OpenReplay(session(folder, "buyer"))),
        (["v"], lambda folder: OpenReview(session(folder, "talks"))),
        (["A"], lambda folder: Analyse(path=session(folder, "talks"))),
    ],
    ids=["enter finished", "enter unfinished", "r", "r unfinished", "v", "A"],
)
def test_keys_on_a_session_lead_where_they_say(home: Path, keys: list[str], errand: Any) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *DOWN_TO_SESSIONS, *keys)
        assert errands == [errand(home)]

    on_stage(home, act)


def test_w_watches_and_a_analyses_a_scenario(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "w", "A")
        assert errands == [Brief(RECOMMENDED, watch=True), Analyse(source=RECOMMENDED)]

    on_stage(home, act)


def test_keys_for_sessions_say_why_they_do_nothing_with_a_scenario(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "r", "v", "m", "C")
        assert errands == []
        assert told(pilot) == [
            *["that is done with a session; there is none here"] * 3,
            "two sessions are compared: mark each with m",
        ]

    on_stage(home, act)


def test_a_damaged_session_is_listed_and_opens_nothing(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *UP_TO_SESSIONS, "enter", "r", "v", "A", "m")
        assert errands == []
        assert "✗ damaged" in seen(pilot)
        assert len(told(pilot)) == 5
        assert told(pilot)[0].startswith("broken.jsonl: damaged: the line does not end in a hash")

    on_stage(home, act)


def test_two_marked_sessions_are_compared_in_the_order_of_their_marks(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *DOWN_TO_SESSIONS, "down", "m", "up", "m")
        assert seen(pilot).count("✓") == 2
        await pressed(pilot, "C")
        assert errands == [Compare(session(home, "buyer"), session(home, "talks"))]

    on_stage(home, act)


def test_a_mark_is_taken_away_and_a_third_one_drops_the_oldest(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *DOWN_TO_SESSIONS, "m", "m")
        assert "✓" not in seen(pilot)
        await pressed(pilot, "m", "down", "m", "down", "m", "C")
        assert errands == [Compare(session(home, "buyer"), session(home, "talks-again"))]

    on_stage(home, act)


def test_one_mark_is_compared_with_the_current_session(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *DOWN_TO_SESSIONS, "m", "C")
        assert errands == []
        await pressed(pilot, "down", "C")
        assert errands == [Compare(session(home, "talks"), session(home, "buyer"))]

    on_stage(home, act)


def test_a_search_leaves_what_has_the_words_in_it_and_escape_ends_it(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "slash", *"cobalt")
        text = seen(pilot)
        assert "A cobalt offtake between" in text
        assert "A first table" not in text
        assert "Ore for a smelter" not in text
        await pressed(pilot, "enter", "enter")
        assert errands == [Brief("cobalt-offtake")]
        await pressed(pilot, "escape")
        assert "A first table" in seen(pilot)
        assert not screen.query_one(Input).has_class("-open")

    on_stage(home, act)


def test_a_search_tells_at_80_columns_how_it_ends(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "slash", *"cobalt")
        assert seen(pilot).splitlines()[-1].split() == ["Esc", "all", "again"]
        await pressed(pilot, "enter")
        keys = seen(pilot).splitlines()[-1]
        assert "q quit" in keys
        assert "Esc all again" in keys

    on_stage(home, act)


def test_a_search_finds_who_played_and_says_when_there_is_nothing(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "slash", *"smelter")
        assert current(screen) == f"session:{session(home, 'buyer')}"
        await pressed(pilot, *"zzz")
        assert "Nothing here has “smelterzzz” in it." in seen(pilot)

    on_stage(home, act)


@pytest.mark.parametrize(
    ("typed", "errand"),
    [
        ("my.yaml", lambda: Brief("my.yaml")),
        ("old/t.jsonl", lambda: OpenReplay(Path("old/t.jsonl"))),
        ("~nobody-here/my.yaml", lambda: Brief("~nobody-here/my.yaml")),
    ],
)
def test_a_file_is_opened_by_its_path(home: Path, typed: str, errand: Any) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "o")
        await pilot.press(*typed)
        await pressed(pilot, "enter")
        assert errands == [errand()]
        await pressed(pilot, "o")
        assert pilot.app.screen.query_one(Input).value == typed
        await pressed(pilot, "escape")
        assert pilot.app.screen is screen

    on_stage(home, act)


def test_the_row_that_opens_a_file_asks_for_it(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *["down"] * 7, "enter", "enter")
        assert errands == []
        assert "type an answer" in seen(pilot)

    on_stage(home, act)


def test_a_file_that_cannot_be_read_is_told_in_a_line(home: Path) -> None:
    async def main() -> None:
        app = MinilateralApp(at_home(home), settings_at(home))
        async with app.run_test(size=MIDDLE) as pilot:
            await settled(pilot)
            await pressed(pilot, "o")
            await pilot.press(*"none.yaml")
            await pressed(pilot, "enter")
            assert len(told(pilot)) == 1
            assert "none.yaml" in told(pilot)[0]
            assert isinstance(app.screen, HomeScreen)

    asyncio.run(main())


def test_keys_go_through_the_list(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        places: list[str | None] = []
        for key in ("j", "k", "k", "end", "down", "g", "G", "home", "pagedown", "pageup"):
            await pressed(pilot, key)
            places.append(current(screen))
        first, last = f"scenario:{RECOMMENDED}", "plan:models"
        assert places[:8] == [
            "scenario:cobalt-offtake",
            first,
            first,
            last,
            last,
            first,
            last,
            first,
        ]
        assert places[8] not in (first, None)
        assert places[9] == first

    on_stage(home, act)


def test_a_click_makes_a_row_current_and_a_second_opens_it(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pilot.click("#home-list", offset=(6, 2))
        assert current(screen) == "scenario:cobalt-offtake"
        assert errands == []
        await pilot.click("#home-list", offset=(6, 2))
        await settled(pilot)
        assert errands == [Brief("cobalt-offtake")]
        await pilot.click("#home-list", offset=(6, 0))
        assert current(screen) == "scenario:cobalt-offtake"

    on_stage(home, act)


def test_keys_at_the_bottom_are_clicked(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        line = seen(pilot).splitlines()[-1]
        await pilot.click(offset=(line.index("watch"), 23))
        await settled(pilot)
        assert errands == [Brief(RECOMMENDED, watch=True)]

    on_stage(home, act)


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [("question_mark", HelpScreen, "compare the two marked"), ("i", AboutScreen, "forecast")],
)
def test_help_and_limits_are_a_key_away(home: Path, key: str, kind: Any, words: str) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, key)
        assert isinstance(pilot.app.screen, kind)
        assert words in seen(pilot)
        await pressed(pilot, "escape")
        assert pilot.app.screen is screen

    on_stage(home, act, LARGE)


def test_q_quits(home: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pilot.press("q")
        assert pilot.app._exit

    on_stage(home, act)


def test_what_was_played_meanwhile_is_there_when_one_comes_back(empty: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert screen.is_first_run
        await pressed(pilot, "i")
        (empty / "transcripts").mkdir()
        of = pair()
        recorded(session(empty, "new"), of, offers(of, [3]))
        await pressed(pilot, "escape")
        assert not screen.is_first_run
        assert "… unfinished" in seen(pilot)

    on_stage(empty, act)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_first_run_explains_itself_on_one_screen(empty: Path, size: tuple[int, int]) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        left = screen.query_one("#home-told").region.x
        text = " ".join(" ".join(line[left:] for line in seen(pilot).splitlines()).split())
        assert "Take a seat in a simulated negotiation" in text
        assert "Enter" in text
        assert f"Begin with {RECOMMENDED}" in text
        assert "firm: no model was wanted" in text
        assert "Nothing is sent" in text
        assert "words are machine-written" in text

    on_stage(empty, act, size)


def test_from_home_to_the_table_it_takes_two_keys(empty: Path) -> None:
    async def main() -> None:
        app = Stage(at_home(empty), settings_at(empty))
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot)
            await pressed(pilot, "enter")
            brief = app.errands.pop()
            assert isinstance(brief, Brief)
            MinilateralApp.post_message(app, brief)
            await settled(pilot)
            assert isinstance(app.screen, BriefingScreen)
            await pressed(pilot, "enter")
            assert [type(errand).__name__ for errand in app.errands] == ["Sit"]
            assert app.screen.plan.party == "KOR"

    asyncio.run(main())


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with three evaluations: finished, interrupted, damaged."""
    folder = tmp_path_factory.mktemp("evaluated")
    stopped = interrupted(played(folder, "stopped"), 3)
    damaged = played(folder, "damaged")
    damaged.journal.write_text("no journal\n")
    finished = played(folder, "finished")
    for age, one in enumerate((finished, stopped, damaged)):
        for file in one.path.iterdir():
            os.utime(file, (9_000 - age, 9_000 - age))
    return folder


@pytest.mark.parametrize(
    ("keys", "errand"),
    [
        (["up"] * 4 + ["enter"], lambda folder: OpenPlan("quick")),
        (["up"] * 3 + ["enter"], lambda folder: OpenPlan("models")),
        (["up"] * 2 + ["enter"], lambda folder: OpenEvaluation(folder / "finished")),
        (["up"] * 2 + ["v"], lambda folder: OpenEvaluation(folder / "finished")),
        (["up", "enter"], lambda folder: ContinueEvaluation(folder / "stopped")),
        (["up", "v"], lambda folder: OpenEvaluation(folder / "stopped")),
    ],
    ids=["plan", "plan with models", "enter finished", "v", "enter unfinished", "v unfinished"],
)
def test_keys_on_an_evaluation_lead_where_they_say(
    evaluated: Path, keys: list[str], errand: Any
) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "end", *keys)
        assert errands == [errand(evaluated / "evaluations")]

    on_stage(evaluated, act)


def test_keys_for_sessions_say_why_they_do_nothing_with_an_evaluation(evaluated: Path) -> None:
    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "end", "up", "r", "A", "m", "w")
        assert errands == []
        assert told(pilot) == [
            *["that is done with a session; there is none here"] * 3,
            "a scenario can be watched; there is none here",
        ]

    on_stage(evaluated, act)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_home_with_evaluations(
    snap_compare: Picture, evaluated: Path, size: tuple[int, int], theme: str
) -> None:
    app = MinilateralApp(at_home(evaluated), settings_at(evaluated))
    keys = ["end", "up", "up"]
    assert snap_compare(app, terminal_size=size, run_before=playing(*keys, theme=theme))


@pytest.mark.parametrize("keys", [["end"], ["end", "up"]], ids=["damaged", "unfinished"])
def test_home_at_an_evaluation(snap_compare: Picture, evaluated: Path, keys: list[str]) -> None:
    app = MinilateralApp(at_home(evaluated), settings_at(evaluated))
    assert snap_compare(app, terminal_size=MIDDLE, run_before=playing(*keys))


def test_hostile_titles_are_shown_as_text(empty: Path) -> None:
    of = pair().model_copy(update={"title": "\x1b[31m[bold]x[/] [@click=app.quit]y\u202e"})
    (empty / "transcripts").mkdir()
    recorded(session(empty, "t"), of, [])

    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *UP_TO_SESSIONS)
        text = seen(pilot)
        assert "[bold]x[/] [@click=app.quit]y" in text
        assert "\x1b" not in text
        assert "\u202e" not in text

    on_stage(empty, act, LARGE)


def test_thousands_of_sessions_cost_a_screenful_to_draw(home: Path) -> None:
    folder = home / "transcripts"
    content = TALKS.read_bytes()
    for number in range(1500):
        (folder / f"more-{number:04}.jsonl").write_bytes(content)

    async def act(screen: HomeScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, *UP_TO_SESSIONS)
        assert "1,504" in " ".join(
            row.draw(60).plain for row in screen.query_one(Listing)._rows if row.key is None
        )
        assert current(screen) == f"session:{session(home, 'broken')}"

    on_stage(home, act)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_home(snap_compare: Picture, home: Path, size: tuple[int, int], theme: str) -> None:
    app = MinilateralApp(at_home(home), settings_at(home))
    keys = [*DOWN_TO_SESSIONS, "m", "down"]
    assert snap_compare(app, terminal_size=size, run_before=playing(*keys, theme=theme))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_first_run(
    snap_compare: Picture, empty: Path, size: tuple[int, int], theme: str
) -> None:
    app = MinilateralApp(at_home(empty), settings_at(empty))
    assert snap_compare(app, terminal_size=size, run_before=playing(theme=theme))


@pytest.mark.parametrize(
    "keys",
    [["slash", *"cobalt"], ["o"], ["i"], ["question_mark"]],
    ids=["search", "file", "about", "help"],
)
def test_over_home(snap_compare: Picture, home: Path, keys: list[str]) -> None:
    app = MinilateralApp(at_home(home), settings_at(home))
    assert snap_compare(app, terminal_size=SMALL, run_before=playing(*keys))
