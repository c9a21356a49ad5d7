"""What theory says of a scenario, or of a session and its agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from delegates.text import one_line
from games.errors import MinilateralError
from tui.nodes import app_of
from tui.screens.back_keys import BACK_KEYS
from tui.screens.help import HelpScreen
from tui.study import PARTS, Part, Study, studied
from tui.text.cells import cell_lines
from tui.text.wording import as_wide_as
from tui.widgets.fitted import Text
from tui.widgets.game_grid import GameGrid
from tui.widgets.key_line import KeyLine
from tui.widgets.space_plot import SpacePlot
from tui.widgets.study_lines import games_text, part_lines
from tui.widgets.tab_row import TabRow
from tui.widgets.years_chart import YearsChart

KEYS = {
    "1 – 6, Tab": "outcomes, solutions, games, perfect play, agreement, years",
    "← → ↑ ↓": "in a game: another cell; elsewhere they scroll",
    "n N": "the next game, the one before",
    "o": "outcome space: another pair of parties",
    "PgUp PgDn": "scroll",
    "Esc · H": "back · home",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Games": "each side is a bloc; a cell tells what the two get if they keep to its row and "
    "column. ↕ and ↔ mark best replies; where both stand, ◆, neither gains by changing its own "
    "strategy. The chosen cell is explained below the grid.",
    "Outcome space": "∘ is the frontier, the dense cloud the ZOPA, letters the solutions, ★ what "
    "was agreed.",
    "Session": "a session is studied as it ended: after all that happened in it, and with what "
    "was agreed. A scenario is studied as if its first Nash outcome were signed.",
    "Mouse": "click a tab, a cell, or the name of the game.",
}
"""How to read the parts."""

_PARTS: Mapping[str, str] = {str(part): name for part, name in PARTS.items()}


class AnalysisScreen(Screen[None]):
    """Shows matrices, solutions, perfect play and what comes after signature."""

    CSS_PATH = "analysis.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"part('{part}')", name, show=False)
            for number, (part, name) in enumerate(PARTS.items(), start=1)
        ),
        Binding("tab", "next_part(1)", "part", key_display="1–6"),
        Binding("shift+tab", "next_part(-1)", "Part before", show=False),
        Binding("n", "next_game(1)", "game"),
        Binding("N", "next_game(-1)", "Game before", show=False),
        Binding("o", "next_pair", "pair"),
        *BACK_KEYS,
    ]

    part: reactive[str] = reactive("outcomes")
    """The part that is shown."""
    study: reactive[Study | None] = reactive(None)
    """As much as has been found."""
    game: reactive[int] = reactive(0)
    """Which of the games is shown."""

    @dataclass
    class Found(Message):
        """More is known."""

        study: Study

    @dataclass
    class Failed(Message):
        """Nothing more can be found."""

        line: str

    def __init__(self, *, source: str | None = None, path: Path | None = None) -> None:
        """Prepare to study a scenario or a session.

        Args:
            source: A bundled scenario's name or a file.
            path: A transcript, where a session is studied.
        """
        super().__init__()
        self._source, self._path = source, path
        self._stop = Event()
        self._plot: SpacePlot | None = None
        self._failure = ""

    def compose(self) -> ComposeResult:
        """Lay title, tabs, parts and keys from top to bottom."""
        yield Text(id="study-title", markup=False)
        yield TabRow(_PARTS, id="parts").data_bind(active=AnalysisScreen.part)
        with Vertical(id="body"):
            for part in PARTS:
                yield from self._room(part)
        yield KeyLine()

    def _room(self, part: Part) -> ComposeResult:
        with (
            Horizontal(id=f"part-{part}", classes="part"),
            VerticalScroll(id=f"scroll-{part}", classes="words"),
        ):
            if part == "games":
                yield Text(id="game-name")
                yield GameGrid()
                yield Text(id="cell")
            if part == "years":
                yield YearsChart()
            yield Text(id=f"text-{part}")

    def on_mount(self) -> None:
        """Have it studied."""
        self._title()
        self.watch_part(self.part)
        self._study()

    def on_unmount(self) -> None:
        """Let the study stop."""
        self._stop.set()

    @work(thread=True, exclusive=True)
    def _study(self) -> None:
        """Study it part by part, in a thread of its own."""
        try:
            for found in studied(self._source, self._path):
                if self._stop.is_set():
                    return
                self.post_message(self.Found(found))
        except MinilateralError as error:
            self.post_message(self.Failed(one_line(str(error))))

    @on(Found)
    async def _take(self, message: Found) -> None:
        self.study = message.study
        await self._draw_outcomes()

    @on(Failed)
    def _fail(self, message: Failed) -> None:
        self._failure = message.line
        self._title()
        self._write()

    def watch_study(self) -> None:
        """Show what has been found."""
        if not self.is_mounted or self.study is None:
            return
        self._title()
        self._write()
        self._show_game()
        signed = self.study.signed
        if "years" in self.study.ready and signed is not None and signed.outlook is not None:
            chart = self.query_one(YearsChart)
            chart.display = chart.show(self.study.scenario, signed.outlook)

    def watch_part(self, now: str) -> None:
        """Show a part and give it the focus."""
        for part in PARTS:
            self.set_class(part == now, f"on-{part}")
        if self.is_mounted:
            target = "#grid" if now == "games" else f"#scroll-{now}"
            self.query_one(target).focus(scroll_visible=False)
            self.refresh_bindings()

    def watch_game(self) -> None:
        """Show another game."""
        self._show_game()

    def on_resize(self, _: events.Resize) -> None:
        """Wrap anew, once everything has its new size."""
        self.call_after_refresh(self._rewrap)

    def _rewrap(self) -> None:
        self._title()
        self._write()
        self._tell_cell()

    def _width(self, part: str) -> int:
        width = self.query_one(f"#scroll-{part}").scrollable_content_region.width
        return max(width or self.size.width - 3, 20)

    def _title(self) -> None:
        study, failed = self.study, self._failure
        if study is None:
            told = one_line(str(self._source or self._path or ""))
            title = Content.assemble((f"Analysis · {told}", "bold"))
        else:
            played = study.played
            what = "" if played is None else f" · session {one_line(played.session)}"
            title = Content.assemble((one_line(study.scenario.title), "bold"), (what, "$muted"))
        if failed:
            state = Content.styled(f"✗ {failed}", "$error")
        elif study is None:
            state = Content.styled("reading…", "$muted")
        elif study.is_whole:
            state = Content.styled("all is worked out", "$muted")
        else:
            told = f"… working out: {study.next} ({len(study.ready)} of {len(PARTS)} ready)"
            state = Content.styled(told, "$warning")
        self.query_one("#study-title", Text).update(Content("\n").join([title, state]))

    def _write(self) -> None:
        for part in PARTS:
            lines = self._lines(part)
            self.query_one(f"#text-{part}", Text).update(Content("\n").join(lines))

    def _lines(self, part: Part) -> list[Content]:
        study = self.study
        if study is None or part not in study.ready:
            return [Content.styled("" if self._failure else "working it out…", "$muted")]
        width = self._width(part)
        if part == "games":
            return games_text(study, self.game, width)
        return part_lines(study, part, width)

    def _show_game(self) -> None:
        study = self.study
        if study is None or "games" not in study.ready or not self.is_mounted:
            return
        grid, matrices = self.query_one(GameGrid), study.matrices
        grid.display = bool(matrices)
        if not matrices:
            return
        matrix = matrices[self.game % len(matrices)]
        if grid.matrix is not matrix:
            grid.show(matrix)
        more = f"   n: another of {len(matrices)} games" if len(matrices) > 1 else ""
        self.query_one("#game-name", Text).update(
            Content.assemble((one_line(matrix.title), "bold"), (more, "$muted"))
        )
        self._write()
        self._tell_cell()

    @on(GameGrid.Chosen)
    def _tell_cell(self) -> None:
        study, grid = self.study, self.query_one(GameGrid)
        if study is None or grid.matrix is None:
            return
        known = study.leavers_are_known and study.analysis is not None
        is_stance = grid.matrix.name == "stance"
        leavers = study.analysis.leavers if known and is_stance and study.analysis else {}
        with as_wide_as(self._width("games") - 3):
            lines = cell_lines(grid.matrix, *grid.cell, leavers.get(grid.cell, ()))
        self.query_one("#cell", Text).update(Content("\n".join(lines)))

    async def _draw_outcomes(self) -> None:
        """Put the outcome space beside the solutions as soon as it is known."""
        study = self.study
        if study is None or study.analysis is None or self._plot is not None:
            return
        agreed = None if study.played is None else study.played.last.agreement
        self._plot = SpacePlot(study.scenario, study.analysis.bargain, agreed)
        await self.query_one("#part-solutions").mount(self._plot)

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.part = message.key

    def on_click(self, event: events.Click) -> None:
        """Show the next game where the name of this one is clicked."""
        if event.widget is not None and event.widget.id == "game-name":
            self.action_next_game(1)

    def action_part(self, part: str) -> None:
        """Show a part."""
        self.part = part

    def action_next_part(self, by: int) -> None:
        """Show the part after or before."""
        parts = list(PARTS)
        self.part = parts[(parts.index(cast("Part", self.part)) + by) % len(parts)]

    def action_next_game(self, by: int) -> None:
        """Show another game."""
        study = self.study
        if study is not None and study.matrices:
            self.part = "games"
            self.game = (self.game + by) % len(study.matrices)
        elif self._failure or (study is not None and "games" in study.ready):
            self.notify("there is no game to show", markup=False)
        else:
            self.notify("the games are not worked out yet", markup=False)

    def action_next_pair(self) -> None:
        """Show the outcome space as two other parties see it."""
        self.part = "solutions"
        if self._plot is not None:
            self._plot.next_pair()

    def action_help(self) -> None:
        """Say what the keys do, and how to read the parts."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))
