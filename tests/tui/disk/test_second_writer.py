"""One writer a session and a batch: a second one is told who has it, and a dead one bars nobody."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from games.errors import TranscriptError
from tests.delegates.killing.nursery import Child
from tests.delegates.sessions import settings_at
from tests.tui.disk.striking import Ended, Place
from tests.tui.disk.verbs import GAME, require_session, verbs
from transcripts import verify
from transcripts.store import TranscriptFile
from transcripts.writers import number_of_writer
from tui.hosting.table import table_again


@contextmanager
def waiting(place: Place, folder: Path) -> Iterator[Child]:
    """Give a command that sits at a table of a new session and waits for what is typed."""
    typed = folder / "typed"
    os.mkfifo(typed)
    held = os.open(typed, os.O_RDWR)
    arguments = ("play", f"{place.given}/mini.yaml", "--as=USA", "--plain", "--seed=3")
    path = folder / "t.jsonl"
    child = place.nursery.start(
        (*arguments, f"--out={path}"), environ(folder), folder / "said", typed=typed
    )
    try:
        while not path.exists():
            assert not child.is_over, child.output.read_text()
        yield child
    finally:
        child.kill()
        child.wait()
        os.close(held)


def environ(folder: Path) -> dict[str, str]:
    return {"MINILATERAL_HOME": str(folder / "home")}


def said(place: Place, folder: Path, *arguments: str) -> Ended:
    """Return how a command ends beside it."""
    child = place.nursery.start(arguments, environ(folder), folder / "out", errors=folder / "err")
    code = child.wait()
    return Ended(code, (folder / "out").read_text(), (folder / "err").read_text(), "", 0)


def test_a_session_that_is_played_is_read_by_all_and_written_by_one(
    place: Place, tmp_path: Path
) -> None:
    path = f"{tmp_path}/t.jsonl"
    with waiting(place, tmp_path) as player:
        before = Path(path).read_bytes()
        for verb in (("resume", path), ("resume", path, "--from-last-sound")):
            second = said(place, tmp_path, *verb)
            assert second.code == 1
            assert second.err == (
                f"minilateral: {path}: another process ({player.number}) is writing to it\n"
            )
        hosting = said(place, tmp_path, "host", f"--resume={path}", "--port=0")
        assert (hosting.code, "is writing to it" in hosting.err) == (1, True)
        again = said(
            place, tmp_path, "run", f"{place.given}/mini.yaml", f"--out={path}", "--seat=USA=firm"
        )
        assert (again.code, "exists already" in again.err) == (1, True)
        for verb in (
            ("verify", path),
            ("replay", path, "--plain"),
            ("fork", path, "--at=0", "--seat=USA=firm", f"--out={tmp_path}/branch.jsonl"),
            ("convert", path, f"{tmp_path}/t.csv"),
        ):
            assert said(place, tmp_path, *verb).code == 0, verb
        assert Path(path).read_bytes() == before
        player.kill()
        assert player.wait() < 0
        assert said(place, tmp_path, "resume", path, "--plain").code == 130  # nobody types
        assert said(place, tmp_path, "resume", f"{tmp_path}/branch.jsonl", "--plain").code == 0
    assert verify(Path(path)).ok
    require_session(tmp_path / "branch.jsonl")


def test_a_batch_is_played_by_one_process_and_a_dead_one_bars_nobody(
    place: Place, tmp_path: Path
) -> None:
    verb = verbs(place.given)["evaluate"]
    folder = tmp_path / "ev"
    folder.mkdir()
    code = (
        "import sys; from transcripts.writers import claim\n"
        "with open(sys.argv[1], 'ab') as lock: print(claim(lock), flush=True); sys.stdin.read()"
    )
    with Popen(
        [sys.executable, "-c", code, str(folder / "lock")], stdin=PIPE, stdout=PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        second = said(place, tmp_path, *verb.arguments(tmp_path))
        holder.kill()
    assert second.code == 1
    assert second.err.endswith(
        f"minilateral: {folder}: another evaluation is writing to it; wait for its end (process "
        f"{holder.pid}), or name another folder\n"
    )
    assert said(place, tmp_path, *verb.arguments(tmp_path)).code == 0
    verb.check(tmp_path)


def test_a_session_that_is_played_or_damaged_is_not_hosted_again(
    place: Place, tmp_path: Path
) -> None:
    path = Path(shutil.copy(place.given / "half.jsonl", tmp_path / "t.jsonl"))
    settings = settings_at(home=tmp_path)
    file, _ = TranscriptFile.reopen(path)
    with file, pytest.raises(TranscriptError, match="this very program is writing to it"):
        table_again(path, settings, 1)
    shutil.copy(place.given / "damaged.jsonl", path)
    with pytest.raises(TranscriptError, match=r"event 4: .*--from-last-sound"):
        table_again(path, settings, 1)


def test_who_writes_is_not_known_where_the_system_does_not_tell(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text(GAME)
    with path.open("rb") as file:
        assert number_of_writer(file, tmp_path / "none") is None
        listed = tmp_path / "locks"
        stat = os.fstat(file.fileno())
        place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
        listed.write_text(f"1: FLOCK ADVISORY WRITE 0 {place} 0 EOF\n")
        assert number_of_writer(file, listed) is None
        listed.write_text(f"1: -> FLOCK ADVISORY WRITE 7 {place} 0 EOF\n2: POSIX ADVISORY\n")
        assert number_of_writer(file, listed) is None
        listed.write_text(f"1: FLOCK ADVISORY WRITE 42 {place} 0 EOF\n")
        assert number_of_writer(file, listed) == 42
