"""What theory says of a scenario before anyone has said a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from games.agreement import Agreement
from games.bargaining.perfect_play import OrderOfPlay, PerfectPlay, perfect_play
from games.bargaining.quorum import Core, core
from games.bargaining.solutions import (
    PARETO_LIMIT,
    Bargain,
    bargain,
    nash_outcomes,
    nash_ranking,
)
from games.equilibrium.dynamics import STARTS, Basins, basins
from games.errors import ScenarioError, UserError
from games.matrices.matrix import Matrix, blocless, blocs
from games.matrices.stance_game import ACTS, MOST_ROUNDS, Leaver, leavers, stance_game
from games.naming import listed
from games.outcomes import FloatArray, IndexArray
from games.sampling import SampledSpace, sampled
from games.utility import is_tabled, table_bytes

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
    agreement: Agreement | None = None
    """What would follow from signing the first Nash outcome, where there is one to sign."""
    powers: Mapping[str, float] = field(default_factory=dict[str, float])
    """Bargaining powers that the user gave, by party."""

    @property
    def sample(self) -> SampledSpace | None:
        """The drawn outcomes among which all findings hold; None if all outcomes were examined."""
        space = self.scenario.space
        return space if isinstance(space, SampledSpace) else None

    @property
    def outcomes(self) -> int:
        """How many outcomes can happen, drawn or not."""
        return self.scenario.space.count if self.sample is None else self.sample.population

    @property
    def core(self) -> Core:
        """The outcomes that no winning coalition would replace, found when first asked for."""
        if self.sample is not None:
            return Core(outcomes=None, no_agreement=None, note=_ON_A_SAMPLE)
        return core(self.scenario)

    @property
    def perfect_play(self) -> PerfectPlay:
        """What backward induction leads to, found when first asked for."""
        if self.sample is not None:
            return PerfectPlay(orders=(), note=_ON_A_SAMPLE)
        return perfect_play(self.scenario)

    @cached_property
    def leavers(self) -> dict[tuple[int, int], tuple[Leaver, ...]]:
        """By stable cell of the stance game, the members that would leave their bloc's stance.

        Empty where each bloc is a single party, and above so many parties that it takes too long.
        """
        if len(self.scenario.ids) > MOST_LEAVERS:
            return {}
        stances = tuple(ACTS)
        return {
            one.cell: leavers(self.scenario, stances[one.cell[0]], stances[one.cell[1]])
            for matrix in self.matrices
            if matrix.name == "stance" and matrix.has_blocs
            for one in matrix.report.equilibria
            if one.cell is not None
        }

    def basins(self, starts: int = STARTS, seed: int = 0) -> dict[str, Basins]:
        """Return, by matrix, how many random starts of learning end in each component."""
        return {matrix.name: basins(matrix.report, starts, seed) for matrix in self.matrices}

    @property
    def powered_nash(self) -> IndexArray | None:
        """The Nash outcomes under the powers given; None if none were."""
        return nash_outcomes(self.scenario, self.powers) if self.powers else None

    @property
    def ranking(self) -> list[tuple[int, int]]:
        """The first outcomes under Nash welfare, as (rank, outcome), where there are many parties.

        There nearly everything is undominated, and the rank tells outcomes apart.
        """
        if len(self.scenario.ids) <= PARETO_LIMIT[0]:
            return []
        return nash_ranking(self.scenario, RANKED)

    def as_json(self) -> dict[str, object]:
        """Return the analysis in the shape of the JSON contract."""
        found = self.bargain
        result: dict[str, object] = {
            "scenario": self.scenario.id,
            "outcomes": self.outcomes,
            "parties": list(self.scenario.ids),
            "zopa": len(found.zopa),
            "passing": len(found.passing),
            "pareto": None if found.pareto is None else len(found.pareto),
            "solutions": {
                name: solution_json(self.scenario, outcomes)
                for name, outcomes in found.solutions.items()
            },
            "left_out": list(found.left_out),
            "core": core_json(self.core),
            "perfect_play": perfect_play_json(self.scenario, self.perfect_play),
            "matrices": [matrix.as_json(beside_nashpy=True) for matrix in self.matrices],
            "nash_agreement": None if self.agreement is None else self.agreement.as_json(),
            "table_bytes": table_bytes(self.scenario),
        }
        self._add_what_was_asked(result)
        if found.pareto_note is not None:
            result["pareto_note"] = found.pareto_note
        if self.note is not None:
            result["matrices_note"] = self.note
        return result

    def _add_what_was_asked(self, result: dict[str, object]) -> None:
        if self.sample is not None:
            result["sampled"] = self.sample.size
            result["seed"] = self.sample.seed
        if self.powered_nash is not None:
            chosen = solution_json(self.scenario, self.powered_nash)
            result["nash_with_powers"] = {"powers": dict(self.powers), **chosen}
        if self.leavers:
            result["leavers"] = [
                {"cell": list(cell), "party": one.party, "regret": one.regret, "act": one.act}
                for cell, members in self.leavers.items()
                for one in members
            ]
        if self.ranking:
            result["nash_ranking"] = [
                {
                    "rank": rank,
                    "outcome": self.scenario.space.outcome(index),
                    "utilities": utilities_json(self.scenario, index),
                }
                for rank, index in self.ranking
            ]


_ON_A_SAMPLE = "not computed on a sample: an outcome that was not drawn could change it"

MOST_LEAVERS = 8
"""Parties above which it is not asked who would leave its bloc's stance: each such question is
answered by whole sessions."""

RANKED = 5
"""How many outcomes are ranked by Nash welfare where there are many parties."""


def solution_json(scenario: Scenario, outcomes: IndexArray) -> dict[str, object]:
    """Return tied outcomes and, aligned with them, the parties' utilities."""
    return {
        "outcomes": [scenario.space.outcome(int(index)) for index in outcomes],
        "utilities": [utilities_json(scenario, int(index)) for index in outcomes],
    }


def utilities_json(scenario: Scenario, outcome: int) -> dict[str, float]:
    """Return each party's utility of an outcome, free of the last digits of summation."""
    return {party.party: round(party.utility(outcome), 9) for party in scenario.preferences}


def core_json(found: Core) -> dict[str, object]:
    """Return how many outcomes the core has, and whether no agreement is in it."""
    result: dict[str, object] = {
        "outcomes": None if found.outcomes is None else len(found.outcomes),
        "no_agreement": found.no_agreement,
    }
    if found.note is not None:
        result["note"] = found.note
    return result


def perfect_play_json(scenario: Scenario, found: PerfectPlay) -> dict[str, object]:
    """Return what backward induction leads to under each order, and the worth of the last word."""
    result: dict[str, object] = {
        "orders": {order.name: _order_json(scenario, order) for order in found.orders},
        "last_word": _by_party(scenario, found.last_word),
    }
    if found.note is not None:
        result["note"] = found.note
    return result


def _order_json(scenario: Scenario, order: OrderOfPlay) -> dict[str, object]:
    result: dict[str, object] = {"payoffs": _by_party(scenario, order.payoffs)}
    if order.name != "lot" and order.payoffs is not None:
        agreed = order.outcome
        result |= {
            "outcome": None if agreed is None else scenario.space.outcome(agreed),
            "utilities": None if agreed is None else utilities_json(scenario, agreed),
            "round": None if order.turn is None else order.turn // len(scenario.ids),
            "proposer": order.proposer,
            "ties": order.ties,
            "chance": order.chance,
        }
    if order.note is not None:
        result["note"] = order.note
    return result


def _by_party(scenario: Scenario, values: FloatArray | None) -> dict[str, float] | None:
    if values is None:
        return None
    return {
        party: round(value, 9) for party, value in zip(scenario.ids, values.tolist(), strict=True)
    }


def analyze(
    scenario: Scenario,
    *,
    sample: int | None = None,
    seed: int = 0,
    powers: Mapping[str, float] | None = None,
) -> Analysis:
    """Return what theory says of a scenario: solutions, and the games between its blocs.

    The games of honouring and signing are those of the first Nash outcome. Beside the tables (8
    bytes for each party and outcome) the solutions take a few numbers an outcome. Over 10⁶ outcomes
    a process that also finds core and perfect play peaks at about 150 MB with 2 parties, 190 MB
    with 5 and 540 MB with 54, some 55 MB of which are there before
    (`benchmarks/bargaining_speed.py`).

    Args:
        scenario: The negotiation.
        sample: How many outcomes to draw where there are too many for tables; else all are
            examined.
        seed: Draws them.
        powers: Bargaining power α by party, for a Nash solution beside the symmetric one.

    Raises:
        ScenarioError: If there are too many outcomes for tables and no sample is asked for.
        UserError: If the sample's size or a power is not valid.
    """
    if sample is not None and sample < 1 and is_tabled(scenario):
        raise UserError(f"sample: expected at least 1 outcome, found {sample}")
    if sample is not None and not is_tabled(scenario):
        return _analyze_sample(sampled(scenario, sample, seed), powers or {})
    if powers:
        return _analyze(scenario, powers)
    return scenario.once("analysis", lambda same: _analyze(same, {}))


def _analyze_sample(scenario: Scenario, powers: Mapping[str, float]) -> Analysis:
    note = "the games between the blocs are not played on a sample of outcomes"
    return Analysis(
        scenario=scenario, bargain=bargain(scenario), matrices=(), note=note, powers=powers
    )


def _analyze(scenario: Scenario, powers: Mapping[str, float]) -> Analysis:
    found = bargain(scenario)
    if len(found.zopa) == 0:
        note = (
            "the solutions, the games between the blocs and what would follow from signing: no "
            "outcome is acceptable to all, so there is nothing to measure what a party gains by"
        )
        return Analysis(scenario=scenario, bargain=found, matrices=(), note=note, powers=powers)
    signed = Agreement(scenario, int(found.solutions["nash"][0]))
    note = _without_blocs(scenario)
    stances: tuple[Matrix, ...] = ()
    if note is None and scenario.protocol.rounds > MOST_ROUNDS:
        note = f"the stance game is played up to {MOST_ROUNDS} rounds"
    elif note is None:
        stances = (stance_game(scenario),)
    return Analysis(
        scenario=scenario,
        bargain=found,
        matrices=(*stances, *signed.matrices),
        note=note,
        agreement=signed,
        powers=powers,
    )


def _without_blocs(scenario: Scenario) -> str | None:
    """Return what is left out because a side of the table is empty; None where neither is."""
    try:
        blocs(scenario)
    except ScenarioError as error:
        games = ["of stances", "of honouring"]
        games += [] if scenario.participation is None else ["of signing"]
        told = (
            f"the games between consumers and suppliers: those {listed(games)} "
            f"({_without_id(scenario, error)}"
        )
        loose = blocless(scenario)
        if loose:
            told += f"; {listed(loose)} with `bloc: consumer` or `bloc: supplier` would make one"
        return f"{told})"
    return None


def _without_id(scenario: Scenario, error: ScenarioError) -> str:
    return str(error).removeprefix(f"{scenario.id}: ")
