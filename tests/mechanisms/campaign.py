"""Plays every mechanism's two variants over paired seeds, and tabulates what each changes.

python -m tests.mechanisms.campaign [PAIRS] [NAME…]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from games.scenario import Scenario, load_scenario
from tests.mechanisms.measure import Effect, effect
from tests.mechanisms.registry import MECHANISMS, Change, Ends, Mechanism, Metric

PAIRS = 200
WANTED = {1: "+", -1: "−", 0: "?"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one mechanism changes: of its own metric first, then of those shown beside."""

    name: str
    effects: dict[str, Effect]

    @property
    def mechanism(self) -> Mechanism:
        """The mechanism."""
        return MECHANISMS[self.name]

    @property
    def own(self) -> Effect:
        """The effect on its own metric."""
        return self.effects[self.mechanism.measures]

    @property
    def holds(self) -> bool:
        """Whether its own metric moves enough, in the right direction if there is one."""
        sign = self.mechanism.sign
        return sign == 0 or (self.own.is_large and self.own.difference * sign > 0)


Arm = tuple[str, Change, Ends]
"""A scenario, what is done to it, and how its sessions end: those of one arm serve every mechanism
that needs them."""


def arms_of(names: Sequence[str]) -> dict[Arm, dict[str, Metric]]:
    """Return every arm that some mechanisms need, with all that is measured in it."""
    found: dict[Arm, dict[str, Metric]] = {}
    for name in names:
        mechanism = MECHANISMS[name]
        metrics = {mechanism.measures: mechanism.metric, **mechanism.others}
        for change in (mechanism.off, mechanism.on):
            arm = mechanism.scenario, change, mechanism.ends
            found.setdefault(arm, {}).update(metrics)
    return found


@cache
def _plan(names: tuple[str, ...]) -> list[tuple[Scenario, Ends, dict[str, Metric]]]:
    return [
        (change(load_scenario(scenario)), ends, metrics)
        for (scenario, change, ends), metrics in arms_of(names).items()
    ]


def _figures(names: tuple[str, ...], arm: int, seeds: Sequence[int]) -> list[dict[str, float]]:
    """Return every metric of each session of an arm."""
    scenario, ends, metrics = _plan(names)[arm]
    states = [ends(scenario, seed) for seed in seeds]
    return [{what: metric(state) for what, metric in metrics.items()} for state in states]


def measured(names: Sequence[str], seeds: Sequence[int], processes: int = 1) -> list[Row]:
    """Return what each mechanism changes over the sessions of some seeds, paired."""
    chosen = tuple(names)
    arms = list(arms_of(chosen))
    blocks = [seeds[first : first + 10] for first in range(0, len(seeds), 10)]
    jobs = [(chosen, arm, block) for arm in range(len(arms)) for block in blocks]
    if processes == 1:
        done = [_figures(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes) as pool:
            done = list(pool.map(_figures, *zip(*jobs, strict=True)))
    figures = {
        one: [
            figure
            for block in done[arm * len(blocks) : (arm + 1) * len(blocks)]
            for figure in block
        ]
        for arm, one in enumerate(arms)
    }
    return [_row(name, figures) for name in chosen]


def _row(name: str, figures: Mapping[Arm, Sequence[Mapping[str, float]]]) -> Row:
    mechanism = MECHANISMS[name]
    off, on = (
        figures[mechanism.scenario, change, mechanism.ends]
        for change in (mechanism.off, mechanism.on)
    )
    effects = {
        what: effect([one[what] for one in off], [one[what] for one in on])
        for what in (mechanism.measures, *mechanism.others)
    }
    return Row(name=name, effects=effects)


def lines(row: Row) -> list[str]:
    """Return the rows of the table, in markdown; the mechanism's own metric first."""
    mechanism, told = row.mechanism, list[str]()
    for place, (what, one) in enumerate(row.effects.items()):
        first = place == 0
        wanted = WANTED[mechanism.sign] if first else ""
        verdict = ("yes" if row.holds else "**no**") if first else ""
        if first and mechanism.sign == 0:
            verdict = "yes" if one.is_beyond_chance else "not beyond chance"
        if first and mechanism.by_construction:
            verdict += ", by construction"
        told.append(
            f"| {row.name if first else ''} | {what} | {one.off:.3f} | {one.on:.3f} | "
            f"{one.difference:+.3f} | {one.error:.3f} | {wanted} | {verdict} |"
        )
    return told


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    pairs = int(arguments[0]) if arguments else PAIRS
    names = list(arguments[1:]) or list(MECHANISMS)
    print(f"{pairs} paired seeds")
    print("| mechanism | metric | off | on | difference | s.e. | wanted | moves |")
    print("|---|---|---|---|---|---|---|---|")
    for row in measured(names, range(pairs), processes=2):
        print("\n".join(lines(row)))


if __name__ == "__main__":
    main(sys.argv[1:])
