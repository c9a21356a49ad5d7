"""What distinguishes an equilibrium among several (Harsanyi and Selten 1988)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from games.equilibrium.exact import Bimatrix, Mixture, cell_of

Mark = Literal["strict", "Pareto-dominated", "payoff-dominant", "risk-dominant"]

Listed = tuple[Mixture, Mixture, tuple[Fraction, Fraction]]
"""An equilibrium: both mixtures and both payoffs."""


def marks_of(game: Bimatrix, equilibria: Sequence[Listed]) -> tuple[tuple[Mark, ...], ...]:
    """Return the marks of each equilibrium, aligned with the list.

    - *strict*: each player would lose by any deviation.
    - *Pareto-dominated*: another one listed is better for one player and no worse for the other.
    - *payoff-dominant*: weakly better for both than every other one listed.
    - *risk-dominant*: of the two strict equilibria of a 2×2 game, the one with the greater product
      of what deviating from it costs. Ties bear no mark.
    """
    safer = risk_dominant(game)
    marked: list[tuple[Mark, ...]] = []
    for place, (row, column, payoffs) in enumerate(equilibria):
        others = [its for at, (_, _, its) in enumerate(equilibria) if at != place]
        cell = cell_of(row, column)
        claims: list[tuple[Mark, bool]] = [
            ("strict", cell is not None and is_strict(game, *cell)),
            ("Pareto-dominated", any(_no_worse(its, payoffs) and its != payoffs for its in others)),
            ("payoff-dominant", bool(others) and all(_no_worse(payoffs, its) for its in others)),
            ("risk-dominant", cell is not None and cell == safer),
        ]
        marked.append(tuple(mark for mark, holds in claims if holds))
    return tuple(marked)


def is_strict(game: Bimatrix, row: int, column: int) -> bool:
    """Return whether each player would lose by any deviation from a cell."""
    mine = [line[column] for line in game.row_payoffs]
    its = game.column_payoffs[row]
    return mine.count(max(mine)) == its.count(max(its)) == 1 and (
        mine[row] == max(mine) and its[column] == max(its)
    )


def risk_dominant(game: Bimatrix) -> tuple[int, int] | None:
    """Return the risk-dominant cell of a 2×2 game with two strict equilibria, if there is one."""
    if game.shape != (2, 2):
        return None
    strict = [(i, j) for i in range(2) for j in range(2) if is_strict(game, i, j)]
    if len(strict) != 2:
        return None
    risks = [_deviation_product(game, i, j) for i, j in strict]
    if risks[0] == risks[1]:
        return None
    return strict[0] if risks[0] > risks[1] else strict[1]


def _deviation_product(game: Bimatrix, i: int, j: int) -> Fraction:
    mine = game.row_payoffs[i][j] - game.row_payoffs[1 - i][j]
    return mine * (game.column_payoffs[i][j] - game.column_payoffs[i][1 - j])


def _no_worse(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> bool:
    return one[0] >= other[0] and one[1] >= other[1]
