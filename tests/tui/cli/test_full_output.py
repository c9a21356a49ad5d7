"""Output that its reader or its disk does not take: said in a line, and the session is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from games.errors import SettingError
from tests.tui.cli.conftest import Cli
from transcripts import verify
from tui.cli.own_file import append_own, create_own

FULL = Path("/dev/full")

SEATS = ("--seat=USA=boulware", "--seat=COD=linear", "--seed=1")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Return how a command ends whose output goes to a full disk."""
    with FULL.open("w") as full:
        return subprocess.run(
            [sys.executable, "-c", "from tui.cli import main; main()", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


def test_a_session_whose_output_is_full_is_kept_and_carried_on(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "t.jsonl"
    done = told("run", "mini.yaml", *SEATS, "--plain", f"--out={out}")
    assert done.returncode == 1
    line = "minilateral: stdout: cannot be written: No space left on device"
    assert done.stderr.splitlines() == [line]
    if out.exists():
        assert verify(out).ok
        assert cli("resume", str(out), "--json").code == 0
        assert verify(out).complete


def test_a_file_of_keys_that_cannot_be_written_whole_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "links"
    create_own(path, "--links")
    monkeypatch.setattr("tui.cli.own_file.privately", lambda _, flags: os.open(FULL, flags))

    with pytest.raises(SettingError) as caught:
        append_own(path, "--links", "table\tseat\n")
    assert str(caught.value) == f"--links {path}: cannot be written: {os.strerror(28)}"
    assert not path.exists()
