"""What the equilibria of a game mean, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from games.equilibrium.components import Component
from games.equilibrium.dominance import Dominated
from games.equilibrium.exact import Mixture, support
from games.equilibrium.report import Equilibrium, EquilibriumReport


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """How to speak of a game's players and of what they may do."""

    row_player: str
    column_player: str
    row_acts: tuple[str, ...]
    """What the row player does, strategy by strategy, as it follows its name: "plays left"."""
    column_acts: tuple[str, ...]


def plain_phrases(report: EquilibriumReport, players: tuple[str, str]) -> Phrases:
    """Return phrases made of the strategies' names."""
    return Phrases(
        row_player=players[0],
        column_player=players[1],
        row_acts=tuple(f"plays {name}" for name in report.rows),
        column_acts=tuple(f"plays {name}" for name in report.columns),
    )


def explanation(report: EquilibriumReport, phrases: Phrases) -> str:
    """Return what the equilibria found mean: which are stable and why, in a few sentences.

    Sets of equilibria are told as sets, with what they are worth; single ones one by one. The
    sentences state no more than was proved: of an incomplete list they do not say "only".
    """
    told = [_dominated(one, report, phrases) for one in report.dominated if one.kind == "strictly"]
    told += list(_equilibria(report, phrases))
    return " ".join(told)


def _equilibria(report: EquilibriumReport, phrases: Phrases) -> Iterator[str]:
    alone = len(report.equilibria) == 1 and report.complete
    in_sets = {member for one in report.components if not one.is_point for member in one.members}
    for one, marks in zip(report.equilibria, report.marks, strict=True):
        if (one.row, one.column) not in in_sets:
            yield _point(one, phrases, strict="strict" in marks, alone=alone)
    for component in report.components:
        if not component.is_point:
            yield _set(component, phrases)
    if report.complete and not any(one.pure for one in report.equilibria):
        yield "No cell is stable: whatever the two choose, one would rather choose otherwise."


def _point(one: Equilibrium, phrases: Phrases, *, strict: bool, alone: bool) -> str:
    lead = "The only equilibrium: " if alone else ""
    if one.cell is not None:
        row, column = one.cell
        why = "each would lose" if strict else "neither gains"
        return (
            f"{lead}{phrases.row_player} {phrases.row_acts[row]}, {phrases.column_player} "
            f"{phrases.column_acts[column]}: {why} by leaving this cell alone."
        )
    first = _mix(phrases.row_player, one.row, phrases.row_acts)
    second = _mix(phrases.column_player, one.column, phrases.column_acts)
    return f"{lead}{first}; {second}: kept guessing like this, neither gains by another choice."


def _set(component: Component, phrases: Phrases) -> str:
    rows = {i for row, _ in component.members for i in support(row)}
    columns = {j for _, column in component.members for j in support(column)}
    first = _either(phrases.row_player, sorted(rows), phrases.row_acts)
    second = _either(phrases.column_player, sorted(columns), phrases.column_acts)
    return (
        f"A whole set of equilibria of equal standing ({len(component.members)} extreme ones): "
        f"{first}; {second}. Within it someone is indifferent, so nothing says which is played."
    )


def _either(player: str, strategies: list[int], acts: tuple[str, ...]) -> str:
    return f"{player} {' or '.join(acts[strategy] for strategy in strategies)}"


def _mix(player: str, mixture: Mixture, acts: tuple[str, ...]) -> str:
    parts = [f"{acts[place]} ({float(mixture[place]):.0%})" for place in support(mixture)]
    return f"{player} {' or '.join(parts)}"


def _dominated(one: Dominated, report: EquilibriumReport, phrases: Phrases) -> str:
    mine = one.player == "row"
    player = phrases.row_player if mine else phrases.column_player
    names = report.rows if mine else report.columns
    if one.by is None:
        return f"{player} never does best with {names[one.strategy]}, whatever the other does."
    return (
        f"{player} does better with {names[one.by]} than with {names[one.strategy]}, whatever the "
        "other does."
    )
