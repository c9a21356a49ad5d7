"""Components of equilibria: where a game is degenerate its equilibria form sets, not points.

A *maximal Nash subset* is a product X × Y in which any mixture of X's extreme strategies is an
equilibrium with any of Y's; it is a maximal clique of the bipartite graph whose edges are the
extreme equilibria. Subsets that touch form a connected *component* (Jansen 1981; Avis, Rosenberg,
Savani and von Stengel 2010). The index of a component is the sum of the indices of the equilibria
into which it falls when the game is perturbed a little; over all components it sums to +1
(Shapley 1974). A single point of a component has no index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.equilibrium.enumeration import Enumeration, mixture, turned
from games.equilibrium.exact import Bimatrix, Mixture, expected_payoffs, integers, nearest_float

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True, kw_only=True)
class NashSubset:
    """All mixtures of some row strategies with all mixtures of some column strategies."""

    rows: tuple[Mixture, ...]
    """Extreme strategies of the row player."""
    columns: tuple[Mixture, ...]
    """Extreme strategies of the column player."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """Equilibria that hang together."""

    index: int
    subsets: tuple[NashSubset, ...]
    """Its maximal Nash subsets."""
    row_payoff: Range
    """Least and greatest payoff of the row player within the component."""
    column_payoff: Range
    members: tuple[tuple[Mixture, Mixture], ...]
    """Its extreme equilibria."""

    @property
    def is_point(self) -> bool:
        """Whether it is a single equilibrium."""
        return len(self.members) == 1

    def as_json(self) -> dict[str, object]:
        """Return the component as plain JSON values, probabilities exact as text."""
        return {
            "index": self.index,
            "payoffs": [
                [nearest_float(end) for end in ends]
                for ends in (self.row_payoff, self.column_payoff)
            ],
            "subsets": [
                {
                    "row": [[str(p) for p in extreme] for extreme in subset.rows],
                    "column": [[str(p) for p in extreme] for extreme in subset.columns],
                }
                for subset in self.subsets
            ],
        }


def components_of(game: Bimatrix, found: Enumeration) -> tuple[Component, ...]:
    """Return the components of a game's equilibria, in the order in which their members are listed.

    Args:
        game: The game.
        found: Its extreme equilibria, all of them.
    """
    indices = _indices(game, found)
    return tuple(
        _component(game, found, edges, sum(indices.get(edge, 0) for edge in edges))
        for edges in connected(found.pairs)
    )


def connected(pairs: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return the edges of a bipartite graph, grouped by connected component."""
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for row, column in pairs:
        by_row.setdefault(row, []).append(column)
        by_column.setdefault(column, []).append(row)
    groups: list[list[tuple[int, int]]] = []
    seen: set[int] = set()
    for first in sorted(by_row):
        waiting, group = [first], list[tuple[int, int]]()
        while waiting:
            row = waiting.pop()
            if row not in seen:
                seen.add(row)
                group += [(row, column) for column in by_row[row]]
                waiting += [other for column in by_row[row] for other in by_column.pop(column, [])]
        if group:
            groups.append(sorted(group))
    return groups


def maximal_subsets(edges: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, ...], ...]]:
    """Return the maximal cliques of a bipartite graph as (left, right), each side sorted.

    The left sides of maximal cliques are the intersections of the right nodes' neighbourhoods.
    """
    neighbours: dict[int, set[int]] = {}
    for left, right in edges:
        neighbours.setdefault(right, set()).add(left)
    sides: set[frozenset[int]] = set()
    for near in neighbours.values():
        sides |= {frozenset(near)} | {frozenset(side & near) for side in sides if side & near}
    return sorted(
        (tuple(sorted(side)), tuple(sorted(r for r, near in neighbours.items() if near >= side)))
        for side in sides
    )


def _component(
    game: Bimatrix, found: Enumeration, edges: Sequence[tuple[int, int]], index: int
) -> Component:
    rows = {row: mixture(found.rows.vertices[row]) for row, _ in edges}
    columns = {column: mixture(found.columns.vertices[column]) for _, column in edges}
    payoffs = [expected_payoffs(game, rows[row], columns[column]) for row, column in edges]
    first, second = zip(*payoffs, strict=True)
    return Component(
        index=index,
        subsets=tuple(
            NashSubset(
                rows=_in_order(rows[row] for row in left),
                columns=_in_order(columns[column] for column in right),
            )
            for left, right in maximal_subsets(edges)
        ),
        row_payoff=(min(first), max(first)),
        column_payoff=(min(second), max(second)),
        members=tuple((rows[row], columns[column]) for row, column in edges),
    )


def _in_order(mixtures: Iterable[Mixture]) -> tuple[Mixture, ...]:
    """Return mixtures with those first that put most weight on the first strategies."""
    return tuple(sorted(mixtures, reverse=True))


def _indices(game: Bimatrix, found: Enumeration) -> dict[tuple[int, int], int]:
    """Return, by extreme equilibrium, the indices of the perturbed equilibria next to it.

    Perturbing the right-hand sides of a polytope scales the counterpart's payoffs, so completely
    labelled pairs of perturbed bases are the equilibria of a nondegenerate game nearby.
    """
    row_payoffs = integers(game.row_payoffs)
    column_payoffs = integers(game.column_payoffs)
    indices: dict[tuple[int, int], int] = {}
    for edge, support, other in _perturbed_equilibria(found):
        sign = (-1) ** (len(support) + 1)
        for payoffs in (row_payoffs, column_payoffs):
            sign *= determinant_sign([[payoffs[i][j] for j in other] for i in support])
        indices[edge] = indices.get(edge, 0) + sign
    return indices


def _perturbed_equilibria(
    found: Enumeration,
) -> Iterator[tuple[tuple[int, int], list[int], list[int]]]:
    """Yield each as the extreme equilibrium next to it and its two supports."""
    height, width = found.shape
    full = (1 << (height + width)) - 1
    for labels, row in found.rows.bases.items():
        theirs = turned(full ^ labels, height, width)
        column = found.columns.bases.get(theirs)
        if column is not None:
            yield (
                (row, column),
                [i for i in range(height) if not labels >> i & 1],
                [j for j in range(width) if not theirs >> j & 1],
            )


def determinant_sign(matrix: list[list[int]]) -> int:
    """Return the sign of a determinant, by elimination without fractions (Bareiss 1968)."""
    rows = [row.copy() for row in matrix]
    sign, scale = 1, 1
    for at in range(len(rows)):
        pivot = next((number for number in range(at, len(rows)) if rows[number][at]), None)
        if pivot is None:
            return 0
        if pivot != at:
            rows[at], rows[pivot], sign = rows[pivot], rows[at], -sign
        head = rows[at][at]
        for number in range(at + 1, len(rows)):
            factor = rows[number][at]
            rows[number] = [
                (value * head - factor * upper) // scale
                for value, upper in zip(rows[number], rows[at], strict=True)
            ]
        scale = head
    return sign if scale > 0 else -sign
