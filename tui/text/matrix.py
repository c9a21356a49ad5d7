"""A game between two blocs as a grid, its equilibria marked in place."""

from __future__ import annotations

from collections.abc import Iterator

from games.equilibrium.components import Component
from games.equilibrium.dynamics import Basins
from games.equilibrium.exact import cell_of
from games.equilibrium.report import EquilibriumReport
from games.matrices.matrix import Matrix
from tui.text.game import mixture_text, nashpy_lines
from tui.text.grid import EQUILIBRIUM, grid_lines
from tui.text.wording import paragraph

FAILURE = "×"
"""Marks a cell in which sessions end without agreement."""

MIXED = 4
"""Mixed equilibria that are written out; the JSON has them all."""


def matrix_lines(matrix: Matrix, basins: Basins | None = None) -> list[str]:
    """Return the grid, its legend, what it means, and what may be believed of the list."""
    report = matrix.report
    cells = [
        [_cell(matrix, i, j) for j in range(len(report.columns))] for i in range(len(report.rows))
    ]
    return [
        paragraph(f"{matrix.title}: rows {matrix.row_player}, columns {matrix.column_player}"),
        *grid_lines(report.rows, report.columns, cells),
        paragraph(_legend(matrix), "  "),
        *_mixed_lines(matrix),
        paragraph(matrix.explanation),
        *sampling_lines(matrix),
        *_basin_lines(matrix, basins),
        paragraph(completeness_words(report)),
        *nashpy_lines(report),
    ]


def cell_values(matrix: Matrix, i: int, j: int) -> tuple[float, float]:
    """Return what a cell shows: points where blocs are single parties, else per cent of gain."""
    if matrix.points is not None:
        return float(matrix.points[i, j, 0]), float(matrix.points[i, j, 1])
    game = matrix.report.game
    return float(100 * game.row_payoffs[i][j]), float(100 * game.column_payoffs[i][j])


def is_equilibrium(matrix: Matrix, i: int, j: int) -> bool:
    """Return whether a cell is a pure equilibrium."""
    return any(found.cell == (i, j) for found in matrix.report.equilibria)


def _cell(matrix: Matrix, i: int, j: int) -> str:
    first, second = cell_values(matrix, i, j)
    marks = (EQUILIBRIUM if is_equilibrium(matrix, i, j) else "") + (
        FAILURE if matrix.failures[i, j] > 0 else ""
    )
    return f"{round(first):>4} | {round(second):<4}{marks:<2}"


def _legend(matrix: Matrix) -> str:
    unit = "points" if matrix.points is not None else "per cent of the attainable gain"
    parts = [f"{unit}, {matrix.row_player} | {matrix.column_player}"]
    if any(found.pure for found in matrix.report.equilibria):
        parts.append(f"{EQUILIBRIUM} equilibrium: neither gains by changing its own strategy")
    if matrix.name == "compliance":
        parts.append("counted from what both reneging delivers; fines and collapse come off")
    if matrix.failures.any():
        parts.append(f"{FAILURE} some sessions end without agreement")
    return "; ".join(parts)


def _mixed_lines(matrix: Matrix) -> Iterator[str]:
    """Yield the mixed equilibria where there are several; a single one is told in the words."""
    report = matrix.report
    mixed = [found for found in report.equilibria if not found.pure]
    if len(mixed) < 2:
        return
    for found in mixed[:MIXED]:
        first = f"{matrix.row_player} {mixture_text(report.rows, found.row)}"
        second = f"{matrix.column_player} {mixture_text(report.columns, found.column)}"
        yield paragraph(f"mixed equilibrium: {first}; {second}", "  ")
    if len(mixed) > MIXED:
        yield f"  … and {len(mixed) - MIXED} more mixed ones"


def sampling_lines(matrix: Matrix) -> Iterator[str]:
    """Yield how certain cells are that are means over draws of chance."""
    if matrix.sampling is None:
        return
    near = matrix.sampling.near(matrix.report)
    report = matrix.report
    told = "; ".join(f"{report.rows[i]} against {report.columns[j]}" for i, j in near)
    yield paragraph(
        f"Cells are means over draws of chance: ε = {matrix.sampling.epsilon:.3f} of the "
        "attainable gain, and an equilibrium of the means is a 2ε-equilibrium."
        + (f" Not distinguishable from equilibrium: {told}." if told else "")
    )


def _basin_lines(matrix: Matrix, basins: Basins | None) -> Iterator[str]:
    """Yield where learning leads, component by component."""
    if basins is None:
        return
    ends = [
        f"{share:.0%} at {_component_text(matrix, component)}"
        for share, component in zip(basins.shares, matrix.report.components, strict=True)
        if share > 0
    ]
    if basins.unsettled > 0:
        ends.append(f"{basins.unsettled:.0%} nowhere")
    yield paragraph(
        f"Learning (replicator dynamics from {basins.starts} random starts) comes to rest: "
        f"{'; '.join(ends)}."
    )


def _component_text(matrix: Matrix, component: Component) -> str:
    cells = sorted(cell for one in component.members if (cell := cell_of(*one)) is not None)
    if not cells:
        return "a mixture"
    i, j = cells[0]
    told = f"“{matrix.report.rows[i]}” against “{matrix.report.columns[j]}”"
    return told if component.is_point else f"the set about {told}"


def completeness_words(report: EquilibriumReport) -> str:
    """Return how many equilibria were found, and whether these are all."""
    count = len(report.equilibria)
    extreme = "extreme " if report.degenerate else ""
    noun = "equilibrium" if count == 1 else "equilibria"
    listing = "the list is complete" if report.complete else "the list may be incomplete"
    tied = "; the game is degenerate: some cells tie" if report.degenerate else ""
    return (
        f"({count} {extreme}{noun}, verified exactly; {listing}: "
        f"{report.completeness_reason}{tied}.)"
    )
