"""A game between two blocs as a grid whose cells can be chosen, by keys or by the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from delegates.text import one_line
from games.matrices.matrix import Matrix
from tui.text.cells import BEST_COLUMN, BEST_ROW, replies
from tui.text.columns import centred, cut, left, width_of
from tui.text.grid import EQUILIBRIUM
from tui.text.matrix import FAILURE, cell_values, is_equilibrium
from tui.widgets.fitted import Text

_WIDEST = 22
_NARROWEST = 9
_LEAD = 26


class GameGrid(Text, can_focus=True):
    """Shows payoffs, best replies and equilibria, and which cell is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1, 0)", "Row before", show=False),
        Binding("down,j", "step(1, 0)", "Row after", show=False),
        Binding("left,h", "step(0, -1)", "Column before", show=False),
        Binding("right,l", "step(0, 1)", "Column after", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A cell was chosen."""

        row: int
        column: int

    cell: reactive[tuple[int, int]] = reactive((0, 0))
    """Row and column of the chosen cell."""

    def __init__(self) -> None:
        super().__init__(id="grid")
        self.matrix: Matrix | None = None
        self._lead = self._each = 0

    def show(self, matrix: Matrix) -> None:
        """Show a game, its first equilibrium chosen."""
        self.matrix = matrix
        stable = [one.cell for one in matrix.report.equilibria if one.cell is not None]
        self.set_reactive(GameGrid.cell, stable[0] if stable else (0, 0))
        self._draw()
        self.post_message(self.Chosen(*self.cell))

    def on_resize(self) -> None:
        """Draw for the width there is."""
        self._draw()

    def watch_cell(self) -> None:
        """Mark the cell and tell which it is."""
        if self.matrix is not None:
            self._draw()
            self.post_message(self.Chosen(*self.cell))

    def on_focus(self) -> None:
        """Mark the cell as the one that the keys move."""
        self._draw()

    def on_blur(self) -> None:
        """Mark it as chosen only."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Choose the cell under the mouse."""
        if self.matrix is None or not self._each:
            return
        row, column = event.y - 1, (event.x - self._lead) // self._each
        rows, columns = self.matrix.report.game.shape
        if 0 <= row < rows and event.x >= self._lead and column < columns:
            self.cell = (row, column)

    def action_step(self, down: int, right: int) -> None:
        """Choose a cell beside."""
        if self.matrix is not None:
            rows, columns = self.matrix.report.game.shape
            i, j = self.cell
            self.cell = (min(max(i + down, 0), rows - 1), min(max(j + right, 0), columns - 1))

    def _draw(self) -> None:
        matrix, width = self.matrix, self.size.width
        if matrix is None or not width:
            return
        report = matrix.report
        names = [one_line(name) for name in report.rows]
        self._lead = min(max(map(width_of, names)) + 2, _LEAD, width // 3)
        self._each = min(max((width - self._lead) // len(report.columns), _NARROWEST), _WIDEST)
        head = "".join(
            centred(cut(one_line(name), self._each - 1), self._each) for name in report.columns
        )
        lines = [Content.styled(" " * self._lead + head, "$muted")]
        lines += [
            Content.assemble(
                (left(cut(name, self._lead - 1), self._lead), "$muted"),
                *(self._cell(matrix, i, j) for j in range(len(report.columns))),
            )
            for i, name in enumerate(names)
        ]
        self.update(Content("\n").join(lines))

    def _cell(self, matrix: Matrix, i: int, j: int) -> Content:
        first, second = (round(value) for value in cell_values(matrix, i, j))
        best = [one.is_best for one in replies(matrix, i, j)]
        up, across = BEST_ROW if best[0] else " ", BEST_COLUMN if best[1] else " "
        stable, failed = is_equilibrium(matrix, i, j), matrix.failures[i, j] > 0
        marks = f"{EQUILIBRIUM if stable else ' '}{FAILURE if failed else ' '}"
        wide = f"{first:>4}{up}· {second:>3}{across}{marks}"
        text = wide if len(wide) < self._each else f"{first}{up.strip()}·{second}{across.strip()}"
        text = text if len(wide) < self._each else f"{text}{marks.strip()}"
        style = "bold $agreed" if stable else "$muted" if failed else ""
        if (i, j) == self.cell:
            style = f"{style} reverse" if self.has_focus else f"{style} underline"
            text = f"[{text.strip()}]"
        return Content.styled(f"{text:^{self._each}}"[: self._each], style.strip())
