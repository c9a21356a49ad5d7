"""The panels of a comparison: what became of each future, and the moves side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tui.replay.futures import MOST_ROWS, Futures
from tui.text.labels import PartyLabel
from tui.widgets.debrief_panels import MoveChoices, TextPanel
from tui.widgets.fitted import Text
from tui.widgets.futures_lines import row_line, side_by_side
from tui.widgets.listing import Listing


@dataclass
class RowChosen(Message):
    """Another row of moves is shown, from 0."""

    row: int


class RowsPanel(Vertical):
    """Both futures move by move, and the chosen row in full under them."""

    def __init__(self) -> None:
        super().__init__(id="rows", classes="panel")
        self.border_title = "Moves side by side"
        self._shared = Text(id="shared")
        self._choices = MoveChoices()
        self._full = TextPanel("", "note", "")
        self._found: Futures | None = None
        self._labels: dict[str, PartyLabel] = {}
        self._party = ""

    def compose(self) -> ComposeResult:
        """Hold what is shared, the rows, and the chosen one."""
        yield self._shared
        yield self._choices
        yield self._full

    def tell(self, found: Futures, labels: dict[str, PartyLabel], party: str, row: int = 0) -> None:
        """Show two futures as one party values what was offered."""
        self._found, self._labels, self._party = found, labels, party
        self._shared.update(_shared_told(found, labels[party]))
        self._choices.tell(
            [partial(row_line, found, number, labels, party) for number in range(found.rows)], row
        )
        if found.rows:
            self._tell_row(min(row, found.rows - 1))
        else:
            told = "Neither has a move after those they share."
            self._full.tell(lambda _: [Content.styled(told, "$muted")])

    def show(self, row: int) -> None:
        """Show one of the rows; the list follows."""
        self._choices.go(row)

    @on(Listing.Moved)
    def _show(self, message: Listing.Moved) -> None:
        message.stop()
        row = self._choices.place
        if row is not None:
            self._tell_row(row)
            self.post_message(RowChosen(row))

    def _tell_row(self, row: int) -> None:
        found, labels, party = self._found, self._labels, self._party
        if found is not None and row < found.rows:
            self._full.tell(lambda width: side_by_side(found, row, labels, party, width))

    @property
    def choices(self) -> MoveChoices:
        """The rows, which take the focus."""
        return self._choices

    def page(self, by: int) -> None:
        """Scroll the chosen row in full by a page."""
        height = max(self._full.scrollable_content_region.height - 1, 1)
        self._full.scroll_relative(y=by * height, animate=False)


def _shared_told(found: Futures, label: PartyLabel) -> Content:
    """Return what the two share, whose points stand at the offers, and what is left out."""
    if found.shared:
        many = "move 1 is" if found.shared == 1 else f"moves 1 to {found.shared} are"
        shared = f"{many[0].upper()}{many[1:]} shared."
    else:
        shared = "They share no move."
    cut = " Later moves: see the replay." if found.rows >= MOST_ROWS else ""
    return Content.assemble((f"{shared}{cut} Points: ", "$muted"), (label.signed_id, label.style))
