"""A folder that is made is for its user alone, and so is every one above it that was missing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from games.files.folders import make_folder


@pytest.fixture(autouse=True)
def usual_rights() -> Iterator[None]:
    """What others may do with a new file or folder where nobody says otherwise: read it."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    """Return who may do what with a folder."""
    return path.stat().st_mode & 0o777


def test_what_is_missing_above_a_folder_is_for_this_user_alone_too(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)

    make_folder(there / "a" / "b" / "c")

    made = [there / "a", there / "a" / "b", there / "a" / "b" / "c"]
    assert [*map(rights, made)] == [0o700] * 3
    assert rights(there) == 0o755


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")

    make_folder(tmp_path / "a")
    make_folder(tmp_path / "link" / "b")

    assert (rights(tmp_path / "a"), rights(tmp_path / "a" / "b")) == (0o755, 0o700)


def test_a_folder_given_from_here_is_made_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    make_folder(Path("a/b"))
    make_folder(Path())

    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("below", ["", "b", "b/c"])
def test_what_cannot_be_made_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    for name in ("file", "link"):
        with pytest.raises((FileExistsError, NotADirectoryError)):
            make_folder(tmp_path / name / below)
