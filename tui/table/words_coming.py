"""Words as a model finds them: dim and marked as not final, gone once the move is there."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive

from delegates.listening import Partial
from delegates.text import one_line
from tui.replay import Recording
from tui.text.labels import party_labels
from tui.widgets.fitted import Text

LONGEST = 4000
"""Characters at the end of what has come that are looked at: nobody reads more while it comes."""

LINES = 3


class WordsComing(Text):
    """Shows the end of what is being written."""

    words: reactive[Partial | None] = reactive(None)

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="coming")
        self._labels = {label.id: label for label in party_labels(recording.scenario)}
        self.display = False

    def on_resize(self, _: events.Resize) -> None:
        """Wrap anew."""
        self._show()

    def watch_words(self) -> None:
        """Show what has come by now."""
        self.display = self.words is not None
        self._show()

    def _show(self) -> None:
        words = self.words
        label = None if words is None else self._labels.get(words.party)
        if words is None or label is None:
            return
        width = max(self.content_region.width, 20)
        text = one_line(words.text[-LONGEST:])
        lead = Content.assemble(
            (f"{label.glyph} {label.name}", label.style),
            (" is speaking, not final yet: ", "$muted"),
        )
        lines = Content.assemble(lead, (f"“{text}…", "dim italic")).wrap(width)
        if len(lines) > LINES:
            lines = [lines[0], *lines[-(LINES - 1) :]]
        self.update(Content("\n").join(lines))
