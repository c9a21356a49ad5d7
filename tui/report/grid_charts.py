"""Grids of strategies as charts: who gained what against whom, and the game between the blocs.

What colour says is said by figures and signs as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from delegates.evaluation.judging.found import EmpiricalGame, Pairing
from tui.report.charts import WIDTH, svg_of, text_at
from tui.text.evaluation_figures import (
    game_cells,
    game_grid,
    pair_cells,
    pairing_lines,
    strategies_paired,
)
from tui.text.evaluation_words import name

WIDE = 110
"""Columns of a grid of characters."""

_LABEL = 150
_GREATEST = 130.0
"""Width of a cell at most."""

_ROOMY = 84.0
"""Width of a cell from which it has room for decimals."""

_TIGHT = 68.0
"""Width of a cell below which its figures are smaller."""

_LETTER = 7.5
"""Width of a letter."""

_HEAD = 26.0
_LINE = 16.0

Cells = Sequence[Sequence[tuple[str, ...]]]


@dataclass(frozen=True)
class Pairwise:
    """What each strategy gained against each, in a stronger colour for more."""

    pairings: Sequence[Pairing]

    def svg(self) -> str:
        """Return the chart as SVG."""
        rows, columns = strategies_paired(self.pairings)
        known = {(one.strategy, one.against): one.advantage.mean for one in self.pairings}
        grid = _Grid(
            rows=rows,
            columns=columns,
            corner="this ↓ against →",
            worth=[[known.get((own, other)) for other in columns] for own in rows],
            framed=frozenset(),
        )
        return grid.svg(
            lambda digits: pair_cells(self.pairings, digits),
            "Mean advantage of each row against each column",
        )

    def lines(self) -> list[str]:
        """Return the chart as a grid; a line instead where it does not fit."""
        told = "pairs do not fit here; the data file has them"
        return pairing_lines(self.pairings, WIDE) or [f"({len(self.pairings):,} {told}.)"]


@dataclass(frozen=True)
class GameGrid:
    """What consumers and suppliers gained in each pair of strategies, equilibria framed; the more
    both gained together, the stronger the colour."""

    game: EmpiricalGame

    def svg(self) -> str:
        """Return the chart as SVG."""
        game = self.game
        grid = _Grid(
            rows=game.rows,
            columns=game.columns,
            corner="consumers ↓ suppliers →",
            worth=game.payoffs.sum(axis=2).tolist(),
            framed=frozenset(one.cell for one in game.report.equilibria if one.cell is not None),
        )
        return grid.svg(
            lambda digits: game_cells(game, digits),
            "Mean gains of consumers and suppliers, equilibria framed",
        )

    def lines(self) -> list[str]:
        """Return the chart as a grid."""
        return game_grid(self.game, WIDE)


@dataclass(frozen=True, kw_only=True)
class _Grid:
    rows: Sequence[str]
    columns: Sequence[str]
    corner: str
    """What rows and columns are."""
    worth: Sequence[Sequence[float | None]]
    """By which cells are coloured."""
    framed: frozenset[tuple[int, int]]

    @property
    def wide(self) -> float:
        """Width of a cell."""
        return min(_GREATEST, (WIDTH - _LABEL) / len(self.columns))

    def svg(self, cells_of: Callable[[int], Cells], title: str) -> str:
        """Return the grid as SVG.

        Args:
            cells_of: Returns the lines of every cell, with so many decimals.
            title: For those who do not see it.
        """
        cells = cells_of(1 if self.wide >= _ROOMY else 0)
        tall = _LINE * max(len(cell) for line in cells for cell in line) + 16
        layers = [*self._heads(), *self._leads(tall), *self._cells(cells, tall)]
        return svg_of(layers, title, _HEAD + 6 + tall * len(self.rows))

    @property
    def _numbers(self) -> dict[str, int]:
        """Numbers of the columns, where their names do not fit; else none."""
        longest = max(len(name(one)) for one in self.columns)
        if longest * _LETTER <= self.wide:
            return {}
        return {one: number for number, one in enumerate(self.columns, 1)}

    def _heads(self) -> Iterator[str]:
        yield text_at(_LABEL - 12, 16, self.corner, "end", "small")
        numbers = self._numbers
        for j, one in enumerate(self.columns):
            told = f"{numbers[one]}" if one in numbers else name(one)
            if numbers and one not in self.rows:
                told = name(one, max(3, int(self.wide / _LETTER)))
            yield text_at(_LABEL + self.wide * (j + 0.5), 16, told, "middle", "label")

    def _leads(self, tall: float) -> Iterator[str]:
        numbers = self._numbers
        for i, one in enumerate(self.rows):
            told = f"{numbers[one]} {name(one, 17)}" if one in numbers else name(one, 20)
            yield text_at(_LABEL - 12, _HEAD + tall * (i + 0.5) + 4, told, "end", "label")

    def _cells(self, cells: Cells, tall: float) -> Iterator[str]:
        known = [one for line in self.worth for one in line if one is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        for i, line in enumerate(self.worth):
            for j, worth in enumerate(line):
                if worth is None:
                    continue
                x, y = _LABEL + self.wide * j, _HEAD + tall * i
                depth = (worth - low) / ((high - low) or 1.0)
                kind = "heat framed" if (i, j) in self.framed else "heat"
                yield (
                    f'<rect class="{kind}" fill-opacity="{0.06 + 0.5 * depth:.2f}" '
                    f'x="{x + 2:.1f}" y="{y + 2:.1f}" width="{self.wide - 4:.1f}" '
                    f'height="{tall - 4:.1f}"/>'
                )
                for k, told in enumerate(cells[i][j]):
                    style = "inside" if k else "gains" if self.wide >= _TIGHT else "tight"
                    middle = x + self.wide / 2
                    yield text_at(middle, y + 21 + _LINE * k, told.strip(), "middle", style)
