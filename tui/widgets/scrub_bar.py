"""The scrub bar: the whole session on one line, to click and drag on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.replay import History
from tui.replay.scales import Scale, ScaleKind, scale_of
from tui.widgets.messages import GoTo

_MOST_ROUNDS = 60
"""Rounds up to which each is ticked."""

Cells = list[tuple[str, str]]


class ScrubBar(Widget):
    """Shows where the replay stands; rounds, news, fallbacks, what was found and the agreement are
    marked."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    total: reactive[int] = reactive(0)
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""
    scale: reactive[ScaleKind] = reactive[ScaleKind]("moves")
    hits: reactive[NDArray[np.int64] | None] = reactive(None, always_update=True)
    """Numbers of the moves in which what was sought was found, from 1."""

    def __init__(self) -> None:
        super().__init__(id="scrub")
        self._dragging = False
        self._known: tuple[tuple[object, ...], Scale] | None = None

    def _scale(self) -> Scale:
        """Return the scale, worked out once for what is known now."""
        key = (self.scale, self.history, self.total, self.see)
        if self._known is None or self._known[0] != key:
            self._known = (key, scale_of(self.scale, self.history, self.total, self.see))
        return self._known[1]

    @property
    def _label(self) -> str:
        """What the scale goes by, told where it does not go by moves."""
        return "" if self.scale == "moves" else f"{self.scale} "

    @property
    def _length(self) -> int:
        return max(self.content_region.width - len(self._label), 0)

    def render(self) -> Content:
        """Return the bar."""
        cells: Cells = [("─", "$faint")] * self._length
        here = self.column(self.moves)
        for column in range(min(here, len(cells))):
            cells[column] = ("━", "$primary")
        if self.history is not None:
            self._mark(cells, self.history)
        if self.hits is not None:
            self._put(cells, self.hits, "◇", "bold $accent")
        if cells:
            cells[here] = ("█", "bold $primary")
        return Content.assemble((self._label, "$muted"), *cells)

    def _mark(self, cells: Cells, history: History) -> None:
        rounds = int(history.rounds[-1]) + 1 if len(history) else 0
        if 1 < rounds <= min(_MOST_ROUNDS, len(cells) // 2):
            for number in range(1, rounds):
                column = self.column(history.round_start(0, number) + 1)
                cells[column] = ("┼", cells[column][1])
        self._put(cells, history.news(self.see) + 1, "◆", "bold $warning")
        troubled = history.troubled
        heard = troubled[history.hears(self.see)[troubled]]
        self._put(cells, heard.astype(np.int64) + 1, "!", "bold $warning")
        if history.status == "agreement" and history.whole:
            cells[self.column(len(history))] = ("★", "bold $agreed")

    def _put(self, cells: Cells, moves: NDArray[np.int64], sign: str, style: str) -> None:
        """Put a sign wherever one of some moves stands."""
        for column in np.unique(self._columns(moves)).tolist():
            if column < len(cells):
                cells[column] = (sign, style)

    def _columns(self, moves: NDArray[np.int64]) -> NDArray[np.int64]:
        shares = self._scale().shares(moves)
        return np.rint(shares * max(self._length - 1, 0)).astype(np.int64)

    def column(self, moves: int) -> int:
        """Return where on the bar so many moves stand."""
        return int(self._columns(np.array([moves], dtype=np.int64))[0])

    def moves_at(self, column: int) -> int:
        """Return how many moves a column of the bar stands for."""
        last = max(self._length - 1, 0)
        return self._scale().moves_at(min(max(column, 0), last) / max(last, 1))

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
        left = self.styles.padding.left + len(self._label)
        self.post_message(GoTo(self.moves_at(event.x - left)))
