"""`minilateral` alone: the app on a terminal, help elsewhere."""

import sys

import pytest

import tui.app
from games.errors import SettingError
from tests.tui.cli.conftest import Cli


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened, in place of the app."""
    calls: list[str] = []
    monkeypatch.setattr(tui.app, "open_app", lambda: calls.append("app"))
    return calls


def at_terminal(monkeypatch: pytest.MonkeyPatch, *, stdin: bool, stdout: bool) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: stdin)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: stdout)


def test_without_arguments_the_app_opens_on_a_terminal(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    at_terminal(monkeypatch, stdin=True, stdout=True)

    shown = cli()

    assert opened == ["app"]
    assert (shown.code, shown.out, shown.err) == (0, "", "")


@pytest.mark.parametrize(("stdin", "stdout"), [(True, False), (False, True), (False, False)])
def test_without_arguments_and_off_a_terminal_help_is_shown(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, opened: list[str], stdin: bool, stdout: bool
) -> None:
    at_terminal(monkeypatch, stdin=stdin, stdout=stdout)

    shown = cli()

    assert opened == []
    assert shown.code == 0
    assert "Usage: minilateral" in shown.out


def test_a_verb_is_obeyed_on_a_terminal_as_well(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    at_terminal(monkeypatch, stdin=True, stdout=True)

    shown = cli("scenarios")

    assert opened == []
    assert "first-table" in shown.out


def test_a_setting_that_cannot_be_used_is_told_in_a_line(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_terminal(monkeypatch, stdin=True, stdout=True)

    def refused() -> None:
        raise SettingError("OPENAI_BASE_URL 'x': expected an address")

    monkeypatch.setattr(tui.app, "open_app", refused)

    shown = cli()

    assert shown.code == 1
    assert shown.line == "minilateral: OPENAI_BASE_URL 'x': expected an address"
