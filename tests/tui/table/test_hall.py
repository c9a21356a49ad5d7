"""A person in a hall: every act that is open has its form, the chair's tools among them."""

from pathlib import Path
from random import Random

import pytest
from textual.widgets import OptionList, SelectionList

from delegates.acts_open import moves_allowed, named
from delegates.persons.person import HandOver, PersonMove, Turn
from delegates.views import view_of
from games.moves import CallCaucus
from games.protocols.hall import HallState
from games.session import start, step
from tests.delegates.sessions import events_of
from tests.tui.halls import hall, legal_move
from tests.tui.table.driving import LARGE, MIDDLE, SMALL, Seated, at_table, session
from transcripts import verify
from transcripts.events import MoveMade
from tui.table.acts import WORDS
from tui.table.dock import Dock
from tui.table.draft import Draft
from tui.table.form import MoveForm
from tui.table.selector import Selector
from tui.table.told import act_open
from tui.widgets.dialogs import MenuScreen

OTHERS = {"BEA": "conceder", "CYR": "linear", "DOR": "boulware"}


async def every_form(at: Seated, met: set[str]) -> None:
    """Open the form of every act not met before."""
    for act in moves_allowed(at.turn.view):
        if act.act not in met:
            met.add(act.act)
            at.screen.action_act(act.act)
            await at.pilot.pause()
            assert isinstance(at.app.screen, MoveForm)
            assert WORDS[act.act].title in at.seen()
            await at.press("escape")


async def next_turn(at: Seated) -> bool:
    """Wait for the next turn of the person; tell whether there is one."""
    await at.until(lambda: at.screen.phase != "waiting")
    if at.screen.is_under_way:
        await at.asked()
    return at.screen.is_under_way


def stand_in(at: Seated) -> None:
    """Have the stand-in make this move."""
    at.screen._answer(HandOver(1))


def test_every_act_of_a_chair_has_its_form(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=hall("forum", rounds=3), party="ANN", seats=OTHERS)
    met: set[str] = set()

    async def act(at: Seated) -> None:
        await at.asked()
        while await next_turn(at):
            await every_form(at, met)
            stand_in(at)
        await at.ended()

    at_table(live, act)
    assert verify(tmp_path / "session.jsonl").complete
    assert met >= {"offer", "pass", "merge", "walk-away", "threaten", "promise", "adjourn"}


def test_what_a_threat_is_about_follows_the_issue(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=hall(), party="ANN", seats=OTHERS)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.click("threaten")
        rows = {row.topic: row for row in at.app.screen.query(Selector)}
        assert rows["option"].options == ("0", "60", "85", "110")
        await at.press("down", "right", "right")
        assert rows["option"].options == ("summary", "declaration", "treaty")
        await at.press("down", "end", "ctrl+s")
        await at.until(lambda: at.screen.turn is None or at.screen.turn.view.turn > 0)

    at_table(live, act)
    first = next(one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, MoveMade))
    assert (first.act, first.on) == (
        "threaten",
        {"measure": "tariff", "issue": "form", "option": "treaty"},
    )


def turn_with(act: str) -> Turn:
    """Return a turn in some small hall in which an act is open."""
    for seed in range(50):
        state, lots = start(hall(), seed), Random(seed)
        while state.is_open:
            assert isinstance(state, HallState)
            view = view_of(state, (), seed)
            if named(moves_allowed(view), act) is not None:  # type: ignore[arg-type]
                return Turn(view=view)
            state, _ = step(state, legal_move(state, lots))
    raise AssertionError(f"{act} is never open")


def test_a_caucus_is_called_by_mouse(tmp_path: Path) -> None:
    turn = turn_with("call-caucus")
    others = [party for party in turn.view.public.parties if party != turn.view.party]
    called: list[PersonMove | None] = []
    live = session(tmp_path, scenario=hall(), party="ANN", seats=OTHERS)

    async def act(at: Seated) -> None:
        await at.asked()
        found = act_open(turn.view, "call-caucus")
        assert found is not None
        at.app.push_screen(MoveForm(turn, found, Draft()), called.append)
        await at.pilot.pause()
        await at.press("ctrl+s")
        assert "with whom: choose 1 to" in at.seen()
        members, issues = at.app.screen.query(SelectionList)
        await at.pilot.click(members, offset=(4, 1))
        await at.pilot.click(issues, offset=(4, 3))
        await at.click("Call it")

    at_table(live, act, LARGE)
    (answer,) = called
    assert answer is not None
    assert answer.move == CallCaucus((others[0],), ("form",))


def test_an_act_is_chosen_from_the_menu(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=hall(), party="ANN", seats=OTHERS)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("m")
        assert isinstance(at.app.screen, MenuScreen)
        assert "p pass " in " ".join(at.seen().split())
        at.app.screen.query_one(OptionList).highlighted = 1
        await at.press("enter")
        assert WORDS["pass"].title in at.seen()
        await at.press("ctrl+s")
        await at.until(lambda: at.screen.total > 0)

    at_table(live, act)
    first = next(one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, MoveMade))
    assert first.act == "pass"


def test_a_key_that_does_nothing_now_says_why(tmp_path: Path) -> None:
    live = session(tmp_path, scenario=hall(), party="ANN", seats=OTHERS)

    async def act(at: Seated) -> None:
        await at.asked()
        for key, told in (("a", "“accept” is not open to you now; open: offer, "), ("v", "review")):
            await at.press(key)
            assert any(told in note for note in at.screen.query_one(Dock).notes)
        await at.press("o")
        assert not at.screen.query_one(Dock).notes
        await at.press("escape")

    at_table(live, act)


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["small", "middle"])
def test_the_text_stands_in_brackets(tmp_path: Path, size: tuple[int, int]) -> None:
    live = session(tmp_path, scenario=hall(), party="ANN", seats=OTHERS)

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.until(lambda: at.screen.turn is None or at.screen.turn.view.turn > 0)
        await at.asked()
        await at.press("2")
        assert "[" in at.seen()
        assert "(ANN" in at.seen()

    at_table(live, act, size)
