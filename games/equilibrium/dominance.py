"""Dominated strategies, read off the vertices of the best-reply polytopes.

A strategy is strictly dominated, by a pure or a mixed one, iff it is a best reply to no mixture of
the counterpart (Pearce 1984, lemma 3), so iff no vertex bears its label. It is weakly dominated iff
it is a best reply to no mixture that uses every strategy of the counterpart (Pearce 1984, lemma 4):
iff the vertices that bear its label have an unused strategy in common.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from games.equilibrium.enumeration import Enumeration
from games.equilibrium.exact import Bimatrix, Rows, comparable
from games.equilibrium.polytope import Polytope
from games.outcomes import BoolArray

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
    return tuple(
        one
        for player, payoffs, against in sides
        for one in _dominated(player, payoffs, against if found.complete else None)
    )


def _dominated(player: Player, payoffs: Rows, against: Polytope | None) -> Iterator[Dominated]:
    """Yield a player's dominated strategies; by pure ones only where no polytope is given."""
    table = comparable(payoffs)
    for strategy, own in enumerate(table):
        better: BoolArray = (table > own).all(axis=1)
        no_worse: BoolArray = (table >= own).all(axis=1) & (table > own).any(axis=1)
        dominators: dict[Kind, BoolArray] = {"strictly": better, "weakly": no_worse}
        kind: Kind | None = next((name for name, any_ in dominators.items() if any_.any()), None)
        if against is not None:
            kind = never_best(against, len(payoffs[0]), strategy)
        if kind is not None:
            by = np.flatnonzero(dominators[kind])
            yield Dominated(
                player=player, strategy=strategy, kind=kind, by=int(by[0]) if len(by) else None
            )


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
