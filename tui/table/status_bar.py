"""Two lines at the top of the table: what is negotiated, and where the session stands."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive

from delegates.text import one_line
from tui.replay import Recording
from tui.text.labels import party_labels
from tui.text.wording import origin
from tui.widgets.fitted import Text
from tui.widgets.title_bar import STAMP


class StatusBar(Text):
    """Shows title and stamp, then what is going on and what it has cost."""

    state: reactive[Content] = reactive(Content(""))
    """What is going on."""
    spent: reactive[str] = reactive("")
    """What models have cost so far."""
    recording: reactive[Recording | None] = reactive(None)

    def __init__(self, own: str | None) -> None:
        """Show nothing yet.

        Args:
            own: The seat of the person who looks on; None for whoever holds none.
        """
        super().__init__(id="title")
        self._own = own

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width."""
        self._show()

    def watch_state(self) -> None:
        """Tell what is going on now."""
        self._show()

    def watch_spent(self) -> None:
        """Tell what was spent by now."""
        self._show()

    def watch_recording(self) -> None:
        """Tell what is negotiated."""
        self._show()

    def _show(self) -> None:
        width = self.content_region.width
        if not width:
            return
        stamp = Content.styled(STAMP, "bold $warning")
        title, parties, branch = Content("Minilateral"), Content(""), ""
        if self.recording is not None:
            scenario, header = self.recording.scenario, self.recording.header
            parent = header.parent
            title = Content.styled(one_line(scenario.title), "bold")
            parties = _parties(self.recording, width - title.cell_length - stamp.cell_length - 6)
            branch = f" · {one_line(origin(parent, self._own))}" if parent is not None else ""
        first = _ends(Content.assemble(title, "   ", parties), stamp, width)
        right = Content.styled(self.spent, "$muted")
        state = Content.assemble(self.state, (branch, "$muted"))
        self.update(Content("\n").join([first, _ends(state, right, width)]), layout=False)


def _parties(recording: Recording, room: int) -> Content:
    labels = party_labels(recording.scenario)
    for told in ([f"{one.glyph} {one.name}" for one in labels], [one.signed_id for one in labels]):
        if len("  ".join(told)) <= room:
            return Content("  ").join(
                Content.styled(name, f"bold {label.style}")
                for name, label in zip(told, labels, strict=True)
            )
    count = f"{len(labels)} delegations"
    return Content(count if len(count) <= room else "")


def _ends(left: Content, right: Content, width: int) -> Content:
    """Return two texts at the ends of a line; the left one gives way."""
    room = max(width - right.cell_length - 2, 0)
    left = left.truncate(room, ellipsis=True)
    space = max(width - left.cell_length - right.cell_length, 1)
    return Content.assemble(left, " " * space, right)
