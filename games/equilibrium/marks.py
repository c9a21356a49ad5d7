"""What distinguishes an equilibrium among several (Harsanyi and Selten 1988)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np

from games.equilibrium.exact import Bimatrix, Mixture, cell_of, comparable

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
    safer, strict = risk_dominant(game), strict_cells(game)
    worth = {payoffs for _, _, payoffs in equilibria}
    best = (max((a for a, _ in worth), default=0), max((b for _, b in worth), default=0))
    dominated = _dominated(worth)
    marked: list[tuple[Mark, ...]] = []
    for row, column, payoffs in equilibria:
        cell = cell_of(row, column)
        claims: list[tuple[Mark, bool]] = [
            ("strict", cell in strict),
            ("Pareto-dominated", payoffs in dominated),
            ("payoff-dominant", len(equilibria) > 1 and payoffs == best),
            ("risk-dominant", cell is not None and cell == safer),
        ]
        marked.append(tuple(mark for mark, holds in claims if holds))
    return tuple(marked)


def _dominated(worth: set[tuple[Fraction, Fraction]]) -> set[tuple[Fraction, Fraction]]:
    """Return the pairs of payoffs that another pair is better than for one, no worse for either."""
    found: set[tuple[Fraction, Fraction]] = set()
    greatest: Fraction | None = None
    for pair in sorted(worth, reverse=True):
        if greatest is not None and pair[1] <= greatest:
            found.add(pair)
        else:
            greatest = pair[1]
    return found


def strict_cells(game: Bimatrix) -> set[tuple[int, int]]:
    """Return the cells that each player would lose by leaving alone."""
    mine = comparable(game.row_payoffs)
    its = comparable(game.column_payoffs)
    best, its_best = mine == mine.max(axis=0), its == its.max(axis=1, keepdims=True)
    only = best & (best.sum(axis=0) == 1) & its_best & (its_best.sum(axis=1, keepdims=True) == 1)
    return {(i, j) for i, j in np.argwhere(only).tolist()}


def risk_dominant(game: Bimatrix) -> tuple[int, int] | None:
    """Return the risk-dominant cell of a 2×2 game with two strict equilibria, if there is one."""
    if game.shape != (2, 2):
        return None
    strict = sorted(strict_cells(game))
    if len(strict) != 2:
        return None
    risks = [_deviation_product(game, i, j) for i, j in strict]
    if risks[0] == risks[1]:
        return None
    return strict[0] if risks[0] > risks[1] else strict[1]


def _deviation_product(game: Bimatrix, i: int, j: int) -> Fraction:
    mine = game.row_payoffs[i][j] - game.row_payoffs[1 - i][j]
    return mine * (game.column_payoffs[i][j] - game.column_payoffs[i][1 - j])
