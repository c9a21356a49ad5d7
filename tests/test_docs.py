"""What README and docs show works as shown."""

import re
from pathlib import Path

import pytest
import typer.main

from tui.cli.main import application

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
VERB = re.compile(r"minilateral ([a-z]+)")
LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.mark.parametrize(
    "code", [code for page in PAGES for code in PYTHON.findall(page.read_text())]
)
def test_python_in_the_docs_runs(code: str) -> None:
    exec(compile(code, "docs", "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_named_in_a_page_exists(page: Path) -> None:
    verbs = typer.main.get_command(application()).commands  # pyright: ignore

    named = {verb for block in SHELL.findall(page.read_text()) for verb in VERB.findall(block)}

    assert named <= set(verbs)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_readme_shows_both_commands() -> None:
    text = (ROOT / "README.md").read_text()

    assert "python -m pip install -e '.[local]' && minilateral run\n" in text
    assert "python -m pip install -e '.[dev]' && python tests/check.py\n" in text
