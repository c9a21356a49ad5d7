"""What hangs on judgements is a command, with JSON that tells the same."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from delegates.trials.robustness import survey
from games.scenario import load_scenario
from tests.tui.cli.conftest import Cli
from tui.text.sensitivity import finding_words, survey_text

ROOT = Path(__file__).resolve().parents[3]


def test_the_command_says_what_a_survey_finds(cli: Cli) -> None:
    shown = cli("analyze", "mini.yaml", "--sensitivity", "4", "--workers", "1")

    found = survey(load_scenario("mini.yaml"), 4, workers=1)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == f"{survey_text(found)}\n"
    assert all(one.about in " ".join(shown.out.split()) for one in found.findings)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("--sensitivity 2 --power USA=2", "--power is not for --sensitivity alone"),
        ("--sensitivity 2 --sample 3", "--sample is not for --sensitivity alone"),
        ("--sensitivity 2 --basins", "--basins is not for --sensitivity alone"),
        ("--format md --basins", "--basins is not for reports"),
        ("--spread 0.2", "--spread is for --sensitivity"),
        ("--workers 2", "--workers is for --sensitivity"),
    ],
)
def test_an_option_that_would_not_be_heeded_is_refused(cli: Cli, given: str, told: str) -> None:
    shown = cli("analyze", "mini.yaml", *given.split())
    assert (shown.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert told in shown.err


def test_json_tells_the_same_and_nothing_else(cli: Cli) -> None:
    arguments = ("--sensitivity", "4", "--spread", "0.2", "--seed", "9", "--workers", "1")

    shown = cli("analyze", "mini.yaml", *arguments, "--json")

    told = json.loads(shown.out)
    found = survey(load_scenario("mini.yaml"), 4, spread=0.2, seed=9, workers=1)
    assert told == json.loads(json.dumps(found.as_json()))
    assert (told["spread"], told["seed"], told["draws"], told["kept_from"]) == (0.2, 9, 4, 0.9)


def test_a_report_holds_it_where_it_is_asked_for(cli: Cli) -> None:
    arguments = ("--format", "md", "--sensitivity", "3", "--workers", "1")

    shown = cli("analyze", "mini.yaml", *arguments)

    assert "## What hangs on judgements" in shown.out
    assert "a finding?" in shown.out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--sensitivity", "0"], "--sensitivity: expected 1 to 100,000 draws, found 0"),
        (["--sensitivity", "3", "--spread", "1"], "--spread: expected a number above 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_in_one_line(cli: Cli, arguments, line) -> None:
    shown = cli("analyze", "mini.yaml", *arguments)

    assert (shown.code, shown.out) == (1, "")
    assert line in shown.line


def test_words_say_on_what_a_finding_hangs() -> None:
    found = survey(load_scenario("first-table"), 40, workers=1)

    words = {one.about: finding_words(one) for one in found.findings}

    for one in found.findings:
        assert ("hangs on" in words[one.about]) == (not one.survives)
        if one.hangs_on not in (None, "seats"):
            assert f"hangs on {one.hangs_on} (" in words[one.about]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_progress_is_told_on_a_terminal_and_ctrl_c_exits_130(tmp_path: Path, workers: str) -> None:
    leader, follower = pty.openpty()
    command = "from tui.cli import main; main()"
    arguments = ["analyze", "first-table", "--sensitivity", "20000", "--workers", workers]
    process = subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        stdout=subprocess.PIPE,
        stderr=follower,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(follower)
    told = b""
    while b"%)" not in told:
        told += os.read(leader, 1000)

    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 130
    assert b"drawn " in told
    assert process.stdout is not None
    assert process.stdout.read() == b""
    process.stdout.close()
    told += os.read(leader, 4000)
    os.close(leader)
    assert b"interrupted" in told
    assert b"Traceback" not in told
