"""Games between the consumer bloc (rows) and the supplier bloc (columns), and their equilibria.

A bloc's payoff is the weighted mean of its members' normalised gains (u − r)/(m − r), never of raw
points: those are not comparable between parties. Payoffs are rounded to millionths before anything
is decided, so that the order of summation decides nothing.

A bloc is no single mind. Each equilibrium is therefore marked *unanimous*, where no member would
have its bloc deviate, or *mean only*; and where a bloc has several members the game is solved again
with each bloc caring for its worst-off member alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.bargaining.solutions import bargain
from games.equilibrium.exact import Mixture, Rows, nearest_float, values
from games.equilibrium.report import Equilibrium, EquilibriumReport
from games.equilibrium.solve import equilibria
from games.equilibrium.words import Phrases, explanation
from games.errors import ScenarioError
from games.naming import called
from games.outcomes import FloatArray
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
class Sampling:
    """What the cells' sampling errors leave of the equilibria."""

    errors: FloatArray
    """Standard error of each bloc's payoff, shape (rows, columns, 2)."""

    @property
    def epsilon(self) -> float:
        """ε, two standard errors of the least certain cell: if every true payoff lies within ε of
        the mean found, an equilibrium of the means is a 2ε-equilibrium of the true game."""
        return float(2 * self.errors.max())

    def near(self, report: EquilibriumReport) -> tuple[tuple[int, int], ...]:
        """Return the cells that are no equilibria but not distinguishable from one.

        Cells in which no deviation gains more than two standard errors of the difference.
        """
        first, second = report.game.floats()
        stable = _within(first, self.errors[:, :, 0])
        stable &= _within(second.T, self.errors[:, :, 1].T).T
        known = {one.cell for one in report.equilibria}
        cells = [(int(i), int(j)) for i, j in np.argwhere(stable)]
        return tuple(cell for cell in cells if cell not in known)


def _within(
    payoffs: FloatArray, errors: FloatArray
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which cells no change of row improves by more than two standard errors."""
    gained = payoffs[:, None, :] - payoffs[None, :, :]
    noise = 2 * np.sqrt(errors[:, None, :] ** 2 + errors[None, :, :] ** 2)
    return np.asarray((gained <= noise).all(axis=0))


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
    unanimous: tuple[bool, ...] = ()
    """Aligned with the equilibria: whether no member would have its bloc deviate."""
    minimum: EquilibriumReport | None = None
    """The game solved for the worst-off members; None where each bloc is a single party."""
    sampling: Sampling | None = None
    """Where cells are means over chance."""

    @property
    def has_blocs(self) -> bool:
        """Whether a side has several members, so that it may be divided."""
        return self.minimum is not None

    def as_json(self, *, beside_nashpy: bool = False) -> dict[str, object]:
        """Return the matrix in the shape of the JSON contract, as its report's `as_json` does."""
        game = self.report.game
        payoffs = [
            [[nearest_float(a), nearest_float(b)] for a, b in zip(row, other, strict=True)]
            for row, other in zip(game.row_payoffs, game.column_payoffs, strict=True)
        ]
        written: dict[str, object] = {
            "name": self.name,
            "unit": "share of what a bloc's members can gain",
            "row_player": self.row_player,
            "column_player": self.column_player,
            "payoffs": payoffs,
            **self.report.as_json(beside_nashpy=beside_nashpy),
            "explanation": self.explanation,
            "unanimous": list(self.unanimous),
            "minimum": None if self.minimum is None else self.minimum.as_json(),
        }
        if self.sampling is not None:
            written["sampling"] = {
                "standard_errors": self.sampling.errors.tolist(),
                "epsilon": self.sampling.epsilon,
                "near": [list(cell) for cell in self.sampling.near(self.report)],
            }
        return written


def blocs(scenario: Scenario) -> tuple[Bloc, Bloc]:
    """Return the consumers and the suppliers.

    Processors and mixed parties belong to the bloc that the scenario assigns them to, else to none.

    Raises:
        ScenarioError: If one side has no member.
    """
    sides = {
        side: tuple(
            position
            for position, party in enumerate(scenario.parties.values())
            if side in (party.side, party.bloc)
        )
        for side in ("consumer", "supplier")
    }
    for side, members in sides.items():
        if not members:
            raise ScenarioError(f"{scenario.id}: no party is a {side}; there is no bloc to compare")
    return (
        Bloc(name="consumer bloc", members=sides["consumer"]),
        Bloc(name="supplier bloc", members=sides["supplier"]),
    )


def both_blocs(scenario: Scenario) -> tuple[Bloc, Bloc] | None:
    """Return the consumers and the suppliers; None where a side of the table is empty."""
    try:
        return blocs(scenario)
    except ScenarioError:
        return None


def blocless(scenario: Scenario) -> list[str]:
    """Return the processors and mixed parties that the scenario assigns to no bloc."""
    return [
        name
        for name, party in scenario.parties.items()
        if party.bloc is None and party.side in ("processor", "mixed")
    ]


def member_gains(scenario: Scenario, points: FloatArray) -> FloatArray:
    """Return every party's normalised gain (u − r)/(m − r); 0 for a party that cannot gain.

    Args:
        scenario: Gives reservation values and greatest utilities in the ZOPA.
        points: What each party gets, in its own points, shape (…, parties).
    """
    reservations = np.array([party.reservation for party in scenario.preferences])
    spread = bargain(scenario).best - reservations
    return np.where(
        spread > TIE, (points - reservations) / np.where(spread > TIE, spread, 1.0), 0.0
    )


def bloc_mean(scenario: Scenario, bloc: Bloc, gains: FloatArray) -> FloatArray:
    """Return the mean of the members' gains by their weights, shape (…, parties) to (…)."""
    members = list(bloc.members)
    weights = np.array([scenario.parties[scenario.ids[member]].weight for member in members])
    return np.asarray(gains[..., members] @ weights / weights.sum())


def exact(value: float) -> Fraction:
    """Return a payoff rounded to millionths, as a fraction.

    Rounded to billionths first, so that the last digits of a half millionth decide nothing.
    """
    return Fraction(round(round(value * MICRO, 3)), MICRO)


def bloc_matrix(
    scenario: Scenario,
    gains: FloatArray,
    *,
    name: str,
    title: str,
    acts: Sequence[str],
    points: FloatArray | None = None,
    lead: str = "",
    meaning: Callable[[EquilibriumReport], str] | None = None,
    failures: FloatArray | None = None,
    errors: FloatArray | None = None,
) -> Matrix:
    """Return the game in which each bloc chooses one of the same acts for all its members.

    Args:
        scenario: Gives blocs and weights.
        gains: What each party gains in each cell, as a share of what it can gain, shape (rows,
            columns, parties).
        name: Of the matrix, for tools.
        title: For people.
        acts: What either bloc may do, as it follows its name: "holds firm".
        points: The same in each party's own points, to be shown where blocs are single parties.
        lead: Sentences before the explanation of the equilibria.
        meaning: Returns what the equilibria mean, where that is more than which are stable.
        failures: Share of sessions without agreement, shape (rows, columns); none by default.
        errors: Standard errors of the blocs' payoffs, shape (rows, columns, 2), where sampled.
    """
    sides = blocs(scenario)
    report = equilibria(
        *(_exact_rows(bloc_mean(scenario, side, gains)) for side in sides), rows=acts, columns=acts
    )
    single = all(len(side.members) == 1 for side in sides)
    labels = [side.label(scenario) for side in sides]
    phrases = Phrases(
        row_player=called(labels[0]),
        column_player=called(labels[1]),
        row_acts=tuple(acts),
        column_acts=tuple(acts),
    )
    unanimous = tuple(is_unanimous(one, sides, gains) for one in report.equilibria)
    minimum = None if single else _worst_off(scenario, sides, gains, acts)
    told = (
        lead,
        explanation(report, phrases) if meaning is None else meaning(report),
        _division(unanimous, minimum, report, phrases),
    )
    return Matrix(
        name=name,
        title=title,
        row_player=labels[0],
        column_player=labels[1],
        report=report,
        points=None
        if points is None or not single
        else points[:, :, [side.members[0] for side in sides]],
        failures=np.zeros(gains.shape[:2]) if failures is None else failures,
        explanation=" ".join(filter(None, told)),
        unanimous=unanimous,
        minimum=minimum,
        sampling=None if errors is None else Sampling(errors=errors),
    )


def _exact_rows(payoffs: FloatArray) -> Rows:
    return tuple(tuple(exact(float(value)) for value in row) for row in payoffs)


def is_unanimous(one: Equilibrium, sides: tuple[Bloc, Bloc], gains: FloatArray) -> bool:
    """Return whether no member of either bloc would have its bloc deviate from an equilibrium.

    Args:
        one: An equilibrium of the blocs' mean gains.
        sides: The blocs, rows first.
        gains: Every party's normalised gain, shape (rows, columns, parties).
    """
    rows, columns = sides
    return not any(
        _would_deviate(_exact_rows(gains[:, :, member]), one.row, one.column)
        for member in rows.members
    ) and not any(
        _would_deviate(_exact_rows(gains[:, :, member].T), one.column, one.row)
        for member in columns.members
    )


def _would_deviate(payoffs: Rows, own: Mixture, other: Mixture) -> bool:
    earned = values(payoffs, other)
    mean = sum((worth * weight for worth, weight in zip(earned, own, strict=True)), Fraction())
    return max(earned) > mean


def _worst_off(
    scenario: Scenario, sides: tuple[Bloc, Bloc], gains: FloatArray, acts: Sequence[str]
) -> EquilibriumReport:
    payoffs = (
        _exact_rows(gains[:, :, gaining_members(scenario, side)].min(axis=2)) for side in sides
    )
    return equilibria(*payoffs, rows=acts, columns=acts)


def gaining_members(scenario: Scenario, bloc: Bloc) -> list[int]:
    """Return the members that can gain something in the ZOPA; all if none can.

    One that cannot is the worst off in every cell, and would decide nothing but that.
    """
    left_out = bargain(scenario).left_out
    members = [member for member in bloc.members if scenario.ids[member] not in left_out]
    return members or list(bloc.members)


def _division(
    unanimous: tuple[bool, ...],
    minimum: EquilibriumReport | None,
    report: EquilibriumReport,
    phrases: Phrases,
) -> str:
    """Return what the blocs' inner divisions change, in words; nothing for single parties."""
    if minimum is None:
        return ""
    divided = len(unanimous) - sum(unanimous)
    told = (
        "No member would have its bloc do otherwise there."
        if divided == 0
        else f"At {divided} of the {len(unanimous)} a member would have its bloc do otherwise."
    )
    cells = [{one.cell for one in found.equilibria} for found in (report, minimum)]
    if cells[0] == cells[1]:
        return (
            f"{told} Caring for its worst-off member instead, a bloc finds the same cells stable."
        )
    return f"{told} If each bloc cares for its worst-off member: {explanation(minimum, phrases)}"
