"""Nashpy proposes equilibria; exact arithmetic decides which of them are.

Nashpy's support enumeration works in floats: it loses genuine equilibria of ordinary games and, on
badly scaled ones, reports false ones. So every pure profile is examined exactly, and of a mixed
candidate only its supports are believed: the probabilities are solved anew in rational numbers and
kept only if neither player has any regret.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import numpy as np

from games.equilibrium.exact import (
    Bimatrix,
    Mixture,
    Number,
    best_reply_count,
    bimatrix,
    expected_payoffs,
    indifference,
    pure_mixture,
    regrets,
    support,
    values,
)
from games.equilibrium.report import Equilibrium, EquilibriumReport
from games.outcomes import FloatArray

LARGEST_FOR_NASHPY = 6
"""Strategies a player above which support enumeration takes too long to be waited for."""


def equilibria(
    row_payoffs: Sequence[Sequence[Number]],
    column_payoffs: Sequence[Sequence[Number]],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> EquilibriumReport:
    """Return verified equilibria of a game, and whether the list may be incomplete.

    Args:
        row_payoffs: The row player's payoffs, rows × columns.
        column_payoffs: The column player's, of the same shape.
        rows: Names of the row player's strategies.
        columns: Names of the column player's strategies.

    Raises:
        UserError: If the matrices are not those of a finite game.
    """
    game = bimatrix(row_payoffs, column_payoffs)
    found: dict[tuple[Mixture, Mixture], Equilibrium] = {}
    for row, column in (*_pure_profiles(game), *_mixed_candidates(game)):
        if (row, column) not in found and regrets(game, row, column) == (0, 0):
            found[row, column] = Equilibrium(
                row=row,
                column=column,
                payoffs=expected_payoffs(game, row, column),
                regret=regrets(game, row, column),
            )
    listed = tuple(found.values())
    complete, reason = _completeness(game)
    return EquilibriumReport(
        game=game,
        rows=tuple(rows) or tuple(f"row {i + 1}" for i in range(game.shape[0])),
        columns=tuple(columns) or tuple(f"column {j + 1}" for j in range(game.shape[1])),
        equilibria=listed,
        degenerate=_degenerate(game, listed),
        complete=complete,
        completeness_reason=reason,
    )


def _pure_profiles(game: Bimatrix) -> Iterator[tuple[Mixture, Mixture]]:
    height, width = game.shape
    best_rows = [max(column) for column in zip(*game.row_payoffs, strict=True)]
    for i in range(height):
        best_column = max(game.column_payoffs[i])
        for j in range(width):
            if game.row_payoffs[i][j] == best_rows[j] and game.column_payoffs[i][j] == best_column:
                yield pure_mixture(height, i), pure_mixture(width, j)


def _mixed_candidates(game: Bimatrix) -> Iterator[tuple[Mixture, Mixture]]:
    """Yield the profiles whose supports Nashpy proposes, their probabilities solved exactly."""
    if max(game.shape) > LARGEST_FOR_NASHPY or min(game.shape) == 1:
        return
    supports = [((0, 1), (0, 1))] if game.shape == (2, 2) else _proposed_supports(game)
    for own, other in supports:
        if len(own) != len(other):
            continue
        column = indifference(game.row_payoffs, own, other)
        row = indifference(game.transposed_column_payoffs, other, own)
        if row is not None and column is not None:
            yield row, column


def _proposed_supports(game: Bimatrix) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    import nashpy  # pyright: ignore[reportMissingTypeStubs]

    try:
        payoffs = game.floats()
    except OverflowError:
        # Payoffs beyond the range of floats: Nashpy cannot be asked.
        return []
    with warnings.catch_warnings():
        # Nashpy takes an even count for a sign of degeneracy; that is decided here, exactly.
        warnings.simplefilter("ignore")
        proposals = cast(
            "Iterable[tuple[FloatArray, FloatArray]]",
            nashpy.Game(*payoffs).support_enumeration(),
        )
        return [
            (tuple(np.flatnonzero(row > 0).tolist()), tuple(np.flatnonzero(column > 0).tolist()))
            for row, column in proposals
        ]


def _completeness(game: Bimatrix) -> tuple[bool, str]:
    height, width = game.shape
    tied = _has_ties(game)
    if not tied and min(height, width) == 1:
        return True, "one player has a single strategy, the other a single best reply to it"
    if not tied and game.shape == (2, 2):
        return True, "a 2×2 game without ties, of which every support was examined"
    return False, (
        "every pure one is listed; mixed ones were proposed by Nashpy, which is known to miss some"
    )


def _has_ties(game: Bimatrix) -> bool:
    """Return whether some pure strategy has more than one best reply."""
    height, width = game.shape
    return any(
        best_reply_count(values(game.transposed_column_payoffs, pure_mixture(height, i))) > 1
        for i in range(height)
    ) or any(
        best_reply_count(values(game.row_payoffs, pure_mixture(width, j))) > 1 for j in range(width)
    )


def _degenerate(game: Bimatrix, listed: tuple[Equilibrium, ...]) -> bool:
    """Return whether some pure strategy or listed equilibrium has more best replies than support.

    A game is degenerate if any mixture has more best replies than strategies in its support (von
    Stengel 2002); here the mixtures examined are the pure ones and those listed.
    """
    return _has_ties(game) or any(
        best_reply_count(values(game.transposed_column_payoffs, found.row))
        > len(support(found.row))
        or best_reply_count(values(game.row_payoffs, found.column)) > len(support(found.column))
        for found in listed
    )
