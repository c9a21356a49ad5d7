"""The equilibria found in a two-player game, verified, with what may be believed of the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from games.equilibrium.components import Component, components_of
from games.equilibrium.dominance import Dominated, dominated_strategies
from games.equilibrium.enumeration import Enumeration
from games.equilibrium.exact import Bimatrix, Mixture, cell_of, nearest_float
from games.equilibrium.marks import Mark, marks_of
from games.equilibrium.nashpy_check import NashpyCheck, compare_with_nashpy


@dataclass(frozen=True, kw_only=True)
class Equilibrium:
    """A profile from which neither player gains by deviating alone."""

    row: Mixture
    column: Mixture
    payoffs: tuple[Fraction, Fraction]
    regret: tuple[Fraction, Fraction]

    @property
    def pure(self) -> bool:
        """Whether each player plays one strategy for certain."""
        return self.cell is not None

    @cached_property
    def cell(self) -> tuple[int, int] | None:
        """Row and column of a pure equilibrium."""
        return cell_of(self.row, self.column)

    def as_json(self) -> dict[str, object]:
        """Return the equilibrium in the shape of the JSON contract."""
        return {
            "profile": [
                [nearest_float(p) for p in self.row],
                [nearest_float(p) for p in self.column],
            ],
            "exact": [[str(p) for p in self.row], [str(p) for p in self.column]],
            "payoffs": [nearest_float(payoff) for payoff in self.payoffs],
            "regret": [nearest_float(regret) for regret in self.regret],
            "pure": self.pure,
        }


@dataclass(frozen=True, kw_only=True)
class EquilibriumReport:
    """All equilibria found in a game; what costs more than finding them is worked out when asked.

    In a degenerate game `equilibria` lists the extreme equilibria; the others are mixtures of
    these, as `components` says.
    """

    game: Bimatrix
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    equilibria: tuple[Equilibrium, ...]
    """Pure ones first, by cell; then mixed ones, those with small supports first."""
    degenerate: bool
    complete: bool
    completeness_reason: str
    enumeration: Enumeration = field(repr=False)

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The components of the equilibria, with indices; none where the list is not complete."""
        if not self.complete:
            return ()
        order = {(one.row, one.column): place for place, one in enumerate(self.equilibria)}
        return tuple(
            sorted(
                components_of(self.game, self.enumeration),
                key=lambda component: min(order[member] for member in component.members),
            )
        )

    @cached_property
    def dominated(self) -> tuple[Dominated, ...]:
        """The strategies that another one is never worse than."""
        return dominated_strategies(self.game, self.enumeration)

    @cached_property
    def marks(self) -> tuple[tuple[Mark, ...], ...]:
        """What distinguishes each equilibrium among those listed, aligned with them."""
        return marks_of(self.game, [(one.row, one.column, one.payoffs) for one in self.equilibria])

    @cached_property
    def nashpy(self) -> NashpyCheck | None:
        """What Nashpy finds in the same game; None for games too large for it."""
        return compare_with_nashpy(self.game, [(one.row, one.column) for one in self.equilibria])

    def as_json(self, *, beside_nashpy: bool = False) -> dict[str, object]:
        """Return the report in the shape of the JSON contract.

        Args:
            beside_nashpy: Whether to run Nashpy on the game as well and tell how its list differs.
        """
        beside = (
            {} if not beside_nashpy or self.nashpy is None else {"nashpy": self.nashpy.as_json()}
        )
        names = {"row": self.rows, "column": self.columns}
        return {
            "shape": list(self.game.shape),
            "rows": list(self.rows),
            "columns": list(self.columns),
            "equilibria": [
                {**one.as_json(), "marks": list(marks)}
                for one, marks in zip(self.equilibria, self.marks, strict=True)
            ],
            "degenerate": self.degenerate,
            "complete": self.complete,
            "completeness_reason": self.completeness_reason,
            "components": [component.as_json() for component in self.components],
            "dominated": [
                {
                    "player": one.player,
                    "strategy": names[one.player][one.strategy],
                    "kind": one.kind,
                    "by": None if one.by is None else names[one.player][one.by],
                }
                for one in self.dominated
            ],
            **beside,
        }
