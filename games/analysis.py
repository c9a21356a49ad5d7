"""What theory says of a scenario before anyone has said a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.bargaining import Bargain, bargain
from games.compliance import compliance_game
from games.errors import ScenarioError
from games.matrices import Matrix, blocs
from games.outcomes import IndexArray
from games.stance_game import stance_game

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A scenario's bargaining problem and the games between its blocs."""

    scenario: Scenario
    bargain: Bargain
    matrices: tuple[Matrix, ...]
    note: str | None
    """Why there are no matrices, where there are none."""

    def as_json(self) -> dict[str, object]:
        """Return the analysis in the shape of the JSON contract."""
        found = self.bargain
        result: dict[str, object] = {
            "scenario": self.scenario.id,
            "outcomes": self.scenario.space.count,
            "parties": list(self.scenario.ids),
            "zopa": len(found.zopa),
            "passing": len(found.passing),
            "pareto": None if found.pareto is None else len(found.pareto),
            "solutions": {
                name: solution_json(self.scenario, outcomes)
                for name, outcomes in found.solutions.items()
            },
            "left_out": list(found.left_out),
            "matrices": [matrix.as_json() for matrix in self.matrices],
        }
        if found.pareto_note is not None:
            result["pareto_note"] = found.pareto_note
        if self.note is not None:
            result["matrices_note"] = self.note
        return result


def solution_json(scenario: Scenario, outcomes: IndexArray) -> dict[str, object]:
    """Return tied outcomes and, aligned with them, the parties' utilities."""
    return {
        "outcomes": [scenario.space.outcome(int(index)) for index in outcomes],
        "utilities": [utilities_json(scenario, int(index)) for index in outcomes],
    }


def utilities_json(scenario: Scenario, outcome: int) -> dict[str, float]:
    """Return each party's utility of an outcome, free of the last digits of summation."""
    return {party.party: round(party.utility(outcome), 9) for party in scenario.preferences}


def analyze(scenario: Scenario) -> Analysis:
    """Return what theory says of a scenario: solutions, and the games between its blocs.

    The compliance game is that of the first Nash outcome.
    """
    found = bargain(scenario)
    try:
        blocs(scenario)
    except ScenarioError as error:
        return Analysis(scenario=scenario, bargain=found, matrices=(), note=str(error))
    short = scenario.protocol.rounds <= STANCE_ROUNDS
    matrices = [stance_game(scenario)] if short else []
    if len(found.solutions["nash"]):
        matrices.append(compliance_game(scenario, int(found.solutions["nash"][0])))
    note = None if short else f"the stance game is played up to {STANCE_ROUNDS} rounds"
    return Analysis(scenario=scenario, bargain=found, matrices=tuple(matrices), note=note)


STANCE_ROUNDS = 1000
"""Rounds above which the stance game is not played: its cells are whole sessions."""
