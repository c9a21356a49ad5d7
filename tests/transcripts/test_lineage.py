"""A branch's parent is found by what the two share, wherever its file's name comes from."""

from pathlib import Path

import pytest

from delegates import negotiate
from games.errors import TranscriptError
from tests.tui.recordings import pair
from transcripts import branch
from transcripts.lineage import parent_file, require_parent


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    path = tmp_path / "whole.jsonl"
    negotiate(pair(), {"BUY": "boulware", "SUP": "linear"}, seed=1, transcript=path)
    return path


def branched(path: Path, at: int, name: str, session: str = "") -> Path:
    out = path.with_name(f"{name}.jsonl")
    return branch(path, out, at=at, session=session or name, program="test").path


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_parent_is_found_under_any_name(parent: Path, at: int) -> None:
    assert parent_file(branched(parent, at, "b")) == parent


def test_a_branch_of_a_branch_leads_to_the_branch(parent: Path) -> None:
    first = branched(parent, 3, "first")
    branched(parent, 3, "twin")

    assert parent_file(branched(first, 2, "second")) == first


def test_a_file_of_the_right_name_with_other_events_is_not_taken(parent: Path) -> None:
    first = branched(parent, 3, "first")
    second = branched(first, 2, "second")
    first.rename(parent.with_name("renamed.jsonl"))
    branched(parent, 3, "other", session="x").rename(first)

    assert parent_file(second) == parent.with_name("renamed.jsonl")


def test_a_session_that_is_no_branch_has_no_parent(parent: Path) -> None:
    assert parent_file(parent) is None


def test_a_parent_that_lies_elsewhere_is_not_found(parent: Path, tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere" / "b.jsonl"
    alone.parent.mkdir()
    branched(parent, 2, "b").rename(alone)

    assert parent_file(alone) is None


def test_a_name_that_leads_out_of_the_folder_is_not_followed(parent: Path, tmp_path: Path) -> None:
    odd = branched(parent, 3, "odd", session="../whole")
    child = branched(odd, 2, "child")
    folder = tmp_path / "in"
    folder.mkdir()
    child.rename(folder / "child.jsonl")

    assert parent_file(folder / "child.jsonl") is None


def test_files_that_are_no_transcripts_do_not_matter(parent: Path, tmp_path: Path) -> None:
    child = branched(parent, 2, "b")
    (tmp_path / "a.jsonl").write_bytes(b'{"session":"x"}\n\xff\n')
    (tmp_path / "c.jsonl").mkdir()

    assert parent_file(child) == parent


def test_a_branch_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match=r"none\.jsonl: cannot be read"):
        parent_file(tmp_path / "none.jsonl")


def test_what_has_no_parent_at_hand_is_told(parent: Path, tmp_path: Path) -> None:
    child = branched(parent, 2, "b")
    assert require_parent(child) == parent

    parent.rename(tmp_path / "gone.json")

    with pytest.raises(TranscriptError, match="is not in its folder as it was"):
        require_parent(child)
    with pytest.raises(TranscriptError, match="branched off no session; expected a branch"):
        require_parent(tmp_path / "gone.json")
