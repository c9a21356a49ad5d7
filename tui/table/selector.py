"""One choice among options, on a line: by keys, by mouse, what it is worth at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from delegates.text import one_line
from tui.text.columns import cut, cut_to, width_of

_MARK = "▸"
"""Before the option that stands in the text on the table."""

_GAP = 1


class Selector(Widget, can_focus=True):
    """Shows a label, the options with the chosen one in brackets, and a note on it."""

    DEFAULT_CSS = """
    Selector { height: 1; width: 1fr; }
    Selector:focus { background: $here; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose_by(-1)", "Option before", show=False),
        Binding("right,space", "choose_by(1)", "Option after", show=False),
        Binding("home", "choose_end(0)", "First option", show=False),
        Binding("end", "choose_end(-1)", "Last option", show=False),
        Binding("up", "app.focus_previous", "Row before", show=False),
        Binding("down,enter", "app.focus_next", "Row after", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    """Position of the option that is chosen."""

    @dataclass
    class Changed(Message):
        """Another option was chosen."""

        selector: Selector

    @dataclass
    class Focused(Message):
        """The row was reached."""

        selector: Selector

    def __init__(
        self,
        name: str,
        label: str,
        options: Sequence[str],
        *,
        chosen: int = 0,
        marked: int | None = None,
        notes: Sequence[str] = (),
        label_width: int = 20,
        rail_width: int = 0,
        alike: int = 0,
    ) -> None:
        """Offer a choice.

        Args:
            name: What is chosen, as the scenario calls it.
            label: The same for people.
            options: What may be chosen.
            chosen: Position of the option that is chosen at first.
            marked: Position of the option that stands in the text on the table.
            notes: A few characters on each option, shown of the chosen one.
            label_width: Columns of the label where there is room for them.
            rail_width: Columns that the options of the longest row beside it take; the labels of
                such rows have what they leave over.
            alike: How many characters the label begins with as another does.
        """
        super().__init__(name=name)
        self.label = one_line(label)
        self._label_width, self._rail_width, self._alike = label_width, rail_width, alike
        self.set_options(options, chosen=chosen, marked=marked, notes=notes)

    def set_options(
        self,
        options: Sequence[str],
        *,
        chosen: int = 0,
        marked: int | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        """Offer other options."""
        self.options = tuple(one_line(option) for option in options)
        self.notes = tuple(notes)
        self._marked = marked
        self._shown: list[tuple[int, int, int]] = []
        self.set_reactive(Selector.chosen, min(max(chosen, 0), max(len(options) - 1, 0)))
        if self.is_mounted:
            self.refresh()

    @property
    def topic(self) -> str:
        """What is chosen, as the scenario calls it."""
        return self.name or ""

    def watch_chosen(self) -> None:
        """Tell that another option was chosen."""
        self.post_message(self.Changed(self))

    def on_focus(self) -> None:
        """Tell that the row was reached."""
        self.post_message(self.Focused(self))

    def action_choose_by(self, by: int) -> None:
        """Choose the option before or after; the ends do not meet."""
        self.chosen = min(max(self.chosen + by, 0), max(len(self.options) - 1, 0))

    def action_choose_end(self, end: int) -> None:
        """Choose the first option or the last."""
        self.chosen = 0 if end == 0 else max(len(self.options) - 1, 0)

    def render(self) -> Content:
        """Return the line."""
        width = self.content_region.width
        pointer = Content.styled("▌" if self.has_focus else " ", "$primary")
        note = self.notes[self.chosen] if self.chosen < len(self.notes) else ""
        tail = Content.styled(f"  {note:>7}" if self.notes else "", "bold")
        free = width - 2 - tail.cell_length
        named = min(self._label_width, max(width // 3, 8, free - self._rail_width))
        # A label that is longer has what its own options leave over.
        named = max(named, min(width_of(self.label), free - rail_width(self.options)))
        label = Content(cut_label(self.label, named, self._alike)).truncate(named, pad=True)
        room = free - named
        rail = self._rail(max(room, 8), named + 2)
        rail = rail.truncate(max(room, 8), ellipsis=True, pad=True)
        return Content.assemble(pointer, label, " ", rail, tail)

    def _texts(self) -> list[str]:
        return [
            f"{_MARK if position == self._marked else ''}"
            f"{f'[{option}]' if position == self.chosen else f' {option} '}"
            for position, option in enumerate(self.options)
        ]

    def _rail(self, room: int, start: int) -> Content:
        """Return as many options around the chosen one as there is room for."""
        texts = self._texts()
        first, end = _window([width_of(text) + _GAP for text in texts], self.chosen, room - 4)
        self._shown, parts = [], list[Content]()
        column = start
        if first > 0:
            parts.append(Content.styled("‹ ", "$muted"))
            self._shown.append((first - 1, column, column + 2))
            column += 2
        for position in range(first, end):
            style = "bold reverse" if position == self.chosen else ""
            parts.append(Content.assemble((texts[position], style), " " * _GAP))
            end_of_it = column + width_of(texts[position])
            self._shown.append((position, column, end_of_it))
            column = end_of_it + _GAP
        if end < len(texts):
            parts.append(Content.styled("›", "$muted"))
            self._shown.append((end, column, column + 1))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Choose the option that was clicked."""
        for position, start, end in self._shown:
            if start <= event.x < end:
                self.chosen = position


def rail_width(options: Sequence[str]) -> int:
    """Return how many columns options take, all of them shown and one marked."""
    return sum(width_of(one) + 2 + _GAP for one in options) + width_of(_MARK)


def most_alike(label: str, others: Sequence[str]) -> int:
    """Return how many characters a label begins with as one of some others does."""
    return max((_alike(label, other) for other in others), default=0)


def _alike(first: str, second: str) -> int:
    same = (one == other for one, other in zip(first, second, strict=False))
    return sum(1 for _ in takewhile(bool, same))


def cut_label(label: str, room: int, alike: int) -> str:
    """Return as much of a label as there is room for, and where it differs from another's."""
    if width_of(label) <= room or width_of(label[:alike]) < room - 1:
        return cut(label, room)
    head = cut_to(label, max(room // 3, 1)).rstrip()
    return cut_to(f"{head}…{label[alike:]}", room)


def _window(widths: list[int], chosen: int, room: int) -> tuple[int, int]:
    """Return the first and the end of the longest run around a position that fits."""
    if not widths:
        return 0, 0
    first, end = chosen, chosen + 1
    used = widths[chosen]
    while True:
        before = widths[first - 1] if first > 0 else None
        after = widths[end] if end < len(widths) else None
        if after is not None and used + after <= room:
            used, end = used + after, end + 1
        elif before is not None and used + before <= room:
            used, first = used + before, first - 1
        else:
            return first, end
