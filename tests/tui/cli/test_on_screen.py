"""Sessions held on a screen from the command line: with a sheet at hand, or one filled in first."""

from pathlib import Path

import pytest

import tui.app
from delegates.person import HandOver
from games.errors import CapReached, MinilateralError, Paused
from games.preparation import Sheet
from tests.delegates.sessions import events_of, mini, settings_at
from transcripts.fold import fold
from transcripts.record import SessionRecord
from tui.app import Held, MinilateralApp
from tui.cli.on_screen import held
from tui.live import LiveSession, PersonAsked, SessionPlan
from tui.screens.preparation import PreparationScreen


@pytest.fixture
def plan(tmp_path: Path) -> SessionPlan:
    return SessionPlan(
        scenario=mini(rounds=2),
        settings=settings_at(home=tmp_path),
        party="USA",
        seats={"USA": "human", "COD": "firm"},
        seed=3,
        out=tmp_path / "s.jsonl",
    )


def nothing(_: Path) -> None:
    raise AssertionError("kept, though nothing was played")


def handing_over(live: LiveSession, see: str | None = None) -> Held:
    """Hold a session as a person would who hands over at once."""

    def post(message: object) -> None:
        if isinstance(message, PersonAsked):
            live.person.answer(HandOver())

    live.hold(post)
    assert live.ended is not None
    return Held(live.ended, live.path)


def test_a_sheet_at_hand_is_sealed_into_the_session_on_the_screen(
    plan: SessionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.app, "hold", handing_over)
    record = held(plan, "USA", nothing, sheet=Sheet(target=60))
    assert isinstance(record, SessionRecord)
    assert record.transcript is not None
    (sheet,) = fold(events_of(record.transcript)).sheets
    assert (sheet.party, sheet.sheet) == ("USA", Sheet(target=60))


def running(
    monkeypatch: pytest.MonkeyPatch, ended: MinilateralError | None, at: Path
) -> list[object]:
    """Let the app be quit at once, a session having ended so, and return what it opened with."""
    opened: list[object] = []

    def run(app: MinilateralApp) -> None:
        opened.append(app.get_default_screen())
        app.ended, app.ended_at = ended, at

    monkeypatch.setattr(MinilateralApp, "run", run)
    return opened


def test_a_sheet_to_be_filled_in_comes_first_on_the_screen(
    plan: SessionPlan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = running(monkeypatch, None, tmp_path)
    with pytest.raises(Paused, match="you left before the first move"):
        held(plan, "USA", nothing, prepare=True)
    (screen,) = opened
    assert isinstance(screen, PreparationScreen)


def test_where_a_session_is_kept_that_was_prepared_and_did_not_end_is_told(
    plan: SessionPlan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept: list[Path] = []
    running(monkeypatch, CapReached("enough"), tmp_path / "s.jsonl")
    with pytest.raises(CapReached):
        held(plan, "USA", kept.append, prepare=True)
    assert kept == [tmp_path / "s.jsonl"]
