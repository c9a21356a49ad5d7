"""Line by line, for screen readers and pipes: no escape, whatever a transcript holds."""

import re
from pathlib import Path

import pytest

from tests.tui.cli.conftest import Cli
from tests.tui.recordings import TALKS, moved, pair, recorded

SCRIPTED = ("--seat", "USA=boulware", "--seat", "COD=linear")
ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202egnirts\x9b1m [bold]markup[/] \x00"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Write a session whose words would act on a terminal."""
    of = pair()
    moves = [moved(of, 0, 2, words=HOSTILE), moved(of, 1, words=f"{HOSTILE} agreed")]
    return recorded(tmp_path / "hostile.jsonl", of, moves)


@pytest.mark.parametrize("plain", [("--plain",), ()], ids=["asked for", "through a pipe"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "mini.yaml", *SCRIPTED, "--seed", "1"),
        ("replay", str(TALKS)),
        ("review", str(TALKS)),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_but_words_and_line_ends_is_written(
    cli: Cli, arguments: tuple[str, ...], plain: tuple[str, ...]
) -> None:
    shown = cli(*arguments, *plain)
    assert shown.code == 0
    assert len(shown.out.splitlines()) > 10
    assert not ESCAPES.search(shown.out + shown.err)


@pytest.mark.parametrize("verb", ["replay", "review"])
def test_what_a_hostile_transcript_says_is_written_as_words(
    cli: Cli, hostile: Path, verb: str
) -> None:
    shown = cli(verb, str(hostile), "--plain")
    assert shown.code == 0
    assert not ESCAPES.search(shown.out + shown.err)


def test_a_table_is_played_line_by_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    monkeypatch.setattr("sys.stdin", StringIO("help\noffer\nquit\n"))
    shown = cli("play", "mini.yaml", "--as", "USA", "--seat", "COD=linear", "--plain")
    assert len(shown.out.splitlines()) > 10
    assert not ESCAPES.search(shown.out + shown.err)
