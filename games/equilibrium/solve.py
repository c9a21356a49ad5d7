"""All equilibria of a two-player game, found and verified in exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.equilibrium.enumeration import Enumeration, Profile, enumerate_equilibria
from games.equilibrium.exact import (
    Bimatrix,
    Number,
    bimatrix,
    cell_of,
    comparable,
    payoffs_and_best,
    pure_mixture,
    support,
)
from games.equilibrium.pure import stable_cells
from games.equilibrium.report import Equilibrium, EquilibriumReport
from games.errors import UserError

BUDGET_S = 10.0
"""Seconds that the search takes at most, by default, in games beyond the exact range."""


def equilibria(
    row_payoffs: Sequence[Sequence[Number]],
    column_payoffs: Sequence[Sequence[Number]],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    *,
    budget_s: float = BUDGET_S,
) -> EquilibriumReport:
    """Return all equilibria of a game, each verified; of a degenerate game the extreme ones.

    Up to about 13×13 strategies every vertex of both best-reply polytopes is visited, whatever the
    payoffs, and the list is complete. In larger games the search stops after `budget_s` and the
    report says that there may be more: every pure equilibrium is then listed, and those mixed ones
    that were met among the vertices or lie at the end of a Lemke–Howson path.

    Args:
        row_payoffs: The row player's payoffs, rows × columns; floats count at their binary value,
            text, Decimal and Fraction as written.
        column_payoffs: The column player's, of the same shape.
        rows: Names of the row player's strategies.
        columns: Names of the column player's strategies.
        budget_s: Seconds that a game beyond the exact range may take.

    Raises:
        UserError: If the matrices are not those of a finite game, or the names do not fit them.
    """
    if not budget_s > 0:
        raise UserError(f"budget: expected seconds above 0, found {budget_s!r}")
    game = bimatrix(row_payoffs, column_payoffs)
    enumeration = enumerate_equilibria(game, budget_s)
    mixed = dict.fromkeys(one for one in enumeration.profiles if cell_of(*one) is None)
    profiles = [*_pure_profiles(game), *sorted(mixed, key=_order)]
    return EquilibriumReport(
        game=game,
        rows=_names(rows, "row", game.shape[0]),
        columns=_names(columns, "column", game.shape[1]),
        equilibria=tuple(_verified(game, profile) for profile in profiles),
        degenerate=enumeration.degenerate,
        complete=enumeration.complete,
        completeness_reason=_reason(enumeration, budget_s),
        enumeration=enumeration,
    )


def _verified(game: Bimatrix, profile: Profile) -> Equilibrium:
    row, column = profile
    payoffs, best = payoffs_and_best(game, row, column)
    if payoffs != best:
        raise AssertionError(f"not an equilibrium: {profile} earns {payoffs}, could earn {best}")
    return Equilibrium(
        row=row,
        column=column,
        payoffs=payoffs,
        regret=(best[0] - payoffs[0], best[1] - payoffs[1]),
    )


def _order(profile: Profile) -> tuple[object, ...]:
    supports = [support(mixture) for mixture in profile]
    return (max(map(len, supports)), *map(len, supports), *supports, *profile)


def _pure_profiles(game: Bimatrix) -> list[Profile]:
    """Return the pure equilibria, which a scan finds in a game of any size, in reading order."""
    height, width = game.shape
    payoffs = [comparable(rows) for rows in (game.row_payoffs, game.column_payoffs)]
    return [
        (pure_mixture(height, i), pure_mixture(width, j))
        for i, j in np.argwhere(stable_cells(payoffs)).tolist()
    ]


def _reason(found: Enumeration, budget_s: float) -> str:
    vertices = f"{len(found.rows.vertices):,} and {len(found.columns.vertices):,}"
    if found.complete:
        return f"all vertices of both best-reply polytopes ({vertices}) were compared exactly"
    height, width = found.shape
    return (
        f"a {height}×{width} game is too large to enumerate in {budget_s:g} s: every pure "
        "equilibrium is listed; more mixed ones may exist"
    )


def _names(given: Sequence[str], player: str, count: int) -> tuple[str, ...]:
    if not given:
        return tuple(f"{player} {number + 1}" for number in range(count))
    if len(given) != count:
        raise UserError(f"{player} names: expected {count}, one a strategy, found {len(given)}")
    return tuple(given)
