"""Very many sessions in one run, and whether the process stays flat; Linux only.

Run from the root of the repository: python -m benchmarks.endurance KIND [--sessions N]

KIND is one of:

- *negotiate*: sessions by rule through the public `negotiate`, each with its transcript, one after
  the other in this process;
- *evaluate*: a batch of sessions by rule as `minilateral evaluate` plays it, with worker processes,
  or, with `--workers 1`, in this process alone; memory is that of all processes together;
- *models*: sessions with models' seats against the fault-injecting server of
  `tests/delegates/faults`, every fault and failure by lot; each is carried on until it ends, its
  counts are held against the server's ledger, and `verify` reads it. Server and sessions share
  the process.

What the process holds is sampled at equal intervals, and judged by `benchmarks.resources.verdict`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from itertools import cycle, product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from benchmarks.resources import Sample, sampled, table, verdict

SAMPLES = 40
PER_FOLDER = 1000
"""Transcripts that are kept at a time: a folder of a hundred thousand measures the disk."""

ATTEMPT_S = 3.0
"""How long an attempt may take against the fault-injecting server."""

Take = Callable[[float], None]
"""Samples, once so many sessions have been played."""


def main() -> None:
    """Play, and print what was held."""
    kinds = {"negotiate": _negotiate, "evaluate": _evaluate, "models": _models}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--samples", type=Path, help="where every sample is kept, a line each")
    parser.add_argument("--traced", action="store_true", help="say what Python allocated where")
    given = parser.parse_args()
    samples: list[Sample] = []
    begin, cpu = perf_counter(), process_time()

    def take(done: float) -> None:
        samples.append(sampled("self", done))
        if given.samples:
            with given.samples.open("a") as file:
                file.write(json.dumps(asdict(samples[-1])) + "\n")

    with TemporaryDirectory() as home:
        if given.traced:
            tracemalloc.start(12)
        kinds[given.kind](given.sessions, Path(home), take, given.workers)
        if given.traced:
            _tell_traced()
    _say(f"{perf_counter() - begin:.0f} s, {process_time() - cpu:.0f} s of processor time\n")
    for line in table(samples, "sessions"):
        _say(line)
    _say(f"\n{verdict(samples).words}")
    _say(f"the process alone: {verdict(samples, 'rss_mb').words}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _tell_traced() -> None:
    gc.collect()
    for one in tracemalloc.take_snapshot().statistics("lineno")[:25]:
        _say(str(one))


def _turns(sessions: int, take: Take) -> Iterator[int]:
    """Yield numbers of sessions, and sample at equal intervals."""
    every = max(sessions // SAMPLES, 1)
    for number in range(sessions):
        yield number
        if (number + 1) % every == 0:
            take(number + 1)


def _negotiate(sessions: int, home: Path, take: Take, workers: int) -> None:
    from benchmarks.evaluation_memory import SCENARIOS, STRATEGIES
    from delegates import negotiate
    from games.scenario import load_scenario

    del workers
    scenarios = [load_scenario(name) for name in SCENARIOS]
    pairs = cycle(product(scenarios, STRATEGIES, STRATEGIES))
    ended: Counter[str] = Counter()
    for number in _turns(sessions, take):
        scenario, first, other = next(pairs)
        seats = dict.fromkeys(scenario.ids, other) | {scenario.ids[0]: first}
        path = home / f"{number % PER_FOLDER}.jsonl"
        path.unlink(missing_ok=True)
        ended[negotiate(scenario, seats, seed=number, transcript=path).status] += 1
    _say(f"{sum(ended.values()):,} sessions: {dict(ended)}")


def _evaluate(sessions: int, home: Path, take: Take, workers: int) -> None:
    from benchmarks.evaluation_memory import plan_of
    from delegates import evaluate
    from delegates.evaluation.playing.progress import Progress
    from delegates.settings import load_settings

    plan = plan_of(sessions)
    last = 0.0

    def watch(progress: Progress) -> None:
        nonlocal last
        if not progress.is_over and progress.done - last >= sessions / SAMPLES:
            last = progress.done
            take(last)

    settings = load_settings({"MINILATERAL_HOME": str(home)})
    found = evaluate(plan, out=home / "batch", workers=workers, settings=settings, watch=watch)
    _say(f"{found.sessions:,} of {found.planned:,} sessions: {dict(found.ended)}")


def _models(sessions: int, home: Path, take: Take, workers: int) -> None:
    import pytest

    from tests.delegates.faults.faulty import Faulty
    from tests.delegates.faults.playing import guarded, hurry, mixed
    from tests.support.openai_stub import OpenAIStub

    del workers
    stops: Counter[str] = Counter()
    stopped, calls, wrong = 0, 0, dict[int, str]()
    game = cache(guarded)
    with (
        pytest.MonkeyPatch.context() as patch,
        OpenAIStub(Faulty(game(1), 0)) as server,
    ):
        hurry(patch, ATTEMPT_S)
        for number in _turns(sessions, take):
            folder = home / str(number % 10)
            try:
                why = mixed(10_000 + number, folder, server, game)
            except AssertionError as error:
                wrong[number] = str(error)[:300]
                continue
            finally:
                for path in folder.glob("*.jsonl*"):
                    path.unlink()
                calls += server.count
                server.requests.clear()
                server.keys.clear()
            stops.update(why)
            stopped += bool(why)
    tasks = sum(isinstance(one, asyncio.Task) and not one.done() for one in gc.get_objects())
    _say(
        f"{sessions:,} sessions, {calls:,} requests; {stopped} sessions stopped, {dict(stops)}, "
        f"and were carried on; the counts of {len(wrong)} were not the ledger's"
    )
    for number, why in wrong.items():
        _say(f"wrong {number}: {why}")
    _say(f"tasks still under way: {tasks}")


if __name__ == "__main__":
    main()
