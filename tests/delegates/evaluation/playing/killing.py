"""Batches killed again and again, carried on each time, and held against one that never was."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import sleep
from typing import Literal, Protocol

import polars as pl

from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.played import played_plan
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import read_line
from delegates.evaluation.results.columns import TABLES
from tests.delegates.killing.nursery import Child, Nursery

Victim = Literal["main", "worker"]


class Mortal(Protocol):
    """A process, or several that die together."""

    def kill(self) -> bool:
        """End it at once, and return whether it was there."""
        ...


TORN = 0.3
"""Share of kills after which the journal's last line is cut as well, as if death had come in it."""

STABLE = ("sessions", "seats")
"""Tables that are the same however often a batch was killed."""


@dataclass(frozen=True)
class Instant:
    """When somebody is killed: once a phase is reached, so many bytes are kept, and a while later.

    Phases: `start`, as soon as it runs; `play`, once the journal has grown; `tables`, once tables
    are being written; `end`, once they are there.
    """

    phase: Literal["start", "play", "tables", "end"]
    bytes: int = 0
    delay_s: float = 0.0


@dataclass(frozen=True)
class Whole:
    """What a batch that was never killed came to."""

    tables: Mapping[str, bytes]
    bytes: int
    """Of the journal."""
    planned: int


@dataclass
class Batches:
    """Plays one plan again and again, by the command line."""

    nursery: Nursery
    folder: Path
    plan: Path
    chance: Random
    options: Sequence[str] = ("--workers", "2")
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    others: Callable[[Child], Sequence[tuple[str, Mortal]]] = lambda child: [
        ("worker", one) for one in child.children
    ]
    """Returns who plays for a command, and what they are."""
    phases: Counter[str] = field(default_factory=Counter[str])
    """Where batches stood when somebody was killed, and who."""
    started: int = 0
    kills: int = 0

    def start(self, out: Path, *options: str) -> Child:
        """Start or carry on a batch."""
        self.started += 1
        arguments = ("evaluate", str(self.plan), "--out", str(out), *self.options, *options)
        environ = {"MINILATERAL_HOME": str(self.folder / "home"), **self.environ}
        output = self.folder / f"output-{self.started}.txt"
        return self.nursery.start((*arguments, "--json"), environ, output)

    def has_begun(self, out: Path) -> bool:
        """Return whether any session has ended."""
        return _size(Folder(out).journal) > 0

    def whole(self) -> Whole:
        """Play it to its end."""
        out = self.folder / "whole"
        child = self.start(out)
        assert child.wait() == 0, child.output.read_text()
        found = Folder(out)
        return Whole(
            tables={name: found.table(name).read_bytes() for name in STABLE},
            bytes=found.journal.stat().st_size,
            planned=len(played_plan(found.plan, found.scenarios)),
        )

    def killed(self, out: Path, whole: Whole, kills: int) -> Child:
        """Kill a batch, or a process that plays for it, so often; then let it come to its end."""
        child = self.start(out)
        done = 0
        while done < kills:
            victim: Victim = self.chance.choice(("main", "main", "worker"))
            if not self._reached(child, out, self._drawn(whole)):
                # It came to its end before.
                return child
            fell = self._kill(child, out, victim)
            if fell is None:
                return child
            done += 1
            if fell == "main":
                self._tear(Folder(out))
                child = self.start(out)
        return child

    def _drawn(self, whole: Whole) -> Instant:
        chance = self.chance
        match chance.choice(("start", "play", "play", "play", "tables", "end")):
            case "start":
                return Instant("start", delay_s=chance.uniform(0, 0.4))
            case "tables":
                return Instant("tables", delay_s=chance.uniform(0, 0.25) * chance.random())
            case "end":
                return Instant("end", delay_s=chance.uniform(0, 0.3))
            case _:
                grown = int(whole.bytes * chance.uniform(0, 0.7))
                return Instant("play", grown, chance.uniform(0, 0.05))

    def _reached(self, child: Child, out: Path, instant: Instant) -> bool:
        """Wait for an instant; return whether the batch still runs then."""
        folder = Folder(out)
        first = _size(folder.journal)
        while not child.is_over:
            match instant.phase:
                case "start":
                    break
                case "play":
                    # A journal that cannot grow so far any more ends in tables.
                    if _size(folder.journal) - first > instant.bytes or _is_tabling(folder):
                        break
                case "tables":
                    if _is_tabling(folder):
                        break
                case "end":
                    if all(folder.table(name).exists() for name in TABLES):
                        break
            sleep(0.0005)
        sleep(instant.delay_s)
        return not child.is_over

    def _kill(self, child: Child, out: Path, victim: Victim) -> Victim | None:
        """Kill somebody; return who it was, or None if all was over by then."""
        workers = self.others(child)
        stands = stage(Folder(out))
        if victim == "worker" and workers:
            kind, one = self.chance.choice(workers)
            if one.kill():
                self.kills += 1
                self.phases[f"a {kind}: {stands}"] += 1
                return "worker"
        child.kill()
        if child.wait() >= 0:
            return None
        self.kills += 1
        self.phases[f"main: {stands}"] += 1
        return "main"

    def _tear(self, folder: Folder) -> None:
        """Cut into the journal's last line, now and then.

        The kernel takes a short write whole or not at all, so a kill alone hardly ever does that.
        """
        content = folder.journal.read_bytes() if folder.journal.exists() else b""
        if not content.endswith(b"\n") or self.chance.random() >= TORN:
            return
        last = content[:-1].rfind(b"\n") + 1
        folder.journal.write_bytes(content[: self.chance.randrange(last + 1, len(content))])
        self.phases["the journal's last line was torn"] += 1


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_tabling(folder: Folder) -> bool:
    return any(folder.path.glob("*.parts")) or any(folder.path.glob("*.parquet"))


def stage(folder: Folder) -> str:
    """Return how far a batch has come, in words."""
    if not folder.plan.exists():
        return "before the plan was kept"
    if not _size(folder.journal):
        return "before the first session"
    if all(folder.table(name).exists() for name in TABLES):
        return "tables written"
    return "writing tables" if _is_tabling(folder) else "playing"


def require_once(design: Design, out: Path, *, lines_once: bool = True) -> None:
    """Check that every planned session is there once.

    Args:
        design: What was planned.
        out: The evaluation's folder.
        lines_once: Whether no session may have two lines in the journal: none ended in a way that
            is tried again.
    """
    folder = Folder(out)
    keys = [row.key for row in design.rows()]
    lines = [read_line(line) for line in folder.journal.read_bytes().splitlines()]
    assert {line.key for line in lines} == set(keys)
    if lines_once:
        assert len(lines) == len(keys)
    sessions = pl.read_parquet(folder.table("sessions"))
    assert sessions["row"].to_list() == [*range(len(design))]
    assert sessions["session"].n_unique() == len(design)
    for name in ("seats", "timings"):
        rows = pl.read_parquet(folder.table(name))["row"]
        assert rows.unique(maintain_order=True).to_list() == [*range(len(design))]
    seats = sum(len(row.seats) for row in design.rows())
    assert len(pl.read_parquet(folder.table("seats"))) == seats
    assert not [*_left_over(folder)]


def _left_over(folder: Folder) -> Iterator[Path]:
    yield from folder.path.glob("*.parts")
    yield from folder.path.glob(".*")


def one_batch(batches: Batches, whole: Whole, number: int, kills: int) -> None:
    """Kill a batch so often, let it come to its end, and check that nothing shows of it."""
    out = batches.folder / f"killed-{number}"
    child = batches.killed(out, whole, kills)
    assert child.wait() == 0, child.output.read_text()
    design = played_plan(out / "plan.yaml", out / "scenarios")
    require_once(design, out)
    folder = Folder(out)
    assert {name: folder.table(name).read_bytes() for name in STABLE} == whole.tables
