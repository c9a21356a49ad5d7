"""A class of tables at a glance: a row a table, and what is found across them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from delegates.text import counted
from games.errors import MinilateralError
from tui.errands import OpenReplay
from tui.nodes import app_of
from tui.screens.back_keys import BACK_KEYS
from tui.screens.debriefs import DebriefsScreen
from tui.screens.export import OPENS_THEN, PageExportScreen
from tui.screens.help import HelpScreen
from tui.text.class_words import COUNTED, SHARES, group_title
from tui.typed_keys import orderly
from tui.widgets.choices import Choices
from tui.widgets.class_lines import (
    Column,
    class_told,
    columns_of,
    head_line,
    name_room,
    ordered,
    table_line,
)
from tui.widgets.fitted import Fitted, Pane, stamped
from tui.widgets.key_line import KeyLine
from tui.widgets.listing import Listing, Row, heading, notice
from tui.widgets.messages import AtWork
from tui.widgets.title_bar import STAMP

if TYPE_CHECKING:
    from delegates.classroom.accuracies import Played
    from delegates.classroom.comparison import Comparison, Group
    from delegates.classroom.tables import Table

KEYS = {
    "↑ ↓ · k j": "another table",
    "Enter": "its debriefs side by side",
    "o O": "order the tables by the next column, the one before",
    "PgUp PgDn": "scroll what is found",
    "g G": "first, last table",
    "a": "work out how accurately every seat played; that takes a while",
    "r": "replay the table's session",
    "e": "write the page to a file",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "Esc · H": "back · home",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Whose": "it tells every seat's private side: for whoever leads the exercise, after it.",
    "Rows": "the points of each seat, the most of the class in colour; grey ones are unfinished "
    "and in no figure.",
    "Figures": f"{SHARES} {COUNTED}",
    "Groups": "tables with another scenario or other shocks are told apart, never averaged in.",
    "Mouse": "click a table, and once more for its debriefs.",
}
"""How to read the page."""

_EDGE = 3
"""Columns of a row that are not its own: the bar, the mark, the scroll bar."""

Read = Callable[[Sequence[Path], Callable[[int, int], None]], "Comparison"]
"""Compares the tables at some paths; told how many are read."""

Judge = Callable[[Sequence["Table"], Callable[[int, int], None]], dict[str, "Played"]]
"""Returns how accurately each seat of each table played; told how many tables are judged."""


def read_class(paths: Sequence[Path], watch: Callable[[int, int], None]) -> Comparison:
    """Return the tables at some paths compared; what compares them is loaded here."""
    from delegates.classroom.comparison import compared_at

    return compared_at(paths, watch=watch)


def judge_class(tables: Sequence[Table], watch: Callable[[int, int], None]) -> dict[str, Played]:
    """Return how accurately each seat of each table played; what judges them is loaded here."""
    from delegates.classroom.accuracies import accuracies_of

    return accuracies_of(tables, watch=watch)


class _Unwanted(Exception):  # noqa: N818 - nothing is wrong
    """Raised among tables when the screen was left: nobody waits for the others."""


class ClassScreen(Screen[None]):
    """Shows a class of tables compared."""

    CSS_PATH = "class_page.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "order(1)", "order"),
        Binding("O", "order(-1)", "Order before", show=False),
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
        Binding("a", "judge", "accuracy"),
        Binding("r", "replay", "replay"),
        Binding("e", "export", "export"),
        *BACK_KEYS,
    ]

    @dataclass
    class Compared(Message):
        """The tables are compared."""

        found: Comparison

    @dataclass
    class Judged(Message):
        """It is known how accurately every seat played."""

        accuracies: dict[str, Played]

    @dataclass
    class Failed(Message):
        """Why nothing was found."""

        line: str

    def __init__(
        self, paths: Sequence[Path], *, read: Read = read_class, judge: Judge = judge_class
    ) -> None:
        """Show a class.

        Args:
            paths: The transcripts of its tables.
            read: Compares them; it is called in a thread.
            judge: Returns how accurately seats played; likewise.
        """
        super().__init__()
        self._paths, self._read, self._judge = tuple(paths), read, judge
        self._found: Comparison | None = None
        self._accuracies: dict[str, Played] | None = None
        self._doing: Content | None = Content.styled("Reading the tables…", "$muted")
        self._column = 0
        self._is_left = self._has_failed = self._is_to_export = self._is_judging = False

    def compose(self) -> ComposeResult:
        """Lay title, tables, what is found, and keys."""
        yield Fitted(self._title, id="class-title")
        with Container(id="class-body"):
            with Vertical(id="list"):
                yield Fitted(lambda _: [Content("")], id="head")
                yield TableChoices([notice("reading…")], id="tables")
            with Pane(id="found", can_focus=False):
                yield Fitted(lambda _: [], id="told")
        yield KeyLine()

    def on_mount(self) -> None:
        """Have the tables read."""
        self.query_one("#tables").focus()
        self._compare()

    def on_unmount(self) -> None:
        """Wait for no further table."""
        self._is_left = True

    @work(thread=True, exclusive=True, group="read")
    def _compare(self) -> None:
        """Read and compare the tables; in a thread of its own."""
        try:
            found = self._read(self._paths, partial(self._progress, "Read"))
        except _Unwanted:
            return
        except MinilateralError as error:
            self.post_message(self.Failed(" ".join(str(error).split())))
        else:
            self.post_message(self.Compared(found))

    @work(thread=True, exclusive=True, group="judge")
    def _work_out(self, tables: Sequence[Table]) -> None:
        """Judge how accurately every seat played; in a thread of its own."""
        try:
            found = self._judge(tables, partial(self._progress, "Judged"))
        except _Unwanted:
            return
        except MinilateralError as error:
            self.post_message(self.Failed(" ".join(str(error).split())))
        else:
            self.post_message(self.Judged(found))

    def _progress(self, what: str, done: int, tables: int) -> None:
        if self._is_left:
            raise _Unwanted
        self.post_message(AtWork(f"{what} {done} of {counted(tables, 'table')}…"))

    @on(AtWork)
    def _show_progress(self, message: AtWork) -> None:
        self._say(Content.styled(message.what, "$muted"))

    @on(Failed)
    def _fail(self, message: Failed) -> None:
        self._has_failed, self._is_to_export, self._is_judging = True, False, False
        self._say(Content.assemble(("✗ ", "$error"), message.line))

    def _say(self, told: Content | None) -> None:
        self._doing = told
        self.query_one("#class-title", Fitted).show(self._title)

    @on(Compared)
    def _take(self, message: Compared) -> None:
        self._found = message.found
        self._say(None)
        self._show()
        if self._is_to_export:
            self._is_to_export = False
            orderly(self).open_unasked(self, self.action_export)

    @on(Judged)
    def _take_accuracies(self, message: Judged) -> None:
        self._accuracies, self._is_judging = message.accuracies, False
        self._say(None)
        self._show()

    def _title(self, width: int) -> list[Content]:
        found = self._found
        lines = [stamped("The class, table by table", "", STAMP, width)]
        if found is not None:
            agreed = sum(len(one.agreed) for one in found.groups)
            finished = sum(len(one.tables) for one in found.groups)
            told = (
                f"{counted(len(found.tables), 'table')} · {finished} finished · {agreed} agreed · "
                f"by {self._columns[self._column].what}"
            )
            lines.append(Content(told).truncate(width, ellipsis=True))
        last = self._doing or Content.styled(
            "For whoever leads the exercise: every seat's private side is told.", "$warning"
        )
        lines.append(last.truncate(width, ellipsis=True))
        return [*lines, Content.styled(OPENS_THEN, "$muted")] if self._is_to_export else lines

    @property
    def _columns(self) -> list[Column]:
        return [] if self._found is None else columns_of(self._found, self._accuracies)

    def _show(self) -> None:
        """Show the rows by the chosen column, group by group."""
        found = self._found
        if found is None:
            return
        columns = self._columns
        chosen = columns[self._column]
        names = [one.name for one in found.tables]

        def head(width: int) -> list[Content]:
            room = name_room(names, columns, width - _EDGE)
            return [Content.assemble("  ", head_line(columns, chosen.name, room))]

        def row(one: Table, best: frozenset[str]) -> Row:
            def draw(width: int) -> Content:
                return table_line(one, columns, name_room(names, columns, width), best)

            return Row(one.name, draw)

        rows: list[Row] = []
        for group in found.groups:
            if len(found.groups) > 1:
                rows.append(heading(group_title(found, group)))
            rows += [row(one, _most(group, one)) for one in ordered(group.tables, chosen)]
        if found.unfinished:
            rows.append(heading("Unfinished"))
            rows += [row(one, frozenset()) for one in ordered(found.unfinished, chosen)]
        self.query_one("#head", Fitted).show(head)
        self.query_one(Listing).show(rows)
        self.query_one("#class-title", Fitted).show(self._title)
        self._tell()

    @property
    def _current(self) -> Table | None:
        """The table of the current row."""
        current = self.query_one(Listing).current
        tables = () if self._found is None else self._found.tables
        return next((one for one in tables if one.name == current), None)

    @on(Listing.Moved)
    def _tell(self) -> None:
        found, table = self._found, self._current
        if found is not None and table is not None:
            group = next((one for one in found.groups if table in one.tables), None)
            show = self.query_one("#told", Fitted).show
            show(lambda width: class_told(found, group, table, min(width, 100)))

    @on(Listing.Chosen)
    def _open(self) -> None:
        table = self._current
        if table is not None:
            app_of(self).push_screen(DebriefsScreen(table.path))

    def action_order(self, by: int) -> None:
        """Order the tables by another column."""
        if self._found is not None:
            self._column = (self._column + by) % len(self._columns)
            self._show()

    def action_page(self, by: int) -> None:
        """Scroll what is found."""
        pane = self.query_one("#found", Pane)
        (pane.scroll_page_down if by > 0 else pane.scroll_page_up)(animate=False)

    def action_judge(self) -> None:
        """Work out how accurately every seat played."""
        found = self._found
        if found is None:
            if not self._has_failed:
                self.notify("the tables are not read yet: press a once more then", markup=False)
        elif self._accuracies is not None:
            self.notify("it is told already: the ± beside each seat's points", markup=False)
        elif self._is_judging:
            self.notify("it is being worked out already", markup=False)
        else:
            self._is_judging = True
            self._say(Content.styled("Judging every move of every table…", "$muted"))
            self._work_out([one for group in found.groups for one in group.tables])

    def action_replay(self) -> None:
        """Replay the table's session."""
        table = self._current
        if table is not None:
            self.post_message(OpenReplay(table.path))

    def action_export(self) -> None:
        """Ask in which form the page is written, and write it, once it is there."""
        found, accuracies = self._found, self._accuracies
        if found is None:
            self._is_to_export = not self._has_failed
            self._say(self._doing)
            return
        if app_of(self).screen is not self:
            return

        def text(form: str) -> str:
            from tui.report import html_text, markdown_text
            from tui.report.class_page import class_report

            return (html_text if form == "html" else markdown_text)(class_report(found, accuracies))

        told = "It is written beside the first transcript, and holds every seat's private side."
        beside = found.tables[0].path.with_name("class.jsonl")
        app_of(self).push_screen(PageExportScreen("page", told, beside, "comparison", text))

    def action_help(self) -> None:
        """Say what the keys do, and how to read the page."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))


class TableChoices(Choices):
    """The tables, each of which has its debriefs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "debriefs", key_display="⏎"),
    ]


def _most(group: Group, table: Table) -> frozenset[str]:
    """Return the seats that got most at a table, where not all tables got as much."""
    return frozenset(
        one.party
        for one in group.seats
        if table.name in one.points.most_at and len(one.points.most_at) < len(group.tables)
    )
