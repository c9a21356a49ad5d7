"""Does the forum end as it ended? Many declarations and no binding text, whatever is judged.

python -m tests.mechanisms.benchmark_outcome [DRAWS]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from games.protocols.hall import HallState
from games.protocols.settlement import is_in_force
from games.scenario import load_scenario
from games.sensitivity import AREAS, Area, drawn
from games.session import State
from tests.mechanisms.sessions import played

DRAWS = 200

FEW = 20
"""Draws for each area alone."""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one session of the forum ended."""

    binding: float
    declaratory: float
    out: float
    in_force: bool

    @property
    def is_as_it_was(self) -> bool:
        """Whether more than half declared and no text binds anyone."""
        return not self.in_force and self.declaratory > 0.5


def ending(state: State) -> Ending:
    """Return how a session of the forum ended."""
    assert isinstance(state, HallState)
    share = {
        how: sum(one == how for one in state.signatures) / len(state.signatures)
        for how in ("binding", "declaratory")
    }
    return Ending(
        binding=share["binding"],
        declaratory=share["declaratory"],
        out=1 - share["binding"] - share["declaratory"],
        in_force=is_in_force(state),
    )


def one_ending(seed: int, area: Area | None, spread: float) -> Ending:
    """Return the ending of the session of a seed, its judged numbers drawn anew.

    Args:
        seed: Draws the numbers, the seats and the lots.
        area: The only area whose numbers are drawn; all if None.
        spread: How far they are drawn.
    """
    scenario = load_scenario("ministerial")
    if spread:
        areas = AREAS if area is None else (area,)
        scenario = drawn(scenario, seed, spread, areas).scenario
    return ending(played(scenario, seed))


def row(name: str, endings: Sequence[Ending]) -> str:
    """Return one row of the table, in markdown."""
    count = len(endings)

    def mean(figures: Sequence[float]) -> float:
        return sum(figures) / count

    shares = (
        [one.declaratory for one in endings],
        [one.binding for one in endings],
        [one.out for one in endings],
        [one.in_force for one in endings],
        [one.is_as_it_was for one in endings],
    )
    return " | ".join((f"| {name}", str(count), *(f"{mean(one):.0%}" for one in shares))) + " |"


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    draws = int(arguments[0]) if arguments else DRAWS
    few = min(FEW, draws)
    print("| drawn anew by ±50 % | sessions | declaratory | binding | out | in force | as it was |")
    print("|---|---|---|---|---|---|---|")
    plan: list[tuple[str, int, Area | None, float]] = [
        ("nothing", draws, None, 0.0),
        ("every judgement", draws, None, 0.5),
        *((f"{area} alone", few, area, 0.5) for area in AREAS),
    ]
    with ProcessPoolExecutor(2) as pool:
        for name, count, area, spread in plan:
            endings = list(
                pool.map(one_ending, range(count), [area] * count, [spread] * count, chunksize=5)
            )
            print(row(name, endings), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
