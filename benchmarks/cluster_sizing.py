"""What one core does of each part of a batch: the figures that docs/how-to/cluster.md reckons with.

Run from the root of the repository: python -m benchmarks.cluster_sizing [--runs N] [--no-ray]

- *a session by rule*: processor time of one session in this process, its line included, over the
  bundled tables that `cluster_speed` plays.
- *a line kept*: how many lines a second the journal puts on disk, told by the hundred as workers of
  scripted sessions tell them, and one by one by eight threads as sessions of models do.
- *a call, carried here*: processor time of this process for each call of a model, at 100 sessions
  at a time, against a server of this machine that answers after 200 ms. *By workers*: the same
  where two workers of a Ray cluster carry the requests; and how much of it is the event loop's own
  thread, which is what no further core helps.

Processor time, not wall time: what else the machine does weighs little on it. Medians.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, thread_time

from benchmarks.cluster_speed import WORKERS, plan_of
from benchmarks.evaluation_flow import LATENCY_S, Answers, Load
from benchmarks.evaluation_flow import plan_of as flow_plan
from benchmarks.serving import swift_server
from delegates.evaluation.planning.design import Design, designed
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished, Journal, read_line
from delegates.evaluation.playing.model_engine import play_with_models
from delegates.evaluation.playing.scripted_session import Line, scripted_session, written
from delegates.models.budget import Budget
from delegates.models.connect import Carriers
from delegates.settings import Settings, load_settings

LOAD = Load(at_once=100, repetitions=10)
TOLD = 100
THREADS = 8


def session_s(design: Design, folder: Folder) -> tuple[float, list[Line]]:
    """Return the processor time of a session by rule, and all lines."""
    lines = [written(scripted_session(design, design.row(0), folder))]
    began = process_time()
    lines += [
        written(scripted_session(design, design.row(number), folder))
        for number in range(1, len(design))
    ]
    return (process_time() - began) / (len(design) - 1), lines


def told_together(lines: list[Line], path: Path) -> float:
    """Return how many lines a second are kept that are told by the hundred."""
    with Journal(path, writes=True) as journal:
        began = perf_counter()
        for first in range(0, len(lines), TOLD):
            journal.keep_written(lines[first : first + TOLD])
        return len(lines) / (perf_counter() - began)


def told_singly(lines: list[Finished], path: Path) -> float:
    """Return how many lines a second are kept that threads tell one by one."""
    with Journal(path, writes=True) as journal, ThreadPoolExecutor(THREADS) as threads:
        began = perf_counter()
        list(threads.map(journal.keep, lines))
        return len(lines) / (perf_counter() - began)


async def call_s(
    design: Design, path: Path, settings: Settings, carriers: Carriers | None
) -> tuple[float, float]:
    """Return the processor time of a call: of this process, and of its event loop's thread."""
    path.mkdir()
    folder, calls = Folder(path), 0
    rows = [row for row in design.rows() if "model" in row.seats]
    with Journal(folder.journal, writes=True) as journal:

        def keep(line: Finished) -> None:
            nonlocal calls
            calls += sum(seat.calls for seat in line.seats)
            journal.keep(line)

        began = process_time(), thread_time()
        await play_with_models(
            rows,
            design,
            folder,
            settings,
            budget=Budget(max_tokens=10**10),
            keep=keep,
            running=lambda _: None,
            at_once=LOAD.at_once,
            carriers=carriers,
        )
        taken = process_time() - began[0], thread_time() - began[1]
    return taken[0] / calls, taken[1] / calls


def calls_here(design: Design, path: Path, settings: Settings) -> tuple[float, float]:
    """Return what a call takes whose request this process carries."""
    return asyncio.run(call_s(design, path, settings, None))


def calls_afar(
    design: Design, path: Path, settings: Settings, cluster: object
) -> tuple[float, float]:
    """Return what a call takes whose request a worker of a cluster carries."""
    from delegates.evaluation.playing.cluster import Cluster

    assert isinstance(cluster, Cluster)

    async def play() -> tuple[float, float]:
        async with cluster.callers() as callers:
            return await call_s(design, path, settings, callers.to)

    return asyncio.run(play())


def say(what: str, took_s: float, note: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:44}{took_s * 1e3:9.3f} ms{1 / took_s:10.0f} /s{note}", flush=True)


def calls(runs: int, home: Path, *, with_ray: bool) -> None:
    """Print what a call takes, carried by this process and by others, in turn."""
    with swift_server(Answers(), LATENCY_S) as url:
        os.environ.update({"MINILATERAL_HOME": str(home), "OPENAI_BASE_URL": url})
        settings = load_settings(os.environ)
        design = designed(flow_plan(LOAD), None, settings)
        here: list[tuple[float, float]] = []
        afar: list[tuple[float, float]] = []
        calls_here(design, home / "first", settings)
        if with_ray:
            from delegates.evaluation.playing import cluster as cluster_of

            cluster_of.available_processors = lambda: WORKERS
            with cluster_of.joined("local") as cluster:
                for run in range(runs):
                    here.append(calls_here(design, home / f"here-{run}", settings))
                    afar.append(calls_afar(design, home / f"afar-{run}", settings, cluster))
        else:
            here = [calls_here(design, home / f"here-{run}", settings) for run in range(runs)]
    for what, times in (("a call, carried here", here), ("a call, carried by workers", afar)):
        if times:
            say(f"{what}: the process", median(one[0] for one in times))
            say(f"{what}: its loop", median(one[1] for one in times))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="timed runs a line (default 3)")
    parser.add_argument("--no-ray", action="store_true", help="leave the cluster out")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        home = Path(name)
        design = designed(plan_of(1500), None, load_settings({}))
        found = [session_s(design, Folder(home)) for _ in range(given.runs)]
        say("a session by rule", median(one[0] for one in found))
        lines = found[0][1] * 10
        ends = [read_line(line.text) for line in found[0][1]]
        size = sum(len(line.text) for line in lines) / len(lines)
        together = [told_together(lines, home / f"t{run}") for run in range(given.runs)]
        say("a line kept, told by the hundred", 1 / median(together), f"{size:8.0f} bytes a line")
        singly = [told_singly(ends, home / f"s{run}") for run in range(given.runs)]
        say("a line kept, told one by one", 1 / median(singly))
        calls(given.runs, home, with_ray=not given.no_ray)


if __name__ == "__main__":
    main()
