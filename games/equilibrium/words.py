"""What the equilibria of a game mean, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from games.equilibrium.components import Component
from games.equilibrium.exact import Mixture, cell_of, support
from games.equilibrium.report import Equilibrium, EquilibriumReport

MIXED_TOLD = 1
"""Mixed equilibria that are told one by one; where there are more, only how many there are."""


CELLS_TOLD = 4
"""Stable cells that are told by name; of more, only how many there are."""


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """How to speak of a game's players and of what they may do."""

    row_player: str
    column_player: str
    row_acts: tuple[str, ...]
    """What the row player does, strategy by strategy, as it follows its name: "plays left"."""
    column_acts: tuple[str, ...]

    def cell(self, row: int, column: int) -> str:
        """Return a cell as a clause."""
        return (
            f"{self.row_player} {self.row_acts[row]}, "
            f"{self.column_player} {self.column_acts[column]}"
        )


def plain_phrases(report: EquilibriumReport, players: tuple[str, str]) -> Phrases:
    """Return phrases made of the strategies' names."""
    return Phrases(
        row_player=players[0],
        column_player=players[1],
        row_acts=tuple(f"plays “{name}”" for name in report.rows),
        column_acts=tuple(f"plays “{name}”" for name in report.columns),
    )


def explanation(report: EquilibriumReport, phrases: Phrases) -> str:
    """Return what the equilibria found mean: which are stable and why, in a few sentences.

    Sets of equilibria are told as sets, single ones as cells or mixtures. The sentences state no
    more than was proved: of an incomplete list they do not say "only".
    """
    in_sets = {member for one in report.components if not one.is_point for member in one.members}
    marked = [
        (one, "strict" in marks)
        for one, marks in zip(report.equilibria, report.marks, strict=True)
        if (one.row, one.column) not in in_sets
    ]
    strict = [one for one, is_strict in marked if is_strict]
    weak = [one for one, is_strict in marked if one.pure and not is_strict]
    mixed = [one for one, _ in marked if not one.pure]
    only = "The only equilibrium: " if report.complete and len(report.equilibria) == 1 else ""
    told = [
        *_stable(strict, phrases, only, "each would lose by changing its own strategy alone"),
        *_stable(weak, phrases, only, "neither gains by changing its own strategy alone"),
        *(_set(one, phrases) for one in report.components if not one.is_point),
    ]
    if report.complete and not any(one.pure for one in report.equilibria):
        told.append("No cell is stable: whatever the two choose, one would rather do otherwise.")
    told += _mixed(mixed, phrases, bool(strict or weak))
    return " ".join(told)


def _stable(found: list[Equilibrium], phrases: Phrases, only: str, why: str) -> Iterator[str]:
    cells = [phrases.cell(*one.cell) for one in found if one.cell is not None]
    if cells:
        yield f"{only or 'Stable: '}{_cells(cells)}. There {why}."


def _mixed(found: list[Equilibrium], phrases: Phrases, beside: bool) -> Iterator[str]:
    for one in found[:MIXED_TOLD]:
        also = " too" if beside else ""
        lead = f"Stable{also} is a mixture that keeps the other guessing: "
        row = _mix(phrases.row_player, one.row, phrases.row_acts)
        yield f"{lead}{row}; {_mix(phrases.column_player, one.column, phrases.column_acts)}."
    if len(found) > MIXED_TOLD:
        more = len(found) - MIXED_TOLD
        yield f"There {'is one more mixture' if more == 1 else f'are {more} more mixtures'}."


def _set(component: Component, phrases: Phrases) -> str:
    """Return a set of equilibria as what each may do; where that is no product, as its cells."""
    tail = "Within it someone is indifferent, so nothing says which point is played."
    subset = component.subsets[0]
    if len(component.subsets) == 1 and all(
        len(support(extreme)) == 1 for extreme in (*subset.rows, *subset.columns)
    ):
        row = _either(subset.rows, phrases.row_acts)
        column = _either(subset.columns, phrases.column_acts)
        return (
            f"A whole set is stable: {phrases.row_player} {row}, {phrases.column_player} {column}. "
            f"{tail}"
        )
    pure = sorted(cell for one in component.members if (cell := cell_of(*one)) is not None)
    cells = [phrases.cell(*cell) for cell in pure]
    told = f"{_cells(cells)}, with some mixtures near them" if cells else "some mixtures"
    return f"A set of equilibria hangs together: {told}. {tail}"


def _cells(cells: list[str]) -> str:
    """Return cells as alternatives, the first few by name."""
    more = [f"{len(cells) - CELLS_TOLD} more cells"] if len(cells) > CELLS_TOLD else []
    return "; or ".join([*cells[:CELLS_TOLD], *more])


def _either(extremes: tuple[Mixture, ...], acts: tuple[str, ...]) -> str:
    """Return pure strategies as alternatives; all of several as a free choice."""
    used = sorted(support(extreme)[0] for extreme in extremes)
    if len(used) == len(acts) > 1:
        return "does as it likes"
    return " or ".join(acts[strategy] for strategy in used)


def _mix(player: str, mixture: Mixture, acts: tuple[str, ...]) -> str:
    parts = [
        f"{acts[place]} ({100 * float(weight):.0f} %)" if weight < 1 else acts[place]
        for place, weight in enumerate(mixture)
        if weight
    ]
    return f"{player} {' or '.join(parts)}"
