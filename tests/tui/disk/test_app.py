"""The app killed at any change of a file while a person plays: what it showed is kept."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.delegates.killing.nursery import ROOT
from tests.support.disk import NONE, Fault, Plan, is_here, library
from tests.tui.disk.test_disk import tell
from transcripts import verify
from transcripts.events import Decided, MoveMade
from transcripts.store import Transcript, TranscriptFile


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not is_here():
        pytest.skip("needs a C compiler and /proc")
    return library(tmp_path_factory.mktemp("library"))


def played(disk: Path, folder: Path, fault: Fault) -> tuple[int, list[int], int]:
    """Return how the app ended, how many moves it showed, and how many changes of files it made."""
    folder.mkdir()
    plan = Plan(folder.with_name(f"{folder.name}-plan"))
    plan.write(folder, fault)
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.disk.seated", str(folder)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LD_PRELOAD": str(disk),
            "DISK_PLAN": str(plan.path),
            "MINILATERAL_HOME": str(folder / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    shown = [int(line.rpartition(" ")[2]) for line in done.stdout.splitlines() if "shown" in line]
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, shown, plan.count


def require_kept(folder: Path, shown: list[int]) -> None:
    """Check that what was shown is kept, and that the session can be carried on."""
    path = folder / "session.jsonl"
    if not path.exists():
        assert shown == []
        return
    found = verify(path)
    assert found.sound == found.events > 0
    TranscriptFile.reopen(path)[0].close()
    assert verify(path).ok
    events = [*Transcript(path).events()]
    moves = sum(isinstance(event, MoveMade) for event in events)
    assert moves >= max(shown, default=0)
    assert sum(isinstance(event, Decided) for event in events) >= (max(shown, default=0) > 0)


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_the_app_killed_at_every_change_of_a_file(
    disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown, changes = played(disk, tmp_path / "whole", NONE)
    assert (code, shown) == (0, [0, 2])
    met = 0
    for at in range(1, changes + 1):
        folder = tmp_path / f"{at}"
        code, shown, _ = played(disk, folder, Fault(at, by_half=at % 2 == 0))
        met += code < 0
        require_kept(folder, shown)
    tell(capsys, f"the app: killed at {met} changes of files")
    assert met > 5
