"""Dominated strategies, read off the vertices of the best-reply polytopes.

A strategy is strictly dominated, by a pure or a mixed one, iff it is a best reply to no mixture of
the counterpart (Pearce 1984, lemma 3), so iff no vertex bears its label. It is weakly dominated iff
it is a best reply to no mixture that uses every strategy of the counterpart (Pearce 1984, lemma 4):
iff the vertices that bear its label have an unused strategy in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from games.equilibrium.enumeration import Enumeration
from games.equilibrium.exact import Bimatrix, Rows
from games.equilibrium.polytope import Polytope

Player = Literal["row", "column"]
Kind = Literal["strictly", "weakly"]


@dataclass(frozen=True, kw_only=True)
class Dominated:
    """A strategy that another one is never worse than."""

    player: Player
    strategy: int
    kind: Kind
    by: int | None
    """A pure strategy that dominates it so; None where only mixed ones do."""


def dominated_strategies(game: Bimatrix, found: Enumeration) -> tuple[Dominated, ...]:
    """Return the dominated strategies of both players, the row player's first.

    Where the enumeration is not complete only those that a pure strategy dominates are found.
    """
    sides: tuple[tuple[Player, Rows, Polytope], ...] = (
        ("row", game.row_payoffs, found.columns),
        ("column", game.transposed_column_payoffs, found.rows),
    )
    listed: list[Dominated] = []
    for player, payoffs, against in sides:
        for strategy in range(len(payoffs)):
            kind, by = _by_pure(payoffs, strategy)
            if found.complete:
                kind = never_best(against, len(payoffs[0]), strategy)
                by = by if kind is not None and _dominates(payoffs, by, strategy, kind) else None
            if kind is not None:
                listed.append(Dominated(player=player, strategy=strategy, kind=kind, by=by))
    return tuple(listed)


def never_best(against: Polytope, width: int, strategy: int) -> Kind | None:
    """Return how a strategy is dominated, from the counterpart's complete polytope.

    Args:
        against: The counterpart's polytope, all of it.
        width: How many strategies the counterpart has.
        strategy: Whose label is looked for.
    """
    label = 1 << (width + strategy)
    unused_everywhere = (1 << width) - 1
    is_best_somewhere = False
    for vertex in against.vertices:
        if vertex.labels & label:
            is_best_somewhere = True
            unused_everywhere &= vertex.labels
    if not is_best_somewhere:
        return "strictly"
    return "weakly" if unused_everywhere else None


def _by_pure(payoffs: Rows, strategy: int) -> tuple[Kind | None, int | None]:
    """Return how a pure strategy dominates this one, and which; strictly if any does so."""
    for kind in ("strictly", "weakly"):
        for other in range(len(payoffs)):
            if _dominates(payoffs, other, strategy, kind):
                return kind, other
    return None, None


def _dominates(payoffs: Rows, one: int | None, other: int, kind: Kind) -> bool:
    if one is None or one == other:
        return False
    pairs = list(zip(payoffs[one], payoffs[other], strict=True))
    if kind == "strictly":
        return all(mine > its for mine, its in pairs)
    return all(mine >= its for mine, its in pairs) and any(mine > its for mine, its in pairs)
