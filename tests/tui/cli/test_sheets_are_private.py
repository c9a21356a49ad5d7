"""No way out of a transcript shows one seat's sheet, guesses and advice to another."""

import json
from pathlib import Path

import pytest

from tests.delegates.test_sheet_separation import secret_session, told_of
from tests.tui.cli.conftest import Cli


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session whose sheet, guesses and advice are full of canaries."""
    path = tmp_path_factory.mktemp("secret") / "secret.jsonl"
    secret_session(path, "firm", path.parent)
    assert told_of(path.read_text(encoding="utf-8"))
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "--plain", "--as", "COD"),
        ("replay", "--plain", "--as", "COD", "--prompts"),
        ("replay", "--plain", "--as", "COD", "--move", "5"),
        ("review", "--plain", "--as", "COD"),
        ("review", "--format", "md", "--as", "COD"),
        ("review", "--format", "html", "--as", "COD"),
        ("review", "--format", "json", "--as", "COD"),
        ("verify",),
        ("verify", "--json"),
    ],
    ids=" ".join,
)
def test_no_verb_tells_another_seat(cli: Cli, secret: Path, arguments: tuple[str, ...]) -> None:
    verb, *options = arguments
    shown = cli(verb, str(secret), *options)
    assert shown.code == 0, shown.err
    assert shown.out
    assert not told_of(shown.out + shown.err)


def test_a_finished_session_tells_nothing_of_it_to_other_tools(cli: Cli, secret: Path) -> None:
    shown = cli("resume", str(secret), "--json")
    assert json.loads(shown.out)["status"] == "agreement"
    assert not told_of(shown.out + shown.err)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_exported_tables_tell_nothing_of_it(
    cli: Cli, tmp_path: Path, secret: Path, form: str
) -> None:
    out = tmp_path / "tables"
    assert cli("convert", str(secret), f"{out}/", "--format", form).code == 0
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert not any(told_of(path.read_bytes().decode("utf-8", "replace")) for path in files)


def test_the_reviewed_seat_is_told_of_its_own_sheet(cli: Cli, secret: Path) -> None:
    assert told_of(cli("review", str(secret), "--plain", "--as", "USA").out)
