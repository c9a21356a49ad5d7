"""What README and docs show works as shown."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import typer
import typer.main

from delegates.minds.registry import SCRIPTED_MINDS
from tests.tui.cli.conftest import Cli, cli, home
from tui.cli.main import application

__all__ = ["cli", "home"]

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
PRINTED = re.compile(r"```python\n((?:(?!```).)*)```\n\n```text\n(.*?)```", re.DOTALL)
"""Code with what it prints below it."""
LINK = re.compile(r"\]\(([^)#]+)\)")
MODULE = re.compile(r"python -m\s+((?:tests|benchmarks|docs)[\w.]*)")
OF_THE_HOUSE = re.compile(r"\b(?:tests|benchmarks|delegates|games|transcripts|tui)/[\w/]+\.py\b")
FOR_ALL_TO_SEE = ("In short", "talks.jsonl")
"""Begin what a tutorial shows of a command that tests run; the rest takes a person or a model."""

AT_A_TERMINAL = ("play", "host", "serve")
"""Verbs that wait for somebody."""

PLAYED_BY_PERSONS = [
    "run",
    "first-table",
    "--model",
    "none",
    "--seed",
    "1",
    "--out",
    "class/monday-1.jsonl",
]
"""Leaves what a hosted table would have left."""


def blocks(page: Path, kind: str) -> list[str]:
    """Return the code of one language on a page."""
    return [code for named, code in BLOCK.findall(page.read_text("utf-8")) if named == kind]


def commands(page: Path) -> Iterator[list[str]]:
    """Yield what each line of a page has `minilateral` do, as the shell would give it."""
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.replace("…", "").split("&&"):
                words = shlex.split(part.partition(" > ")[0], comments=True)
                while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                    words = words[1:]
                if words[:1] == ["minilateral"]:
                    yield words[1:]


SHOWN = [(page, words) for page in PAGES for words in commands(page)]


def named(shown: object) -> str:
    """Return what a case is called."""
    return shown.stem if isinstance(shown, Path) else " ".join(cast("list[str]", shown))


@pytest.fixture
def own_minds() -> Iterator[None]:
    """Take out of the registry what a page put in."""
    before = dict(SCRIPTED_MINDS)
    yield
    SCRIPTED_MINDS.clear()
    SCRIPTED_MINDS.update(before)


@pytest.mark.parametrize("code", [code for page in PAGES for code in blocks(page, "python")])
@pytest.mark.usefixtures("own_minds")
def test_python_in_the_docs_runs_and_prints_what_is_shown(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = {code: text for page in PAGES for code, text in PRINTED.findall(page.read_text())}

    exec(compile(code, "docs", "exec"), {})

    printed = capsys.readouterr().out
    assert printed == shown.get(code, printed)


@pytest.mark.parametrize(("page", "words"), SHOWN, ids=named)
def test_every_command_that_is_shown_can_be_parsed(page: Path, words: list[str]) -> None:
    command = cast("Any", typer.main.get_command(application()))
    if not words:
        return  # the app by itself
    verb, *rest = words

    command.commands[verb].make_context(verb, rest)


@pytest.mark.parametrize("page", TUTORIALS, ids=named)
def test_a_tutorial_can_be_followed(page: Path, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    cli(*PLAYED_BY_PERSONS)
    for code in (*blocks(page, "yaml"), *blocks(page, "python")):
        (tmp_path / code.splitlines()[0].removeprefix("# ")).write_text(code, encoding="utf-8")

    shown = [cli(*words) for words in commands(page) if can_be_run(words)]

    assert {one.code for one in shown} == {0}
    printed = " ".join(" ".join(one.out for one in shown).split())
    told = [" ".join(text.split()) for text in blocks(page, "text")]
    assert [text for text in told if text.startswith(FOR_ALL_TO_SEE) and text not in printed] == []


def can_be_run(words: list[str]) -> bool:
    """Whether a command needs neither a person, a model nor what one of these has left."""
    asks_models = any("llm:" in word for word in words)
    return bool(words) and words[0] not in AT_A_TERMINAL and not asks_models


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_has_run_or_points_to_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    modules = {"/".join(one.split(".")) for one in MODULE.findall(text)}

    missing = [one for one in modules if not any(map(Path.exists, places(one)))]
    missing += [one for one in OF_THE_HOUSE.findall(text) if not (ROOT / one).exists()]

    assert missing == []


def places(module: str) -> list[Path]:
    """Return where a module of the house may lie."""
    return [ROOT / f"{module}.py", ROOT / module / "__main__.py"]


@pytest.mark.timeout(300)
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    build = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(tmp_path / "kept")]
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", *build, str(DOCS), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "site" / "tutorials" / "lead-a-class.html").is_file()


def test_readme_shows_both_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")

    assert "python -m pip install -e '.[local]' && minilateral run\n" in text
    assert "python -m pip install -e '.[dev]' && python tests/check.py\n" in text
