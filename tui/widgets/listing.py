"""A list of one-line rows under headings, of which one is current and some may be marked.

Only the rows on the screen are drawn: thousands cost what a screenful costs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

MARK = "✓"
"""Stands before a marked row."""


@dataclass(frozen=True)
class Row:
    """A line of a list."""

    key: str | None
    """By which it is known; None for a heading or a notice, which cannot be current."""
    draw: Callable[[int], Content]
    """Returns the line for so many columns."""


class Listing(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows; the current one is chosen by Enter, or by a click on it when it is current."""

    DEFAULT_CSS = """
    Listing { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", "Up", show=False),
        Binding("down,j", "step(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "end(-1)", "First", show=False),
        Binding("end,G", "end(1)", "Last", show=False),
        Binding("enter", "choose", "open", key_display="⏎"),
    ]

    current: reactive[str | None] = reactive(None)
    """The key of the current row."""
    marked: reactive[Collection[str]] = reactive(())
    """The keys of the rows that are marked."""

    @dataclass
    class Moved(Message):
        """Another row has become the current one."""

        key: str | None

    @dataclass
    class Chosen(Message):
        """The current row was chosen."""

        listing: Listing
        key: str

    def __init__(self, rows: Sequence[Row] = (), *, id: str | None = None) -> None:  # noqa: A002
        """Show rows.

        Args:
            rows: The rows.
            id: The widget's.
        """
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self.show(rows)

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; the current one stays so if it is still among them."""
        self._rows = list(rows)
        self._places = {row.key: place for place, row in enumerate(rows) if row.key is not None}
        if self.current not in self._places:
            self.current = next(iter(self._places), None)
        self._fit()
        self._reveal()
        self.refresh()

    def on_mount(self) -> None:
        """Take the room that the rows need."""
        self._fit()

    def on_resize(self, _: events.Resize) -> None:
        """Draw for the new width."""
        self._fit()
        self._reveal()

    def _fit(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of all rows, for a list that is as high as it is long."""
        del container, viewport, width
        return max(len(self._rows), 1)

    def watch_current(self) -> None:
        """Bring the current row into sight, and tell of it."""
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self.current))

    def watch_marked(self) -> None:
        """Draw the marks."""
        self.refresh()

    def _reveal(self) -> None:
        place = self._places.get(self.current or "")
        height = self.scrollable_content_region.height
        if place is None or not height:
            return
        top = self.scroll_offset.y
        # What stands above the first row is its heading.
        first = place if place and self._rows[place - 1].key is not None else max(place - 1, 0)
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False)

    def render_line(self, y: int) -> Strip:
        """Return one line of the view."""
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if place >= len(self._rows) or width < 3:
            return Strip.blank(width, self.rich_style)
        row = self._rows[place]
        is_current = row.key is not None and row.key == self.current
        bar = Content.styled("▸" if is_current else " ", "bold $primary")
        mark = Content.styled(MARK if row.key in self.marked else " ", "bold $agreed")
        line = Content.assemble(bar, mark, row.draw(width - 2)).truncate(width, pad=True)
        base = self.visual_style
        if is_current:
            base += self._parsed("bold on $here" if self.has_focus else "on $here")
        rendered = line.render(base, end="", parse_style=self._parsed)
        return Strip([Segment(text, style.rich_style) for text, style in rendered], width)

    def _parsed(self, style: str | Style) -> Style:
        return style if isinstance(style, Style) else Style.parse(style)

    def action_step(self, by: int) -> None:
        """Make the row after or before the current one."""
        keys = list(self._places)
        if keys:
            here = keys.index(self.current) if self.current in self._places else 0
            self.current = keys[min(max(here + by, 0), len(keys) - 1)]

    def action_page(self, direction: int) -> None:
        """Go a screenful on or back."""
        self.action_step(direction * max(self.scrollable_content_region.height - 1, 1))

    def action_end(self, end: int) -> None:
        """Go to the first or the last row."""
        keys = list(self._places)
        if keys:
            self.current = keys[0 if end < 0 else -1]

    def action_choose(self) -> None:
        """Tell that the current row is chosen."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """Make the row that was clicked current; choose it if it was."""
        offset = event.get_content_offset(self)
        place = -1 if offset is None else offset.y + self.scroll_offset.y
        if not 0 <= place < len(self._rows):
            return
        key = self._rows[place].key
        if key is None:
            return
        if key == self.current:
            self.action_choose()
        else:
            self.current = key

    def on_focus(self) -> None:
        """Draw the current row as one that has the keys."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the current row as one that has them no more."""
        self.refresh()


def heading(text: str, aside: str = "") -> Row:
    """Return a heading, with what stands at the right end of its line."""

    def draw(width: int) -> Content:
        left = Content.styled(text, "bold $primary")
        gap = max(width - left.cell_length - len(aside), 1)
        return Content.assemble(left, " " * gap, (aside, "$muted"))

    return Row(None, draw)


def notice(text: str | Content) -> Row:
    """Return a line that says something and cannot be current."""
    line = text if isinstance(text, Content) else Content.styled(text, "$muted")
    return Row(None, lambda _: line)
