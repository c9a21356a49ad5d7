"""How fast a session of scripted delegates is, against the same session in NegMAS.

Run from the root of the repository: python -m benchmarks.session_speed [--runs N]

Both sides play the same parties, rounds and strategies; before anything is timed their offers and
agreements are compared. They are then timed in turn, in the same process, and the ratio of the
medians is printed: more than 1 means that we are faster. Ours runs through the public `negotiate`.

- *reused*: the scenario was played before, so that utility tables and rankings exist; NegMAS keeps
  its utility functions and, within them, whatever it caches.
- *rebuilt*: we start from the scenario's points alone (`model_copy()` forgets what was computed);
  NegMAS makes its utility functions anew.
- *written*: reused, and ours writes the full transcript to a file, words, findings and hashes
  included, and has it on disk before it returns; NegMAS writes nothing. With one seed the lots that
  choose the words are drawn in the first session; with new seeds in every one.

By the clock are Boulware, Linear and Conceder, which we play by schedule; MiCRO answers offers and
is played move by move, in domains where neither side has to draw lots.
Domains, tactics and strategies are those of `tests/oracles`, where hundreds of traces are compared.
"""

import argparse
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.timing import seconds
from games.scenario import Scenario
from tests.oracles import negmas_sessions as oracle
from tests.support.domains import random_scenario

ROUNDS = 100
SIZES = {
    100: (90, 110),
    1_000: (950, 1_050),
    10_000: (9_500, 10_500),
    100_000: (80_000, 120_000),
}
"""Nominal numbers of outcomes, and what is accepted for them."""

BY_CLOCK = ("boulware", "linear", "conceder")
MICRO = ("micro",)


@dataclass(frozen=True)
class Case:
    """A session that both sides play alike."""

    scenario: Scenario
    strategies: list[str]
    offers: int


@dataclass(frozen=True)
class Row:
    """One line of the table: what is played, how often it is timed, and the ratio aimed at."""

    strategies: Sequence[str]
    parties: int
    size: int
    kind: str
    target: int
    most_runs: int = 1000


ROWS = [
    *(Row(BY_CLOCK, 2, size, "reused", 60) for size in (100, 1_000)),
    *(Row(BY_CLOCK, 5, size, "reused", 60) for size in (100, 1_000)),
    *(Row(BY_CLOCK, 2, size, "rebuilt", 25) for size in SIZES),
    *(Row(BY_CLOCK, 5, size, "rebuilt", 25) for size in SIZES),
    Row(BY_CLOCK, 54, 1_000, "rebuilt", 80, most_runs=3),
    *(Row(MICRO, 2, size, "reused", 15) for size in (100, 1_000)),
    *(Row(MICRO, 5, size, "reused", 15) for size in (100, 1_000)),
    Row(BY_CLOCK, 2, 1_000, "written, one seed", 12),
    Row(BY_CLOCK, 2, 1_000, "written, new seeds", 12),
]


def sides(case: Case, kind: str, folder: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return one session of ours and one of NegMAS's, to be called again and again."""
    scenario, strategies = case.scenario, case.strategies
    if kind == "rebuilt":
        return (
            lambda: oracle.negotiated(scenario.model_copy(), strategies),
            lambda: oracle.run_negmas(scenario, strategies, oracle.utility_functions(scenario)),
        )
    functions = oracle.utility_functions(scenario)
    if kind == "reused":
        return (
            lambda: oracle.negotiated(scenario, strategies),
            lambda: oracle.run_negmas(scenario, strategies, functions),
        )
    seeds: Iterator[int] = repeat(0) if kind == "written, one seed" else count()
    files = (folder / f"{kind}-{number}.jsonl" for number in count())
    return (
        lambda: oracle.negotiated(scenario, strategies, seed=next(seeds), transcript=next(files)),
        lambda: oracle.run_negmas(scenario, strategies, functions),
    )


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], runs: int
) -> tuple[float, float]:
    """Return the median seconds of two functions, called in turn.

    As in `timeit`, neither is interrupted to clear away objects, its own or the other side's.
    """
    pairs: list[tuple[float, float]] = []
    for _ in range(runs + 1):
        gc.collect()
        gc.disable()
        other = seconds(theirs)
        pairs.append((seconds(ours), other))
        gc.enable()
    pairs = pairs[1:]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def find_case(strategies: Sequence[str], parties: int, size: int) -> Case:
    """Return the first random domain of this size whose session is worth timing.

    It ends in an agreement, after half its rounds at least; MiCRO's after fifty offers, or twenty
    where there are few outcomes, none of them made twice by the same party. Among more than five
    parties an agreement is not asked for, and each would rather have any outcome than none.

    Raises:
        SystemExit: If the two sides do not play the same session.
    """
    for seed in count():
        scenario = random_scenario(
            seed, parties=parties, outcomes=SIZES[size], rounds=(ROUNDS, ROUNDS)
        )
        if parties > 5:
            scenario = content_with_anything(scenario)
        chosen = Random(seed).choices(strategies, k=parties)
        ours = oracle.trace_of(oracle.negotiated(scenario, chosen))
        if (ours.agreement is None and parties <= 5) or not is_long(ours, chosen, size):
            continue
        if ours != oracle.play_negmas(scenario, chosen):
            raise SystemExit(f"seed {seed}, {parties} parties: the sides play different sessions")
        return Case(scenario, chosen, len(ours.offers))
    raise AssertionError("seeds never end")


def content_with_anything(scenario: Scenario) -> Scenario:
    """Return a scenario in which each party's reservation value is its worst outcome's utility."""
    parties = {
        name: party.model_copy(
            update={"reservation": sum(min(row.values()) for row in party.points.values())}
        )
        for name, party in scenario.parties.items()
    }
    return scenario.model_copy(update={"parties": parties})


def is_long(trace: oracle.Trace, strategies: Sequence[str], size: int) -> bool:
    """Return whether a session has enough moves to be timed, and no lots."""
    if strategies[0] not in MICRO:
        return trace.offers[-1][0] >= ROUNDS // 2
    made = [(mover, outcome) for _, mover, outcome in trace.offers]
    return len(made) >= (20 if size == min(SIZES) else 50) and len(set(made)) == len(made)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time sessions against NegMAS.")
    parser.add_argument("--runs", type=int, default=9, help="timed sessions a row (default 9)")
    runs = parser.parse_args().runs
    print(f"one session, up to {ROUNDS} rounds, medians of {runs}; traces checked equal first")
    print(
        f"{'strategies':12}{'parties':>8}{'outcomes':>10}{'offers':>8}  {'kind':20}"
        f"{'ours ms':>10}{'NegMAS ms':>11}{'ratio':>8}{'target':>8}"
    )
    cases: dict[tuple[Sequence[str], int, int], Case] = {}
    with TemporaryDirectory() as folder:
        for row in ROWS:
            key = (row.strategies, row.parties, row.size)
            case = cases[key] = cases.get(key) or find_case(*key)
            pair = sides(case, row.kind, Path(folder))
            ours, theirs = interleaved(*pair, min(runs, row.most_runs))
            print(
                f"{'by clock' if row.strategies == BY_CLOCK else 'MiCRO':12}{row.parties:8}"
                f"{case.scenario.space.size:10}{case.offers:8}  {row.kind:20}{ours * 1e3:10.3f}"
                f"{theirs * 1e3:11.2f}{theirs / ours:7.0f}x{row.target:7}x",
                flush=True,
            )


if __name__ == "__main__":
    main()
