"""A class of tables at a glance, as whoever leads the exercise sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from delegates.text import one_line
from tui.leading.keys import READING, TABLES_KEYS
from tui.leading.stirring import Listening, TableStirred
from tui.leading.told import links_told, missing_told, round_of, stands_told
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.widgets.dialogs import PapersScreen
from tui.widgets.fitted import Text
from tui.widgets.key_line import KeyLine
from tui.widgets.listing import Listing, Row
from tui.widgets.title_bar import STAMP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.hosting.table import HostedTable

NUMBER, ROUND, STANDS = 5, 7, 27
"""Columns of a table's number, of its round, and of where it stands; the people have the rest."""


class TablesScreen(Screen[None]):
    """Shows a row a table: its round, whose move it is, who is missing, how it ended."""

    CSS_PATH = ["table.tcss", "tables.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P", "pause", "pause all"),
        Binding("P", "go_on", "all go on"),
        Binding("l", "links", "links"),
        Binding("C", "compare", "compare"),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("escape", "app.close_screen", "stop", show=False),
        Binding("q", "app.quit", "quit"),
    ]

    def __init__(self, tables: Sequence[HostedTable]) -> None:
        """Show tables; they go on whether or not anybody looks."""
        super().__init__()
        self.tables = {str(one.number): one for one in tables}
        self._listening = Listening(tables, self.post_message)
        self._clock = self.set_interval(1.0, self.tell, pause=True)

    def compose(self) -> ComposeResult:
        """Lay out title, head, rows and keys."""
        yield Text(id="tables-title")
        yield Text(id="tables-head")
        yield Listing(self._rows(), id="tables-list")
        yield KeyLine()

    def on_mount(self) -> None:
        """Listen to what changes, and tell how it is."""
        self._listening.begin()
        self._clock.resume()
        listing = self.query_one(Listing)
        listing.current = next(iter(self.tables), None)
        listing.focus()
        self.tell()

    def on_unmount(self) -> None:
        """Listen no more."""
        self._listening.end()

    def on_screen_resume(self) -> None:
        """Tell how it is by now, after another screen."""
        self.tell()

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width."""
        self.tell()

    @on(TableStirred)
    def _stirred(self) -> None:
        self.tell()
        self.refresh_bindings()

    def tell(self) -> None:
        """Tell how the tables stand by now."""
        width = max(app_of(self).size.width - 2, 20)
        self.query_one("#tables-title", Text).update(self._title(width))
        head = f"{'':{NUMBER + 2}}{'round':{ROUND}}{'stands':{STANDS}}people"
        self.query_one("#tables-head", Text).update(Content.styled(head, "$muted"))
        for listing in self.query(Listing):
            listing.show(self._rows())

    def _title(self, width: int) -> Content:
        tables = list(self.tables.values())
        phases = [one.phase for one in tables]
        titles = {one_line(one.scenario.title) for one in tables}
        counts = {
            "gathering": phases.count("gathering"),
            "playing": phases.count("playing"),
            "over": phases.count("over"),
            "stopped": phases.count("stopped"),
        }
        told = ", ".join(f"{number} {phase}" for phase, number in counts.items() if number)
        paused = sum(one.lead.is_paused and one.ended is None for one in tables)
        number = len(tables)
        lead = f"{number} table{'' if number == 1 else 's'} · "
        title = Content.styled(next(iter(titles)) if len(titles) == 1 else "Tables", "bold")
        stamp = Content.styled(STAMP, "bold $warning")
        space = " " * max(width - title.cell_length - stamp.cell_length, 1)
        banner = (f" {paused} PAUSED ", "bold $background on $warning") if paused else ""
        second = Content.assemble(lead, told, "  ", banner)
        return Content("\n").join([Content.assemble(title, space, stamp), second])

    def _rows(self) -> list[Row]:
        return [Row(key, _drawn(table)) for key, table in self.tables.items()]

    # --- keys

    @property
    def _going_on(self) -> list[HostedTable]:
        return [one for one in self.tables.values() if one.ended is None]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does something now."""
        del parameters
        is_all_paused = all(one.lead.is_paused for one in self._going_on)
        is_open = {
            "pause": bool(self._going_on) and not is_all_paused,
            "go_on": bool(self._going_on) and is_all_paused,
            "compare": any(one.phase == "over" for one in self.tables.values()),
        }
        return is_open.get(action, True)

    @on(Listing.Chosen)
    def _open(self, message: Listing.Chosen) -> None:
        from tui.screens.trainer import TrainerScreen

        app_of(self).push_screen(TrainerScreen(self.tables[message.key]))

    def action_pause(self) -> None:
        """Pause every table that goes on."""
        for table in self._going_on:
            table.lead.pause()

    def action_go_on(self) -> None:
        """Let all go on."""
        for table in self._going_on:
            table.lead.go_on()

    def action_links(self) -> None:
        """Show the links of every table's seats, those of the current one first."""
        papers = {f"Table {key}": links_told(table) for key, table in self.tables.items()}
        first = f"Table {self.query_one(Listing).current}"
        app_of(self).push_screen(PapersScreen(papers, first, kind="table"))

    def action_compare(self) -> None:
        """Compare the tables that are over."""
        from tui.screens.class_page import ClassScreen

        over = [one.path for one in self.tables.values() if one.phase == "over"]
        app_of(self).push_screen(ClassScreen(over))

    def action_help(self) -> None:
        """Show every key, and how to read the screen."""
        app_of(self).push_screen(HelpScreen(TABLES_KEYS, READING))


def _drawn(table: HostedTable) -> Callable[[int], Content]:
    """Return what draws a table's row."""

    def draw(width: int) -> Content:
        cells = (
            (Content(f"{table.number:>3}"), NUMBER),
            (Content(round_of(table)), ROUND),
            (stands_told(table), STANDS),
        )
        line = Content("")
        for told, room in cells:
            cell = told.truncate(room - 1, ellipsis=True)
            line = Content.assemble(line, cell, " " * (room - cell.cell_length))
        left = max(width - line.cell_length, 0)
        people = Content("") if table.ended is not None else missing_told(table)
        return Content.assemble(line, people.truncate(left, ellipsis=True))

    return draw
