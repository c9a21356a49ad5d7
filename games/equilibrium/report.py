"""The equilibria found in a game, verified, with what may be believed of the list."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from games.equilibrium.exact import Bimatrix, Mixture, support


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
        return len(support(self.row)) == len(support(self.column)) == 1

    def as_json(self) -> dict[str, object]:
        """Return the equilibrium in the shape of the JSON contract."""
        return {
            "profile": [[float(p) for p in self.row], [float(p) for p in self.column]],
            "exact": [[str(p) for p in self.row], [str(p) for p in self.column]],
            "payoffs": [float(payoff) for payoff in self.payoffs],
            "regret": [float(regret) for regret in self.regret],
            "pure": self.pure,
        }


@dataclass(frozen=True, kw_only=True)
class EquilibriumReport:
    """All equilibria found in a game."""

    game: Bimatrix
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    equilibria: tuple[Equilibrium, ...]
    degenerate: bool
    complete: bool
    completeness_reason: str

    def as_json(self) -> dict[str, object]:
        """Return the report in the shape of the JSON contract."""
        return {
            "shape": list(self.game.shape),
            "rows": list(self.rows),
            "columns": list(self.columns),
            "equilibria": [equilibrium.as_json() for equilibrium in self.equilibria],
            "degenerate": self.degenerate,
            "complete": self.complete,
            "completeness_reason": self.completeness_reason,
        }
