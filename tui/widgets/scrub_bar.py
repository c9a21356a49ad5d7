"""The scrub bar: the whole session on one line, to click and drag on."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.replay import History
from tui.widgets.messages import GoTo

_MOST_ROUNDS = 60
"""Rounds up to which each is ticked."""


class ScrubBar(Widget):
    """Shows where the replay stands; agreement, fallbacks and rounds are marked."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    total: reactive[int] = reactive(0)
    history: reactive[History | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__(id="scrub")
        self._dragging = False

    def render(self) -> Content:
        """Return the bar."""
        width = self.content_region.width
        cells = [("─", "$faint")] * width
        here = self.column(self.moves)
        for column in range(here):
            cells[column] = ("━", "$primary")
        if self.history is not None:
            self._mark(cells, self.history)
        if cells:
            cells[here] = ("█", "bold $primary")
        return Content.assemble(*cells)

    def _mark(self, cells: list[tuple[str, str]], history: History) -> None:
        rounds = int(history.rounds[-1]) + 1 if len(history) else 0
        if 1 < rounds <= min(_MOST_ROUNDS, len(cells) // 2):
            for number in range(1, rounds):
                column = self.column(history.round_start(0, number) + 1)
                cells[column] = ("┼", cells[column][1])
        for position in history.troubled:
            cells[self.column(int(position) + 1)] = ("!", "bold $warning")
        if history.status == "agreement" and history.whole:
            cells[self.column(len(history))] = ("★", "bold $agreed")

    def column(self, moves: int) -> int:
        """Return where on the bar so many moves stand."""
        width = self.content_region.width
        if self.total <= 1 or width <= 1:
            return 0
        return round((min(max(moves, 1), self.total) - 1) * (width - 1) / (self.total - 1))

    def moves_at(self, column: int) -> int:
        """Return how many moves a column of the bar stands for."""
        width = self.content_region.width
        share = min(max(column, 0), width - 1) / max(width - 1, 1)
        return 1 + round(share * max(self.total - 1, 0))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the bar."""
        self._dragging = True
        self.capture_mouse()
        self._go(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub while the bar is held."""
        if self._dragging:
            self._go(event)

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let go."""
        self._dragging = False
        self.release_mouse()

    def _go(self, event: events.MouseEvent) -> None:
        left = self.styles.padding.left
        self.post_message(GoTo(self.moves_at(event.x - left)))
