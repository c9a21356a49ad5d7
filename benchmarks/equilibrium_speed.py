"""How fast all equilibria of a game are found and verified, against Gambit's exact enumeration.

Run from the root of the repository: python -m benchmarks.equilibrium_speed [--runs N]

Both sides get the same games, in memory: lists of numbers here (arrays for the pure ones), a game
object there. Ours finds, verifies and sorts all extreme equilibria (`games.equilibria`); Gambit's
does `enummixed_solve(rational=True)`, or `enumpure_solve` for pure ones. Their lists are compared
before anything is timed. The two are then timed in turn, game by game, in one process; the table
shows the medians over games and the ratio of these: more than 1 means that we are faster. Calls
shorter than a hundredth of a second are repeated, on either side, and their mean is taken.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pygambit

from games.equilibrium.pure import pure_equilibria
from games.equilibrium.solve import equilibria

LEAST_S = 0.01
"""Seconds that a measurement takes at least, on either side."""

Payoffs = list[list[int]]


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    name: str
    target: str
    games: list[tuple[Payoffs, Payoffs]]
    ours: Callable[[Any, Any], object]
    theirs: Callable[[Any], object]
    same: Callable[[Payoffs, Payoffs, Any], bool]
    arrays: bool = False
    """Whether our side holds the game as numpy arrays."""

    def line(self) -> str:
        """Return the measured line.

        Raises:
            SystemExit: If the two sides find different equilibria.
        """
        mine: list[float] = []
        its: list[float] = []
        for number, (row, column) in enumerate(self.games):
            game = gambit_game(row, column)
            if not self.same(row, column, game):
                raise SystemExit(f"{self.name}, game {number}: the two sides differ")
            held = [np.array(side) for side in (row, column)] if self.arrays else [row, column]
            mine.append(seconds(lambda: self.ours(*held)))  # noqa: B023 - called at once
            its.append(seconds(lambda: self.theirs(game)))  # noqa: B023
        ours, theirs = median(mine), median(its)
        return (
            f"{self.name:24}{ours * 1e3:11.2f}{theirs * 1e3:13.2f}{theirs / ours:9.1f}x"
            f"   {self.target}"
        )


def gambit_game(row: Payoffs, column: Payoffs) -> Any:
    """Return the game as Gambit holds it."""
    arrays = (np.array(side, dtype=object) for side in (row, column))
    return pygambit.StrategicGame.from_arrays(*arrays)  # pyright: ignore[reportAttributeAccessIssue]


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes: the mean of as many as make up a hundredth of a second."""
    calls, started = 0, perf_counter()
    while (passed := perf_counter() - started) < LEAST_S:
        call()
        calls += 1
    return passed / calls


def draws(size: int, count: int, values: int) -> list[tuple[Payoffs, Payoffs]]:
    """Return random square games of so many different payoffs."""
    rng = Random(f"{size}/{values}")
    return [
        (
            [[rng.randrange(values) for _ in range(size)] for _ in range(size)],
            [[rng.randrange(values) for _ in range(size)] for _ in range(size)],
        )
        for _ in range(count)
    ]


def solve_gambit(game: Any) -> Any:
    """Return Gambit's extreme equilibria."""
    return pygambit.nash.enummixed_solve(game, rational=True)


def same_mixed(row: Payoffs, column: Payoffs, game: Any) -> bool:
    """Return whether both sides list the same extreme equilibria."""
    ours = {(*one.row, *one.column) for one in equilibria(row, column).equilibria}
    theirs = {
        tuple(Fraction(int(p.numerator), int(p.denominator)) for own in profile for _, p in own)
        for profile in solve_gambit(game).equilibria
    }
    return ours == theirs


def same_pure(row: Payoffs, column: Payoffs, game: Any) -> bool:
    """Return whether both sides list the same cells."""
    cells = {tuple(cell) for cell in pure_equilibria(np.array(row), np.array(column)).tolist()}
    theirs = {
        tuple([p for _, p in own].index(1) for own in profile)
        for profile in pygambit.nash.enumpure_solve(game).equilibria
    }
    return cells == theirs


def cases(runs: int) -> list[Case]:
    """Return the lines of the table."""
    generic = {
        size: "2x" if size >= 6 else "at most 3 times its time: 0.33x" for size in range(3, 9)
    }
    mixed = [
        Case(
            f"all, generic {size}×{size}",
            target,
            draws(size, 4 * runs if size < 6 else runs, 10**6),
            equilibria,
            solve_gambit,
            same_mixed,
        )
        for size, target in generic.items()
    ]
    tied = [
        Case(
            f"all, tied {size}×{size}",
            "none set",
            draws(size, runs, 4),
            equilibria,
            solve_gambit,
            same_mixed,
        )
        for size in (4, 6)
    ]
    pure = [
        Case(
            "pure, 100×100",
            "300x",
            draws(100, 5 * runs, 10**6),
            pure_equilibria,
            pygambit.nash.enumpure_solve,
            same_pure,
            arrays=True,
        )
    ]
    return [*mixed, *tied, *pure]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time equilibria against Gambit.")
    parser.add_argument("--runs", type=int, default=7, help="games a line, at least (default 7)")
    runs = parser.parse_args().runs
    print("median of one game; lists checked equal first")
    print(f"{'equilibria':24}{'ours ms':>11}{'Gambit ms':>13}{'ratio':>10}   to reach")
    for case in cases(runs):
        print(case.line(), flush=True)


if __name__ == "__main__":
    main()
