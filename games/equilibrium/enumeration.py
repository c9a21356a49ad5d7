"""All extreme equilibria of a two-player game, from the vertices of its best-reply polytopes.

A pair of vertices whose labels together are all strategies is an equilibrium; these pairs are the
*extreme* equilibria, and every equilibrium is a mixture of some of them (Mangasarian 1964; Avis,
Rosenberg, Savani and von Stengel 2010). In a nondegenerate game they are all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb
from time import monotonic

import numpy as np

from games.equilibrium.exact import ZERO, Bimatrix, Mixture, integers
from games.equilibrium.lemke_howson import found_by_paths
from games.equilibrium.polytope import (
    Polytope,
    Vertex,
    best_reply_polytope,
    pivots_between_looks,
)

EXACT_WORK = 15_000_000
"""Most entries to be computed in the worst case for which a walk may take as long as it needs:
13×13 strategies and all smaller games; a few seconds at the very most."""

FLAT = 100
"""Strategies of one player from which a walk is timed whatever its size: entries are then few, but
each takes longer."""

CELLS_KEPT = 5_000_000
"""Most entries of tableaux that a walk beyond the exact range may compute: some 200 MB."""

Profile = tuple[Mixture, Mixture]


@dataclass(frozen=True, kw_only=True)
class Enumeration:
    """The vertices of both best-reply polytopes, and which pairs of them are equilibria."""

    shape: tuple[int, int]
    rows: Polytope
    """Mixtures of the row player."""
    columns: Polytope
    """Mixtures of the column player; own strategies come first in its labels."""
    pairs: tuple[tuple[int, int], ...]
    """Extreme equilibria, as positions among the vertices of `rows` and of `columns`."""
    others: tuple[Profile, ...] = ()
    """Equilibria found otherwise, where a walk was not finished."""

    @property
    def complete(self) -> bool:
        """Whether every vertex of both polytopes was visited."""
        return self.rows.complete and self.columns.complete

    @property
    def degenerate(self) -> bool:
        """Whether some mixture seen has more best replies than strategies in use.

        Decided for the game as a whole where every vertex was visited: a point with more labels
        than dimensions lies in a face whose vertices have them all (von Stengel 2002).
        """
        return any(
            vertex.labels.bit_count() > width
            for polytope, width in zip((self.rows, self.columns), self.shape, strict=True)
            for vertex in polytope.vertices
        )

    @property
    def profiles(self) -> Iterator[Profile]:
        """Every equilibrium found, as mixtures."""
        for row, column in self.pairs:
            yield mixture(self.rows.vertices[row]), mixture(self.columns.vertices[column])
        yield from self.others


def mixture(vertex: Vertex) -> Mixture:
    """Return the probabilities at a vertex."""
    total = sum(vertex.weights)
    return tuple(Fraction(weight, total) if weight else ZERO for weight in vertex.weights)


def enumerate_equilibria(game: Bimatrix, budget_s: float) -> Enumeration:
    """Return all extreme equilibria of a game, or those found when the time is up.

    Args:
        game: The game.
        budget_s: Seconds after which the search ends, in games beyond the exact range.
    """
    height, width = game.shape
    row_payoffs = integers(game.row_payoffs)
    column_payoffs = integers(game.transposed_column_payoffs)
    within = (
        max(height, width) < FLAT
        and max(worst_case(height, width), worst_case(width, height)) <= EXACT_WORK
    )
    started = monotonic()

    def walk(coefficients: Sequence[Sequence[int]], share: float) -> Polytope:
        if within:
            return best_reply_polytope(coefficients)
        return best_reply_polytope(coefficients, _limit(coefficients, started + share * budget_s))

    rows, columns = walk(column_payoffs, 0.4), walk(row_payoffs, 0.8)
    found = Enumeration(
        shape=game.shape,
        rows=rows,
        columns=columns,
        pairs=tuple(matching_pairs(rows, columns, game.shape)),
    )
    if found.complete:
        return found
    paths = found_by_paths(row_payoffs, column_payoffs, started + budget_s)
    return replace(found, others=tuple(paths))


def worst_case(dimension: int, constraints: int) -> int:
    """Return how many entries a walk computes at most (McMullen's upper bound theorem 1970).

    Args:
        dimension: d, own strategies.
        constraints: k, the counterpart's strategies; the polytope has d + k facets.
    """
    facets, half = dimension + constraints, dimension // 2
    odd = dimension - half
    vertices = comb(facets - odd, half) + comb(facets - half - 1, odd - 1)
    return vertices * constraints * (dimension + 1)


def _limit(coefficients: Sequence[Sequence[int]], deadline: float) -> Callable[[], bool]:
    """Return what says that time or memory is up; to be asked once every so many pivots."""
    cells = len(coefficients) * (len(coefficients[0]) + 1)
    looks = CELLS_KEPT // (pivots_between_looks(coefficients) * cells)
    left = iter(range(max(looks, 1)))
    return lambda: next(left, None) is None or monotonic() > deadline


def matching_pairs(
    rows: Polytope, columns: Polytope, shape: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of vertices whose labels together are all strategies of both players."""
    height, width = shape
    full = (1 << (height + width)) - 1
    theirs = [turned(vertex.labels, width, height) for vertex in columns.vertices]
    # A vertex with as many labels as dimensions can only complete one that lacks just these.
    simple = {labels: place for place, labels in enumerate(theirs) if labels.bit_count() == width}
    tied = [place for place, labels in enumerate(theirs) if labels.bit_count() > width]
    kind = np.uint64 if height + width <= 64 else object
    all_labels = np.array(theirs, dtype=kind)
    tied_labels = all_labels[tied]
    for place, vertex in enumerate(rows.vertices):
        needed = full ^ vertex.labels
        if vertex.labels.bit_count() > height:
            completing = np.flatnonzero(all_labels & needed == needed).tolist()
        else:
            completing = [simple[needed]] if needed in simple else []
            if tied:
                completing += [tied[at] for at in np.flatnonzero(tied_labels & needed == needed)]
        for other in completing:
            yield place, other


def turned(labels: int, own: int, others: int) -> int:
    """Return labels with the counterpart's strategies first instead of the own ones."""
    return (labels & ((1 << own) - 1)) << others | labels >> own
