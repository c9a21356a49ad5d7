"""What a plan would play: told before anything is played, and nothing is bought unasked."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from delegates.evaluation.planning.design import designed
from delegates.evaluation.planning.plan_files import parse_plan
from games.errors import PlanError, SettingError
from tests.tui.evaluations import HOSTILE, TINY
from tests.tui.replaying import seen, settled
from tests.tui.screens.test_snapshots import Compare as Picture
from tests.tui.staging import (
    SIZES,
    SMALL,
    THEMES,
    playing,
    pressed,
    settings_at,
    staged,
)
from tui.app import MinilateralApp
from tui.errands import OpenEvaluation, PlayBatch
from tui.evaluating import Foretold, LiveBatch
from tui.screens.evaluation_plan import EvaluationPlanScreen, cap_problem
from tui.screens.help import HelpScreen
from tui.widgets.sure import SureScreen

HOME = Path("/nowhere")

Act = Callable[[EvaluationPlanScreen, Pilot[None], list[Message]], Awaitable[None]]


def told(**more: Any) -> Foretold:
    """Return what a plan by rules would play."""
    given: dict[str, Any] = {
        "title": "Patience against haste",
        "question": "Does patience pay?",
        "strategies": (("boulware", "boulware"), ("late", "time(e=8)")),
        "scenarios": (("A first table", 2), ("A club of price floors", 12)),
        "repetitions": 3,
        "path": HOME / "evaluations" / "tiny",
        "planned": 120,
        "left": 120,
        "seconds": 95.0,
        "assumed": "roughly, 2 at a time",
        "design": designed(parse_plan(TINY).plan, None, settings_at(HOME)),
    }
    return Foretold(**{**given, **more})


def paid(**more: Any) -> Foretold:
    """Return what a plan that asks a paid model would play."""
    given: dict[str, Any] = {
        "calls": 1440,
        "tokens": 3_200_000,
        "cost_usd": 1.872,
        "worst_usd": 5.9,
        "cap_usd": 2.5,
        "spent_usd": 0.4,
        "models": ("gpt-5-mini",),
        "notes": ("2 scenarios: no interval is given.",),
    }
    return told(**{**given, **more})


async def unplayed(watch: object) -> Any:
    raise AssertionError("it was played")


def begin(foretold: Foretold) -> LiveBatch:
    return LiveBatch(unplayed, foretold.path, foretold.title, foretold.planned)


def screen_of(of: Foretold) -> EvaluationPlanScreen:
    def foretell(cap: float | None) -> Foretold:
        return of if cap is None else replace(of, cap_usd=cap)

    return EvaluationPlanScreen("tiny", foretell, begin)


def shown(of: Foretold, act: Act, size: tuple[int, int] = SMALL) -> None:
    staged(lambda: screen_of(of), act, settings_at(HOME), size)


def test_it_tells_sessions_cost_time_and_place_and_enter_starts() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = seen(pilot)
        for words in (
            "120 in 3 repetitions",
            "none: no model is asked",
            "about 1 min 35 s",
            "/nowhere/evaluations/tiny",
            "time(e=8)",
            "12 parties",
        ):
            assert words in text
        await pressed(pilot, "enter")
        (errand,) = errands
        assert isinstance(errand, PlayBatch)
        assert errand.batch.path == HOME / "evaluations" / "tiny"

    shown(told(), act)


def test_the_footer_starts_it_by_the_mouse() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        line = seen(pilot).splitlines()[-1]
        await pilot.click(offset=(line.index("play"), 23))
        await pressed(pilot)
        assert [type(errand) for errand in errands] == [PlayBatch]

    shown(told(), act)


def test_what_costs_money_is_not_started_by_enter_alone() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "about 1.872, at worst 5.9 USD" in seen(pilot)
        assert "at most 2.50 USD in all, 0.4000 USD of it spent" in seen(pilot)
        await pressed(pilot, "enter")
        assert isinstance(pilot.app.screen, SureScreen)
        asked = " ".join(seen(pilot).split())
        assert "1,440 calls of gpt-5-mini" in asked
        assert "at most 2.50 USD" in asked
        await pressed(pilot, "enter")
        assert errands == []
        assert pilot.app.screen is screen
        await pressed(pilot, "enter", "y")
        assert [type(errand) for errand in errands] == [PlayBatch]

    shown(paid(), act)


@pytest.mark.parametrize("unknown", ["cost_usd", "worst_usd"])
def test_an_unknown_price_is_asked_about_as_well(unknown: str) -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "a price is not known" in seen(pilot)
        await pressed(pilot, "enter")
        assert isinstance(pilot.app.screen, SureScreen)
        assert errands == []

    shown(paid(**{unknown: None, "cap_usd": None}), act)


def test_a_model_on_this_machine_costs_nothing_and_is_not_asked_about() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "no money: models on this machine" in seen(pilot)
        await pressed(pilot, "enter")
        assert [type(errand) for errand in errands] == [PlayBatch]

    shown(paid(cost_usd=0.0, worst_usd=0.0, cap_usd=None), act)


def test_the_cap_is_set_by_c_and_held() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "c")
        typed = pilot.app.screen.query_one(Input)
        assert typed.value == "2.50"
        typed.value = "much"
        await pressed(pilot, "enter")
        assert "'much' is no amount; expected USD, as 2.50, or none" in seen(pilot)
        typed.value = "0.75"
        await pressed(pilot, "enter")
        assert pilot.app.screen is screen
        assert "at most 0.75 USD" in seen(pilot)
        assert screen.foretold is not None
        assert screen.foretold.cap_usd == 0.75

    shown(paid(), act)


def test_nothing_starts_under_the_old_cap_while_another_is_worked_out() -> None:
    go_on = Event()

    def slowly(cap: float | None) -> Foretold:
        if cap is not None:
            assert go_on.wait(20)
        return paid() if cap is None else paid(cap_usd=cap)

    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pilot.press("c")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = "0.75"
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert "Reading the plan" in seen(pilot)
        go_on.set()
        await settled(pilot)
        assert "at most 0.75 USD" in seen(pilot)
        assert errands == []

    staged(lambda: EvaluationPlanScreen("tiny", slowly, begin), act, settings_at(HOME))


def test_what_was_worked_out_for_an_earlier_cap_is_dropped_however_late_it_comes() -> None:
    go_on = Event()

    def foretell(cap: float | None) -> Foretold:
        if cap == 4.0:
            assert go_on.wait(20)
        return paid() if cap is None else paid(cap_usd=cap)

    async def capped(pilot: Pilot[None], typed: str) -> None:
        await pilot.press("c")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        await pilot.pause()

    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await capped(pilot, "4")
        await capped(pilot, "0.75")
        go_on.set()
        await settled(pilot)
        assert "at most 0.75 USD" in seen(pilot)

    staged(lambda: EvaluationPlanScreen("tiny", foretell, begin), act, settings_at(HOME))


def test_a_cap_that_cannot_be_held_is_taken_back_by_c() -> None:
    def foretell(cap: float | None) -> Foretold:
        if cap is not None:
            raise SettingError("--max-cost 2: the price of 'new-model' is not known")
        return paid(cost_usd=None, worst_usd=None, cap_usd=None)

    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "c", "2", "enter")
        assert "✗ --max-cost 2: the price of 'new-model' is not known" in seen(pilot)
        assert "c  another cap, or none" in seen(pilot)
        await pressed(pilot, "enter")
        assert pilot.app.screen is screen
        await pressed(pilot, "c", *"none", "enter")
        assert pilot.app.screen is screen
        assert "a price is not known" in seen(pilot)
        assert errands == []

    staged(lambda: EvaluationPlanScreen("tiny", foretell, begin), act, settings_at(HOME))


@pytest.mark.parametrize("typed", ["", "-1", "nan", "inf", "1e9", "2,5"])
def test_what_is_no_cap_is_refused(typed: str) -> None:
    assert cap_problem(typed) is not None


@pytest.mark.parametrize("typed", ["0", "2.50", "1e3", "none"])
def test_what_is_a_cap_is_taken(typed: str) -> None:
    assert cap_problem(typed) is None


def test_what_is_left_is_told_apart_from_what_is_played() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = seen(pilot)
        assert "40 left, 3 of them tried again as they failed, of 120" in text
        assert "Enter  continues" in text

    shown(told(left=40, retried=3), act)


def test_where_everything_is_played_the_report_is_opened() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "Every session was played." in seen(pilot)
        await pressed(pilot, "enter", "v")
        assert errands == [OpenEvaluation(HOME / "evaluations" / "tiny")]

    shown(told(left=0), act)


def test_a_plan_that_is_at_fault_is_told_in_a_line_and_starts_nothing() -> None:
    def fail(cap: float | None) -> Foretold:
        raise PlanError("mine.yaml:4: strategies: 'boul\x1b[31mware': no such mind")

    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        assert "✗ mine.yaml:4: strategies: 'boulware': no such mind" in seen(pilot)
        await pressed(pilot, "enter", "c", "v")
        assert errands == []

    staged(lambda: EvaluationPlanScreen("mine.yaml", fail, begin), act, settings_at(HOME))


def test_hostile_names_are_shown_as_text() -> None:
    hostile = told(
        title=HOSTILE,
        question=HOSTILE,
        strategies=((HOSTILE, HOSTILE + " "),),
        scenarios=((HOSTILE, 2),),
        notes=(HOSTILE,),
    )

    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        text = seen(pilot)
        assert text.count("[bold]x[/] [@click=app.quit]y") >= 4
        assert "\x1b" not in text
        assert "\u202e" not in text

    shown(hostile, act)


def test_help_and_back() -> None:
    async def act(screen: EvaluationPlanScreen, pilot: Pilot[None], errands: list[Message]) -> None:
        await pressed(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await pressed(pilot, "escape")
        assert pilot.app.screen is screen

    shown(told(), act)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("which", ["rules", "paid"])
def test_plans(snap_compare: Picture, which: str, size: tuple[int, int], theme: str) -> None:
    of = told() if which == "rules" else paid(left=80)
    app = MinilateralApp(lambda: screen_of(of), settings_at(HOME))
    assert snap_compare(app, terminal_size=size, run_before=playing(theme=theme))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_question_before_money_is_spent(snap_compare: Picture, size: tuple[int, int]) -> None:
    app = MinilateralApp(lambda: screen_of(paid()), settings_at(HOME))
    assert snap_compare(app, terminal_size=size, run_before=playing("enter"))
