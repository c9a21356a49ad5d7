"""Commands struck at a change of a file: what they say of it, and how they are carried on."""

import errno
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from tests.delegates.killing.nursery import Child, Nursery
from tests.support.disk import NONE, Fault, Plan
from tests.support.openai_stub import OpenAIStub
from tests.tui.disk.verbs import Verb

DRAFTS = ("*.new", "*.parts")
"""What files are called before they bear their names."""


ASIDE = ("no more is logged in", "no log file in", "cannot be used as cache of replies")
"""What is said of files that a session can do without."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str
    what: str
    """The first change of a file that was struck; empty if none was."""
    changes: int
    """How many changes of files there were."""


@dataclass
class Place:
    """Where commands are struck, each in a folder of its own."""

    nursery: Nursery
    root: Path
    given: Path
    stub: OpenAIStub
    number: int = 0
    disk: Path | None = None
    """Where the folders are, if not below the root."""

    def folder(self, verb: Verb) -> Path:
        """Return a new folder with what a verb begins with."""
        self.number += 1
        folder = (self.disk or self.root) / f"{self.number}"
        folder.mkdir()
        verb.prepare(folder, self.given)
        return folder

    def ends(self, verb: Verb, folder: Path, fault: Fault = NONE, *, again: bool = False) -> Ended:
        """Run a verb to its end, or carry it on."""
        return self.ended(*self.start(verb, folder, fault, again=again))

    def ended(self, child: Child, plan: Plan) -> Ended:
        """Wait for a command's end, and return how it ended."""
        code = child.wait()
        out, err = (child.output.with_suffix(end).read_text("utf-8") for end in (".out", ".err"))
        return Ended(code, out, err, plan.what, plan.count)

    def start(
        self, verb: Verb, folder: Path, fault: Fault = NONE, *, again: bool = False
    ) -> tuple[Child, Plan]:
        """Start a verb, or carry it on; return the child and its plan for the disk."""
        beside = self.root / f"{folder.name}-beside"
        beside.mkdir(exist_ok=True)
        plan = Plan(beside / "plan")
        plan.write(folder, fault)
        typed = beside / "typed"
        typed.write_text("ai\n" * 9 if again and verb.typed else verb.typed, encoding="utf-8")
        arguments = verb.again(folder) if again and verb.again else verb.arguments(folder)
        environ = {
            "MINILATERAL_HOME": str(folder / "home"),
            "OPENAI_BASE_URL": self.stub.url,
            "OPENAI_API_KEY": "key",
            "DISK_PLAN": str(plan.path),
            "XDG_CACHE_HOME": str(folder / "home" / "xdg"),
        }
        out, err = beside / "said.out", beside / "said.err"
        for file in (out, err):
            # Where death is early nothing is said.
            file.write_bytes(b"")
        child = self.nursery.start(arguments, environ, out, errors=err, typed=typed)
        return child, plan

    def carried_on(self, verb: Verb, folder: Path) -> Ended:
        """Carry a struck verb on, or begin it anew where nothing of it is there."""
        begun = (folder / "t.jsonl").exists()
        return self.ends(verb, folder, again=begun)

    def clear(self, folder: Path) -> None:
        """Remove what a verb wrote, and what it said."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.root / f"{folder.name}-beside", ignore_errors=True)


def drafts(folder: Path) -> list[str]:
    """Return files that do not bear their names yet."""
    return [one.name for kind in DRAFTS for one in folder.rglob(kind) if one.is_file()]


def require_told(ended: Ended, folder: Path, error: int) -> None:
    """Check that a failure is told in one line that names a file and the reason, with exit 1."""
    assert "Traceback" not in ended.out + ended.err, ended.err
    if ended.code == 0:
        # What failed was something that a session can do without, and said so if it must.
        return
    assert ended.code == 1, ended
    *_, last = ended.err.splitlines()
    assert last.startswith("minilateral: "), ended.err
    assert os.strerror(error) in last, ended.err
    assert str(folder) in last, ended.err
    assert ("`resume` carries on" in last) <= (folder / "t.jsonl").exists(), ended.err
    said = [line for line in ended.err.splitlines() if os.strerror(error) in line]
    aside = [line for line in said if any(words in line for words in ASIDE)]
    assert [line for line in said if line not in aside] == [last], said


def fails(place: Place, verb: Verb, fault: Fault) -> Ended | None:
    """Let a verb meet a failing disk, check what it says and keeps, and carry it on once it can.

    Returns:
        How it ended; None if it came to its end before the change that was to fail.
    """
    folder = place.folder(verb)
    ended = place.ends(verb, folder, fault)
    if not ended.what:
        place.clear(folder)
        return None
    require_told(ended, folder, fault.error)
    verb.kept(folder, ended.out, ended.err)
    if fault.error == errno.ENOSPC and ended.code:
        # What is removed needs no room.
        assert drafts(folder) == []
    _require_goes_on(place, verb, folder, ended)
    return ended


def dies(place: Place, verb: Verb, fault: Fault) -> Ended | None:
    """Let a verb die at a change of a file, and check the same.

    Returns:
        How it ended; None if it came to its end before.
    """
    folder = place.folder(verb)
    ended = place.ends(verb, folder, fault)
    if not ended.what:
        place.clear(folder)
        return None
    # Of an evaluation it may have been a worker, whose sessions others play then.
    assert ended.code == -signal.SIGKILL or (ended.code == 0 and "workers" in verb.name), ended
    verb.kept(folder, ended.out, ended.err)
    _require_goes_on(place, verb, folder, ended)
    return ended


def dies_late(place: Place, verb: Verb, after_s: float) -> Ended | None:
    """Let a verb die after some time, and check the same."""
    folder = place.folder(verb)
    child, plan = place.start(verb, folder)
    sleep(after_s)
    child.kill()
    ended = place.ended(child, plan)
    if ended.code >= 0:
        place.clear(folder)
        return None
    verb.kept(folder, ended.out, ended.err)
    _require_goes_on(place, verb, folder, ended)
    return ended


def _require_goes_on(place: Place, verb: Verb, folder: Path, ended: Ended) -> None:
    """Check that a verb comes to its end where it is carried on, or begun anew."""
    if ended.code:
        verb.tidy(folder)
        again = place.carried_on(verb, folder)
        assert again.code == 0, (ended, again)
    verb.check(folder)
    place.clear(folder)
