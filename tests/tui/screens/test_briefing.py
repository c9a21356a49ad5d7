"""The briefing: seats, panels, the table arranged, and pictures at every size."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from delegates.settings import Flags, load_settings
from games.scenario import Scenario, bundled_scenarios, load_scenario
from tests.support.domains import party, scenario
from tests.tui.recordings import pair
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
from tui.errands import Prepare, Sit
from tui.screens.arrange import SPECS, ArrangeScreen, seed_problem
from tui.screens.briefing import BriefingScreen, seated
from tui.screens.help import HelpScreen
from tui.session_plan import SessionPlan
from tui.widgets.choice import ChoiceScreen
from tui.widgets.fitted import Fitted
from tui.widgets.listing import Listing
from tui.widgets.points_bars import bar


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def on_stage(plan: SessionPlan, act: Any, size: tuple[int, int] = SMALL) -> None:
    staged(partial(BriefingScreen, plan), act, plan.settings, size)


def text_of(screen: BriefingScreen, pane: str) -> str:
    """Return all that a panel tells, seen or not, lines joined."""
    return " ".join(" ".join(lines_of(screen, pane)).split())


def lines_of(screen: BriefingScreen, pane: str) -> list[str]:
    return [line.plain for line in screen.query_one(f"#{pane}-text", Fitted)._build(76)]


@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
def test_a_key_leads_to_the_table(home: Path, key: str) -> None:
    plan = planned(home, "first-table", "KOR")

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, key)
        assert errands == [Sit(plan)]

    on_stage(plan, act)


def test_whoever_watches_begins_and_sits_nowhere(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "⏎ begin" in seen(pilot)
        await pressed(pilot, "right")
        assert "⏎ sit down" in seen(pilot)
        await pressed(pilot, "left", "enter")
        assert errands == [Sit(screen.plan)]
        assert screen.plan.party is None

    on_stage(planned(home, "first-table", None), act)


def test_p_leads_to_the_sheet_but_not_for_whoever_watches(home: Path) -> None:
    plan = planned(home, "first-table", None)

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "p")
        assert errands == []
        assert told(pilot) == ["a sheet is for a seat: take one first"]
        await pressed(pilot, "right", "p")
        assert errands == [Prepare(screen.plan)]
        assert screen.plan.party == "KOR"

    on_stage(plan, act)


def test_arrows_go_round_the_seats_and_watching(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        seats: list[str | None] = []
        for key in ("right", "right", "right", "left", "left"):
            await pressed(pilot, key)
            seats.append(screen.plan.party)
        assert seats == ["AUS", None, "KOR", None, "AUS"]
        assert "You are ▲ Australia" in text_of(screen, "brief")

    on_stage(planned(home, "first-table", "KOR"), act)


def test_seats_are_clicked(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        line = seen(pilot).splitlines()[1]
        await pilot.click("#briefing-seats", offset=(line.index("Australia"), 0))
        await settled(pilot)
        assert screen.plan.party == "AUS"
        await pilot.click("#briefing-seats", offset=(line.index("watch"), 0))
        await settled(pilot)
        assert screen.plan.party is None

    on_stage(planned(home, "first-table", "KOR"), act)


def test_one_seat_of_many_is_found_in_a_list(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        line = seen(pilot).splitlines()[1]
        await pilot.click("#briefing-seats", offset=(line.index("▸"), 0))
        await settled(pilot)
        assert screen.plan.party == "AGO"
        await pressed(pilot, "s")
        await pilot.press(*"congo")
        await pressed(pilot, "enter")
        assert screen.plan.party == "COD"
        assert "DR Congo (13 of 56)" in seen(pilot)
        await pilot.click("#briefing-seats", offset=(line.index("United"), 0))
        await settled(pilot)
        assert isinstance(pilot.app.screen, ChoiceScreen)
        await pressed(pilot, "escape")
        assert screen.plan.party == "COD"

    on_stage(planned(home, "ministerial", "USA"), act)


def test_a_small_terminal_shows_one_panel_chosen_by_key_or_click(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        def shown() -> list[str | None]:
            return [pane.id for pane in screen.query("Pane") if pane.region.area]

        found: list[list[str | None]] = []
        for key in ("2", "3", "1", "tab", "shift+tab", "shift+tab"):
            await pressed(pilot, key)
            found.append(shown())
        assert found == [["points"], ["table"], ["brief"], ["points"], ["brief"], ["table"]]
        await pilot.click("#briefing-tabs", offset=(12, 0))
        await settled(pilot)
        assert shown() == ["points"]
        assert screen.focused is screen.query_one("#points")

    on_stage(planned(home, "first-table", "KOR"), act)


@pytest.mark.parametrize("size", [MIDDLE, LARGE], ids=["middle", "large"])
def test_larger_terminals_show_all_panels(home: Path, size: tuple[int, int]) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert all(pane.region.area for pane in screen.query("Pane"))
        assert not screen.query_one("#briefing-tabs").region.area

    on_stage(planned(home, "first-table", "KOR"), act, size)


def test_a_panel_scrolls(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        pane = screen.query_one("#points")
        await pressed(pilot, "2", "pagedown", "down")
        assert pane.scroll_target_y > 2
        await pressed(pilot, "g")
        assert pane.scroll_target_y == 0

    on_stage(planned(home, "first-table", "KOR"), act)


def test_h_allows_hints_and_the_seat_says_so(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "hints off" in text_of(screen, "table")
        await pressed(pilot, "h", "enter")
        assert "hints allowed" in text_of(screen, "table")
        (sit,) = errands
        assert isinstance(sit, Sit)
        assert sit.plan.specs()["KOR"].may_ask_advice

    on_stage(planned(home, "first-table", "KOR"), act)


def test_a_brief_tells_the_seat_its_own_and_no_other_ones() -> None:
    of = load_scenario("tungsten-accord")
    own, other = of.parties["KAZ"], of.parties["USA"]

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        everything = " ".join(text_of(screen, pane) for pane in ("brief", "points", "table"))
        assert " ".join(own.brief.split())[:60] in everything
        assert " ".join(own.interests.split()) in everything
        assert " ".join(other.interests.split()) in everything
        assert " ".join(other.brief.split())[:60] not in everything
        assert "Without agreement you have 35.6 points." in everything
        assert "✗ Red line, never to be signed" in everything
        assert "You may ask your capital 3 more times. That costs your turn" in everything
        assert "⊘ no mandate" in everything

    on_stage(planned(Path("/nowhere"), of, "KAZ"), act)


@pytest.mark.parametrize("name", bundled_scenarios())
def test_every_scenario_has_a_briefing_for_every_kind_of_seat(home: Path, name: str) -> None:
    of = load_scenario(name)

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        for party_id in (of.ids[0], of.ids[-1], None):
            screen.change(seated(screen.plan, party_id))
            await settled(pilot)
            assert "At the table" in text_of(screen, "table")
            assert "How it is played" in text_of(screen, "table")
            assert "The setting" in text_of(screen, "brief")
            assert ("The least you can take" in text_of(screen, "points")) == (party_id is not None)

    on_stage(planned(home, of, of.ids[0]), act)


def test_rules_are_told_in_plain_words(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = text_of(screen, "table")
        assert "United States chairs and holds the pen" in text
        assert "In a round 12 delegations speak aloud" in text
        assert "90% of the voting weight accepts it, United States among them" in text
        assert "There are at most 8 rounds; the chair may add 1, once." in text
        assert "counts as a chance of 1% that the talks break down" in text
        assert "signed: binding, declaratory, or not at all" in text
        assert "54 × " not in text
        assert "27 × linear: code (linear) decides, templates word" in text

    on_stage(planned(home, "ministerial", "JPN"), act, LARGE)


def test_what_struck_before_the_first_move_is_told(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "What has just happened · Round 1: Beijing slows licences" in text_of(
            screen, "brief"
        )
        screen.change(replace(screen.plan, seed=5))
        await settled(pilot)
        assert "What has just happened" not in text_of(screen, "brief")

    on_stage(planned(home, "tungsten-accord", "USA"), act)


def negative() -> Scenario:
    return scenario(
        {"tonnes": {"label": "volume", "options": [1, 2]}},
        {
            "AAA": party({"tonnes": {"1": -8, "2": 16}}, 1, red_lines=[{"tonnes": "1"}]),
            "BBB": party({"tonnes": {"1": 8, "2": 4}}, 1, side="supplier"),
        },
    )


def test_points_are_bars_with_signs_and_figures(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        lines = lines_of(screen, "points")
        (bad,) = [line for line in lines if "▒" in line]
        (good,) = [line for line in lines if "█" in line]
        assert bad.count("▒") * 2 == good.count("█") == 24
        assert "-8" in bad
        assert "✗ red line" in bad
        assert "16" in good

    on_stage(planned(home, negative(), "AAA"), act)


def test_bars_grow_by_eighths() -> None:
    drawn = [bar(value, 10.0, 5).plain.rstrip() for value in (0, 0.25, 1, 5, 10)]

    assert drawn == ["", "▏", "▌", "██▌", "█████"]


def test_a_setting_that_is_missing_is_told_where_the_price_stands_and_nobody_sits(
    home: Path,
) -> None:
    plan = planned(home, pair(), "BUY", seats={"SUP": "llm:big-1"})

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "✗ " in text_of(screen, "table")
        await pressed(pilot, "enter")
        assert errands == []
        assert len(told(pilot)) == 1

    on_stage(plan, act)


def test_the_price_of_a_model_is_told_before_anything_is_asked(home: Path) -> None:
    environ = {"MINILATERAL_HOME": str(home), "OPENAI_API_KEY": "k"}
    settings = load_settings(environ, Flags(model="none"))
    plan = SessionPlan(
        scenario=pair(), settings=settings, party="BUY", seed=7, seats={"SUP": "llm:gpt-4o-mini"}
    )

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = text_of(screen, "table")
        assert "If it runs to its last round: about" in text
        assert "SUP, llm:gpt-4o-mini: about" in text
        assert "never more than 1.00 USD" in text

    on_stage(plan, act)


async def change(pilot: Pilot[None], row: str, answer: str) -> None:
    """Choose a row of the table's list and type an answer."""
    pilot.app.screen.query_one("#arrange-list", Listing).current = row
    await pressed(pilot, "enter")
    await pilot.press(*answer)
    await pressed(pilot, "enter")


def test_t_arranges_the_table(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "t")
        assert isinstance(pilot.app.screen, ArrangeScreen)
        await change(pilot, "seat:USA", "boulware")
        await change(pilot, "seat:EUE", "firm(demand=0.4)")
        await change(pilot, "cap", "0.5")
        await change(pilot, "limit", "90")
        await change(pilot, "seed", "11")
        await change(pilot, "shock:rise", "2")
        pilot.app.screen.query_one("#arrange-list", Listing).current = "hints"
        await pressed(pilot, "enter", "escape")
        plan = screen.plan
        assert plan.seats == {
            "USA": "boulware",
            "EUE": "firm(demand=0.4)",
            "KAZ": "human(limit=90,hints=yes)",
        }
        assert (plan.caps.max_cost_usd, plan.seed, plan.shocks) == (0.5, 11, ("rise@2",))
        assert plan.specs()["KAZ"].limit_s == 90
        text = text_of(screen, "table")
        assert "never more than 0.5 USD · seed 11 · hints allowed · shocks rise@2" in text

    on_stage(planned(home, "tungsten-accord", "KAZ"), act)


def test_what_was_arranged_is_taken_back(home: Path) -> None:
    plan = planned(
        home,
        "tungsten-accord",
        "KAZ",
        seats={"USA": "firm", "KAZ": "human(limit=9)"},
        shocks=("rise@2",),
    )

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "t")
        await change(pilot, "seat:USA", "default")
        await change(pilot, "limit", "none")
        await change(pilot, "cap", "none")
        await change(pilot, "shock:rise", "never")
        await pressed(pilot, "escape")
        assert (screen.plan.seats, screen.plan.shocks) == ({}, ())

    on_stage(plan, act)


@pytest.mark.parametrize(
    ("row", "answer", "problem"),
    [
        ("seat:USA", "bulwark", "unknown mind 'bulwark'"),
        ("seat:USA", "human", "one person sits at a screen"),
        ("seat:USA", "llm", "names no model"),
        ("cap", "-1", "expected a number from 0"),
        ("limit", "soon", "expected a number from 1 to 86,400, or none"),
        ("limit", "90000", "'90000': expected a number from 1 to 86,400, or none"),
        ("seed", "1.5", "expected a whole number"),
        ("seed", "9" * 19, "expected a whole number from 0, of at most 18 digits"),
        ("shock:rise", "99", "round"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    home: Path, row: str, answer: str, problem: str
) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "t")
        await change(pilot, row, answer)
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert "✗ " in seen(pilot)
        assert problem in " ".join(seen(pilot).split())
        assert pilot.app.screen.query_one(Input).value == answer

    on_stage(planned(home, "tungsten-accord", "KAZ"), act, LARGE)


def test_all_other_seats_are_set_at_once_and_by_click(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "t")
        await pilot.click("#arrange-list", offset=(5, 1))
        await settled(pilot)
        await pilot.click("#choice-answers", offset=(5, 2))
        await settled(pilot)
        await pilot.click("#choice-answers", offset=(5, 2))
        await settled(pilot)
        await pressed(pilot, "escape")
        assert screen.plan.seats == {"USA": "linear", "EUE": "linear"}

    on_stage(planned(home, "tungsten-accord", "KAZ"), act)


def test_a_pasted_seed_of_thousands_of_digits_is_refused() -> None:
    assert seed_problem("9" * 5000) == "expected a whole number from 0, of at most 18 digits"


def test_h_says_that_hints_are_for_a_seat_while_one_watches(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "h")
        assert told(pilot) == ["hints are for a seat: take one first"]

    on_stage(planned(home, "tungsten-accord", None), act)


def test_every_seat_that_is_offered_is_a_seat(home: Path) -> None:
    screen = ArrangeScreen(planned(home, pair(), "BUY"))

    assert {answer: screen._seat_problem(answer) for answer in SPECS} == dict.fromkeys(SPECS)


@pytest.mark.parametrize("seat", ["http", "mcp", "mcp(limit=90)"])
def test_an_outside_agent_is_sent_to_the_command_line(home: Path, seat: str) -> None:
    screen = ArrangeScreen(planned(home, pair(), "BUY"))

    assert screen._seat_problem(seat) == (
        "an outside agent comes in on the command line: minilateral run --seat ID="
        f"{seat.partition('(')[0]}"
    )


def test_a_time_limit_goes_along_when_the_person_takes_another_seat(home: Path) -> None:
    plan = planned(home, pair(), "BUY", seats={"BUY": "human(limit=9)", "SUP": "firm"})

    assert seated(plan, "SUP").seats == {"SUP": "human(limit=9)"}
    assert seated(plan, None).seats == {"SUP": "firm"}


def test_help_and_quit(home: Path) -> None:
    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert "sit down, or begin to watch: the session begins" in seen(pilot)
        await pressed(pilot, "escape")
        await pilot.press("q")
        assert pilot.app._exit

    on_stage(planned(home, "first-table", "KOR"), act)


def test_escape_leads_back(home: Path) -> None:
    async def main() -> None:
        plan = planned(home, "first-table", "KOR")
        app = MinilateralApp(settings=settings_at(home))
        async with app.run_test(size=SMALL) as pilot:
            await settled(pilot)
            below = app.screen
            app.push_screen(BriefingScreen(plan))
            await settled(pilot)
            await pressed(pilot, "escape")
            assert app.screen is below

    asyncio.run(main())


def test_hostile_briefs_are_shown_as_text(home: Path) -> None:
    hostile = "\x1b[31m[bold]x[/] [@click=app.quit]y\u202e"
    of = pair()
    parties = {
        name: one.model_copy(update={"brief": hostile, "interests": hostile, "name": hostile})
        for name, one in of.parties.items()
    }
    of = of.model_copy(update={"parties": parties, "setting": hostile, "title": hostile})

    async def act(screen: BriefingScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = seen(pilot)
        assert "[bold]x[/] [@click=app.quit]y" in text
        assert "\x1b" not in text
        assert "\u202e" not in text

    on_stage(planned(home, of, "BUY"), act, LARGE)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_briefing(snap_compare: Picture, home: Path, size: tuple[int, int], theme: str) -> None:
    plan = planned(home, "first-table", "KOR")
    app = MinilateralApp(partial(BriefingScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=size, run_before=playing(theme=theme))


@pytest.mark.parametrize(
    ("name", "party_id", "keys"),
    [
        ("first-table", "KOR", ["2", "pagedown"]),
        ("tungsten-accord", "KAZ", ["2"]),
        ("tungsten-accord", None, ["3"]),
        ("tungsten-accord", "KAZ", ["t"]),
        ("tungsten-accord", "KAZ", ["t", "down", "enter"]),
    ],
    ids=["points", "mandate", "watching", "arrange", "seat"],
)
def test_panels_in_a_small_terminal(
    snap_compare: Picture, home: Path, name: str, party_id: str | None, keys: list[str]
) -> None:
    plan = planned(home, name, party_id)
    app = MinilateralApp(partial(BriefingScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=SMALL, run_before=playing(*keys))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_briefing_of_a_hall(snap_compare: Picture, home: Path, size: tuple[int, int]) -> None:
    plan = planned(home, "ministerial", "COD")
    app = MinilateralApp(partial(BriefingScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=size, run_before=playing("3"))


def test_seats_of_a_hall(snap_compare: Picture, home: Path) -> None:
    plan = planned(home, "ministerial", "COD")
    app = MinilateralApp(partial(BriefingScreen, plan), plan.settings)
    assert snap_compare(app, terminal_size=MIDDLE, run_before=playing("s", theme="light"))
