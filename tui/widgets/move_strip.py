"""The current move in two lines, for when the conversation is not in sight."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive

from delegates.text import one_line
from tui.replay import History, Recording
from tui.text.labels import party_labels
from tui.widgets.fitted import Text
from tui.widgets.spoken import HAPPENED, act_told, terms


class MoveStrip(Text):
    """Shows who moved, what was done, and the beginning of what was said."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="move-strip")
        self._recording = recording
        self._labels = {label.id: label for label in party_labels(recording.scenario)}

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width."""
        self._show()

    def watch_moves(self) -> None:
        """Show the new move."""
        self._show()

    def watch_history(self) -> None:
        """Tell what only the history knows."""
        self._show()

    def watch_see(self) -> None:
        """Show what that party has heard."""
        self._show()

    def _heard(self) -> int:
        """Return the number of the last move up to here that was heard; 0 if there is none."""
        if self.see is None or not self.moves:
            return self.moves
        if self.history is not None and self.moves <= len(self.history):
            return self.history.heard_up_to(self.moves, self.see)
        is_table = self._recording.scenario.protocol.kind == "alternating-offers"
        return self.moves if is_table else 0

    def _show(self) -> None:
        width, moves = self.content_region.width, self._heard()
        if not width or moves > len(self._recording):
            return
        if not moves:
            self.update("")
            return
        move = self._recording.move(moves - 1, self.see)
        label = self._labels.get(move.event.party) if move.event is not None else None
        if move.event is None or label is None:
            self.update(Content.styled("! this move's line is not sound", "$error"))
            return
        line = Content.assemble(
            (f"{label.glyph} {label.name} ", f"bold {label.style}"),
            act_told(move.event, self._recording.scenario, self.history, moves - 1),
        )
        if move.event.outcome is not None:
            asked = terms(self._recording.scenario, move.event, self.history, moves - 1)
            line = Content.assemble(line, "  ", asked)
        words = Content(f"“{one_line(move.words)}”" if move.words else "")
        if move.happened:
            before = Content.styled(f"{HAPPENED} {'  '.join(move.happened)}  ", "$warning")
            words = Content.assemble(before, words)
        lines = [one.truncate(width, ellipsis=True) for one in (line, words)]
        self.update(Content("\n").join(lines), layout=False)
