"""Equilibria at the ends of Lemke and Howson's paths, for games too large to enumerate.

From the artificial equilibrium (0, 0) one label is dropped; pivoting in the two best-reply
polytopes in turn follows the unique path on which only that label may be missing, to an
equilibrium (Lemke and Howson 1964). It is done in integers, and ties are broken lexicographically,
so that no path runs in a circle (von Stengel 2002). Different labels may lead to the same
equilibrium, and some equilibria are reached by none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from time import monotonic

from games.equilibrium.exact import ZERO, Mixture
from games.equilibrium.polytope import Tableau


def found_by_paths(
    row_payoffs: Sequence[Sequence[int]],
    column_payoffs: Sequence[Sequence[int]],
    deadline: float,
) -> Iterator[tuple[Mixture, Mixture]]:
    """Yield the equilibria to which dropping each label leads, until the time is up.

    Args:
        row_payoffs: The row player's, positive integers, own strategies as rows.
        column_payoffs: The column player's, likewise.
        deadline: On the monotonic clock, seconds.
    """
    for dropped in range(len(row_payoffs) + len(column_payoffs)):
        end = path_end(row_payoffs, column_payoffs, dropped, deadline)
        if end is None:
            return
        yield end


def path_end(
    row_payoffs: Sequence[Sequence[int]],
    column_payoffs: Sequence[Sequence[int]],
    dropped: int,
    deadline: float,
) -> tuple[Mixture, Mixture] | None:
    """Return the equilibrium to which dropping a label leads, None if the time is up before.

    Labels 0 … m−1 are the row player's strategies, m … m+n−1 the column player's.
    """
    height, width = len(row_payoffs), len(column_payoffs)
    labels = height + width
    # Each player's own strategies come first in its tableau.
    tableaux = [Tableau.of(column_payoffs), Tableau.of(row_payoffs)]
    shift = (0, height)
    side, entering = (0, dropped) if dropped < height else (1, dropped)
    while monotonic() < deadline:
        tableau = tableaux[side]
        column = tableau.zero.index((entering - shift[side]) % labels)
        row = tableau.leaving(column)
        entering = (tableau.basic[row] + shift[side]) % labels
        tableaux[side] = tableau.pivoted(row, column)
        if entering == dropped:
            return _mixture(tableaux[0]), _mixture(tableaux[1])
        side = 1 - side
    return None


def _mixture(tableau: Tableau) -> Mixture:
    weights = tableau.vertex().weights
    total = sum(weights)
    return tuple(Fraction(weight, total) if weight else ZERO for weight in weights)
