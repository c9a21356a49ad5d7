"""What is read before the first word is said: no more than that word needs."""

import inspect
import subprocess
import sys

import pytest

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
    assert "tui.cli.transcripts" in read
    assert "tui.cli.sessions" not in read


@pytest.mark.parametrize("name", VERBS)
def test_the_help_tells_of_a_verb_what_the_verb_tells_of_itself(name: str) -> None:
    verb: Verb = VERBS[name]
    told = inspect.getdoc(verb.load())
    assert told is not None
    assert verb.line == " ".join(told.split("\n\n")[0].split())
