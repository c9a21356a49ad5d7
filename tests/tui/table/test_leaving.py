"""Leaving the table, taking back, carrying on, running out of time: nothing is lost."""

import asyncio
from pathlib import Path

import pytest

from delegates.persons.person import Turn
from games.errors import CapReached, Paused, ProviderError
from tests.delegates.sessions import events_of
from tests.tui.table.driving import MIDDLE, SMALL, Seated, at_table, session
from transcripts import verify
from transcripts.events import MoveMade
from tui.live import SessionStopped, TurnOver
from tui.screens.home import HomeScreen
from tui.screens.table import TableScreen
from tui.widgets.sure import SureScreen


def test_escape_asks_and_keeps_the_session(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"

    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        await at.press("escape")
        assert isinstance(at.app.screen, SureScreen)
        await at.press("n")
        assert at.screen.phase == "asked"
        await at.press("escape", "y")
        await at.until(lambda: not isinstance(at.app.screen, TableScreen))

    at_table(session(tmp_path), act)
    found = verify(path)
    assert found.ok
    assert not found.complete


def test_quitting_asks_and_then_the_app_ends(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("q")
        assert isinstance(at.app.screen, SureScreen)
        await at.click("Stay (n)")
        assert at.screen.phase == "asked"
        await at.press("ctrl+q", "y")
        await at.until(lambda: at.screen.phase == "stopped")
        assert isinstance(at.app.ended, Paused)
        assert at.app.ended_at == tmp_path / "session.jsonl"

    at_table(session(tmp_path), act)


def test_ctrl_c_asks_as_q_does(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("ctrl+c")
        assert isinstance(at.app.screen, SureScreen)
        await at.press("ctrl+c", "n")
        assert at.screen.phase == "asked"
        await at.press("ctrl+c", "y")
        await at.until(lambda: at.screen.phase == "stopped")

    at_table(session(tmp_path), act)


def test_going_home_from_the_palette_asks_too(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.app.run_action("home")
        await at.press("n")
        assert at.screen.phase == "asked"
        await at.app.run_action("home")
        await at.press("y")
        await at.until(lambda: isinstance(at.app.screen, HomeScreen))
        assert at.app.ended_at == tmp_path / "session.jsonl"

    at_table(session(tmp_path), act)


def test_taking_back_is_a_branch_and_never_a_rewrite(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    opened: list[Path] = []

    async def act(at: Seated) -> None:
        await at.asked()
        first = at.screen
        await at.press("u")
        assert "You have not moved yet." in at.seen()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        await at.press("o", "left", "ctrl+s")
        await at.asked(4)
        await at.press("u")
        assert "before your move 3" in at.seen()
        await at.press("y")
        await at.until(lambda: at.screen is not first)
        await at.asked(2)
        opened.append(at.screen.live.path)
        assert "branched off" in at.seen()
        assert "This is a branch" in at.seen()
        assert not list(at.app._notifications)

    at_table(session(tmp_path), act, (160, 40))
    assert [type(one) for one in events_of(path)].count(MoveMade) == 4
    assert [type(one) for one in events_of(opened[0])].count(MoveMade) == 2
    assert verify(opened[0]).ok


def test_a_stopped_session_says_why_and_is_carried_on(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o", "ctrl+s")
        await at.asked(2)
        at.screen.live.leave()
        await at.until(lambda: at.screen.phase == "stopped")
        assert "Left for now: you left the table for now" in at.seen()
        assert "c carries on from here" in at.seen()
        stopped = at.screen
        await at.press("c")
        await at.until(lambda: at.screen is not stopped)
        await at.asked(2)
        assert "the person is back" not in at.seen()

    at_table(session(tmp_path), act)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ProviderError("models.example: HTTP 503"), "A model could not be reached: models.example"),
        (CapReached("--max-cost 1 USD is spent"), "A cap was reached: --max-cost 1 USD"),
    ],
)
def test_why_it_stopped_is_told_in_a_line(tmp_path: Path, error: Exception, told: str) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        at.screen.post_message(SessionStopped(error))  # type: ignore[arg-type]
        await at.until(lambda: at.screen.phase == "stopped")
        assert at.app.screen is at.screen
        assert told in at.seen()

    at_table(session(tmp_path), act)


def test_when_time_runs_out_the_form_closes_and_what_was_written_stays(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        left = [12.0]
        turn = at.turn
        object.__setattr__(turn, "left_s", lambda: left[0])
        at.screen.tick()
        await at.pilot.pause()
        assert "0:12 left" in at.seen()
        await at.press("o", "tab", "tab", "tab")
        await at.write("too slow")
        left[0] = 0.0
        at.screen.post_message(TurnOver())
        await at.until(lambda: at.screen.turn is None)
        assert at.app.screen is at.screen
        assert "Time is up: your stand-in moves. What you wrote is kept." in at.seen()
        assert at.screen.draft.words == "too slow"

    at_table(session(tmp_path), act)


def test_a_slow_person_is_stood_in_for(tmp_path: Path) -> None:
    live = session(tmp_path, seats={"COD": "conceder", "USA": "human(limit=1,stand-in=boulware)"})

    async def act(at: Seated) -> None:
        await at.asked()
        await at.until(lambda: at.screen.total >= 2)

    at_table(live, act)
    first = next(one for one in events_of(tmp_path / "session.jsonl") if isinstance(one, MoveMade))
    assert "time ran out after 1 s" in first.decided_by


def test_an_answer_given_too_late_is_told_and_kept(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        at.screen.draft.words = "kept"
        at.screen._leave_turn()
        at.screen.action_advice()
        await at.pilot.pause()
        assert "You are not asked any more; what you wrote is kept." in at.seen()
        assert at.screen.draft.words == "kept"

    at_table(session(tmp_path), act)


def test_the_screen_is_resized_while_a_form_is_open(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("o")
        for size in (SMALL, (200, 60), MIDDLE):
            await at.pilot.resize_terminal(*size)
            await at.pilot.pause()
            assert "Make an offer" in at.seen()
        await at.press("ctrl+s")
        await at.asked(2)

    at_table(session(tmp_path), act)


def test_moves_that_come_while_papers_are_open_leave_them_open(tmp_path: Path) -> None:
    async def act(at: Seated) -> None:
        await at.asked()
        await at.press("b")
        open_papers = at.app.screen
        at.screen.live.person.answer(_offer(at.turn), at.turn)
        await at.asked(2)
        assert at.app.screen is open_papers
        await at.press("escape")
        assert "Your move, round 2" in at.seen()

    at_table(session(tmp_path), act)


def _offer(turn: Turn):
    from delegates.persons.person import PersonMove
    from games.session import Offer

    return PersonMove(Offer(int(turn.view.own.ranking[0][-1])))


def test_who_closes_the_app_has_left_the_table(tmp_path: Path) -> None:
    live = session(tmp_path)

    async def main() -> None:
        from tests.tui.table.driving import seated

        async with seated(live) as at:
            await at.asked()

    asyncio.run(main())
    assert isinstance(live.ended, Paused)
    assert verify(tmp_path / "session.jsonl").ok
