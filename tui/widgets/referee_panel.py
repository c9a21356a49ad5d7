"""The referee: what theory says of the session that was played."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from games.referee import Findings
from transcripts.proceedings import Proceedings
from tui.replay import History, Recording
from tui.replay.labels import party_labels
from tui.widgets.findings import findings_lines, own_lines, seat_lines


class RefereePanel(VerticalScroll, inherit_bindings=False):
    """Shows the findings; they are of the whole session, wherever the replay stands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "Up", show=False),
        Binding("down", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
    ]

    history: reactive[History | None] = reactive(None)
    findings: reactive[Findings | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""
    proceedings: Proceedings | None = None
    """What came about in a plenary or forum, as soon as there are findings."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="referee", classes="panel")
        self.border_title = "Referee"
        self._header = recording.header
        self._labels = party_labels(recording.scenario)
        self._text = Static(id="referee-text")

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield self._text

    def on_resize(self, _: events.Resize) -> None:
        """Wrap anew."""
        self._show()

    def watch_findings(self) -> None:
        """Show what was found."""
        self._show()

    def watch_history(self) -> None:
        """Tell what is known before theory has spoken."""
        self._show()

    def watch_see(self) -> None:
        """Tell what that party may know."""
        self._show()

    def _show(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        if self.see is not None:
            self._show_own(self.see, width)
            return
        if self.findings is None or self.history is None:
            self._text.update(Content.styled("The referee is at work…", "$muted"))
            return
        lines = findings_lines(
            self.findings, self.history.last, self._labels, width, self.proceedings
        )
        lines += [Content(""), *seat_lines(self._header, self._labels, width)]
        self._text.update(Content("\n").join(lines))

    def _show_own(self, party: str, width: int) -> None:
        """Tell a party's own result: what theory says needs every side's points."""
        history = self.history
        if history is None or not history.whole:
            self._text.update(Content.styled("reading the record…", "$muted"))
            return
        lines = own_lines(history.last, party, self._labels, width, self.proceedings)
        lines += [Content(""), *seat_lines(self._header, self._labels, width)]
        self._text.update(Content("\n").join(lines))
