"""Rows of which each is settled by one of some options, gone through with the arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

LABEL = 26
"""Columns of a row's label at most."""

OPEN = "–"
"""Stands where nothing is picked."""


@dataclass(frozen=True)
class PickRow:
    """Something to be settled."""

    label: str
    options: tuple[str, ...]
    asides: tuple[str, ...] = ()
    """What stands behind each option, where anything does."""


class Picks(Widget, can_focus=True, inherit_bindings=False):
    """Shows what is picked in each row; nothing at first."""

    DEFAULT_CSS = """
    Picks { width: 100%; height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("left", "turn(-1)", "Option before", show=False),
        Binding("right,space", "turn(1)", "Option after", show=False),
        Binding("backspace,delete", "clear", "Clear", show=False),
    ]

    current: reactive[int] = reactive(0)
    """The current row."""

    @dataclass
    class Changed(Message):
        """Something else was picked."""

        picks: Picks

    def __init__(
        self,
        rows: Sequence[PickRow],
        *,
        begin: Callable[[], Sequence[int]] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Show rows.

        Args:
            rows: The rows.
            begin: Returns what all rows are settled by once the first is touched; without it each
                is settled for itself.
            id: The widget's.
        """
        super().__init__(id=id)
        self._rows = rows
        self._begin = begin
        self._picked: list[int | None] = [None] * len(rows)

    @property
    def picked(self) -> tuple[int | None, ...]:
        """The number of the option picked in each row, from 0; None where none is."""
        return tuple(self._picked)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line for each row."""
        del container, viewport, width
        return len(self._rows)

    @property
    def _columns(self) -> tuple[int, int]:
        """Columns of the labels and of the options."""
        label = min(max(len(row.label) for row in self._rows), LABEL)
        option = max(len(option) for row in self._rows for option in row.options)
        return label, max(min(option, self.size.width - label - 16), 4)

    def render(self) -> Content:
        """Return the rows, each on a line."""
        return Content("\n").join(self._line(number) for number in range(len(self._rows)))

    def _line(self, number: int) -> Content:
        row, picked = self._rows[number], self._picked[number]
        label, option = self._columns
        is_current = number == self.current and self.has_focus
        told = OPEN if picked is None else row.options[picked]
        aside = "" if picked is None or not row.asides else row.asides[picked]
        line = Content.assemble(
            ("▸" if is_current else " ", "bold $primary"),
            Content(row.label).truncate(label, ellipsis=True, pad=True),
            (" ◂ ", "$primary"),
            Content.styled(told, "" if picked is not None else "$muted").truncate(
                option, ellipsis=True, pad=True
            ),
            (" ▸ ", "$primary"),
            (f"{aside:>6}", "$muted"),
        ).truncate(max(self.size.width, 1), pad=True)
        return line.stylize("on $here") if is_current else line

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the current row only where it can be changed."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def action_step(self, by: int) -> None:
        """Make the row above or below the current one."""
        self.current = min(max(self.current + by, 0), len(self._rows) - 1)

    def action_turn(self, by: int) -> None:
        """Pick the option after or before in the current row."""
        if self._begin is not None and None in self._picked:
            self._picked = list(self._begin())
        else:
            picked, count = self._picked[self.current], len(self._rows[self.current].options)
            first = 0 if by > 0 else count - 1
            self._picked[self.current] = first if picked is None else (picked + by) % count
        self._tell()

    def action_clear(self) -> None:
        """Leave the current row open; all of them where they are settled together."""
        if self._begin is not None:
            self._picked = [None] * len(self._rows)
        else:
            self._picked[self.current] = None
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.post_message(self.Changed(self))

    def on_click(self, event: events.Click) -> None:
        """Make a row current, and turn it where an arrow was clicked."""
        at = event.get_content_offset(self)
        if at is None or not 0 <= at.y < len(self._rows):
            return
        self.current = at.y
        label, option = self._columns
        back = label + 1
        if back <= at.x < back + 3:
            self.action_turn(-1)
        elif back + 3 <= at.x < back + 6 + option:
            self.action_turn(1)
