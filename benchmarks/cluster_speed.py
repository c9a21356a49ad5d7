"""How fast two workers of a Ray cluster play, against two processes, on this machine.

Run from the root of the repository: python -m benchmarks.cluster_speed [--runs N] [--sessions N]

Both sides play the same sessions by rule, bundled tables of two and three parties with strategies
that have to think, and put every end into a journal on disk. Each side's clock starts when both of
its workers play and stops with the last session: start-up is told apart. The sides take turns, each
first every other time; the ratio is the median of the ratios of neighbouring runs, so that what
else the machine does weighs on both. Results are compared before anything is told. Ray's part is
limited to two processors; the driver, which keeps the journal, takes what it takes of the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from delegates.evaluation.planning.design import Design, designed
from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.playing import cluster as cluster_of
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Journal
from delegates.evaluation.playing.processes import Processes
from delegates.evaluation.playing.scripted_engine import play_scripted_rows
from delegates.evaluation.playing.scripted_session import Line
from delegates.evaluation.playing.worker import Work
from delegates.evaluation.playing.workers import Crew
from delegates.settings import load_settings

WORKERS = 2
LIMIT = 1.2

STRATEGIES = ("tit-for-tat", "nice-tit-for-tat", "micro", "logroller", "random-walker")
TABLES = ("cobalt-offtake", "nickel-hub", "first-table")


@dataclass(frozen=True)
class Timed:
    """One run of one side."""

    start_s: float
    """Until both workers play."""
    rate: float
    """Sessions a second from then on."""


def plan_of(sessions: int) -> Plan:
    """Return a plan of about so many sessions."""
    said = {
        "minilateral-plan": 1,
        "id": "cross",
        "title": "A cross",
        "strategies": STRATEGIES,
        "scenarios": TABLES,
    }
    once = len(designed(Plan.model_validate(said), None, load_settings({})))
    return Plan.model_validate({**said, "repetitions": max(1, sessions // once)})


def played(
    design: Design, path: Path, crew_for: Callable[[Work], Crew]
) -> tuple[Timed, dict[str, str]]:
    """Play all sessions, and return how long that took and how each ended."""
    began = perf_counter()
    both = last = 0.0
    before = 0
    ended: dict[str, str] = {}
    folder = Folder(path)
    path.mkdir()
    with Journal(folder.journal, writes=True) as journal:

        def keep(lines: Sequence[Line]) -> None:
            nonlocal last
            journal.keep_written(lines)
            ended.update((line.key, line.ended) for line in lines)
            last = perf_counter()

        def running(count: int) -> None:
            nonlocal both, before
            if count == WORKERS and not both:
                both, before = perf_counter(), len(ended)

        play_scripted_rows(
            range(len(design)), design, folder, keep=keep, running=running, crew_for=crew_for
        )
    if len(ended) != len(design):
        raise SystemExit(f"expected {len(design)} sessions, found {len(ended)}")
    return Timed(both - began, (len(ended) - before) / (last - both)), ended


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of each side (default 5)")
    parser.add_argument("--sessions", type=int, default=4_000, help="a run (default 4,000)")
    given = parser.parse_args()
    cluster_of.available_processors = lambda: WORKERS
    design = designed(plan_of(given.sessions), None, load_settings({}))
    began = perf_counter()
    with TemporaryDirectory() as name, cluster_of.joined("local") as cluster:
        joined_s = perf_counter() - began
        sides: dict[str, Callable[[Work], Crew]] = {
            "2 processes": lambda work: Processes(work, WORKERS),
            "2 Ray workers": cluster.crew,
        }
        times: dict[str, list[Timed]] = {side: [] for side in sides}
        first: dict[str, str] = {}
        for run in range(given.runs):
            for side in sorted(sides, reverse=bool(run % 2)):
                path = Path(name) / f"{side}-{run}"
                timed, ended = played(design, path, sides[side])
                times[side].append(timed)
                if ended != (first or ended):
                    raise SystemExit(f"{side}: sessions end otherwise")
                first = ended
    ratios = [
        here.rate / there.rate
        for here, there in zip(times["2 processes"], times["2 Ray workers"], strict=True)
    ]
    print(
        f"{len(design)} sessions a run, medians of {given.runs}; cluster there in {joined_s:.1f} s"
    )
    heads = f"{'ratio':>8}{'lowest':>8}{'highest':>9}{'limit':>7}"
    print(f"{'side':16}{'start s':>9}{'sessions/s':>12}{heads}")
    for side, runs in times.items():
        told = f"{side:16}{median(one.start_s for one in runs):9.2f}"
        told += f"{median(one.rate for one in runs):12.0f}"
        if side != "2 processes":
            told += f"{median(ratios):8.2f}{min(ratios):8.2f}{max(ratios):9.2f}{LIMIT:7.1f}"
        print(told)


if __name__ == "__main__":
    main()
