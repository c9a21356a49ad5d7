"""The referee: what theory says of the session that was played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from games.referee import Findings
from transcripts.proceedings import Proceedings
from tui.replay import Recording
from tui.widgets.findings import findings_lines, own_lines, seat_lines
from tui.widgets.record_panel import READING, RecordPanel


class RefereePanel(RecordPanel):
    """Shows the findings; they are of the whole session, wherever the replay stands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
    ]

    findings: reactive[Findings | None] = reactive(None)
    proceedings: Proceedings | None = None
    """What came about in a plenary or forum, as soon as there are findings."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording, "Referee", "referee")
        self._header = recording.header

    def watch_findings(self) -> None:
        """Show what was found."""
        self._show()

    def lines(self, width: int) -> Sequence[Content]:
        """Return the findings, or a party's own result: theory needs every side's points."""
        history, labels = self.history, self._labels
        if self.see is not None:
            if history is None or not history.whole:
                return READING
            found = own_lines(history.last, self.see, labels, width, self.proceedings)
        elif self.findings is None or history is None:
            return (Content.styled("The referee is at work…", "$muted"),)
        else:
            found = findings_lines(self.findings, history.last, labels, width, self.proceedings)
        return [*found, Content(""), *seat_lines(self._header, labels, width)]
