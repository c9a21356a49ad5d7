"""How fast a batch of scripted sessions is played and stored, against NegMAS's tournament.

Run from the root of the repository: python -m benchmarks.evaluation_speed [--repetitions N]

Both sides play the same full cross: five strategies against each other and themselves, in both
seats of three random domains of about 10², 10^2.5 and 10³ outcomes, up to 100 rounds, each session
as often. Ours is `evaluate` of a plan file, as a user gives it: plan and domains read, sessions
played, every one on disk before the next chunk begins, the three tables written. NegMAS's is
`cartesian_tournament` with a folder, its figures off and its storage set to speed; it too keeps
every session and writes tables. Both compute how good each agreement is.

- *one core*: ours with one worker, NegMAS with `njobs=-1` (serial).
- *two cores*: ours by default, which starts a process for each processor once it shows that they
  are worth their start; NegMAS with `njobs=2`.
- *found*: what ours takes on top for all that the report tells, of which NegMAS has no counterpart.

Before anything is timed, agreements are compared: sessions of boulware, linear and conceder must
end alike. MiCRO draws lots when it waits, and NegMAS's naive tit for tat begins otherwise on
purpose (see `tests/oracles/test_negmas_strategies.py`), so of theirs only the number that ends
alike is told.
"""

from __future__ import annotations

import argparse
import gc
import logging
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, cast

import polars as pl
import yaml
from negmas.inout import Scenario as NegmasScenario
from negmas.sao.negotiators import NaiveTitForTatNegotiator
from negmas.tournaments.neg import cartesian_tournament

from benchmarks.timing import seconds
from delegates import evaluate
from games.scenario import Scenario
from games.scenario_files.writing import scenario_text
from tests.oracles import negmas_sessions as oracle
from tests.support.domains import random_scenario

SIZES = ((90, 110), (300, 400), (950, 1_050))
ROUNDS = 100
STRATEGIES: dict[str, type[Any]] = {
    **oracle.ALL_NEGOTIATORS,
    "naive-tit-for-tat": NaiveTitForTatNegotiator,
}
BY_CLOCK = tuple(oracle.NEGOTIATORS)
TARGET = 50


def domains() -> list[Scenario]:
    """Return the three domains, the first by seed of each size."""
    return [
        random_scenario(seed, parties=2, outcomes=size, rounds=(ROUNDS, ROUNDS)).model_copy(
            update={"id": f"domain-{seed}"}
        )
        for seed, size in enumerate(SIZES, 1)
    ]


def plan_file(folder: Path, chosen: list[Scenario], repetitions: int) -> Path:
    """Write the plan and its domains, and return the plan's file."""
    for one in chosen:
        (folder / f"{one.id}.yaml").write_text(scenario_text(one), encoding="utf-8")
    plan = {
        "minilateral-plan": 1,
        "id": "cross",
        "title": "A full cross",
        "strategies": {name: name for name in STRATEGIES},
        "scenarios": ["domain-*.yaml"],
        "repetitions": repetitions,
    }
    path = folder / "cross.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    return path


def ours(plan: Path, out: Path, workers: int | None) -> Any:
    """Play and store our side."""
    return evaluate(plan, out=out, workers=workers)


def theirs(chosen: list[Scenario], out: Path, jobs: int, repetitions: int) -> Any:
    """Play and store NegMAS's side."""
    made: list[NegmasScenario] = []
    for one in chosen:
        functions = oracle.utility_functions(one)
        space = cast("Any", functions[0].outcome_space)
        made.append(NegmasScenario(outcome_space=space, ufuns=tuple(functions)))
    return cartesian_tournament(
        list(STRATEGIES.values()),
        made,
        competitor_names=list(STRATEGIES),
        rotate_ufuns=False,  # the cross has each pair in both seats already
        n_repetitions=repetitions,
        path=out,
        njobs=jobs,
        n_steps=ROUNDS,
        randomize_runs=False,
        verbosity=-1,
        plot_fraction=0.0,
        save_scenario_figs=False,
        save_stats=False,
        storage_optimization="speed",
        memory_optimization="speed",
        mask_scenario_names=False,
    )


def seconds_alone(play: Callable[[], object]) -> float:
    """Return how long a call takes; what others left behind is cleared away before."""
    gc.collect()
    return seconds(play)


def require_alike(chosen: list[Scenario], folder: Path) -> tuple[int, int]:
    """Return how many of the reactive strategies' sessions end alike, of how many.

    Raises:
        SystemExit: If a session by the clock does not end alike on both sides.
    """
    table = pl.read_parquet(folder / "sessions.parquet").filter(pl.col("repetition") == 0)
    agreed = {
        (row["scenario"], *(part.split("=")[1] for part in row["seats"].split())): row["outcome"]
        for row in table.iter_rows(named=True)
    }
    alike = count = 0
    for one, (first, second) in product(chosen, product(STRATEGIES, repeat=2)):
        negotiators = [STRATEGIES[first](), STRATEGIES[second]()]
        played = oracle.finished(one, negotiators, oracle.utility_functions(one))
        same = oracle.trace_of_negmas(one, played).agreement == agreed[one.id, first, second]
        if first in BY_CLOCK and second in BY_CLOCK:
            if not same:
                raise SystemExit(f"{one.id}: {first} and {second} end otherwise in NegMAS")
        else:
            count += 1
            alike += same
    return alike, count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=30, help="of each session (default 30)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs a line (default 3)")
    parser.add_argument("--cores", choices=("one", "two"), nargs="+", default=("one", "two"))
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    chosen = domains()
    count = len(STRATEGIES) ** 2 * len(chosen) * given.repetitions
    with TemporaryDirectory() as name:
        folder = Path(name)
        plan = plan_file(folder, chosen, given.repetitions)
        first = ours(plan, folder / "first", 1)
        found_s = seconds_alone(lambda: first.found)
        alike, reactive = require_alike(chosen, folder / "first")
        print(
            f"{count} sessions: {len(STRATEGIES)} strategies × {len(STRATEGIES)} × {len(chosen)} "
            f"domains × {given.repetitions}; all by the clock end alike, {alike} of {reactive} of "
            f"the others; medians of {given.runs}"
        )
        print(
            f"{'cores':8}{'ours s':>9}{'NegMAS s':>10}{'ours /s':>10}{'NegMAS /s':>11}"
            f"{'ratio':>8}{'target':>8}{'found s':>9}"
        )
        for cores, workers, jobs in (("one", 1, -1), ("two", None, 2)):
            if cores not in given.cores:
                continue
            times: list[tuple[float, float]] = []
            for run in range(given.runs):
                own = folder / f"ours-{cores}-{run}"
                other = folder / f"theirs-{cores}-{run}"
                times.append(
                    (
                        seconds_alone(lambda own=own, workers=workers: ours(plan, own, workers)),
                        seconds_alone(
                            lambda other=other, jobs=jobs: theirs(
                                chosen, other, jobs, given.repetitions
                            )
                        ),
                    )
                )
            mine, negmas = (median(column) for column in zip(*times, strict=True))
            print(
                f"{cores:8}{mine:9.3f}{negmas:10.2f}{count / mine:10.0f}{count / negmas:11.1f}"
                f"{negmas / mine:7.0f}x{TARGET:7}x{found_s:9.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
