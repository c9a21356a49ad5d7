"""How fast frontier and bargaining solutions are found, against NegMAS; and perfect play and core.

Run from the root of the repository: python -m benchmarks.bargaining_speed [--runs N]

Both sides start from the points of the same random additive scenario and find its Pareto frontier
over all outcomes and the Nash, Kalai–Smorodinsky, egalitarian and utilitarian outcomes. Ours runs
through `bargain(scenario.model_copy())`, so that every table is made anew; NegMAS builds its
utility functions anew and takes the fastest right way it has
(`tests/oracles/negmas_bargaining.py`). The two are timed in turn, in the same process; the ratio is
that of the medians, more than 1 means that we are faster.

Before anything is timed their results are compared: the frontiers outcome by outcome, Nash and
utilitarian utilities, and the least gain of the egalitarian outcome. Kalai–Smorodinsky is defined
otherwise in NegMAS (least difference of shares of the range over all outcomes): there the least
share must not be larger than ours.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from random import Random
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.timing import seconds
from games.bargaining.perfect_play import perfect_play
from games.bargaining.quorum import core
from games.bargaining.solutions import Bargain, bargain, utility_rows
from games.outcomes import IndexArray
from games.scenario import Scenario
from tests.support.domains import party, scenario

if TYPE_CHECKING:
    from tests.oracles.negmas_bargaining import Findings, Points

SIZES = (5, 6)
"""Issues of ten options each: 10⁵ and 10⁶ outcomes."""

DIGITS = 6
"""Decimals of utilities that are compared."""


def domain(parties: int, issues: int, seed: int = 0) -> Scenario:
    """Return a random additive scenario with ten options an issue and ten rounds.

    Everyone's reservation value is 30 of some 100 points, or its worst utility if that is more.
    """
    rng = Random(f"bargaining/{parties}/{issues}/{seed}")
    options = {f"i{k}": [f"o{j}" for j in range(10)] for k in range(issues)}
    spelled: dict[str, dict[str, object]] = {}
    for position in range(parties):
        points = {
            name: {text: rng.random() * 100 / issues for text in texts}
            for name, texts in options.items()
        }
        worst = sum(min(row.values()) for row in points.values())
        spelled[f"P{position}"] = party(points, max(30.0, worst), discount=0.97)
    return scenario(options, spelled, protocol={"rounds": 10})


def ours(game: Scenario) -> Bargain:
    """Find everything from the scenario's points."""
    return bargain(game.model_copy())


def require_same(game: Scenario, found: Bargain, theirs: Findings) -> None:
    """Compare the two sides' results.

    Raises:
        SystemExit: If they differ.
    """
    least = np.array([own.reservation for own in game.preferences])

    def points(outcomes: IndexArray) -> Points:
        return [tuple(row) for row in utility_rows(game, outcomes).T.tolist()]

    def rounded(some: Points) -> set[tuple[float, ...]]:
        return {tuple(np.round(point, DIGITS).tolist()) for point in some}

    def worst_off(some: Points, span: np.ndarray | float) -> float:
        return max(float(((np.array(point) - least) / span).min()) for point in some)

    solutions = {name: points(outcomes) for name, outcomes in found.solutions.items()}
    assert found.pareto is not None
    share = found.best - least
    same = {
        "frontier": found.pareto.tolist() == sorted(theirs.frontier_outcomes),
        "nash": rounded(solutions["nash"]) == rounded(theirs.nash),
        "utilitarian": rounded(solutions["utilitarian"]) == rounded(theirs.utilitarian),
        "egalitarian": abs(
            worst_off(solutions["egalitarian"], 1.0) - worst_off(theirs.egalitarian, 1.0)
        )
        < 1e-6,
        "kalai_smorodinsky": worst_off(solutions["kalai_smorodinsky"], share)
        >= worst_off(theirs.kalai_smorodinsky, share) - 1e-9,
    }
    if not all(same.values()):
        raise SystemExit(f"{game.id}: the two sides differ: {same}")


def compare(parties: int, issues: int, runs: int) -> None:
    """Print one line against NegMAS; the first run of each side is not counted."""
    from tests.oracles.negmas_bargaining import negmas_findings  # its memory is not ours

    game = domain(parties, issues)
    found, theirs = ours(game), negmas_findings(game)
    require_same(game, found, theirs)
    pairs = [
        (seconds(lambda: ours(game)), seconds(lambda: negmas_findings(game))) for _ in range(runs)
    ]
    mine, other = (median(side) for side in zip(*pairs, strict=True))
    assert found.pareto is not None
    print(
        f"{parties:8}{game.space.size:12,}{len(found.zopa):12,}{len(found.pareto):10,}"
        f"{mine * 1e3:11.1f}{other * 1e3:13.1f}{other / mine:9.0f}x",
        flush=True,
    )


def alone(parties: int, issues: int, runs: int) -> None:
    """Print one line on what NegMAS has no counterpart of."""
    game = domain(parties, issues)
    bargain(game)
    times: dict[str, list[float]] = {"core": [], "perfect play": []}
    for _ in range(runs):
        for name, find in (("core", core), ("perfect play", perfect_play)):
            game.kept.pop(name.replace(" ", "_"), None)
            times[name].append(seconds(lambda find=find: find(game)))
    left_out = perfect_play(game).orders[2].payoffs is None
    line = (
        f"{parties:8}{game.space.size:12,}{median(times['core']) * 1e3:14.1f}"
        f"{median(times['perfect play']) * 1e3:14.1f}   {'without the lot' if left_out else ''}"
    )
    print(line.rstrip(), flush=True)


def peak(parties: int, issues: int) -> None:
    """Print one line: the greatest memory of a process that analyses a scenario."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.bargaining_speed",
        "--memory",
        str(parties),
        str(issues),
    ]
    print(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout,
        end="",
        flush=True,
    )


def memory(parties: int, issues: int) -> None:
    """Analyse a scenario and print this process's greatest memory before and after."""
    game = domain(parties, issues)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    bargain(game)
    core(game)
    perfect_play(game)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    tables = 8 * parties * game.space.size / 1e6
    print(f"{parties:8}{game.space.size:12,}{tables:14.0f}{before:14.0f}{after:14.0f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time bargaining solutions against NegMAS.")
    parser.add_argument("--runs", type=int, default=5, help="timed runs a cell (default 5)")
    parser.add_argument("--memory", type=int, nargs=2, metavar=("PARTIES", "ISSUES"), help="alone")
    given = parser.parse_args()
    if given.memory:
        memory(*given.memory)
        return
    # First, for a child's peak counts what its parent held when it was born: NegMAS is not loaded.
    print("peak memory of a process that finds all of this, MB")
    print(f"{'parties':>8}{'outcomes':>12}{'tables':>14}{'before':>14}{'peak':>14}")
    for parties in (2, 5, 54):
        peak(parties, 6)
    print(f"\nfrontier and four solutions, medians of {given.runs}; results compared first")
    print(
        f"{'parties':>8}{'outcomes':>12}{'ZOPA':>12}{'frontier':>10}"
        f"{'ours ms':>11}{'NegMAS ms':>13}{'ratio':>10}"
    )
    for parties in (2, 5):
        for issues in SIZES:
            compare(parties, issues, given.runs)
    print("\ncore, and perfect play over 10 rounds under three orders")
    print(f"{'parties':>8}{'outcomes':>12}{'core ms':>14}{'perfect ms':>14}")
    for parties in (2, 5):
        for issues in SIZES:
            alone(parties, issues, given.runs)


if __name__ == "__main__":
    main()
