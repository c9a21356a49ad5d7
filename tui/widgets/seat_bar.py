"""The seats one can take, in a line: few by name, many one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from games.scenario import Scenario
from tui.text.labels import party_labels
from tui.widgets.fitted import Text

FEW = 4
"""Seats up to which all are shown."""

WATCH = "○ watch"


class SeatBar(Text):
    """Shows whose seat is taken; others are clicked."""

    @dataclass
    class Taken(Message):
        """Another seat was clicked; None for watching."""

        party: str | None

    @dataclass
    class Stepped(Message):
        """The seat before or after was asked for."""

        by: int

    @dataclass
    class Sought(Message):
        """The list of all seats was asked for."""

    party: reactive[str | None] = reactive(None)

    def __init__(self, scenario: Scenario, *, id: str | None = None) -> None:  # noqa: A002
        """Show a scenario's seats.

        Args:
            scenario: The scenario.
            id: The widget's.
        """
        super().__init__(id=id)
        self._labels = party_labels(scenario)
        self._places: list[tuple[int, int, Message]] = []

    def on_resize(self, _: events.Resize) -> None:
        """Fit the line to the width."""
        self._show()

    def watch_party(self) -> None:
        """Show the seat that is taken."""
        self._show()

    def _show(self) -> None:
        self._places = []
        parts: list[Content] = [Content.styled("Your seat ", "$muted")]
        named = sum(len(label.name) + 6 for label in self._labels) + 22
        if len(self._labels) <= FEW and named <= self.size.width:
            for label in self._labels:
                text = f" {label.glyph} {label.name} "
                style = "bold reverse" if label.id == self.party else label.style
                self._add(parts, text, style, self.Taken(label.id))
        else:
            self._one(parts)
        watching = "bold reverse" if self.party is None else "$muted"
        self._add(parts, f" {WATCH} ", watching, self.Taken(None))
        self.update(Content("").join(parts))

    def _one(self, parts: list[Content]) -> None:
        ids = [label.id for label in self._labels]
        self._add(parts, " ◂ ", "bold $primary", self.Stepped(-1))
        told, style = "nobody's", "$muted"
        if self.party is not None:
            place = ids.index(self.party)
            label = self._labels[place]
            told, style = f"{label.glyph} {label.name}", f"bold {label.style}"
            told += f" ({place + 1} of {len(ids)})"
        self._add(parts, f" {told} ", style, self.Sought())
        self._add(parts, " ▸ ", "bold $primary", self.Stepped(1))

    def _add(self, parts: list[Content], text: str, style: str, message: Message) -> None:
        start = sum(part.cell_length for part in parts)
        part = Content.styled(text, style)
        parts.append(part)
        self._places.append((start, start + part.cell_length, message))

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        at = event.get_content_offset(self)
        for start, end, message in self._places:
            if at is not None and at.y == 0 and start <= at.x < end:
                self.post_message(message)
                return
