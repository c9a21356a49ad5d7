"""Where what nobody gave a place to is kept is said once."""

import ast
from pathlib import Path

import pytest

from delegates.home import evaluation_folder, session_folder
from tests.test_house import ROOT, SOURCES


def test_sessions_and_evaluations_lie_in_the_home_folder() -> None:
    home = Path("home")

    assert session_folder(home) == home / "transcripts"
    assert evaluation_folder(home) == home / "evaluations"


@pytest.mark.parametrize("name", ["transcripts", "evaluations"])
def test_the_name_of_a_folder_of_the_home_folder_is_spelt_once(name: str) -> None:
    spelt = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if (source := path.read_text(encoding="utf-8")).find(f'"{name}"') >= 0
        for part in ast.walk(ast.parse(source))
        if isinstance(part, ast.BinOp)
        and isinstance(part.right, ast.Constant)
        and part.right.value == name
    ]

    # An evaluation's folder has transcripts of its own.
    own = ["delegates/evaluation/playing/folder.py"] if name == "transcripts" else []
    assert sorted(spelt) == sorted(["delegates/home.py", *own])
