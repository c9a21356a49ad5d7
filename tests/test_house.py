"""Conventions of the house that no tool checks."""

import ast
from pathlib import Path

import pytest

import games

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("games", "transcripts", "delegates", "tui")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_can_be_held_in_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    long = [node.name for node in functions(ast.parse(text)) if body_lines(node) > LONGEST_FUNCTION]

    assert text.count("\n") <= LONGEST_FILE
    assert long == []


@pytest.mark.parametrize("package", ["transcripts", "delegates"])
def test_init_names_the_public_api_and_nothing_else(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))

    kinds = {type(node) for node in tree.body}

    assert kinds <= {ast.Expr, ast.ImportFrom, ast.Assign}


@pytest.mark.parametrize("package", ["games", "transcripts", "delegates"])
def test_everything_exported_is_documented(package: str) -> None:
    module = __import__(package)

    undocumented = [name for name in module.__all__ if not getattr(module, name).__doc__]

    assert [name for name in undocumented if name != "Move"] == []


def test_games_names_its_public_api_without_loading_it() -> None:
    tree = ast.parse((ROOT / "games" / "__init__.py").read_text(encoding="utf-8"))

    typed = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert set(games.__all__) == typed - {"import_module", "TYPE_CHECKING"}
    assert all(hasattr(games, name) for name in games.__all__)


def test_scenarios_are_packaged_with_the_games() -> None:
    assert list((ROOT / "games" / "scenarios").glob("*.yaml"))
