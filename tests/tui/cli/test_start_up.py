"""What is read before the first word is said: no more than that word needs."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from tests.delegates.sessions import MINI
from tui.cli.verbs import VERBS, Verb

READ = """
import sys
from tui.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""


def modules_read(*arguments: str) -> set[str]:
    program = READ.format(arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_the_help_reads_no_verb_and_nothing_heavy() -> None:
    read = modules_read("--help")
    assert not {f"tui.cli.{verb.module}" for verb in VERBS.values()} & read
    heavy = {"numpy", "pydantic", "yaml", "asyncio", "textual", "openai", "langgraph", "polars"}
    assert not heavy & read
    assert not any(name.split(".")[0] in ("delegates", "transcripts") for name in read)


def test_the_help_of_a_verb_reads_that_verb_alone() -> None:
    read = modules_read("verify", "--help")
    assert "tui.cli.verify" in read
    assert "tui.cli.sessions" not in read


@pytest.mark.parametrize(
    ("seats", "read"),
    [
        (("USA=firm", "COD=firm"), set()),
        # Both time out at once: nobody comes.
        (("USA=http(limit=1)", "COD=firm"), {"aiohttp"}),
        (("USA=mcp(limit=1)", "COD=firm"), {"aiohttp", "mcp"}),
    ],
)
def test_what_serves_outside_agents_is_read_for_them_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seats: tuple[str, ...], read: set[str]
) -> None:
    monkeypatch.setenv("MINILATERAL_HOME", str(tmp_path / "home"))
    (tmp_path / "mini.yaml").write_text(MINI.replace("rounds: 12", "rounds: 1"))
    given = [text for seat in seats for text in ("--seat", seat)]
    found = modules_read("run", str(tmp_path / "mini.yaml"), "--model", "none", *given)
    assert {"aiohttp", "mcp"} & found == read


@pytest.mark.parametrize("name", VERBS)
def test_the_help_tells_of_a_verb_how_the_verb_begins_to_tell_of_itself(name: str) -> None:
    verb: Verb = VERBS[name]
    told = inspect.getdoc(verb.load())
    assert told is not None
    assert " ".join(told.split()).startswith(verb.line.removesuffix("."))
