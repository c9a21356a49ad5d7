"""A game of two as a grid of cells."""

from __future__ import annotations

from collections.abc import Sequence

from tui.text.columns import centred, cut, left, width_of
from tui.text.wording import WIDTH

EQUILIBRIUM = "◆"
"""Marks a cell that is an equilibrium."""

LEAST_CELL = 11
"""Columns below which a cell is not readable."""


def grid_lines(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[str]]
) -> list[str]:
    """Return a grid with its head, cells as wide as they fit; nothing if they do not fit at all."""
    lead = min(max(map(width_of, rows)) + 2, 24)
    widest = max(width_of(text) for line in cells for text in line)
    wanted = max(widest, *map(width_of, columns)) + 2
    width = min(max(wanted, LEAST_CELL), (WIDTH - lead) // len(columns))
    if width < max(widest, LEAST_CELL):
        return []
    head = " " * lead + "".join(f"{centred(cut(name, width - 1), width)}" for name in columns)
    lines = [head.rstrip()]
    for row, line in zip(rows, cells, strict=True):
        told = "".join(centred(cell, width) for cell in line)
        lines.append(f"{left(cut(row, lead - 1), lead)}{told}".rstrip())
    return lines
