"""How fast a session of scripted delegates is, against the same session in NegMAS.

Run from the root of the repository: python -m benchmarks.session_speed [--runs N]

Both sides play the same parties, rounds and tactics; before anything is timed their offers and
agreements are compared. They are then timed in turn, in the same process, and the ratio of the
medians is printed: more than 1 means that we are faster.

- *reused*: the scenario was played before, so that utility tables and rankings exist; NegMAS keeps
  its utility functions and, within them, whatever it caches.
- *rebuilt*: we start from the scenario's points alone (`model_copy()` forgets what was computed);
  NegMAS makes its utility functions anew.

Domains, tactics and strategies are those of `tests/oracles`, where 192 traces are compared.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median
from time import perf_counter

from delegates import negotiate
from games.scenario import Scenario
from games.session import Offer
from tests.oracles import negmas_sessions as oracle
from tests.support.domains import random_scenario
from transcripts import SessionRecord

ROUNDS = 100
SIZES = {100: (90, 110), 1_000: (950, 1_050), 10_000: (9_500, 10_500)}
"""Nominal numbers of outcomes, and what is accepted for them."""


def play_ours(scenario: Scenario, strategies: Sequence[str]) -> SessionRecord:
    """Play one session of ours through the public API."""
    return negotiate(scenario, dict(zip(scenario.ids, strategies, strict=True)), transcript=None)


def trace(record: SessionRecord) -> oracle.Trace:
    """Return a record's offers and agreement in the form in which both sides are compared."""
    parties = len(record.state.scenario.ids)
    offers = [
        (turn // parties, turn % parties, move.outcome)
        for turn, move in zip(record.turns, record.moves, strict=True)
        if isinstance(move, Offer)
    ]
    return oracle.Trace(offers, record.state.agreement)


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    parties: int
    size: int
    scenario: Scenario
    strategies: list[str]

    def timings(self, runs: int) -> dict[str, tuple[float, float]]:
        """Return the median seconds of a session, ours and NegMAS's, by what is reused."""
        functions = oracle.utility_functions(self.scenario)
        return {
            "reused": interleaved(
                lambda: play_ours(self.scenario, self.strategies),
                lambda: oracle.run_negmas(self.scenario, self.strategies, functions),
                runs,
            ),
            "rebuilt": interleaved(
                lambda: play_ours(self.scenario.model_copy(), self.strategies),
                lambda: oracle.run_negmas(
                    self.scenario, self.strategies, oracle.utility_functions(self.scenario)
                ),
                runs,
            ),
        }


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], runs: int
) -> tuple[float, float]:
    """Return the median seconds of two functions, called in turn."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs + 1)][1:]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def seconds(play: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = perf_counter()
    play()
    return perf_counter() - started


def case(parties: int, size: int) -> Case:
    """Return the first random domain of this size whose session lasts at least half its rounds.

    Raises:
        SystemExit: If the two sides do not play the same session.
    """
    seed = 0
    while True:
        scenario = random_scenario(
            seed, parties=parties, outcomes=SIZES[size], rounds=(ROUNDS, ROUNDS)
        )
        strategies = Random(seed).choices(["boulware", "linear"], k=parties)
        ours = trace(play_ours(scenario, strategies))
        if ours.agreement is not None and ours.offers[-1][0] >= ROUNDS // 2:
            break
        seed += 1
    if ours != oracle.play_negmas(scenario, strategies):
        raise SystemExit(f"seed {seed}, {parties} parties: the two sides play different sessions")
    return Case(parties, size, scenario, strategies)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time sessions against NegMAS.")
    parser.add_argument("--runs", type=int, default=7, help="timed sessions a cell (default 7)")
    runs = parser.parse_args().runs
    print(f"one session, up to {ROUNDS} rounds, medians of {runs}; traces checked equal first")
    print(f"{'':31}{'reused':^34}{'rebuilt':^34}")
    heads = f"{'ours ms':>11}{'NegMAS ms':>12}{'ratio':>9}  "
    print(f"{'parties':>8}{'outcomes':>10}{'offers':>8}{'':5}{heads}{heads}")
    for parties in (2, 5):
        for size in SIZES:
            one = case(parties, size)
            offers = len(trace(play_ours(one.scenario, one.strategies)).offers)
            cells = "".join(
                f"{ours * 1e3:11.3f}{theirs * 1e3:12.2f}{theirs / ours:8.0f}x  "
                for ours, theirs in one.timings(runs).values()
            )
            print(f"{parties:8}{one.scenario.space.size:10}{offers:8}{'':5}{cells}", flush=True)


if __name__ == "__main__":
    main()
