"""How promises kept rise with enforcement: not in proportion, but slowly, fast, slowly.

A party reneges while what it saves is more than the fine that threatens, e·φ. Of texts that nobody
would keep without a fine the first steps of enforcement change few minds, for it takes more, and
the last ones few, for most are won by then. Texts that some futures keep anyway answer at once:
among all texts the slow beginning is lost.

python -m tests.mechanisms.curves [TEXTS]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np

from games.implementation.outlook import outlook
from games.outcomes import FloatArray
from games.scenario import Scenario, load_scenario
from games.sensitivity import Area, drawn
from tests.mechanisms.measure import Effect, effect
from tests.mechanisms.mechanism import signed_text
from tests.mechanisms.years import watched, with_law

TEXTS = 200
LEVELS = tuple(round(0.1 * k, 1) for k in range(11))
"""Chances that reneging is punished."""

FINE = 30.0
PATHS = 400
"""Futures of each text: texts differ far more than the futures of one."""

DRAWN: tuple[Area, ...] = ("points", "alternatives", "trust", "dispute")
"""The judgements that differ from text to text, by half."""

SCENARIO = "nickel-hub"

UNKEPT = 0.02
"""Share of futures without a breach up to which a text is said to be kept by nobody."""


@cache
def _base() -> Scenario:
    return with_law(0.0)(load_scenario(SCENARIO))


def unbroken(seed: int) -> list[float]:
    """Return, by level of enforcement, the share of futures in which nobody reneges on a text."""
    scenario = drawn(_base(), seed, what=DRAWN).scenario
    text = signed_text(scenario, seed).agreement
    found: list[float] = []
    for level in LEVELS:
        watch = watched(enforcement=level, fine=FINE)
        years = outlook(watch(scenario), text or 0, paths=PATHS)
        assert years is not None
        found.append(1.0 - sum(years.breaks.values()))
    return found


def curve(seeds: Sequence[int], processes: int = 1) -> FloatArray:
    """Return the share of futures without a breach, shape (texts, levels)."""
    if processes == 1:
        return np.array([unbroken(seed) for seed in seeds])
    with ProcessPoolExecutor(processes) as pool:
        return np.array(list(pool.map(unbroken, seeds, chunksize=5)))


def unkept(found: FloatArray) -> FloatArray:
    """Return the curves of those texts that nobody keeps where nothing is enforced."""
    return found[found[:, 0] <= UNKEPT]


def steepness(found: FloatArray) -> tuple[Effect, Effect]:
    """Return how much steeper the middle of the curve is than its beginning, and than its end.

    Rise per unit of enforcement from .3 to .7, against that from 0 to .2 and from .8 to 1.
    """

    def slope(first: float, last: float) -> list[float]:
        low, high = LEVELS.index(first), LEVELS.index(last)
        return ((found[:, high] - found[:, low]) / (last - first)).tolist()

    middle = slope(0.3, 0.7)
    return effect(slope(0.0, 0.2), middle), effect(slope(0.8, 1.0), middle)


def table(found: FloatArray) -> list[str]:
    """Return both curves as a table in markdown, with standard errors over texts."""
    some = unkept(found)
    rows = [
        f"| enforcement | all {len(found)} texts | s.e. | {len(some)} kept by nobody at 0 | s.e. |",
        "|---|---|---|---|---|",
    ]
    columns = [
        column
        for one in (found, some)
        for column in (one.mean(axis=0), one.std(axis=0, ddof=1) / np.sqrt(len(one)))
    ]
    return rows + [
        f"| {level:.1f} | " + " | ".join(f"{one:.3f}" for one in figures) + " |"
        for level, *figures in zip(LEVELS, *columns, strict=True)
    ]


def main(arguments: Sequence[str]) -> None:
    """Print the curve and how much steeper it is in the middle."""
    texts = int(arguments[0]) if arguments else TEXTS
    found = curve(range(texts), processes=2)
    print(f"{texts} texts")
    print("\n".join(table(found)))
    steeper = steepness(unkept(found))
    for than, one in zip(("the beginning", "the end"), steeper, strict=True):
        print(f"middle {one.on:.3f}, {than} {one.off:.3f}: {one.difference:+.3f} ± {one.error:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
