"""All debriefs of one session side by side: a column a seat, for whoever leads the exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalScroll
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen

from delegates.text import counted
from games.errors import MinilateralError
from tui.errands import OpenReplay, OpenReview
from tui.nodes import app_of
from tui.screens.back_keys import BACK_KEYS
from tui.screens.export import OPENS_THEN, PageExportScreen
from tui.screens.help import HelpScreen
from tui.text.class_words import distance, share
from tui.text.labels import party_labels
from tui.typed_keys import orderly
from tui.widgets.debrief_panels import TextPanel
from tui.widgets.ending import ended_briefly
from tui.widgets.fitted import Fitted, stamped
from tui.widgets.key_line import KeyLine
from tui.widgets.messages import AtWork
from tui.widgets.side_lines import seat_lines, session_lines
from tui.widgets.title_bar import STAMP

if TYPE_CHECKING:
    from delegates.classroom.side_by_side import SideBySide

KEYS = {
    "← → · h l · Tab": "the seat before, the next one",
    "1 – 9": "that seat",
    "↑ ↓ · k j": "scroll the seat's column",
    "PgUp PgDn · g G": "a page of it; top, end",
    "v": "the whole review of the seat",
    "r": "replay the session",
    "e": "write the page to a file",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "Esc · H": "back · home",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Whose": "it tells every seat's private side: for whoever leads the exercise, after it.",
    "Figures": "points of different seats are in different units; each is read against its own r "
    "(no agreement) and m (the most it could have with nobody below their r).",
    "Accuracy": "100 where every move was the best reply that could be found without knowing the "
    "others' private sides; ± is its standard error. For training, not for grading.",
    "Given": "true: what an issue weighs for the seat; read: what its own offers let one believe; "
    "gave: how much of all that another seat's offers gave up was given there.",
    "Mouse": "click a column; the wheel scrolls it.",
}
"""How to read the columns."""

LEAST_WIDTH = 39
"""Columns of a seat; where they do not all fit the seats scroll sideways."""

SESSION = "The session"
"""The title of the last column."""

Read = Callable[[Path, bool, Callable[[str], None]], "SideBySide"]
"""Sets the debriefs of a transcript side by side; whether it is said to be stopped, and whom to
tell what it is at."""


def read_sides(path: Path, is_stopped: bool, progress: Callable[[str], None]) -> SideBySide:
    """Return the debriefs of a transcript side by side; what computes them is loaded here."""
    from delegates.classroom.side_by_side import side_by_side

    return side_by_side(path, is_stopped=is_stopped, progress=progress)


class Seats(HorizontalScroll, inherit_bindings=False):
    """The columns; the keys that go through them are the screen's."""


class DebriefsScreen(Screen[None]):
    """Shows the debriefs of all seats."""

    CSS_PATH = "debriefs.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,shift+tab", "step(-1)", "Seat before", show=False),
        Binding("right,l,tab", "step(1)", "seat", key_display="← →"),
        *(Binding(str(number), f"seat({number})", "Seat", show=False) for number in range(1, 10)),
        Binding("v", "review", "review"),
        Binding("r", "replay", "replay"),
        Binding("e", "export", "export"),
        *BACK_KEYS,
    ]

    @dataclass
    class Told(Message):
        """All debriefs are computed."""

        found: SideBySide

    @dataclass
    class NotTold(Message):
        """Why they are not."""

        line: str

    def __init__(self, path: Path, *, is_stopped: bool = False, read: Read = read_sides) -> None:
        """Show a session.

        Args:
            path: Its transcript.
            is_stopped: Whether nobody carries the session on, though it is not over.
            read: Computes the debriefs; it is called in a thread.
        """
        super().__init__()
        self._path, self._is_stopped, self._read = path, is_stopped, read
        self._found: SideBySide | None = None
        self._doing = Content.styled("Reviewing every seat; that takes a moment…", "$muted")
        self._place = 0
        self._has_failed = self._is_to_export = False

    def compose(self) -> ComposeResult:
        """Lay title, columns and keys from top to bottom."""
        yield Fitted(self._title, id="debriefs-title")
        yield Seats(id="seats", can_focus=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Have the debriefs computed."""
        self._compute()

    @work(thread=True, exclusive=True)
    def _compute(self) -> None:
        """Compute them; in a thread of its own."""
        try:
            found = self._read(self._path, self._is_stopped, self._tell_progress)
        except MinilateralError as error:
            self.post_message(self.NotTold(" ".join(str(error).split())))
        else:
            self.post_message(self.Told(found))

    def _tell_progress(self, what: str) -> None:
        self.post_message(AtWork(what))

    @on(AtWork)
    def _show_progress(self, message: AtWork) -> None:
        self._say(Content.styled(f"Reviewing… {message.what}", "$muted"))

    @on(NotTold)
    def _fail(self, message: NotTold) -> None:
        self._has_failed, self._is_to_export = True, False
        self._say(Content.assemble(("✗ ", "$error"), message.line))

    def _say(self, told: Content) -> None:
        self._doing = told
        self.query_one("#debriefs-title", Fitted).show(self._title)

    @on(Told)
    async def _take(self, message: Told) -> None:
        found = self._found = message.found
        panels: list[TextPanel] = []
        labels = party_labels(found.scenario)
        for number, (side, label) in enumerate(zip(found.sides, labels, strict=True), 1):
            panel = TextPanel(f"{number} {label.glyph} {label.name}", f"seat-{number}", "seat")
            panel.tell(partial(seat_lines, found, side))
            panels.append(panel)
        last = TextPanel(SESSION, "session", "seat")
        last.tell(partial(session_lines, found))
        await self.query_one(Seats).mount(*panels, last)
        self._fit(self.size.width)
        self.query_one("#debriefs-title", Fitted).show(self._title)
        self._go(self._place)
        if self._is_to_export:
            self._is_to_export = False
            orderly(self).open_unasked(self, self.action_export)

    def on_resize(self, event: Resize) -> None:
        """Give every column as much room as there is."""
        self._fit(event.size.width)

    def _fit(self, width: int) -> None:
        columns = self._columns
        for column in columns:
            column.styles.width = max(width // len(columns), LEAST_WIDTH)

    def _title(self, width: int) -> list[Content]:
        found = self._found
        if found is None:
            return [
                stamped("Debriefs side by side", "", STAMP, width),
                self._doing.truncate(width, ellipsis=True),
                Content.styled(OPENS_THEN * self._is_to_export, "$muted"),
            ]
        told = Content.assemble(
            ended_briefly(found.status),
            f" · {counted(found.rounds, 'round')} · {counted(found.moves, 'move')}",
        )
        if found.status != "open":
            one = found.efficiency
            far = distance(one.distance_to_frontier)
            figures = f" · Nash share {share(one.nash_ratio)} · to frontier {far}"
            told = Content.assemble(told, (figures, "$muted"))
        title = " ".join(found.scenario.title.split())
        return [
            stamped(f"Debriefs · {title}", "", STAMP, width),
            told.truncate(width, ellipsis=True),
            Content.styled(
                "For whoever leads the exercise: every seat's private side is told.", "$warning"
            ).truncate(width, ellipsis=True),
        ]

    @property
    def _columns(self) -> list[TextPanel]:
        return list(self.query("#seats > .seat").results(TextPanel))

    def _go(self, place: int) -> None:
        columns = self._columns
        if columns:
            self._place = min(max(place, 0), len(columns) - 1)
            self.set_focus(columns[self._place], scroll_visible=False)
            self.query_one(Seats).scroll_to_widget(columns[self._place], animate=False)

    def on_descendant_focus(self) -> None:
        """Take note of the column that has the keys."""
        focused = self.focused
        columns = self._columns
        if isinstance(focused, TextPanel) and focused in columns:
            self._place = columns.index(focused)

    def action_step(self, by: int) -> None:
        """Go to the seat before or after."""
        self._go(self._place + by)

    def action_seat(self, number: int) -> None:
        """Go to a seat by its number."""
        if self._found is not None and number <= len(self._found.sides):
            self._go(number - 1)

    @property
    def _party(self) -> str | None:
        """The party whose column has the keys; None in the last one."""
        found = self._found
        if found is None or self._place >= len(found.sides):
            return None
        return found.sides[self._place].party

    def action_review(self) -> None:
        """Open the whole review of a seat; before there are any, of the one it opens with."""
        self.post_message(OpenReview(self._path, self._party))

    def action_replay(self) -> None:
        """Replay the session."""
        self.post_message(OpenReplay(self._path))

    def action_export(self) -> None:
        """Ask in which form the page is written, and write it, once it is there."""
        found = self._found
        if found is None:
            self._is_to_export = not self._has_failed
            self._say(self._doing)
            return
        if app_of(self).screen is not self:
            return

        def text(form: str) -> str:
            from tui.report import html_text, markdown_text
            from tui.report.sides import sides_report

            return (html_text if form == "html" else markdown_text)(sides_report(found))

        told = "It is written beside the transcript, and holds every seat's private side."
        app_of(self).push_screen(PageExportScreen("page", told, self._path, "debriefs", text))

    def action_help(self) -> None:
        """Say what the keys do, and how to read the columns."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))
