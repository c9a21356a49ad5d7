"""The vertices of a best-reply polytope, all of them, in integers.

For a player with d strategies whose counterpart has k, the polytope is

    { x ∈ R^d : x ≥ 0, C x ≤ 1 },

C (k × d) being the counterpart's payoffs made positive. A point other than 0 is a mixture up to
scale; the constraints that hold with equality are its *labels*: own strategies not used, and the
counterpart's best replies. Two points whose labels together are all d + k form an equilibrium, and
every equilibrium is made of such points (Lemke and Howson 1964; von Stengel 2002).

The vertices are visited by pivoting from one basis to its neighbours, starting at 0. Where more
than d constraints meet in one vertex (a degenerate game) the right-hand side is perturbed to
1 + ε^j in thought only, by comparing lexicographically: the perturbed polytope is simple and
bounded, so the walk along its edges reaches every basis, and every vertex belongs to at least one.
Pivots are those of Edmonds and Bareiss, in integers without rounding, as in Avis' lrs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Row = list[int]

CHECK_EVERY = 20_000
"""Entries computed between two looks at whether time is up, about."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex: which constraints are tight there, and where it lies up to scale."""

    labels: int
    """Bit i: own strategy i is not used; bit d + j: the counterpart's j is a best reply."""
    weights: tuple[int, ...]
    """The mixture's probabilities up to a common factor, shape (d,)."""


@dataclass(frozen=True, slots=True)
class Polytope:
    """What the walk along the edges of a best-reply polytope found."""

    vertices: tuple[Vertex, ...]
    """Without 0, each once."""
    bases: dict[int, int]
    """Vertices of the perturbed polytope, by their labels there, to positions in `vertices`."""
    complete: bool
    """Whether every vertex was visited."""


@dataclass(slots=True)
class Tableau:
    """A basis of C x + s = 1: which variables are zero, and the others in terms of them.

    Variables 0 … d−1 are x, d … d+k−1 the slacks s. Entries are integers over the common
    denominator `scale`.
    """

    rows: list[Row]
    """One row a basic variable: coefficients of the variables that are zero, then the value."""
    basic: list[int]
    zero: list[int]
    scale: int = 1

    @classmethod
    def of(cls, coefficients: Sequence[Sequence[int]]) -> Tableau:
        """Return the basis at x = 0, for constraints C x ≤ 1 with C positive."""
        width = len(coefficients[0])
        return cls(
            rows=[[*row, 1] for row in coefficients],
            basic=list(range(width, width + len(coefficients))),
            zero=list(range(width)),
        )

    @property
    def labels(self) -> int:
        """The variables that are zero in the perturbed polytope, as bits."""
        return sum(1 << variable for variable in self.zero)

    def leaving(self, column: int) -> int:
        """Return the row whose variable is the first to reach zero as a zero variable rises.

        Of several that reach zero together, the one that does so first after the perturbation.
        """
        best, best_slope, best_value = -1, 1, 1
        for number, row in enumerate(self.rows):
            slope = row[column]
            if slope > 0:
                mine, other = row[-1] * best_slope, best_value * slope
                if (
                    best < 0
                    or mine < other
                    or (mine == other and self._sooner(number, best, column))
                ):
                    best, best_slope, best_value = number, slope, row[-1]
        return best

    def _sooner(self, one: int, other: int, column: int) -> bool:
        """Compare two rows by the coefficients of ε, ε², … in their values over their slopes."""
        first, second = self.rows[one], self.rows[other]
        places = {variable: place for place, variable in enumerate(self.zero)}
        # Only slacks that are zero or stand in one of the two rows have coefficients in them.
        for slack in sorted({*self.zero, self.basic[one], self.basic[other]}):
            if slack < len(self.zero):
                continue
            if slack in places:
                place = places[slack]
                mine, its = first[place] * second[column], second[place] * first[column]
            else:
                mine = second[column] if self.basic[one] == slack else 0
                its = first[column] if self.basic[other] == slack else 0
            if mine != its:
                return mine < its
        raise AssertionError("two rows of a basis are proportional")

    def pivoted(self, row: int, column: int) -> Tableau:
        """Return the basis in which the variables of a row and a column have changed places."""
        pivot_row, scale = self.rows[row], self.scale
        pivot = pivot_row[column]
        rows: list[Row] = []
        for number, line in enumerate(self.rows):
            factor = line[column]
            if number == row:
                fresh = pivot_row.copy()
                fresh[column] = scale
            elif factor:
                fresh = [
                    (value * pivot - factor * upper) // scale
                    for value, upper in zip(line, pivot_row, strict=True)
                ]
                fresh[column] = -factor
            else:
                fresh = [value * pivot // scale for value in line]
            rows.append(fresh)
        basic, zero = self.basic.copy(), self.zero.copy()
        basic[row], zero[column] = zero[column], basic[row]
        return Tableau(rows, basic, zero, pivot)

    def vertex(self) -> Vertex:
        """Return the vertex to which this basis belongs."""
        width = len(self.zero)
        weights = [0] * width
        labels = self.labels
        for variable, row in zip(self.basic, self.rows, strict=True):
            if row[-1] == 0:
                labels |= 1 << variable
            elif variable < width:
                weights[variable] = row[-1]
        return Vertex(labels, tuple(weights))


def best_reply_polytope(
    coefficients: Sequence[Sequence[int]], time_is_up: Callable[[], bool] | None = None
) -> Polytope:
    """Return the vertices of { x ≥ 0, C x ≤ 1 } other than 0.

    Args:
        coefficients: C, positive integers, shape (k, d).
        time_is_up: Asked now and then; the walk ends early when it says so.
    """
    pivots_between = pivots_between_looks(coefficients)
    start = Tableau.of(coefficients)
    origin = start.labels
    seen = {origin}
    waiting = _steps(start, origin, seen)
    vertices: list[Vertex] = []
    places: dict[int, int] = {}
    bases: dict[int, int] = {}
    while waiting:
        tableau, row, column, labels = waiting.pop()
        here = tableau.pivoted(row, column)
        vertex = here.vertex()
        if vertex.labels not in places:
            places[vertex.labels] = len(vertices)
            vertices.append(vertex)
        bases[labels] = places[vertex.labels]
        waiting += _steps(here, labels, seen)
        if time_is_up is not None and len(bases) % pivots_between == 0 and time_is_up():
            break
    return Polytope(tuple(vertices), bases, complete=not waiting)


def pivots_between_looks(coefficients: Sequence[Sequence[int]]) -> int:
    """Return after how many pivots a walk looks at whether time is up."""
    return max(1, CHECK_EVERY // (len(coefficients) * (len(coefficients[0]) + 1)))


def _steps(here: Tableau, labels: int, seen: set[int]) -> list[tuple[Tableau, int, int, int]]:
    """Return the pivots from a basis to neighbours not seen before, marking them as seen."""
    steps: list[tuple[Tableau, int, int, int]] = []
    for column, entering in enumerate(here.zero):
        row = here.leaving(column)
        neighbour = labels ^ (1 << entering) ^ (1 << here.basic[row])
        if neighbour not in seen:
            seen.add(neighbour)
            steps.append((here, row, column, neighbour))
    return steps
