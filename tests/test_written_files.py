"""What is written is for its user alone, and nothing is written where a planted link leads.

The rule is held over the source, so that a new export cannot forget it.
"""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.test_house import ROOT, SOURCES

WRITING = frozenset("wax+")

BARE = {
    ("transcripts/store.py", "r+b"): "a transcript that is carried on, where its user may link it",
    ("transcripts/rescue.py", "r+b"): "a damaged transcript, claimed as one that is carried on is",
    ("tui/cli/main.py", "os.open"): "the null device, once nobody reads any more",
    ("games/files/writing.py", "os.open"): "the opener itself",
}
"""What opens a file for writing by itself, and why it may."""

FOLDERS = {
    "games/files/folders.py": "what makes them",
    "transcripts/exports/files.py": "a folder that is named for tables: none above it is made",
    "delegates/evaluation/results/tables.py": "a folder for parts of a table, which must be new",
}
"""What makes folders by itself, and why it may."""


@cache
def _trees() -> dict[str, ast.Module]:
    """Return the source, by path."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES
    }


def _mode(call: ast.Call, place: int) -> str:
    given = [key.value for key in call.keywords if key.arg == "mode"] + call.args[place:][:1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else ""


def _bare_writes(tree: ast.Module) -> Iterator[str]:
    """Yield how files are opened for writing, other than privately."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        called = ast.unparse(call.func)
        if called == "os.open":
            yield called
        elif called.endswith((".write_text", ".write_bytes")):
            yield called.rpartition(".")[2]
        elif called == "open" or called.endswith(".open"):
            mode = _mode(call, 1 if called == "open" else 0)
            openers = [ast.unparse(key.value) for key in call.keywords if key.arg == "opener"]
            if set(mode) & WRITING and openers != ["privately"]:
                yield mode


def test_every_file_is_written_privately() -> None:
    found = {(path, how) for path, tree in _trees().items() for how in _bare_writes(tree)}

    assert found == set(BARE)


def test_new_files_are_created_in_one_way() -> None:
    found = {
        path
        for path, tree in _trees().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("open")
        and "x" in _mode(call, 1 if ast.unparse(call.func) == "open" else 0)
    }

    assert found == {"games/files/writing.py"}


def _makes_folders(tree: ast.Module) -> Iterator[int]:
    """Yield who may do what with each folder that is made."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("mkdir", "makedirs")):
            mode = _mode(call, 0)
            yield int(mode) if mode else 0o777


def test_every_folder_is_made_for_its_user_alone() -> None:
    found = {path: [*_makes_folders(tree)] for path, tree in _trees().items()}

    assert {path for path, modes in found.items() if modes} == set(FOLDERS)
    assert {mode for modes in found.values() for mode in modes} == {0o700}


@pytest.mark.parametrize(
    "source",
    [
        'path.open("wb")',
        'open(path, "a")',
        'open(path, mode="x")',
        'path.write_text("x")',
        "os.open(path, 5)",
        'open(path, "a", opener=somehow)',
    ],
)
def test_a_write_that_forgets_it_is_found(source: str) -> None:
    assert len(list(_bare_writes(ast.parse(source)))) == 1
