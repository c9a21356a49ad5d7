"""New files appear whole, or not at all, and never in the place of others."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from games.errors import UserError
from games.files.writing import (
    clear_drafts,
    create,
    drafts_of,
    privately,
    put_in_place,
    write_new,
)


def test_files_are_written_as_they_are_given(tmp_path: Path) -> None:
    write_new({tmp_path / "a.xml": "one\n", tmp_path / "b.xml": "zwei ü\n"})

    assert (tmp_path / "a.xml").read_bytes() == b"one\n"
    assert (tmp_path / "b.xml").read_bytes() == "zwei ü\n".encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xml", "b.xml"]


def test_an_existing_file_is_left_alone_and_nothing_else_is_written(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text("mine")

    with pytest.raises(UserError, match=r"b\.xml: exists already; expected the name of a new file"):
        write_new({tmp_path / "a.xml": "one", tmp_path / "b.xml": "two"})

    assert [path.name for path in tmp_path.iterdir()] == ["b.xml"]
    assert (tmp_path / "b.xml").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_a_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "a.xml").symlink_to(tmp_path / "nowhere")

    with pytest.raises(UserError, match="exists already"):
        write_new({tmp_path / "a.xml": "one"})


def test_a_file_that_appears_meanwhile_is_left_alone_and_the_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Path, Path], None] = os.link
    late = tmp_path / "b.xml"

    def link(name: Path, path: Path) -> None:
        late.write_text("theirs")
        real(name, path)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(UserError, match=r"b\.xml: exists already"):
        write_new({tmp_path / "a.xml": "one", late: "two"})

    assert [path.name for path in tmp_path.iterdir()] == ["b.xml"]
    assert late.read_text() == "theirs"


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_where_there_are_no_links_files_are_moved_and_replace_none_that_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    late = tmp_path / "b.xml"

    def link(_: Path, path: Path) -> None:
        if path == late:
            late.write_text("theirs")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", link)
    write_new({tmp_path / "a.xml": "one"})
    with pytest.raises(UserError, match=r"b\.xml: exists already"):
        write_new({late: "two"})

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a.xml": "one",
        "b.xml": "theirs",
    }


def test_who_cannot_create_a_file_is_told_which_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FileNotFoundError) as missing:
        create({tmp_path / "a": "one", tmp_path / "none" / "b": "two"})
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        create({tmp_path / "c": "one"}, durable=True)

    assert missing.value.filename == str(tmp_path / "none" / "b")
    assert caught.value.filename == str(tmp_path / "c")
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a\.xml: cannot be written: No such file or directory"):
        write_new({tmp_path / "none" / "a.xml": "one"})


def test_what_is_written_is_for_this_user_alone(tmp_path: Path) -> None:
    write_new({tmp_path / "a.xml": "one"})
    put_in_place(tmp_path / "b.json", "two")

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_file_takes_the_place_of_another_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")

    put_in_place(tmp_path / "a", "zwei ü\n")

    assert (tmp_path / "a").read_bytes() == "zwei ü\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen once, while a draft is whole and does not bear its name yet."""
    sync, due = os.fsync, [happens]

    def syncs(number: int) -> None:
        sync(number)
        while due:
            due.pop()()

    monkeypatch.setattr(os, "fsync", syncs)


def test_of_two_who_write_a_file_at_once_each_puts_its_own_in_place_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, found = tmp_path / "report.html", list[str]()

    def another() -> None:
        put_in_place(path, "the other's")
        found.append(path.read_text())

    _meanwhile(monkeypatch, another)
    put_in_place(path, "one's own")

    assert [*found, path.read_text()] == ["the other's", "one's own"]
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_what_a_dead_writer_left_is_cleared_away_and_a_living_one_writes_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, left = tmp_path / "a", tmp_path / ".a.0123abcd.new"
    left.write_text("half a fi")
    (tmp_path / ".notes.new").write_text("the user's own")
    assert drafts_of(path) == [left]

    _meanwhile(monkeypatch, lambda: clear_drafts(tmp_path))
    put_in_place(path, "one")

    assert path.read_text() == "one"
    assert sorted(one.name for one in tmp_path.iterdir()) == [".notes.new", "a"]


@pytest.mark.parametrize("has_links", [True, False])
def test_new_files_whose_folder_is_cleared_meanwhile_are_written_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def unlinked(*_: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if not has_links:
        monkeypatch.setattr(os, "link", unlinked)
    _meanwhile(monkeypatch, lambda: clear_drafts(tmp_path))
    create({tmp_path / "a": "one", tmp_path / "b": "two"}, durable=True)

    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"a": "one", "b": "two"}


def test_a_new_file_whose_folder_goes_meanwhile_is_told_and_not_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "gone"
    place.mkdir()
    _meanwhile(monkeypatch, lambda: shutil.rmtree(place))

    with pytest.raises(FileNotFoundError):
        create({place / "a": "one"}, durable=True)


def test_what_cannot_be_put_in_place_leaves_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        put_in_place(tmp_path / "a", "one")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]

    place = tmp_path / "gone"
    place.mkdir()
    _meanwhile(monkeypatch, lambda: shutil.rmtree(place))
    with pytest.raises(FileNotFoundError):
        put_in_place(place / "a", "one")


def test_no_planted_link_is_followed(tmp_path: Path) -> None:
    other, path = tmp_path / "profile", tmp_path / "a"
    other.write_text("mine")
    path.symlink_to(other)
    (tmp_path / ".a.new").symlink_to(other)

    put_in_place(path, "one")

    assert (path.read_text(), path.is_symlink()) == ("one", False)
    assert other.read_text() == "mine"
    with pytest.raises(OSError, match="b is a link, and none is written through; put the file"):
        privately(str(_linked(tmp_path / "b", other)), os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def test_links_that_lead_in_a_circle_are_told_as_the_system_tells_them(tmp_path: Path) -> None:
    loop = _linked(tmp_path / "loop", tmp_path / "loop")

    with pytest.raises(OSError, match="symbolic links"):
        privately(str(loop / "a"), os.O_WRONLY | os.O_CREAT)


def _linked(path: Path, to: Path) -> Path:
    path.symlink_to(to)
    return path
