"""The exact prompts behind a move, and the replies, to be scrolled through."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.replay import Recording
from tui.text.labels import party_labels
from tui.text.prompts import Kind, Part
from tui.widgets.fitted import Text

_TITLES: dict[Kind, str] = {
    "call": "bold $primary",
    "message": "bold",
    "reply": "bold $success",
    "trouble": "bold $warning",
}


LONGEST_PART = 60_000
"""Characters of a part that are shown: laying out a million would hold up the screen."""


class PromptsScreen(ModalScreen[None]):
    """Shows everything that models were asked for one move, over the replay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,p,q,enter", "dismiss", "Close"),
        Binding("tab,n", "jump(1)", "Next part"),
        Binding("shift+tab,N", "jump(-1)", "Part before"),
        Binding("j", "scroll_by(1)", "Down", show=False),
        Binding("k", "scroll_by(-1)", "Up", show=False),
        Binding("g", "scroll_to_end(-1)", "Top", show=False),
        Binding("G", "scroll_to_end(1)", "End", show=False),
    ]

    def __init__(self, recording: Recording, position: int, see: str | None = None) -> None:
        """Show the calls of a move.

        Args:
            recording: The session.
            position: The move's, from 0.
            see: The only party whose calls are shown; None for all.
        """
        super().__init__()
        self._title = move_title(recording, position, see)
        self._parts = recording.calls(position, see)
        self._see = see

    def compose(self) -> ComposeResult:
        """Hold each part as a text of its own."""
        with VerticalScroll(id="prompts") as box:
            box.border_title = self._title
            box.border_subtitle = "Tab next part · Esc closes"
            for part in self._parts:
                yield Text(part_content(part), classes=f"part -{part.kind}")
            if not self._parts:
                told = "No model was asked for this move."
                if self._see is not None:
                    told = "Nothing that this party may see: others' prompts are theirs alone."
                yield Text(Content.styled(told, "$muted"))

    @property
    def _box(self) -> VerticalScroll:
        return self.query_one("#prompts", VerticalScroll)

    def action_jump(self, by: int) -> None:
        """Bring the beginning of the part after or before to the top."""
        top = self._box.scroll_offset.y
        places = [part.virtual_region.y for part in self.query(".part")]
        beyond = [place for place in places if (place > top if by > 0 else place < top)]
        if beyond:
            self._box.scroll_to(y=beyond[0] if by > 0 else beyond[-1], animate=False)

    def action_scroll_by(self, lines: int) -> None:
        """Go some lines down or up."""
        self._box.scroll_relative(y=lines, animate=False)

    def action_scroll_to_end(self, end: int) -> None:
        """Go to the beginning or the end."""
        if end > 0:
            self._box.scroll_end(animate=False)
        else:
            self._box.scroll_home(animate=False)


def part_content(part: Part) -> Content:
    """Return a part as it is shown: its title, details, and the text as it stands."""
    lines = [Content.styled(part.title, _TITLES[part.kind])]
    if part.note:
        lines.append(Content.styled(part.note, "$muted"))
    if part.body:
        lines.append(Content(part.body[:LONGEST_PART]))
    if len(part.body) > LONGEST_PART:
        rest = f"… ({len(part.body):,} characters in all; `replay --plain --prompts` prints them)"
        lines.append(Content.styled(rest, "$warning"))
    return Content("\n").join(lines)


def move_title(recording: Recording, position: int, see: str | None = None) -> Content:
    """Return which move it is, and whose."""
    if not len(recording):
        return Content("Before the first move")
    move = recording.move(position, see)
    labels = {label.id: label for label in party_labels(recording.scenario)}
    told = Content(f"Move {move.number}")
    if move.event is None or move.event.party not in labels:
        return told
    label = labels[move.event.party]
    return Content.assemble(
        told,
        " · ",
        (f"{label.glyph} {label.name}", label.style),
        f" · round {move.event.round + 1}",
    )
