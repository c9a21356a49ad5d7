"""A game of two as a grid of cells."""

from __future__ import annotations

from collections.abc import Sequence

from tui.text.wording import WIDTH, cut

EQUILIBRIUM = "◆"
"""Marks a cell that is an equilibrium."""

LEAST_CELL = 11
"""Columns below which a cell is not readable."""


def grid_lines(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[str]]
) -> list[str]:
    """Return a grid with its head, cells as wide as they fit; nothing if they do not fit at all."""
    lead = min(max(len(name) for name in rows) + 2, 24)
    widest = max(len(text) for line in cells for text in line)
    wanted = max(widest, *map(len, columns)) + 2
    width = min(max(wanted, LEAST_CELL), (WIDTH - lead) // len(columns))
    if width < max(widest, LEAST_CELL):
        return []
    head = " " * lead + "".join(f"{cut(name, width - 1):^{width}}" for name in columns)
    return [
        head.rstrip(),
        *(
            f"{cut(row, lead - 1):<{lead}}{''.join(f'{cell:^{width}}' for cell in line)}".rstrip()
            for row, line in zip(rows, cells, strict=True)
        ),
    ]
