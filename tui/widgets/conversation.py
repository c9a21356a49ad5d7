"""The conversation: every move and its words, as a line view over an offset index.

Only what is on the screen, and a margin around it, is decoded and wrapped. Heights of the rest are
guessed from the lengths of their lines and put right when they come into sight, the first line on
the screen staying where it is.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from tui.replay import History, Offsets, Recording
from tui.text.labels import party_labels
from tui.text.wording import LONGEST_WORDS
from tui.widgets.messages import GoTo
from tui.widgets.spoken import INDENT, move_lines

_FRAME_BYTES = 420
"""Bytes of a move's line that are not its words, about."""

_MARGIN = 12
"""Moves beyond the screen whose heights are settled too, so that scrolling back does not jump."""


class Conversation(ScrollView, inherit_bindings=False):
    """Shows every move and its words; the current one is marked, later ones are dimmed."""

    DEFAULT_CSS = """
    Conversation { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
    ]

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="conversation", classes="panel")
        self.border_title = "Conversation"
        self._recording = recording
        self._labels = {label.id: label for label in party_labels(recording.scenario)}
        self._offsets = Offsets([])
        self._lines: dict[int, list[Content]] = {}
        self._strips: dict[tuple[int, int], list[Strip]] = {}

    @property
    def count(self) -> int:
        """How many moves there are: those that are sound, once that is known."""
        whole = self.history is not None and self.history.whole
        return len(self.history or ()) if whole else len(self._recording)

    def on_resize(self, _: events.Resize) -> None:
        """Wrap anew."""
        self._begin_anew()

    def watch_moves(self) -> None:
        """Bring the current move into sight."""
        self._strips.clear()
        self._reveal()
        self.refresh()

    def watch_history(self, before: History | None, now: History | None) -> None:
        """Tell what only the history knows: what changed, who stands by an offer, the end."""
        known = len(self._offsets)
        if before is None or now is None or self.count < known or self._is_masked:
            self._begin_anew()
            return
        for item in [item for item in self._lines if item >= len(before)]:
            del self._lines[item]
        self._strips.clear()
        if self.count > known:
            self._offsets.extend(self._guesses()[known:])
        if len(self._offsets):
            self._settle_around(self._offsets.at(self.scroll_offset.y))
            self._resize()
        self.refresh()

    def watch_see(self) -> None:
        """Show what that party has heard."""
        self._begin_anew()

    @property
    def _is_masked(self) -> bool:
        """Whether moves are left out until it is known that the party has heard them."""
        is_table = self._recording.scenario.protocol.kind == "alternating-offers"
        return self.see is not None and not is_table

    def _hears(self, item: int) -> bool:
        """Return whether the party has heard a move; of a hall it is known once it is read."""
        if self.see is None:
            return True
        history = self.history
        if history is None or item >= len(history):
            return not self._is_masked
        return bool(history.hears(self.see)[item])

    def notify_style_update(self) -> None:
        """Drop what was rendered in other colours."""
        super().notify_style_update()
        self._strips.clear()

    def _begin_anew(self) -> None:
        """Guess all heights for the width there is, then settle what is in sight."""
        width = self.scrollable_content_region.width
        if not width:
            return
        self._lines.clear()
        self._strips.clear()
        self._offsets = Offsets(self._guesses())
        self._reveal()
        self.refresh()

    def _guesses(self) -> NDArray[np.int64]:
        """Return about how many lines each move takes; none where it was not heard."""
        width = self.scrollable_content_region.width
        lengths = self._recording.line_bytes()[: self.count]
        words = np.clip(lengths - _FRAME_BYTES, 0, LONGEST_WORDS)
        guesses = 3 + words // max(width - INDENT, 1)
        if self.see is not None:
            read = 0 if self.history is None else min(len(self.history), len(guesses))
            if self.history is not None:
                guesses[:read] *= self.history.hears(self.see)[:read]
            if read < len(guesses) and not self._hears(read):
                guesses[read:] = 0
        return guesses

    def _reveal(self) -> None:
        """Scroll so that the current move is wholly seen, with something before and after it."""
        height = self.scrollable_content_region.height
        if not len(self._offsets) or not height:
            return
        current = min(max(self.moves - 1, 0), len(self._offsets) - 1)
        self._settle(current - _MARGIN, current + _MARGIN)
        self._resize()
        top, end = self._offsets.top(current), self._offsets.top(current + 1)
        start = self.scroll_offset.y
        if top < start or end > start + height:
            self.scroll_to(y=max(top - max(height - (end - top), 0) // 2, 0), animate=False)

    def _resize(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, self._offsets.total)

    def _settle(self, first: int, last: int) -> None:
        first, last = max(first, 0), min(last, len(self._offsets) - 1)
        self._offsets.settle(first, [len(self._move(item)) for item in range(first, last + 1)])

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Settle what comes into sight, the first line on the screen staying where it is."""
        super().watch_scroll_y(old_value, new_value)
        if not len(self._offsets):
            return
        line = round(new_value)
        item = self._offsets.at(line)
        within = line - self._offsets.top(item)
        total = self._offsets.total
        self._settle_around(item)
        moved_to = self._offsets.top(item) + within
        if self._offsets.total != total:
            self._resize()
        if moved_to != line:
            self.scroll_to(y=moved_to, animate=False)

    def _settle_around(self, item: int) -> None:
        """Settle what is in sight if an item is the first, and a margin."""
        shown = self.scrollable_content_region.height // 2
        self._settle(item - _MARGIN, item + shown + _MARGIN)

    def _move(self, item: int) -> list[Content]:
        """Return the lines of a move, decoded and wrapped when first asked for."""
        lines = self._lines.get(item)
        if lines is None:
            lines = self._read(item) if self._hears(item) else []
            if len(self._lines) > 2000:
                self._lines.clear()
            self._lines[item] = lines
        return lines

    def _read(self, item: int) -> list[Content]:
        move = self._recording.move(item, self.see)
        if not move.is_heard:
            return []
        label = self._labels.get(move.event.party) if move.event is not None else None
        width, history = self.scrollable_content_region.width, self.history
        number = item + 1 if history is None else history.number(item + 1, self.see)
        return move_lines(move, label, self._recording.scenario, history, width - 2, number)

    def render_line(self, y: int) -> Strip:
        """Return one line of the view."""
        width = self.scrollable_content_region.width
        line = y + self.scroll_offset.y
        if line >= self._offsets.total:
            return Strip.blank(width, self.rich_style)
        item = self._offsets.at(line)
        within = line - self._offsets.top(item)
        strips = self._rendered(item, width)
        return strips[within] if within < len(strips) else Strip.blank(width, self.rich_style)

    def _rendered(self, item: int, width: int) -> list[Strip]:
        strips = self._strips.get((item, width))
        if strips is None:
            if len(self._strips) > 500:
                self._strips.clear()
            current, later = item == self.moves - 1, item >= self.moves
            lines = self._move(item)
            strips = [
                self._strip(line, width, current=current and number < len(lines) - 1, later=later)
                for number, line in enumerate(lines)
            ]
            self._strips[item, width] = strips
        return strips

    def _strip(self, line: Content, width: int, *, current: bool, later: bool) -> Strip:
        bar = Content.styled("▌", "$primary") if current else Content(" ")
        padded = Content.assemble(bar, line).truncate(width, pad=True)
        if later:
            padded = padded.stylize("dim")
        base = self.visual_style
        if current:
            base += self._parsed("on $here")
        rendered = padded.render(base, end="", parse_style=self._parsed)
        return Strip([Segment(text, style.rich_style) for text, style in rendered], width)

    def _parsed(self, style: str | Style) -> Style:
        return style if isinstance(style, Style) else Style.parse(style)

    def action_page(self, direction: int) -> None:
        """Go as many moves on or back as the screen shows."""
        height = self.scrollable_content_region.height
        here = self._offsets.at(self.scroll_offset.y)
        end = self._offsets.at(self.scroll_offset.y + height)
        self.post_message(GoTo(self.moves + direction * max(end - here, 1)))

    def on_click(self, event: events.Click) -> None:
        """Jump to the move that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or not len(self._offsets):
            return
        line = offset.y + self.scroll_offset.y
        if line < self._offsets.total:
            self.post_message(GoTo(self._offsets.at(line) + 1))
