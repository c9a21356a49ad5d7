"""The empirical game of an evaluation: consumers choose a strategy, and suppliers one.

Payoffs are mean gains of the two blocs, time counted. Each scenario has a game of its own; where
there are several, one more is *pooled*: the mean over scenarios, each weighing the same. Means are
rounded to millionths and solved exactly. What chance leaves of the equilibria is said beside them:
errors, ε, cells not distinguishable from equilibria, how often each support is an equilibrium's in
resampled games, and intervals of regret. Replicator dynamics and alpha-rank are cross-checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from delegates.evaluation.judging.found import (
    POOLED,
    EmpiricalGame,
    Half,
    RegretInterval,
    SupportShare,
)
from delegates.evaluation.judging.game_cells import Cells, cells_of
from delegates.evaluation.judging.game_samples import (
    RESAMPLES,
    Frequencies,
    Sample,
    regret_intervals,
    support_frequencies,
)
from delegates.evaluation.judging.game_words import explained_once, told
from delegates.evaluation.planning.design import Design
from delegates.evaluation.planning.plan import LEAST_SCENARIOS
from delegates.evaluation.playing.folder import Folder
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import fair_share
from games.equilibrium.alpha_rank import alpha_rank
from games.equilibrium.dynamics import basins
from games.equilibrium.exact import Number
from games.equilibrium.replicator import Populations, paths
from games.equilibrium.report import EquilibriumReport
from games.equilibrium.solve import equilibria
from games.matrices.matrix import exact
from games.outcomes import BoolArray, FloatArray

if TYPE_CHECKING:
    from games.scenario import Scenario

LEAST_STRATEGIES = 2
"""Strategies that one side at least must have for a choice to be a game."""

MOST_STRATEGIES = 13
"""Strategies a side beyond which what is larger than the largest full part is not searched for."""

MOST_RANKED = 225
"""Cells of a game up to which alpha-rank is computed: 15×15 takes about a second."""

BUDGET_S = {True: 10.0, False: 2.0}
"""Seconds that the search for equilibria may take beyond the exact range: in the pooled game, and
in each scenario's."""

MOST_INTERVALS = 50
"""Equilibria whose regrets get intervals."""

_GRID = (0.08, 0.36, 0.64, 0.92)
"""Shares of the first strategy from which paths of a game of two strategies a side start."""

_POINTS = 60
"""Points of a path; one every two steps of the dynamics."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """A game as it was sampled, with the scenarios behind it."""

    scope: str
    cells: tuple[Cells, ...]
    """One a scenario, all with the same strategies."""
    sample: Sample
    half: Half = "all"
    is_part: bool = False
    """Whether not every strategy of the plan is a candidate of both sides."""

    @property
    def rows(self) -> tuple[str, ...]:
        """Strategies of the consumers."""
        return self.cells[0].rows

    @property
    def columns(self) -> tuple[str, ...]:
        """Strategies of the suppliers."""
        return self.cells[0].columns


@dataclass(frozen=True, kw_only=True)
class _Behind:
    """What words on a game are made from beyond it."""

    cells: tuple[Cells, ...]
    frequencies: Frequencies | None
    idle: Sequence[str] = ()
    each: dict[str, EmpiricalGame] = field(default_factory=dict[str, EmpiricalGame])


def games(design: Design, folder: Folder) -> tuple[EmpiricalGame, ...]:
    """Return the games between consumers and suppliers, the pooled ones first, then by scenario.

    Where those under test and those they meet are not the same strategies, there are two of each:
    in one the consumers choose among those under test, in the other the suppliers. Scenarios with
    more than two parties have a game where the plan seats them by blocs. A scenario in which a side
    can gain nothing has none, nor one without two strategies a side that all met.

    Args:
        design: What was evaluated.
        folder: Where its tables are.
    """
    gathered = cells_of(design, folder)
    gaining = [one for one in gathered if all(one.can_gain)]
    idle = tuple(one.scenario.id for one in gathered if not all(one.can_gain))
    halves = [_half(design, gaining, idle, which) for which in _halves(design)]
    pooled = [one for found in halves for one in found if one[0].scope == POOLED]
    single = [
        one
        for cells in gaining
        for found in halves
        for one in found
        if one[0].scope == cells.scenario.id
    ]
    return tuple(explained_once(_told([*pooled, *single], gaining)))


def _halves(design: Design) -> tuple[Half, ...]:
    """Return which games there are: one of all, none, or one for each side that is under test."""
    plan = design.plan
    if set(plan.tested) != set(plan.against):
        return ("consumers", "suppliers")
    # Without its diagonal no part of the matrix is more the game than another.
    return ("all",) if plan.seats.self_play else ()


def _half(
    design: Design, gaining: Sequence[Cells], idle: Sequence[str], which: Half
) -> list[tuple[EmpiricalGame, _Behind]]:
    """Return the games of one half, the pooled one first if there is one."""
    tested, against = design.plan.tested, design.plan.against
    over, across = (against, tested) if which == "suppliers" else (tested, against)
    parts = [part for one in gaining if (part := _of_names(one, over, across)) is not None]
    count = len(design.specs)

    def solved(played: Played) -> tuple[EmpiricalGame, Frequencies | None]:
        is_part = min(len(played.rows), len(played.columns)) < count
        return _solved(replace(played, half=which, is_part=is_part))

    found: list[tuple[EmpiricalGame, _Behind]] = []
    for one in parts:
        full = _full([one], which)
        if full is not None:
            game, frequencies = solved(_of_scenario(full[0]))
            found.append((game, _Behind(cells=tuple(full), frequencies=frequencies)))
    everywhere = _full(parts, which) if 1 < len(parts) == len(gaining) else None
    if everywhere is not None:
        game, frequencies = solved(_pooled(everywhere))
        each = {one.scope: one for one, _ in found}
        behind = _Behind(cells=tuple(everywhere), frequencies=frequencies, idle=idle, each=each)
        found.insert(0, (game, behind))
    return found


def _told(
    found: Sequence[tuple[EmpiricalGame, _Behind]], gaining: Sequence[Cells]
) -> Iterator[EmpiricalGame]:
    """Yield games with what they mean in words, and with what was played beside them."""
    for game, behind in found:
        same = [one for one, _ in found if one.scope == game.scope]
        inside = {pair for one in same for pair in product(one.rows, one.columns)}
        outside = [pair for pair in _met(gaining, game.scope) if pair not in inside]
        words = told(
            game,
            behind.cells,
            frequencies=behind.frequencies,
            idle=behind.idle,
            each=behind.each,
            outside=outside,
        )
        yield replace(game, words=words)


def _met(gaining: Sequence[Cells], scope: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of strategies that met in a scenario, or in any if all are pooled."""
    seen: dict[tuple[str, str], None] = {}
    for one in gaining:
        if scope in (POOLED, one.scenario.id):
            for i, j in np.argwhere(one.counts > 0):
                seen[one.rows[i], one.columns[j]] = None
    yield from seen


def _of_names(cells: Cells, rows: Sequence[str], columns: Sequence[str]) -> Cells | None:
    """Return the cells of those of these strategies that were played; None of none."""
    over = [name for name in cells.rows if name in rows]
    across = [name for name in cells.columns if name in columns]
    return cells.restricted(over, across) if over and across else None


def _full(cells: Sequence[Cells], which: Half) -> list[Cells] | None:
    """Return the largest part in which each of the consumers' strategies met each of the suppliers'
    in every scenario; None where that leaves no choice. Of parts of one size, it is the one that
    keeps most of the strategies under test."""
    rows = [name for name in cells[0].rows if all(name in one.rows for one in cells)]
    columns = [name for name in cells[0].columns if all(name in one.columns for one in cells)]
    if not rows or not columns:
        return None
    shared = [one.restricted(rows, columns) for one in cells]
    met: BoolArray = np.all([one.counts > 0 for one in shared], axis=0)
    if which == "suppliers":
        across, over = _largest_full(met.T)
    else:
        over, across = _largest_full(met)
    if min(len(over), len(across)) < LEAST_STRATEGIES:
        return None
    names = [rows[i] for i in over], [columns[j] for j in across]
    return [one.restricted(*names) for one in shared]


def _largest_full(met: BoolArray) -> tuple[list[int], list[int]]:
    """Return the rows and columns of the largest part without a gap; of several, the first.

    Size is the number of cells; both sides keep two strategies if they can.
    """
    height = met.shape[0]
    if met.all() or height > MOST_STRATEGIES:
        full = met.all(axis=1)
        return np.flatnonzero(full).tolist(), list(range(met.shape[1]))
    best: tuple[tuple[bool, int], list[int], list[int]] = ((False, 0), [], [])
    for size in range(height, 0, -1):
        for rows in combinations(range(height), size):
            columns = np.flatnonzero(met[list(rows)].all(axis=0)).tolist()
            worth = (min(size, len(columns)) >= LEAST_STRATEGIES, size * len(columns))
            if worth > best[0]:
                best = (worth, list(rows), columns)
    return best[1], best[2]


def _of_scenario(cells: Cells) -> Played:
    weights = np.where(np.isfinite(cells.gains).all(axis=3), cells.weights, 0.0)
    sample = Sample(values=cells.gains, weights=weights, is_random=cells.has_chance)
    return Played(scope=cells.scenario.id, cells=(cells,), sample=sample)


def _pooled(cells: Sequence[Cells]) -> Played:
    means = np.array([_of_scenario(one).sample.mean for one in cells])
    everywhere = np.ones(means.shape[:3])
    is_random = np.ones(means.shape[1:3], dtype=bool)
    sample = Sample(values=means, weights=everywhere, is_random=is_random)
    return Played(scope=POOLED, cells=tuple(cells), sample=sample)


def _solved(played: Played) -> tuple[EmpiricalGame, Frequencies | None]:
    """Return a game solved, with what the sample's spread leaves of it; and how often supports are
    equilibria's in resampled games."""
    sample, cells = played.sample, played.cells
    payoffs = np.round(sample.mean, 9) + 0.0
    is_pooled = played.scope == POOLED
    report = equilibria(
        _exact(payoffs[..., 0]),
        _exact(payoffs[..., 1]),
        rows=played.rows,
        columns=played.columns,
        budget_s=BUDGET_S[is_pooled],
    )
    # A scenario without chance has nothing to estimate.
    is_exact = not is_pooled and not sample.is_random.any()
    is_known = is_exact or (sample.least >= LEAST_SCENARIOS and sample.has_spread)
    game = EmpiricalGame(
        scope=played.scope,
        half=played.half,
        is_part=played.is_part,
        scenarios=len(cells),
        sessions=int(sum(one.counts.sum() for one in cells)),
        rows=played.rows,
        columns=played.columns,
        payoffs=payoffs,
        errors=sample.told_errors if is_known else None,
        agreed=np.mean([one.agreed for one in cells], axis=0),
        counts=np.sum([one.counts for one in cells], axis=0),
        report=report,
        epsilon=sample.epsilon if is_known else None,
        near=_near(sample, report) if is_known else (),
        basins=basins(report) if report.complete else None,
        flow=_flow(report),
        alpha_rank=_ranked(report),
        exploitability=_exploitability(payoffs),
        fair_share=None if is_pooled else _fair_share(cells[0].scenario),
    )
    frequencies, game = _resampled(sample, game, is_known=is_known)
    return game, frequencies


def _ranked(report: EquilibriumReport) -> tuple[tuple[int, int, float], ...]:
    """Return alpha-rank's masses; none of games that are too large, or where they do not settle."""
    rows, columns = report.game.shape
    if rows * columns > MOST_RANKED:
        return ()
    found = alpha_rank(*report.game.floats())
    return found.ranking if found.is_settled else ()


def _fair_share(scenario: Scenario) -> float | None:
    """Return k*; None where not all must agree, so that nobody's share depends on it."""
    return fair_share(scenario) if unanimous(scenario) else None


def _exact(payoffs: FloatArray) -> list[list[Number]]:
    return [[exact(float(value)) for value in row] for row in payoffs]


def _near(sample: Sample, report: EquilibriumReport) -> tuple[tuple[int, int], ...]:
    known = {one.cell for one in report.equilibria}
    return tuple(cell for cell in sample.near() if cell not in known)


def _resampled(
    sample: Sample, game: EmpiricalGame, *, is_known: bool
) -> tuple[Frequencies | None, EmpiricalGame]:
    """Return how often supports are equilibria's, and the game with that and regrets' intervals.

    Nothing is resampled where nothing varies, nor below five units.
    """
    if not is_known or not sample.is_random.any():
        return None, game
    drawn = sample.resampled(RESAMPLES)
    frequencies = support_frequencies(drawn)
    listed = game.report.equilibria[:MOST_INTERVALS]
    intervals = [(*regret_intervals(drawn, one), sample.most_regret(one)) for one in listed]
    return frequencies, replace(
        game,
        supports=tuple(
            SupportShare(
                rows=tuple(game.rows[i] for i in over),
                columns=tuple(game.columns[j] for j in across),
                share=share,
            )
            for (over, across), share in frequencies.listed
        ),
        is_unstable=frequencies.is_unstable,
        regrets=tuple(
            RegretInterval(equilibrium=number, consumer=first, supplier=second, most=most)
            for number, (first, second, most) in enumerate(intervals)
        ),
        resamples=frequencies.resamples,
    )


def _exploitability(payoffs: FloatArray) -> tuple[tuple[float, ...], ...]:
    """Return, of each cell, the sum of what both sides gain at most by a change of their own."""
    first, second = payoffs[..., 0], payoffs[..., 1]
    total = first.max(axis=0, keepdims=True) - first
    total = total + second.max(axis=1, keepdims=True) - second
    return tuple(tuple(round(float(value), 9) for value in row) for row in total)


def _flow(
    report: EquilibriumReport,
) -> tuple[tuple[tuple[float, float, float, float], ...], ...]:
    """Return paths of the replicator dynamics over a game of two strategies a side."""
    if report.game.shape != (2, 2):
        return ()
    first = np.array([(x, y) for x in _GRID for y in _GRID])
    starts = Populations(
        rows=np.column_stack([first[:, 0], 1 - first[:, 0]]),
        columns=np.column_stack([first[:, 1], 1 - first[:, 1]]),
    )
    points = paths(report.game, starts, times=_POINTS, every=2)
    table = np.array([np.column_stack([at.rows, at.columns]) for at in points]).round(6)
    return tuple(
        tuple((float(x), float(y), float(z), float(w)) for x, z, y, w in table[:, start])
        for start in range(len(first))
    )
