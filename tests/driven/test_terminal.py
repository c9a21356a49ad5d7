"""From install to debrief in a real terminal, as a newcomer would go, keys and all."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.driven.terminal import Terminal

pytestmark = [
    pytest.mark.driven,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here"),
]

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 10


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of an installation made from nothing."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, str(ROOT)], check=True)
    return environment / "bin" / "minilateral"


def at_home(installed: Path, home: Path, size: tuple[int, int]) -> Terminal:
    return Terminal([str(installed)], size, {"MINILATERAL_HOME": str(home)}, cwd=home)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=["small", "middle", "large"])
def test_a_newcomer_negotiates_and_reads_the_debrief(
    installed: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    with at_home(installed, tmp_path, size) as terminal:
        terminal.until("Welcome")
        terminal.press("Enter")
        terminal.until("Your brief")
        terminal.press("Enter")
        terminal.until("Your move, round 1 of 10")
        agree(terminal)
        terminal.until("v review")
        terminal.press("v")
        seen = terminal.until("Lessons")
        assert re.search(r"accuracy \d+ ± [\d.]+ %", seen)
        terminal.press("q")
        terminal.until("exit code 0")
    transcripts = list((tmp_path / "transcripts").glob("*.jsonl"))
    assert len(transcripts) == 1
    found = subprocess.run(
        [str(installed), "verify", str(transcripts[0])], capture_output=True, text=True, check=True
    )
    assert "sound, complete" in found.stdout


def test_a_newcomer_compares_strategies_and_reads_the_report(
    installed: Path, tmp_path: Path
) -> None:
    with at_home(installed, tmp_path, (80, 24)) as terminal:
        terminal.until("Welcome")
        terminal.press("End", "Up")
        terminal.press("Enter")
        terminal.until("125 in 1 repetition")
        terminal.press("Enter")
        terminal.until("Every session was played.", patience_s=180)
        terminal.press("Enter")
        terminal.until("firm leads", patience_s=60)
        terminal.press("e")
        terminal.until("report.html", patience_s=60)
        terminal.press("q")  # it closes what was told; the report stands below it
        terminal.until("1–7 part")
        terminal.press("q")
        terminal.until("exit code 0")
    assert (tmp_path / "evaluations" / "quick" / "report.html").is_file()


def agree(terminal: Terminal) -> None:
    """Offer what is best, then less on the price and the money, until something can be accepted."""
    for number in range(1, ROUNDS + 1):
        seen = terminal.until(f"Your move, round {number} of 10", "★ Agreement")
        if "★ Agreement" in seen:
            return
        if "a accept" in seen and "more than without agreement" in " ".join(seen.split()):
            terminal.press("a")
            terminal.until("Accept it (^S)")
        else:
            terminal.press("o")
            terminal.until("Make an offer")
            for row in ("price floor", "money"):
                del row
                terminal.press("Down", "Right")
        terminal.press("C-s")
    terminal.until("★ Agreement")
