"""What a process holds, and the rule by which it is called flat; Linux only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, median

TOLERANCE = 0.05
"""By how much memory may be foreseen to grow over a whole run that is called flat."""

COUNTED = ("descriptors", "threads", "sockets")
"""What is counted, and must be no more in the second half than it was in the first."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a process held at some moment."""

    at: float
    """How far the run had come: sessions, or seconds."""
    rss_mb: float
    """Resident memory."""
    pss_mb: float
    """Of the process and all that come from it, pages that they share counted once."""
    descriptors: int
    """Open files, pipes and sockets."""
    sockets: int
    threads: int


def status(process: int | str, field: str, file: str = "status") -> int:
    """Return a figure of /proc/PID, of memory in kB; 0 of a process that is gone."""
    try:
        lines = Path(f"/proc/{process}/{file}").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{field}:")), 0)


def tree(process: int | str) -> Iterator[int | str]:
    """Yield a process and all that come from it."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            yield from tree(int(child))


def tree_mb(process: int | str) -> float:
    """Return the memory of a process and all that come from it, shared pages counted once."""
    return sum(status(one, "Pss", "smaps_rollup") for one in tree(process)) / 1024


def sampled(process: int | str, at: float) -> Sample:
    """Return what a process holds now."""
    held = [_target(one) for one in Path(f"/proc/{process}/fd").iterdir()]
    opened = [target for target in held if target]
    return Sample(
        at=at,
        rss_mb=status(process, "VmRSS") / 1024,
        pss_mb=tree_mb(process),
        descriptors=len(opened),
        sockets=sum(target.startswith("socket:") for target in opened),
        threads=status(process, "Threads"),
    )


def _target(descriptor: Path) -> str:
    """Return what a descriptor stands for; nothing of the one by which this is being read."""
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


@dataclass(frozen=True)
class Verdict:
    """Whether a run was flat, and by what figures."""

    growth: float
    """What the slope of the second half comes to over the whole run, as a share of its median."""
    uneven: dict[str, tuple[int, int]]
    """What was more in the second half than ever in the first: the most of each."""

    @property
    def is_flat(self) -> bool:
        """Whether memory grows by no more than the tolerance, and all counts are even."""
        return self.growth <= TOLERANCE and not self.uneven

    @property
    def words(self) -> str:
        """The same in words."""
        lead = "flat" if self.is_flat else "NOT flat"
        uneven = [f"{name} {then} → {now}" for name, (then, now) in self.uneven.items()]
        told = "; ".join([f"memory {100 * self.growth:+.1f} % over the run", *uneven])
        return f"{lead}: {told}"


def verdict(samples: Sequence[Sample], memory: str = "pss_mb") -> Verdict:
    """Return whether a run was flat, by the same moments of its course.

    Memory: a line is laid through the second half by least squares, and what it rises over the
    whole run, as a share of the second half's median, is at most the tolerance. Counts: the
    highest of the second half is no higher than the highest of the first, for pools go up and down
    and only what is never given back climbs.

    Args:
        samples: In order, at least four, each taken where the process did the same.
        memory: The field that is judged.
    """
    half = samples[len(samples) // 2 :]
    held = [float(getattr(one, memory)) for one in half]
    slope, _ = linear_regression([one.at for one in half], held)
    growth = slope * (samples[-1].at - samples[0].at) / median(held)
    uneven: dict[str, tuple[int, int]] = {}
    for name in COUNTED:
        then = max(int(getattr(one, name)) for one in samples[: len(samples) // 2])
        now = max(int(getattr(one, name)) for one in half)
        if now > then:
            uneven[name] = (then, now)
    return Verdict(growth, uneven)


def table(samples: Sequence[Sample], unit: str, most: int = 11) -> Iterator[str]:
    """Yield the lines of a table of some of the samples, the first and the last among them."""
    yield f"| {unit} | RSS, MB | PSS with children, MB | descriptors | sockets | threads |"
    yield "|---|---|---|---|---|---|"
    last = len(samples) - 1
    shown = sorted({round(last * step / (most - 1)) for step in range(most)})
    for one in (samples[place] for place in shown):
        yield (
            f"| {one.at:,.0f} | {one.rss_mb:.0f} | {one.pss_mb:.0f} | {one.descriptors} "
            f"| {one.sockets} | {one.threads} |"
        )
