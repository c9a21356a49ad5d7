"""A grid of named rows and columns whose cells are gone through by keys or chosen by the mouse.

Where rows or columns do not all fit, those about the chosen cell are shown, and the head says
which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from delegates.text import one_line
from tui.text.columns import width_of
from tui.widgets.fitted import Text

_WIDEST, _LEAD, _SAID = 22, 24, 18
_MARKED = 2
"""Columns of the brackets about the chosen cell."""


@dataclass(frozen=True)
class GridCell:
    """What a cell shows."""

    text: str
    style: str = ""


Cells = Callable[[int, int], GridCell]
"""Returns a cell by row and column."""


class CellGrid(Text, can_focus=True):
    """Shows cells, of which one is chosen."""

    DEFAULT_CSS = """
    CellGrid { height: auto; width: 100%; text-wrap: nowrap; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1, 0)", "Row before", show=False),
        Binding("down,j", "step(1, 0)", "Row after", show=False),
        Binding("left,h", "step(0, -1)", "Column before", show=False),
        Binding("right,l", "step(0, 1)", "Column after", show=False),
        Binding("g,home", "end(-1)", "First row", show=False),
        Binding("G,end", "end(1)", "Last row", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A cell was chosen."""

        grid: CellGrid
        row: int
        column: int

    cell: reactive[tuple[int, int]] = reactive((0, 0))
    """Row and column of the chosen cell."""
    most_rows: reactive[int] = reactive(100)
    """Rows that are shown at a time, at most."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        """Show nothing yet.

        Args:
            id: The widget's.
        """
        super().__init__(id=id)
        self._rows: Sequence[str] = ()
        self._columns: Sequence[str] = ()
        self._cells: Cells = lambda _i, _j: GridCell("")
        self._need = self._lead = 0
        self._widths: Sequence[int] = ()
        self._down = self._across = range(0)

    def show(
        self,
        rows: Sequence[str],
        columns: Sequence[str],
        cells: Cells,
        chosen: tuple[int, int] = (0, 0),
    ) -> None:
        """Show a grid.

        Args:
            rows: Their names.
            columns: Their names.
            cells: Returns each cell.
            chosen: The cell that is chosen at first.
        """
        self._rows = [one_line(name) for name in rows]
        self._columns = [one_line(name) for name in columns]
        self._cells = cells
        self._need = max(
            (len(cells(i, j).text) for i in range(len(rows)) for j in range(len(columns))),
            default=1,
        )
        self.set_reactive(CellGrid.cell, chosen)
        self._down = self._across = range(0)
        self._draw()
        self._tell()

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self._rows), len(self._columns)

    def on_resize(self) -> None:
        """Draw for the width there is."""
        self._draw()

    def on_focus(self) -> None:
        """Mark the cell as the one that the keys move."""
        self._draw()

    def on_blur(self) -> None:
        """Mark it as chosen only."""
        self._draw()

    def watch_most_rows(self) -> None:
        """Show as many rows as there is room for."""
        self._draw()

    def watch_cell(self) -> None:
        """Mark the cell, bring it into sight and tell which it is."""
        if self._rows:
            self._draw()
            self._tell()

    def _tell(self) -> None:
        if self._rows and self._columns:
            self.post_message(self.Chosen(self, *self.cell))

    def on_click(self, event: events.Click) -> None:
        """Choose the cell under the mouse."""
        at = event.get_content_offset(self)
        if at is None or at.x < self._lead:
            return
        ends = accumulate(self._widths, initial=self._lead)
        down, right = at.y - 1, sum(end <= at.x for end in ends) - 1
        if 0 <= down < len(self._down) and right < len(self._across):
            self.cell = (self._down[down], self._across[right])

    def action_step(self, down: int, right: int) -> None:
        """Choose a cell beside."""
        if self._rows and self._columns:
            i, j = self.cell
            rows, columns = self.shape
            self.cell = (min(max(i + down, 0), rows - 1), min(max(j + right, 0), columns - 1))

    def action_end(self, end: int) -> None:
        """Choose a cell of the first or the last row."""
        self.action_step(end * len(self._rows), 0)

    def _draw(self) -> None:
        width = self.size.width
        if not self._rows or not self._columns or not width:
            return
        least = self._need + _MARKED
        rows, columns = self.shape
        lead = max(map(width_of, self._rows)) + 2
        self._lead = min(lead, _LEAD, max(width // 3, 6))
        shown = min(columns, max((width - self._lead) // least, 1))
        if shown < columns or self.most_rows < rows:
            # The head needs room to say which are shown.
            self._lead = max(self._lead, _SAID)
            shown = min(columns, max((width - self._lead) // least, 1))
        self._down = _window(self._down, self.cell[0], max(self.most_rows, 1), rows)
        self._across = _window(self._across, self.cell[1], shown, columns)
        names = [self._columns[j] for j in self._across]
        self._widths = column_widths(names, least, width - self._lead)
        self.update(Content("\n").join([self._head(), *map(self._row, self._down)]))

    def _head(self) -> Content:
        told = [
            f"{sign}{seen[0] + 1}–{seen[-1] + 1}/{count}"
            for sign, seen, count in zip("↓→", (self._down, self._across), self.shape, strict=True)
            if len(seen) < count
        ]
        lead = " ".join(told)[: self._lead - 1]
        parts = [Content.styled(f"{lead:<{self._lead}}", "$muted")]
        for j, each in zip(self._across, self._widths, strict=True):
            name = Content(self._columns[j]).truncate(each - 1, ellipsis=True)
            style = "bold" if j == self.cell[1] else "$muted"
            parts.append(_centred(name.stylize(style), each))
        return Content.assemble(*parts)

    def _row(self, i: int) -> Content:
        name = Content(self._rows[i]).truncate(self._lead - 1, ellipsis=True, pad=True)
        parts = [name.stylize("bold" if i == self.cell[0] else "$muted"), Content(" ")]
        for j, each in zip(self._across, self._widths, strict=True):
            found = self._cells(i, j)
            text, style = found.text, found.style
            if (i, j) == self.cell:
                style = f"{style} {'reverse' if self.has_focus else 'underline'}"
                text = f"[{text.strip()}]"
            parts.append(_centred(Content.styled(text, style.strip()), each))
        return Content.assemble(*parts)


def column_widths(names: Sequence[str], least: int, room: int) -> list[int]:
    """Return how wide each column is: as wide as the others, or as its name needs where that would
    cut one though there is room for all.

    Args:
        names: Of the columns, at least one.
        least: What each needs for its cells.
        room: Columns of the terminal for all of them.
    """
    each = min(room // len(names), max(_WIDEST, least))
    needed = [max(width_of(name) + 1, least) for name in names]
    if max(needed) <= each or sum(needed) > room:
        return [each] * len(names)
    more = min((room - sum(needed)) // len(names), _WIDEST)
    return [one + more for one in needed]


def _window(before: range, chosen: int, most: int, count: int) -> range:
    """Return which of so many are shown: those of before, moved as far as the chosen one needs."""
    shown = min(most, count)
    first = min(max(before.start, chosen - shown + 1), chosen, count - shown)
    return range(first, first + shown)


def _centred(content: Content, width: int) -> Content:
    gap = max(width - content.cell_length, 0)
    left = gap // 2
    return Content.assemble(" " * left, content, " " * (gap - left))
