"""Outside agents on the command line: what is at fault gets one line and the right exit code."""

import pytest

from tests.tui.cli.conftest import Cli


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--port", "8765"), "--port 8765: no seat is an outside agent's; expected e.g. --seat"),
        (("--seat", "USA=http(limit=0)"), "limit='0'; expected a number from 1 to 86400"),
        (("--seat", "USA=http", "--port", "70000"), "--port 70000: expected 1 to 65535"),
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
