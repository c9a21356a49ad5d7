"""What theory says of a session that was played: the referee's findings.

Findings follow from the scenario, the agreed outcome and what was offered, so they can be computed
again at any time; they carry the version of the referee that made them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.agreement import Agreement
from games.analysis import Analysis, analyze, solution_json
from games.bargaining.solutions import normalised_gains
from games.matrices.matrix import Matrix
from games.naming import called
from games.outcomes import FloatArray, IndexArray

if TYPE_CHECKING:
    from games.scenario import Scenario

REFEREE_VERSION = 3
"""Changes when the same session would get different findings."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one party fares by what was agreed alone, as if all were bound by it.

    What its signature, a fund, side deals and measures make of that is in the session's utilities.
    """

    party: str
    utility: float
    reservation: float
    attainable: float
    """m: its greatest utility in the ZOPA."""
    gain: float
    """Its normalised gain (u − r)/(m − r); 0 without agreement."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The referee's reading of a finished session."""

    scenario: Scenario
    outcome: int | None
    standings: tuple[Standing, ...]
    in_zopa: bool
    undominated: bool | None
    """Whether no other outcome improves on it at nobody's cost; None if not known."""
    distance_to_frontier: float | None
    """Euclidean, in normalised gains; None where the frontier is not known."""
    distance_to_nash: float | None
    nash_ratio: float | None
    """Nash product as a share of the greatest."""
    analysis: Analysis
    matrices: tuple[Matrix, ...]
    """The stance game, and the games of honouring and of signing what was agreed."""
    agreement: Agreement | None
    """What follows from what was agreed."""
    played: tuple[int, int] | None = None
    """The cell of the stance game nearest to what the blocs asked for, if that is known."""

    @property
    def played_words(self) -> str | None:
        """Which stances were played and what another would have been worth, in words."""
        stances = [matrix for matrix in self.matrices if matrix.name == "stance"]
        if self.played is None or not stances:
            return None
        return _played_words(stances[0], *self.played)

    def as_json(self) -> dict[str, object]:
        """Return the findings as plain JSON values."""
        return {
            "version": REFEREE_VERSION,
            "zopa": len(self.analysis.bargain.zopa),
            "in_zopa": self.in_zopa,
            "undominated": self.undominated,
            "distance_to_frontier": self.distance_to_frontier,
            "distance_to_nash": self.distance_to_nash,
            "nash_ratio": self.nash_ratio,
            "standings": {
                standing.party: {
                    "utility": standing.utility,
                    "reservation": standing.reservation,
                    "attainable": standing.attainable,
                    "gain": standing.gain,
                }
                for standing in self.standings
            },
            "nash": solution_json(self.scenario, self.analysis.bargain.solutions["nash"]),
            "matrices": [matrix.as_json() for matrix in self.matrices],
            "agreement": None if self.agreement is None else self.agreement.as_json(),
            "played": None if self.played is None else list(self.played),
        }


def referee(
    scenario: Scenario,
    outcome: int | None,
    played: tuple[int, int] | None = None,
    *,
    believed: Scenario | None = None,
    bound: tuple[str, ...] | None = None,
) -> Findings:
    """Return the findings on a session that ended with an outcome, or with none.

    Args:
        scenario: What was negotiated.
        outcome: What was agreed.
        played: The cell of the stance game nearest to what was offered; see `played_cell`.
        believed: The scenario with the trust that the talks left, where they moved it.
        bound: The parties that what was agreed obliges; all if not given.
    """
    analysis = analyze(scenario)
    reached = None if outcome is None else normalised_gains(scenario, np.array([outcome]))[:, 0]
    frontier = analysis.bargain.pareto
    agreed = None if outcome is None else Agreement(believed or scenario, outcome, bound)
    return Findings(
        scenario=scenario,
        outcome=outcome,
        standings=_standings(scenario, analysis, outcome, reached),
        in_zopa=outcome is not None and bool(np.isin(outcome, analysis.bargain.zopa)),
        undominated=_undominated(outcome, frontier),
        distance_to_frontier=_distance(scenario, reached, frontier),
        distance_to_nash=_distance(scenario, reached, analysis.bargain.solutions["nash"]),
        nash_ratio=_nash_ratio(scenario, analysis, outcome),
        analysis=analysis,
        matrices=_matrices(analysis, agreed),
        agreement=agreed,
        played=played,
    )


def _undominated(outcome: int | None, frontier: IndexArray | None) -> bool | None:
    if outcome is None or frontier is None:
        return None
    return bool(np.isin(outcome, frontier))


def _standings(
    scenario: Scenario, analysis: Analysis, outcome: int | None, reached: FloatArray | None
) -> tuple[Standing, ...]:
    return tuple(
        Standing(
            party=own.party,
            utility=own.reservation if outcome is None else round(own.utility(outcome), 9),
            reservation=own.reservation,
            attainable=float(analysis.bargain.best[position]),
            gain=0.0 if reached is None else round(float(reached[position]), 9),
        )
        for position, own in enumerate(scenario.preferences)
    )


def _distance(
    scenario: Scenario, reached: FloatArray | None, outcomes: IndexArray | None
) -> float | None:
    if outcomes is None or len(outcomes) == 0:
        return None
    start = np.zeros(len(scenario.ids)) if reached is None else reached
    away = normalised_gains(scenario, outcomes) - start[:, None]
    return round(float(np.sqrt((away**2).sum(axis=0)).min()), 9)


def _nash_ratio(scenario: Scenario, analysis: Analysis, outcome: int | None) -> float | None:
    nash = analysis.bargain.solutions["nash"]
    if len(nash) == 0:
        return None
    if outcome is None:
        return 0.0
    gains = normalised_gains(scenario, np.array([outcome, int(nash[0])]))
    gaining = [party not in analysis.bargain.left_out for party in scenario.ids]
    here, best = np.maximum(gains[gaining], 0.0).prod(axis=0)
    return round(float(here / best), 9) if best > 0 else None


def _matrices(analysis: Analysis, agreed: Agreement | None) -> tuple[Matrix, ...]:
    stances = [matrix for matrix in analysis.matrices if matrix.name == "stance"]
    return (*stances, *(() if agreed is None else agreed.matrices))


def _played_words(matrix: Matrix, row: int, column: int) -> str:
    """Return which stances the blocs came closest to, and what the best reply to each gains."""
    report = matrix.report
    told = (
        f"As played, {called(matrix.row_player)} came closest to “{report.rows[row]}” and "
        f"{called(matrix.column_player)} to “{report.columns[column]}”."
    )
    mine = [line[column] for line in report.game.row_payoffs]
    its = report.game.column_payoffs[row]
    better = ", ".join(
        filter(
            None,
            (
                _better(matrix.row_player, report.rows, mine, row),
                _better(matrix.column_player, report.columns, its, column),
            ),
        )
    )
    if not better:
        return f"{told} Each is the best reply to the other."
    return f"{told} Against that, by the tactic of this game: {better}."


def _better(player: str, names: tuple[str, ...], worth: Sequence[Fraction], kept: int) -> str:
    """Return what the best reply would have gained, if another stance was played."""
    best = max(range(len(worth)), key=lambda choice: worth[choice])
    if worth[best] == worth[kept]:
        return ""
    gained = float(worth[best] - worth[kept])
    return f"“{names[best]}” would bring {called(player)} {gained:.0%} more of its possible gain"
