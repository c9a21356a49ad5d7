"""Outside agents on the command line: what is at fault gets one line and the right exit code."""

import re
from pathlib import Path

import pytest

from tests.tui.cli.conftest import Cli


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--port", "8765"), "--port 8765: no seat is an outside agent's; expected e.g. --seat"),
        (("--seat", "USA=http(limit=0)"), "limit='0'; expected a number from 1 to 86400"),
        (("--seat", "USA=http", "--port", "70000"), "--port 70000: expected 1 to 65535"),
        (("--seat", "USA=mcp", "--port", "70000"), "--port 70000: expected 1 to 65535"),
        (("--seat", "USA=mcp(hints=yes)"), "unknown parameter 'hints'; mcp takes limit, stand-in"),
        (
            ("--invitations", "x.jsonl"),
            "--invitations x.jsonl: no seat is an outside agent's; expected e.g. --seat ID=http",
        ),
        (
            ("--seat", "USA=mcp", "--invitations", "mini.yaml"),
            "--invitations mini.yaml: exists already; expected a new file",
        ),
        (
            ("--seat", "USA=mcp", "--invitations", "nowhere/x.jsonl"),
            "--invitations nowhere/x.jsonl: cannot be written: No such file or directory; ",
        ),
    ],
)
def test_what_is_at_fault_gets_one_line(cli: Cli, arguments: tuple[str, ...], problem: str) -> None:
    shown = cli("run", "mini.yaml", "--model", "none", *arguments)
    assert shown.code == 1
    assert problem in shown.line


def test_a_dry_run_says_what_the_seat_is(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    shown = cli("run", "mini.yaml", "--seat", "USA=http:m", "--dry-run")
    assert shown.code == 0
    assert "asked only for what an outside agent leaves to it" in " ".join(shown.out.split())


def test_a_file_that_was_there_before_is_left_alone(cli: Cli) -> None:
    before = Path("mini.yaml").read_text()
    cli("run", "mini.yaml", "--model", "none", "--seat", "USA=http", "--invitations", "mini.yaml")
    assert Path("mini.yaml").read_text() == before


def test_no_file_stays_behind_where_a_session_does_not_begin(cli: Cli) -> None:
    given = ("--seat", "USA=http", "--invitations", "new.jsonl", "--out", "mini.yaml")
    shown = cli("run", "mini.yaml", "--model", "none", *given)
    assert (shown.code, "exists already" in shown.line) == (1, True)
    assert not Path("new.jsonl").exists()


@pytest.mark.parametrize("seat", ["http", "mcp"])
def test_a_plan_with_an_outside_agent_gets_one_line(cli: Cli, seat: str) -> None:
    Path("plan.yaml").write_text(
        "minilateral-plan: 1\nid: p\ntitle: t\nscenarios: [mini.yaml]\n"
        f"strategies: {{a: {seat}, b: firm}}\n"
    )
    shown = cli("evaluate", "plan.yaml")
    assert shown.code == 1
    assert re.search(rf"seat '{seat}': nobody sits at a batch; expected a strategy", shown.line)
