"""Run, play and resume on a terminal: the screen holds the session, then its result is printed."""

import os
import sys
from pathlib import Path

import pytest

import tui.app
from delegates import negotiate, resume
from delegates.models import local
from games.errors import CapReached, MinilateralError, Paused, ProviderError
from tests.delegates.sessions import MINI, mini
from tests.tui.cli.conftest import Cli
from transcripts.record import SessionRecord
from tui.app import Held
from tui.cli import on_screen, sessions
from tui.cli.on_screen import has_screen
from tui.live import LiveSession
from tui.session_plan import SessionPlan


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both ends be terminals that can do more than lines."""
    monkeypatch.setenv("TERM", "xterm-256color")
    # What output is caught in changes between set-up and test, so it is not asked itself.
    monkeypatch.setattr(on_screen, "is_plain", lambda *, plain: plain)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)


class Shown:
    """What was to be shown, and how it ends."""

    def __init__(self, ends: MinilateralError | None = None) -> None:
        self.ends = ends
        self.lives: list[LiveSession] = []
        self.sees: list[str | None] = []

    def __call__(self, live: LiveSession, see: str | None = None) -> Held:
        self.lives.append(live)
        self.sees.append(see)
        if self.ends is not None:
            live.path.write_text("")
            return Held(self.ends, live.path)
        seats = {"USA": "linear", "COD": "conceder"}
        return Held(negotiate(mini(), seats, seed=1, transcript=live.path), live.path)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    found = Shown()
    monkeypatch.setattr(tui.app, "hold", found)
    return found


@pytest.mark.usefixtures("terminal")
def test_play_opens_the_table_and_prints_the_result(cli: Cli, shown: Shown) -> None:
    told = cli("play", "mini.yaml", "--as", "USA", "--seed", "3", "--out", "t.jsonl")
    assert (told.code, told.err) == (0, "")
    assert [live.party for live in shown.lives] == ["USA"]
    assert "AGREEMENT" in told.out
    assert "Replay it:  minilateral replay t.jsonl" in told.out


@pytest.mark.usefixtures("terminal")
def test_run_opens_the_table_for_watching(cli: Cli, shown: Shown) -> None:
    told = cli("run", "mini.yaml", "--as", "COD", "--seat", "USA=linear", "--seat", "COD=linear")
    assert told.code == 0
    assert [live.party for live in shown.lives] == [None]
    assert shown.sees == ["COD"]
    assert "To DR Congo:" in told.out


@pytest.mark.usefixtures("terminal")
def test_a_seat_that_the_scenario_gives_a_person_is_theirs_as_it_says(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.yaml").write_text(f"{MINI}\nseats: {{USA: 'human(limit=60,hints=yes)'}}\n")
    plans: list[SessionPlan] = []

    def held(plan: SessionPlan, *_: object, **__: object) -> SessionRecord:
        plans.append(plan)
        return negotiate(mini(), {"USA": "linear", "COD": "conceder"}, seed=1)

    monkeypatch.setattr(sessions, "held", held)
    assert cli("run", "own.yaml").code == 0
    own = plans[0].specs()["USA"]
    assert (plans[0].party, own.limit_s, own.may_ask_advice) == ("USA", 60, True)


@pytest.mark.parametrize(
    "more", [("--plain",), ("--json",), ("-v",)], ids=["plain", "json", "verbose"]
)
@pytest.mark.usefixtures("terminal")
def test_who_wants_lines_gets_lines(cli: Cli, shown: Shown, more: tuple[str, ...]) -> None:
    told = cli("run", "mini.yaml", "--seat", "USA=linear", "--seat", "COD=linear", *more)
    assert told.code == 0
    assert shown.lives == []


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Paused("you left the table for now"), 130),
        (ProviderError("models.example: HTTP 503"), 3),
        (CapReached("--max-cost 1 USD is spent"), 4),
    ],
)
def test_what_stops_a_session_is_told_as_in_lines(
    cli: Cli, shown: Shown, tmp_path: Path, error: MinilateralError, code: int
) -> None:
    shown.ends = error
    kept = tmp_path / "t.jsonl"
    told = cli("play", "mini.yaml", "--as", "USA", "--out", str(kept))
    assert told.code == code
    assert f"carry on with: minilateral resume {kept}" in told.err
    assert str(error) in told.err


@pytest.mark.usefixtures("terminal")
def test_a_transcript_is_never_overwritten(cli: Cli, shown: Shown, tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("x")
    told = cli("play", "mini.yaml", "--as", "USA", "--out", "t.jsonl")
    assert told.code == 1
    assert "never overwritten" in told.line
    assert shown.lives == []


@pytest.mark.usefixtures("terminal")
def test_a_finished_session_is_printed_and_not_shown(
    cli: Cli, shown: Shown, tmp_path: Path
) -> None:
    path = tmp_path / "t.jsonl"
    negotiate(mini(), {"USA": "linear", "COD": "conceder"}, seed=1, transcript=path)
    told = cli("resume", str(path))
    assert (told.code, shown.lives) == (0, [])
    assert "AGREEMENT" in told.out
    assert resume(path).status == "agreement"


@pytest.mark.usefixtures("shown")
def test_a_pipe_on_either_end_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for out, into, shown in ((True, True, True), (True, False, False), (False, True, False)):
        monkeypatch.setattr(sys.stdout, "isatty", lambda out=out: out)
        monkeypatch.setattr(sys.stdin, "isatty", lambda into=into: into)
        assert has_screen(plain=False, as_json=False, verbose=False) is shown
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert not has_screen(plain=False, as_json=False, verbose=False)


def test_an_engine_that_may_still_compute_is_not_unloaded(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []

    def leave(code: int) -> None:
        left.append(code)
        raise SystemExit(code)

    monkeypatch.setattr(local, "runs_here", lambda: True)
    monkeypatch.setattr(os, "_exit", leave)
    assert cli("verify", "missing.jsonl").code == 1
    assert left == [1]
