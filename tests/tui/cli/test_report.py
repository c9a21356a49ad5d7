"""A report is written to a new file or said, and options that make no sense are refused."""

from pathlib import Path

import pytest

from tests.tui.cli.conftest import Cli


@pytest.mark.parametrize(
    ("form", "begins"), [("md", "# A small game\n"), ("html", "<!DOCTYPE html>\n")]
)
def test_a_report_is_said_or_written(cli: Cli, tmp_path: Path, form: str, begins: str) -> None:
    said = cli("analyze", "mini.yaml", "--format", form)
    shown = cli("analyze", "mini.yaml", "--format", form, "--out", "out.txt")

    assert (said.code, shown.code, said.err, shown.err) == (0, 0, "", "")
    assert said.out.startswith(begins)
    assert shown.out == "out.txt: Debrief edition\n"
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == said.out


@pytest.mark.parametrize(
    ("option", "edition"),
    [("--with-private", "Facilitator's edition"), ("--public-only", "Participants' edition")],
)
def test_the_edition_is_chosen_and_told(cli: Cli, option: str, edition: str) -> None:
    shown = cli("analyze", "mini.yaml", "--format", "md", option)

    assert f"**{edition}." in shown.out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--json", "--format", "md"], "--json and --format"),
        (["--with-private"], "are for reports"),
        (["--out", "x.md"], "are for reports"),
        (["--format", "md", "--with-private", "--public-only"], "expected one of them"),
        (["--format", "pdf"], "pdf"),
    ],
)
def test_options_that_do_not_go_together_are_refused(cli: Cli, arguments, line) -> None:
    shown = cli("analyze", "mini.yaml", *arguments)

    assert (shown.code, shown.out) == (2, "")
    assert line in shown.line


@pytest.mark.parametrize(
    ("out", "line"),
    [
        ("mini.yaml", "mini.yaml: exists already"),
        ("no/such.md", "no/such.md: its folder does not exist"),
        (".", ".: is a folder"),
    ],
)
def test_nothing_is_overwritten(cli: Cli, out: str, line: str) -> None:
    shown = cli("analyze", "mini.yaml", "--format", "md", "--out", out)

    assert (shown.code, shown.out) == (1, "")
    assert line in shown.line
