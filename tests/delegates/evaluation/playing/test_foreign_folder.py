"""A folder that somebody else prepared gets nothing written beyond itself, and nothing moved."""

import re
import shutil
from pathlib import Path

import pytest

from delegates import evaluate
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal, read_line
from games.errors import UserError
from tests.delegates.evaluation.made import made_design
from tests.delegates.evaluation.playing.test_journal import lines
from tests.delegates.sessions import mini
from tests.tui import evaluations as made
from transcripts.store import TranscriptFile
from tui.report.evaluation import write_report

PROFILE = b"# the user's own\n"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A file of the user's, beyond the folder."""
    path = tmp_path / "home" / ".profile"
    path.parent.mkdir()
    path.write_bytes(PROFILE)
    return path


def test_no_link_that_was_planted_in_a_folder_is_written_through(
    tmp_path: Path, profile: Path
) -> None:
    design = made_design(mini(), strategies={"linear": "linear"}, repetitions=1, transcripts="all")
    model = evaluate(design, out=tmp_path / "model").folder
    write_report(made.found(), model)
    files = [path.relative_to(model.path) for path in model.path.rglob("*") if path.is_file()]
    assert len(files) > 10
    folder = Folder(tmp_path / "out")
    shutil.copytree(model.path, folder.path)
    drafts = {
        folder.path / name.parent / draft
        for name in files
        for draft in (f".{name.name}.new", f"{name.name}.new", f"{name.stem}.new")
    }
    for draft in drafts:
        draft.symlink_to(profile)
    for name in ("journal.jsonl.torn", "sessions.parts", "seats.parts"):
        (folder.path / name).symlink_to(profile if name.endswith("torn") else profile.parent)
    # What is not there yet is made anew.
    for path in (folder.sums, folder.report("html"), *folder.figures.glob("[a-z]*.csv")):
        path.unlink()

    evaluate(design, out=folder.path, extend=True)
    write_report(made.found(), folder)

    assert folder.report("html").is_file()
    assert profile.read_bytes() == PROFILE
    assert list(profile.parent.iterdir()) == [profile]


@pytest.mark.parametrize("name", ["scenarios", "open", "transcripts", "errors", "figures"])
def test_a_folder_within_that_leads_elsewhere_is_refused(
    tmp_path: Path, profile: Path, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(profile.parent)

    with pytest.raises(UserError, match=f"{name}: is a link to elsewhere; expected a folder"):
        evaluate(made_design(mini(), strategies={"linear": "linear"}), out=tmp_path / "out")

    assert list(profile.parent.iterdir()) == [profile]


@pytest.mark.parametrize("name", ["lock", "journal.jsonl", "journal.jsonl.torn"])
def test_a_file_within_that_is_a_link_is_told_as_one(tmp_path: Path, name: str) -> None:
    design = made_design(mini(), strategies={"linear": "linear"}, repetitions=1)
    folder = evaluate(design, out=tmp_path / "out").folder
    with folder.journal.open("ab") as journal:
        journal.write(b"torn")
    path, elsewhere = folder.path / name, tmp_path / "elsewhere"
    path.touch()
    before = path.read_bytes()
    path.rename(elsewhere)
    path.symlink_to(elsewhere)

    with pytest.raises(UserError) as error:
        evaluate(design, out=folder.path)

    assert re.fullmatch(
        rf"\S+: cannot be \w+: {name} is a link, and none is written through; put the file itself "
        "there, or remove the link",
        str(error.value),
    )
    assert elsewhere.read_bytes() == before


def test_a_link_to_no_folder_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")

    with pytest.raises(UserError, match="out: is a link that leads to no folder; expected"):
        evaluate(made_design(mini(), strategies={"linear": "linear"}), out=tmp_path / "out")


def test_a_torn_line_is_kept_aside_in_no_file_that_a_link_leads_to(
    tmp_path: Path, profile: Path
) -> None:
    journal, session = tmp_path / "journal.jsonl", tmp_path / "s.jsonl"
    journal.write_bytes(b"ssh-ed25519 AAAA")
    Path(f"{journal}.torn").symlink_to(profile)

    with pytest.raises(UserError, match="cannot be opened"):
        Journal(journal, writes=True)

    evaluate(
        made_design(mini(), strategies={"linear": "linear"}, repetitions=1, transcripts="all"),
        out=tmp_path / "out",
    )
    whole = next(Folder(tmp_path / "out").transcripts.glob("*.jsonl")).read_bytes()
    session.write_bytes(whole.splitlines(keepends=True)[0] + b"ssh-ed25519 AAAA")
    Path(f"{session}.torn").symlink_to(profile)
    with pytest.raises((OSError, UserError)):
        TranscriptFile.reopen(session)
    assert profile.read_bytes() == PROFILE


@pytest.mark.parametrize(
    "where",
    ["../home/.profile", "/etc/passwd", "open/../../x.jsonl", "transcripts/a/b.jsonl", "x.jsonl"],
)
def test_a_journal_names_no_transcript_beyond_its_folder(where: str) -> None:
    """What a line names is where an open session's file is moved to."""
    line = lines(1)[1][0].model_copy(update={"transcript": where})

    with pytest.raises(ValueError, match="not a line that an evaluation wrote: transcript: "):
        read_line(line.line)

    kept = line.model_copy(update={"transcript": "transcripts/plan-0123abcd-000001.jsonl"})
    assert read_line(kept.line) == kept


def test_a_new_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    evaluate(
        made_design(mini(), strategies={"linear": "linear"}, repetitions=1), out=tmp_path / "out"
    )

    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*.parquet")}
    assert modes == dict.fromkeys(("sessions.parquet", "seats.parquet", "timings.parquet"), 0o600)
