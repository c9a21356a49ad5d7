"""Both kinds of workers, and how they die: what the tests of their contract are run with."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest

from delegates.evaluation.planning.design import Design
from delegates.evaluation.playing import processes
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, read_line
from delegates.evaluation.playing.scripted_engine import play_scripted_rows
from delegates.evaluation.playing.scripted_session import Line
from delegates.evaluation.playing.worker import Work
from delegates.evaluation.playing.workers import Crew
from tests.delegates.evaluation.playing.deadly import DeadlyPlayer
from tests.support.openai_stub import OpenAIStub, Said

WORKERS_KEY = "workers-key-0123456789"
"""The key that workers of the cluster find in their environment."""

PLAYER, CALLER = b"ray::Player", b"ray::Caller"
"""What processes of a cluster call themselves while they wait."""

needs_ray = pytest.mark.skipif(
    find_spec("ray") is None or not Path("/proc/self/task").exists(),
    reason="Ray is not installed (pip install 'minilateral[cluster]'), or there is no /proc",
)


def offspring(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that these have."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                found += [child, *offspring(child)]
    except OSError:
        # It has just ended.
        return found
    return found


def workers_of(pid: int, name: bytes, program: bytes = b"") -> list[int]:
    """Return the processes of that name, and program, of the cluster that a process has started."""
    found = [(one, _command(one)) for one in offspring(pid)]
    return [one for one, told in found if told.startswith(name) and program in told.split(b"\0")[0]]


def killed(pid: int) -> bool:
    """End a process at once, and return whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Kind:
    """A kind of workers of scripted sessions, two of them at a time."""

    crew_for: Callable[[Work], Crew]
    alive: Callable[[], Sequence[int]]
    """Returns those that live now, by process."""
    make_deadly: Callable[[pytest.MonkeyPatch], None]
    """Has none survive the session `DEADLY`."""

    def all_die(self) -> bool:
        """Return whether none of them is left after a moment: Ray is not waited for."""
        until = monotonic() + 10
        while self.alive() and monotonic() < until:
            sleep(0.01)
        return not self.alive()

    def ended(
        self,
        design: Design,
        path: Path,
        kept: Callable[[Sequence[Line]], None] = lambda _: None,
        stop: Event | None = None,
    ) -> dict[int, Finished]:
        """Return how sessions ended, by number; each must have ended once."""
        by_key = {row.key: row.number for row in design.rows()}
        told: list[Finished] = []

        def keep(lines: Sequence[Line]) -> None:
            told.extend(read_line(line.text) for line in lines)
            kept(lines)

        play_scripted_rows(
            range(len(design)),
            design,
            Folder(path),
            keep=keep,
            running=lambda _: None,
            stop=stop,
            crew_for=self.crew_for,
        )
        found = {by_key[one.key]: one for one in told}
        assert len(found) == len(told)
        return found


def of_processes() -> Kind:
    """Return processes of this machine."""

    def make_deadly(monkeypatch: pytest.MonkeyPatch) -> None:
        real = "from delegates.evaluation.playing.worker import serve"
        other = "from tests.delegates.evaluation.playing.deadly import serve"
        assert real in processes._COMMAND
        monkeypatch.setattr(processes, "_COMMAND", processes._COMMAND.replace(real, other))

    def alive() -> list[int]:
        mine = Path("/proc/self/task").glob("*/children")
        pids = [int(pid) for children in mine for pid in children.read_text().split()]
        return [pid for pid in pids if b"playing.worker" in _command(pid)]

    return Kind(lambda work: processes.Processes(work, 2), alive, make_deadly)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def of_ray(cluster: Any) -> Kind:
    """Return actors of a cluster."""

    def make_deadly(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("delegates.evaluation.playing.cluster.Player", DeadlyPlayer)

    return Kind(cluster.crew, lambda: workers_of(os.getpid(), PLAYER), make_deadly)


@dataclass
class Place:
    """A cluster of this machine, and the server that its workers are set up to ask."""

    cluster: Any
    stub: OpenAIStub
    answer: Callable[[dict[str, Any]], Any] = lambda _: Said(text="")


@contextmanager
def place(home: Path) -> Iterator[Place]:
    """Start a cluster, its workers' keys and addresses in their environment."""
    from delegates.evaluation.playing.cluster import joined

    with (
        OpenAIStub(lambda request: found.answer(request)) as stub,
        pytest.MonkeyPatch.context() as on,
    ):
        on.setenv("MINILATERAL_HOME", str(home))
        on.setenv("OPENAI_BASE_URL", stub.url)
        on.setenv("OPENAI_API_KEY", WORKERS_KEY)
        on.setattr("delegates.evaluation.playing.cluster.available_processors", lambda: 2)
        with joined("local") as cluster:
            found = Place(cluster, stub)
            yield found
