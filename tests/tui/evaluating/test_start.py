"""From a plan, or a folder, to a batch that can be played, on real plans by rules."""

from pathlib import Path

import pytest
from textual.message import Message

from delegates.evaluation.playing.folder import Folder
from delegates.settings import Flags, Settings, load_settings
from games.errors import PlanError, UserError
from tests.tui.evaluations import TINY, interrupted, played
from tui.evaluating import BatchOver, BatchStopped, LiveBatch
from tui.evaluating.reading import read_found
from tui.evaluating.start import begun, foretold


def settings_at(home: Path) -> Settings:
    return load_settings({"MINILATERAL_HOME": str(home)}, Flags(model="none"))


def written(home: Path, text: str = TINY) -> str:
    file = home / "tiny.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def held(batch: LiveBatch) -> list[Message]:
    told: list[Message] = []
    batch.hold(told.append)
    return told


def test_a_plan_is_foretold_played_and_read(tmp_path: Path) -> None:
    told = foretold(written(tmp_path), settings_at(tmp_path), None)

    assert (told.planned, told.left, told.done, told.retried) == (4, 4, 0, 0)
    assert told.path == tmp_path / "evaluations" / "tiny"
    assert not told.path.exists()
    assert (told.calls, told.cost_usd, told.models, told.is_paid) == (0, 0.0, (), False)

    assert isinstance(held(begun(told, settings_at(tmp_path)))[-1], BatchOver)
    found = read_found(told.path)
    assert (found.sessions, found.planned) == (4, 4)
    assert {one.strategy for one in found.standings} == {"boulware", "conceder"}
    again = foretold(written(tmp_path), settings_at(tmp_path), None)
    assert (again.path, again.left) == (told.path, 0)


def test_a_bundled_plan_is_meant_by_its_name_whatever_folders_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quick").mkdir()
    monkeypatch.chdir(tmp_path)

    told = foretold("quick", settings_at(tmp_path), None)

    assert (told.path, told.done) == (tmp_path / "evaluations" / "quick", 0)


def test_what_is_left_of_an_evaluation_is_continued_from_its_folder_alone(tmp_path: Path) -> None:
    folder = interrupted(played(tmp_path), 1)
    before = folder.journal.read_bytes()
    told = foretold(folder.path, settings_at(tmp_path), None)

    assert (told.planned, told.left, told.done) == (4, 3, 1)
    assert told.path == folder.path
    assert isinstance(held(begun(told, settings_at(tmp_path)))[-1], BatchOver)
    assert folder.journal.read_bytes().startswith(before)
    assert read_found(folder.path).sessions == 4


def test_another_plan_of_the_same_name_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    first = played(tmp_path)
    other = TINY.replace("[boulware, conceder]", "[boulware, linear]")
    told = foretold(written(tmp_path, other), settings_at(tmp_path), None)

    assert told.path == first.path.with_name("tiny-2")
    assert told.left == told.planned


def test_a_folder_that_is_no_evaluation_is_not_written_into(tmp_path: Path) -> None:
    theirs = tmp_path / "evaluations" / "tiny"
    theirs.mkdir(parents=True)
    (theirs / "thesis.txt").write_text("mine")
    told = foretold(written(tmp_path), settings_at(tmp_path), None)

    assert told.path == theirs.with_name("tiny-2")


def test_a_folder_that_another_run_holds_is_refused_in_a_line(tmp_path: Path) -> None:
    from delegates.evaluation.playing.held import held as hold

    folder = interrupted(played(tmp_path), 1)
    told = foretold(folder.path, settings_at(tmp_path), None)
    with hold(folder):
        ended = held(begun(told, settings_at(tmp_path)))[-1]

    assert isinstance(ended, BatchStopped)
    assert isinstance(ended.error, UserError)
    assert "another evaluation is writing" in str(ended.error)


def test_a_plan_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no-such-plan"):
        foretold("no-such-plan", settings_at(tmp_path), None)


def test_a_report_of_what_is_not_finished_says_what_is_missing(tmp_path: Path) -> None:
    folder = interrupted(played(tmp_path), 1)
    with pytest.raises(UserError, match=r"sessions\.parquet: is missing.*continue it"):
        read_found(folder.path)


def test_a_table_that_is_none_is_told_in_a_line(tmp_path: Path) -> None:
    folder = played(tmp_path)
    folder.table("seats").write_bytes(b"no table")
    with pytest.raises(UserError, match=r"seats\.parquet: cannot be read"):
        read_found(folder.path)


def test_a_folder_without_a_plan_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(PlanError):
        read_found(Folder(tmp_path).path)
