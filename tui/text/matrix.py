"""A game between two blocs as a grid, its equilibria marked in place."""

from __future__ import annotations

from fractions import Fraction

from games.equilibrium.report import Equilibrium
from games.matrices import Matrix
from tui.text.wording import WIDTH, paragraph

EQUILIBRIUM = "◆"
FAILURE = "×"


def matrix_lines(matrix: Matrix) -> list[str]:
    """Return the grid, its legend, its mixed equilibria and what it means."""
    report = matrix.report
    lead = max(len(name) for name in report.rows) + 2
    width = min(16, (WIDTH - lead) // len(report.columns))
    head = " " * lead + "".join(f"{name:^{width}}" for name in report.columns)
    lines = [
        f"{matrix.title}: rows {matrix.row_player}, columns {matrix.column_player}",
        head.rstrip(),
    ]
    for i, row in enumerate(report.rows):
        cells = "".join(f"{_cell(matrix, i, j):^{width}}" for j in range(len(report.columns)))
        lines.append(f"{row:<{lead}}{cells}".rstrip())
    lines.append(paragraph(_legend(matrix), "  "))
    lines.extend(
        paragraph(_mixed_line(matrix, found), "  ") for found in report.equilibria if not found.pure
    )
    lines.append(paragraph(matrix.explanation))
    lines.append(paragraph(_completeness(matrix)))
    return lines


def cell_values(matrix: Matrix, i: int, j: int) -> tuple[float, float]:
    """Return what a cell shows: points where blocs are single parties, else per cent of gain."""
    if matrix.points is not None:
        return float(matrix.points[i, j, 0]), float(matrix.points[i, j, 1])
    game = matrix.report.game
    return float(100 * game.row_payoffs[i][j]), float(100 * game.column_payoffs[i][j])


def is_equilibrium(matrix: Matrix, i: int, j: int) -> bool:
    """Return whether a cell is a pure equilibrium."""
    one = Fraction(1)
    return any(
        found.pure and found.row[i] == one and found.column[j] == one
        for found in matrix.report.equilibria
    )


def _cell(matrix: Matrix, i: int, j: int) -> str:
    first, second = cell_values(matrix, i, j)
    marks = (EQUILIBRIUM if is_equilibrium(matrix, i, j) else "") + (
        FAILURE if matrix.failures[i, j] > 0 else ""
    )
    return f"{first:>4.0f} | {second:<4.0f}{marks:<2}"


def _legend(matrix: Matrix) -> str:
    unit = "points" if matrix.points is not None else "per cent of the attainable gain"
    parts = [f"{unit}, {matrix.row_player} | {matrix.column_player}"]
    if any(found.pure for found in matrix.report.equilibria):
        parts.append(f"{EQUILIBRIUM} equilibrium: neither gains by leaving the cell alone")
    if matrix.failures.any():
        parts.append(f"{FAILURE} some sessions end without agreement")
    return "; ".join(parts)


def _mixed_line(matrix: Matrix, found: Equilibrium) -> str:
    report = matrix.report
    sides = (
        (matrix.row_player, report.rows, found.row),
        (matrix.column_player, report.columns, found.column),
    )
    mixes = "; ".join(
        f"{player} "
        + ", ".join(
            f"{name} {float(weight):.0%}"
            for name, weight in zip(names, mixture, strict=True)
            if weight > 0
        )
        for player, names, mixture in sides
    )
    return f"mixed equilibrium: {mixes}"


def _completeness(matrix: Matrix) -> str:
    report = matrix.report
    count = len(report.equilibria)
    verified = f"{count} {'equilibrium' if count == 1 else 'equilibria'}, verified exactly"
    listing = "the list is complete" if report.complete else "the list may be incomplete"
    tied = "; the game is degenerate: some cells tie" if report.degenerate else ""
    return f"({verified}; {listing}: {report.completeness_reason}{tied}.)"
