"""How much memory an evaluation takes, by its number of sessions; Linux only.

Run from the root of the repository: python -m benchmarks.evaluation_memory [--sizes N…]

Scripted sessions of five strategies in three scenarios, repeated until there are so many. Each size
goes through three stages, each in a process of its own, on the same folder:

- *evaluate*: played, kept in the journal, tables written;
- *tables*: the journal read and the tables written again, nothing played;
- *report*: everything found in the tables, and the report and its figures written.

Shown is the greatest resident memory of the process itself (VmHWM) and, where there are workers, of
all together, as sampled (PSS: pages that they share are counted once), in MB; then how often the
largest batch takes the memory of the smallest, and what a session more takes.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from benchmarks.resources import status, tree
from delegates import evaluate
from delegates.evaluation.evaluate import Evaluation
from delegates.evaluation.planning.plan import Plan
from delegates.settings import load_settings

SCENARIOS = ("first-table", "cobalt-offtake", "nickel-hub")
STRATEGIES = ("boulware", "linear", "conceder", "tit-for-tat", "firm")
CROSS = len(SCENARIOS) * len(STRATEGIES) ** 2
"""Sessions of a repetition."""

PAUSE_S = 0.05
"""Between samples of the whole tree."""


def plan_of(sessions: int) -> Plan:
    """Return a plan of at least so many sessions."""
    return Plan.model_validate(
        {
            "minilateral-plan": 1,
            "id": "memory",
            "title": "Many sessions",
            "strategies": STRATEGIES,
            "scenarios": SCENARIOS,
            "seats": {"many": "blocs", "fixed": "linear"},
            "repetitions": -(-sessions // CROSS),
        }
    )


def played(sessions: int, folder: Path, workers: int) -> Evaluation:
    settings = load_settings({"MINILATERAL_HOME": str(folder.parent)})
    return evaluate(plan_of(sessions), out=folder, workers=workers, settings=settings)


def play(sessions: int, folder: Path, workers: int) -> int:
    """Play the batch, and return how many sessions ended."""
    return played(sessions, folder, workers).sessions


def write(sessions: int, folder: Path, workers: int) -> int:
    """Write the tables again."""
    for table in folder.glob("*.parquet"):
        table.unlink()
    return played(sessions, folder, workers).sessions


def report(sessions: int, folder: Path, workers: int) -> int:
    """Find everything, and write the report."""
    from tui.report.evaluation import write_report

    evaluation = played(sessions, folder, workers)
    write_report(evaluation.found, evaluation.folder)
    return evaluation.found.sessions


STAGES: dict[str, Callable[[int, Path, int], int]] = {
    "evaluate": play,
    "tables": write,
    "report": report,
}


def measured(stage: str, sessions: int, folder: Path, workers: int) -> dict[str, Any]:
    """Return what a stage in a process of its own takes."""
    command = [sys.executable, "-m", "benchmarks.evaluation_memory", "--stage", stage]
    command += ["--sizes", str(sessions), "--folder", str(folder), "--workers", str(workers)]
    begin, most = perf_counter(), 0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        most = max(most, sum(status(one, "Pss", "smaps_rollup") for one in tree(process.pid)))
        sleep(PAUSE_S)
    said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{stage} of {sessions} sessions failed")
    return {**json.loads(said), "tree_kb": most, "seconds": perf_counter() - begin}


def run_stage(stage: str, sessions: int, folder: Path, workers: int) -> None:
    """Print what a stage in this process came to."""
    ended = STAGES[stage](sessions, folder, workers)
    print(json.dumps({"sessions": ended, "own_kb": status("self", "VmHWM")}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.stage:
        run_stage(args.stage, args.sizes[0], args.folder, args.workers)
        return
    print(f"{'sessions':>9} {'stage':9} {'own MB':>7} {'tree MB':>8} {'seconds':>8}")
    found: dict[str, list[dict[str, Any]]] = {stage: [] for stage in STAGES}
    for size in args.sizes:
        with TemporaryDirectory() as home:
            for stage, listed in found.items():
                one = measured(stage, size, Path(home) / "batch", args.workers)
                listed.append(one)
                own, whole = one["own_kb"] / 1024, f"{one['tree_kb'] / 1024:.0f}"
                print(
                    f"{one['sessions']:>9,} {stage:9} {own:>7.0f} "
                    f"{whole if stage == 'evaluate' else '':>8} {one['seconds']:>8.1f}",
                    flush=True,
                )
    for stage, (first, *_, last) in found.items():
        more = (last["own_kb"] - first["own_kb"]) * 1024 / (last["sessions"] - first["sessions"])
        whole = f", {last['tree_kb'] / first['tree_kb']:.2f} × with workers"
        print(
            f"{stage}: {last['own_kb'] / first['own_kb']:.2f} × own"
            f"{whole if stage == 'evaluate' else ''}; {more:.0f} bytes a session more"
        )


if __name__ == "__main__":
    main()
