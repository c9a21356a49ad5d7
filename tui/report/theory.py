"""What theory makes of a scenario before anyone has spoken: ZOPA, solutions, games of blocs."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from delegates.text import one_line
from games.analysis import Analysis
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import normalised_gains
from games.matrices.matrix import Matrix
from games.outcomes import IndexArray
from games.outset import mandates_words
from tui.report.charts import Point, Scatter
from tui.report.document import Block, Caption, Figure, Heading, Table, Words
from tui.text.labels import option_with_unit

if TYPE_CHECKING:
    from games.scenario import Scenario

TITLES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}

MEANINGS = (
    "Nash: the greatest product of gains over no agreement. Kalai–Smorodinsky: equal shares of "
    "what each could gain. Egalitarian: equal points of gain. Utilitarian: most points in sum. "
    "The last two compare points between parties. A gain is the share of what a party "
    "could gain at most among outcomes that all accept."
)

MANY = 12
"""Parties beyond which gains are told by their spread."""


def theory_blocks(analysis: Analysis) -> Iterator[Block]:
    """Yield what can be agreed, what solutions lead to, and the games between the blocs."""
    scenario = analysis.scenario
    yield Heading("What can be agreed")
    for sentence in agreeable(analysis):
        yield Words(sentence)
    if len(scenario.ids) == 2 and len(analysis.bargain.zopa):
        yield Figure(scatter(analysis), _SCATTER)
    if len(analysis.bargain.zopa):
        yield Heading("What bargaining leads to", 3)
        yield _solutions(analysis)
        yield Words(MEANINGS, is_aside=True)
    stances = [matrix for matrix in analysis.matrices if matrix.name == "stance"]
    if stances:
        yield Heading("How hard to negotiate", 3)
    for matrix in stances:
        yield from matrix_blocks(matrix)
    if analysis.note:
        yield Words(f"Left out: {one_line(analysis.note)}.", is_aside=True)


_SCATTER = Caption(
    "Every outcome by what each party gains of what it could gain. Grey: outcomes; light: "
    "acceptable to both; dark: nobody can gain without the other losing (the Pareto frontier); "
    "diamond: Nash outcome. Dashed: no agreement.",
    "Every outcome by what each party gains of what it could gain: · outcome, ░ acceptable to "
    "both, o undominated (the Pareto frontier), N Nash outcome.",
)


def agreeable(analysis: Analysis) -> Iterator[str]:
    """Yield how many outcomes all accept, how many can pass, and how many are undominated."""
    scenario, found = analysis.scenario, analysis.bargain
    if analysis.sample is not None:
        yield f"A random sample of {analysis.sample.size:,} of {analysis.outcomes:,} outcomes."
    count = scenario.space.count
    zopa = len(found.zopa)
    share = f"{zopa / count:.0%}" if zopa >= count / 100 else f"{zopa / count:.1%}"
    yield (
        f"Of {count:,} outcomes {zopa:,} ({share}) are acceptable to all (the zone of "
        "possible agreement)."
        if zopa
        else f"Of {count:,} outcomes none is acceptable to all: there is no zone of possible "
        "agreement."
    )
    narrowed = mandates_words(scenario)
    if narrowed is not None:
        yield f"All that follows is {narrowed}."
    if not unanimous(scenario):
        yield f"{len(found.passing):,} can pass with a winning coalition."
    if found.pareto is None:
        yield f"Pareto frontier {one_line(found.pareto_note or '')}."
    else:
        yield (
            f"{len(found.pareto):,} of all are undominated: nobody can have more without another "
            "having less (the Pareto frontier)."
        )


def scatter(analysis: Analysis) -> Scatter:
    """Return the outcomes of two parties as a chart of gains."""
    scenario, found = analysis.scenario, analysis.bargain
    space = scenario.space
    every = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    first, second = (one_line(scenario.parties[code].name) for code in scenario.ids)
    return Scatter(
        across=f"gain of {first}",
        up=f"gain of {second}",
        outcomes=_points(scenario, every),
        zopa=_points(scenario, found.zopa),
        frontier=[] if found.pareto is None else _points(scenario, found.pareto),
        nash=_points(scenario, found.solutions["nash"]),
    )


def _points(scenario: Scenario, outcomes: IndexArray) -> list[Point]:
    first, second = normalised_gains(scenario, outcomes)
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _solutions(analysis: Analysis) -> Table:
    """Return the solutions side by side: their terms, and what each party gains."""
    scenario = analysis.scenario
    chosen = {
        name: int(found[0]) for name, found in analysis.bargain.solutions.items() if len(found)
    }
    settled = [scenario.space.outcome(index) for index in chosen.values()]
    terms = [
        (one_line(issue.label), *(option_with_unit(issue, outcome[name]) for outcome in settled))
        for name, issue in scenario.issues.items()
    ]
    gains = normalised_gains(scenario, np.array(list(chosen.values())))
    return Table(
        head=("", *(TITLES[name] for name in chosen)),
        rows=(*terms, *_gain_rows(scenario, gains)),
    )


def _gain_rows(scenario: Scenario, gains: np.ndarray) -> list[tuple[str, ...]]:
    if len(scenario.ids) <= MANY:
        return [
            (f"gain of {one_line(party.name)}", *(f"{gain:.0%}" for gain in line))
            for party, line in zip(scenario.parties.values(), gains.tolist(), strict=True)
        ]
    columns = gains.T.tolist()
    return [
        ("least gain", *(f"{min(line):.0%}" for line in columns)),
        ("median gain", *(f"{median(line):.0%}" for line in columns)),
        ("greatest gain", *(f"{max(line):.0%}" for line in columns)),
    ]


def matrix_blocks(matrix: Matrix) -> Iterator[Block]:
    """Yield a game between the blocs, its equilibria marked and put into words."""
    report = matrix.report
    row, column = one_line(matrix.row_player), one_line(matrix.column_player)
    game = report.game
    stable = {one.cell for one in report.equilibria}
    rows = tuple(
        (
            f"{row} {name}",
            *(
                f"{float(game.row_payoffs[i][j]):.0%} / {float(game.column_payoffs[i][j]):.0%}"
                f"{' ×' if matrix.failures[i, j] > 0 else ''}"
                for j in range(len(report.columns))
            ),
        )
        for i, name in enumerate(report.rows)
    )
    yield Table(
        head=("", *(f"{column} {name}" for name in report.columns)),
        rows=rows,
        marked=tuple(
            (i, j + 1)
            for i in range(len(report.rows))
            for j in range(len(report.columns))
            if (i, j) in stable
        ),
        is_grid=True,
    )
    failing = "; × some sessions end without agreement" if matrix.failures.any() else ""
    zero = ""
    if matrix.name == "compliance":
        zero = (
            "; they are counted from what both reneging delivers, and fines and collapse come off"
        )
    yield Words(
        f"Gains as shares of what can be gained, {row} / {column}. Marked cells are equilibria: "
        f"neither gains by changing its own strategy alone{failing}{zero}.",
        is_aside=True,
    )
    yield Words(one_line(matrix.explanation))
