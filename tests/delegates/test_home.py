"""Where what nobody gave a place to is kept is said once."""

import ast
from pathlib import Path

import pytest

from delegates.home import evaluation_folder, session_file, session_folder
from tests.test_house import ROOT, SOURCES


def test_sessions_and_evaluations_lie_in_the_home_folder() -> None:
    home = Path("home")

    assert session_folder(home) == home / "transcripts"
    assert evaluation_folder(home) == home / "evaluations"


def test_what_a_writer_left_that_died_goes_when_the_next_session_is_begun(tmp_path: Path) -> None:
    folder = session_folder(tmp_path)
    folder.mkdir()
    for name in (".a.jsonl.0123abcd.new", "a.jsonl", "a.jsonl.torn", ".notes.new"):
        (folder / name).write_text("half a li")

    path = session_file(tmp_path, "b")

    assert path == folder / "b.jsonl"
    left = sorted(one.name for one in folder.iterdir())
    assert left == [".notes.new", "a.jsonl", "a.jsonl.torn"]


def test_beside_a_file_that_is_named_only_its_own_halves_go(tmp_path: Path) -> None:
    for name in (".a.jsonl.0123abcd.new", ".b.jsonl.0123abcd.new"):
        (tmp_path / name).write_text("half a li")
    out = tmp_path / "a.jsonl"

    assert session_file(tmp_path / "home", "s", out) == out
    assert [one.name for one in tmp_path.iterdir()] == [".b.jsonl.0123abcd.new"]


def test_a_file_that_can_have_no_such_name_is_left_for_its_writer_to_tell(tmp_path: Path) -> None:
    out = tmp_path / ("y" * 5000)

    assert session_file(tmp_path, "s", out) == out


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
