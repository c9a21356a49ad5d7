"""Games between the consumer bloc (rows) and the supplier bloc (columns), and their equilibria.

A bloc's payoff is the weighted mean of its members' normalised gains (u − r)/(m − r), never of raw
points: those are not comparable between parties. Payoffs are rounded to millionths before anything
is decided, so that the order of summation decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining import bargain, fair_share, normalised_gains
from games.equilibrium.report import EquilibriumReport
from games.equilibrium.solve import equilibria
from games.errors import ScenarioError
from games.outcomes import FloatArray
from games.session import Accept, Move, Offer, State, payoffs, step
from games.tactics import STANCES, Stance, stance_aspirations, trade_off
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

MICRO = 10**6
"""Payoffs are decided in millionths of a bloc's attainable gain."""


@dataclass(frozen=True, kw_only=True)
class Bloc:
    """Parties of one side of the table, taken together."""

    name: str
    members: tuple[int, ...]
    """Positions of the parties."""

    def label(self, scenario: Scenario) -> str:
        """Return the name of the only member, or the bloc's."""
        if len(self.members) == 1:
            return scenario.parties[scenario.ids[self.members[0]]].name
        return self.name


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A game between two blocs with the equilibria found in it."""

    name: str
    title: str
    row_player: str
    column_player: str
    report: EquilibriumReport
    points: FloatArray | None
    """Cells in the points of the two parties, shape (rows, columns, 2), where each bloc has one
    member."""
    failures: FloatArray
    """Share of sessions without agreement in each cell, shape (rows, columns)."""
    explanation: str

    def as_json(self) -> dict[str, object]:
        """Return the matrix in the shape of the JSON contract."""
        game = self.report.game
        payoffs = [
            [[float(a), float(b)] for a, b in zip(row, other, strict=True)]
            for row, other in zip(game.row_payoffs, game.column_payoffs, strict=True)
        ]
        return {
            "name": self.name,
            "row_player": self.row_player,
            "column_player": self.column_player,
            "payoffs": payoffs,
            **self.report.as_json(),
            "explanation": self.explanation,
        }


def blocs(scenario: Scenario) -> tuple[Bloc, Bloc]:
    """Return the consumers and the suppliers; processors and mixed parties are left out.

    Raises:
        ScenarioError: If one side has no member.
    """
    sides = {
        side: tuple(
            position
            for position, party in enumerate(scenario.parties.values())
            if party.side == side
        )
        for side in ("consumer", "supplier")
    }
    for side, members in sides.items():
        if not members:
            raise ScenarioError(f"{scenario.id}: no party is a {side}; there is no bloc to compare")
    return (
        Bloc(name="consumers", members=sides["consumer"]),
        Bloc(name="suppliers", members=sides["supplier"]),
    )


def bloc_gain(scenario: Scenario, bloc: Bloc, payoffs: FloatArray) -> float:
    """Return the weighted mean of the members' normalised gains.

    Args:
        scenario: Gives weights, reservation values and greatest utilities in the ZOPA.
        bloc: Whose gain.
        payoffs: What each party of the scenario gets, shape (parties,).
    """
    best = bargain(scenario).best
    total = weight = 0.0
    for position in bloc.members:
        own = scenario.preferences[position]
        spread = best[position] - own.reservation
        share = scenario.parties[own.party].weight
        weight += share
        total += share * ((payoffs[position] - own.reservation) / spread if spread > TIE else 0.0)
    return total / weight


def exact(value: float) -> Fraction:
    """Return a payoff rounded to millionths, as a fraction.

    Rounded to billionths first, so that the last digits of a half millionth decide nothing.
    """
    return Fraction(round(round(value * MICRO, 3)), MICRO)


def play_stances(scenario: Scenario, stances: tuple[Stance, ...], first: int = 0) -> State:
    """Return how a session ends in which each party trades off at its stance's aspiration.

    Args:
        scenario: The negotiation.
        stances: One a party.
        first: Position of the party that opens every round.
    """
    parties = len(scenario.ids)
    order = [(first + offset) % parties for offset in range(parties)]
    rounds = scenario.protocol.rounds
    best = bargain(scenario).best
    aspirations = [
        stance_aspirations(
            stance, party.reservation, max(best[position], party.reservation), rounds
        )
        for position, (party, stance) in enumerate(zip(scenario.preferences, stances, strict=True))
    ]
    offers: list[list[int]] = [[] for _ in range(parties)]
    state = State(scenario=scenario, turns=tuple(order) * rounds)
    while state.is_open:
        mover = state.mover
        move = stance_move(state, float(aspirations[mover][state.round]), offers)
        if isinstance(move, Offer):
            offers[mover].append(move.outcome)
        state, _ = step(state, move)
    return state


def stance_move(state: State, aspiration: float, offers: list[list[int]]) -> Move:
    """Return the trade-off tactic's move: accept what reaches the aspiration, else trade off."""
    own = state.scenario.preferences[state.mover]
    on_table = state.offer
    if (
        on_table is not None
        and own.utilities[on_table] >= aspiration - TIE
        and own.may_sign(on_table)
    ):
        return Accept()
    others = [history for party, history in enumerate(offers) if party != state.mover]
    return Offer(trade_off(own, state.scenario.space, aspiration, others))


def stance_game(scenario: Scenario) -> Matrix:
    """Return the game in which each bloc chooses how hard to negotiate, computed once."""
    return scenario.once("stance_game", _stance_game)


def _stance_game(scenario: Scenario) -> Matrix:
    sides = blocs(scenario)
    names = tuple(STANCES)
    cells = [[_stance_cell(scenario, sides, row, column) for column in names] for row in names]
    mean = np.array([[worth for worth, _ in line] for line in cells])
    failures = np.array([[failed for _, failed in line] for line in cells])
    gains = [
        [[exact(bloc_gain(scenario, side, cell)) for cell in line] for line in mean]
        for side in sides
    ]
    labels = [side.label(scenario) for side in sides]
    report = equilibria(*gains, rows=names, columns=names)
    single = all(len(side.members) == 1 for side in sides)
    positions = [side.members[0] for side in sides]
    return Matrix(
        name="stance",
        title="How hard to negotiate",
        row_player=labels[0],
        column_player=labels[1],
        report=report,
        points=mean[:, :, positions] if single else None,
        failures=failures,
        explanation=explain_stances(scenario, report, labels),
    )


def _stance_cell(
    scenario: Scenario, sides: tuple[Bloc, Bloc], row: str, column: str
) -> tuple[FloatArray, float]:
    """Return each party's mean payoff over the opening orders, and the share without agreement."""
    stances = [STANCES["balanced"]] * len(scenario.ids)
    for side, stance in zip(sides, (row, column), strict=True):
        for member in side.members:
            stances[member] = STANCES[stance]
    results = [play_stances(scenario, tuple(stances), first) for first in range(len(scenario.ids))]
    worth = np.array([list(payoffs(state).values()) for state in results])
    failed = sum(state.status != "agreement" for state in results) / len(results)
    return worth.mean(axis=0), failed


def explain_stances(scenario: Scenario, report: EquilibriumReport, labels: list[str]) -> str:
    """Return what the stance game's equilibria mean, in words."""
    sentences = [fair_share_sentence(scenario)]
    pure = [found for found in report.equilibria if found.pure]
    for found in pure:
        row = report.rows[found.row.index(Fraction(1))]
        column = report.columns[found.column.index(Fraction(1))]
        sentences.append(
            f"{labels[0]} {row} against {labels[1]} {column} is stable: neither gains by another "
            "stance alone."
        )
    if not pure:
        sentences.append("No cell is stable: whatever the two do, one would rather do otherwise.")
    mixed = len(report.equilibria) - len(pure)
    if mixed:
        sentences.append(
            f"In {'another' if mixed == 1 else f'{mixed} others'} a side mixes its stances."
        )
    return " ".join(sentences)


def fair_share_sentence(scenario: Scenario) -> str:
    """Return what k*, the largest share of its gain that everyone can have, predicts."""
    share = fair_share(scenario)
    if share is None:
        return "The ZOPA is empty: no stance leads to an agreement that all would sign."
    hard, firm = STANCES["hard"].closing_demand, STANCES["firm"].closing_demand
    lead = f"Everyone can have at least {share:.0%} of its attainable gain (k*)"
    if share >= hard:
        return f"{lead}, as much as a hard stance asks in the end ({hard:.0%}): hardness is free."
    if _one_sided(scenario, hard, firm):
        return (
            f"{lead}, less than two hard stances ask ({hard:.0%} each), while hard and firm can "
            "still meet either way round: a game of chicken, where each wants the other to yield."
        )
    return f"{lead}, less than a hard stance asks ({hard:.0%}): hardness meets no room and fails."


def _one_sided(scenario: Scenario, hard: float, firm: float) -> bool:
    """Return whether either bloc can have a hard share while the other has a firm one."""
    gains = normalised_gains(scenario, bargain(scenario).zopa)
    consumers, suppliers = (gains[list(side.members)].min(axis=0) for side in blocs(scenario))
    return bool(
        np.any((consumers >= hard) & (suppliers >= firm))
        and np.any((consumers >= firm) & (suppliers >= hard))
    )
