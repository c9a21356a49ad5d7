"""What an evaluation found: answer, standings, pairs, curves, outcomes, games, methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from delegates.evaluation.judging.found import Found
from delegates.evaluation.planning.plan import FAILURES
from delegates.text import counted, one_line
from games.errors import MinilateralError
from tui.errands import ContinueEvaluation
from tui.nodes import app_of
from tui.screens.back_keys import BACK_KEYS
from tui.screens.evaluation_export import EvaluationExportScreen
from tui.screens.help import HelpScreen
from tui.text.wording import money
from tui.typed_keys import orderly
from tui.widgets.evaluation_panels import (
    CurvesPanel,
    GamePanel,
    OutcomesPanel,
    PairsPanel,
    Panel,
    StandingsPanel,
    WordsPanel,
)
from tui.widgets.evaluation_words import answer_lines, methods_lines
from tui.widgets.fitted import Fitted, Text, stamped
from tui.widgets.key_line import KeyLine
from tui.widgets.tab_row import TabRow
from tui.widgets.title_bar import STAMP

PARTS = {
    "answer": "Answer",
    "standings": "Standings",
    "pairs": "Pairs",
    "curves": "Curves",
    "outcomes": "Outcomes",
    "game": "Game",
    "methods": "Methods",
}
"""The parts by their ids, in the order of their keys from 1."""

KEYS = {
    "1 – 7, Tab": "answer, standings, pairs, curves, outcomes, game, methods",
    "↑ ↓ · k j": "another strategy, scenario or row; elsewhere they scroll",
    "← → · h l": "in a grid: another column",
    "PgUp PgDn": "scroll what is told of it",
    "g G": "first, last; top, end",
    "m M": "standings: by the next measure, the one before",
    "n N": "the next game or scenario, the one before",
    "e": "write the report: HTML, Markdown, figures as CSV",
    "c": "continue the evaluation, where sessions are still to be played",
    "Esc · H": "back · home",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Intervals": "● is the mean over scenarios, ├ and ┤ end its 95 % interval; n counts sessions. "
    "[–]: too few scenarios for an interval.",
    "Differences": "paired, in the same place: ▲ gained more, ▼ less, ≈ not told apart (p adjusted "
    "for all comparisons, the interval not), – not tested.",
    "Games": "consumers choose a row, suppliers a column; a cell has what each gains in per cent, "
    "delay counted. ↕ and ↔ mark best replies, ◆ an equilibrium of the means, ≈ what is not told "
    "from one.",
    "Outcomes": "gains of two parties: ∘ the frontier, N the Nash outcome, ◉ ● • agreements by "
    "their number.",
    "Mouse": "click a tab, a row, a cell, or the name of a game.",
}
"""How to read the parts."""

Reader = Callable[[Path], Found]
"""Returns what the evaluation in a folder found; it waits for files and may take a while."""


def read_found(path: Path) -> Found:
    """Return what an evaluation found; what reads and computes it is loaded here."""
    from tui.evaluating.reading import read_found

    return read_found(path)


class EvaluationScreen(Screen[None]):
    """Shows an evaluation's report part by part."""

    CSS_PATH = "evaluation.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall"), (48, "-high")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"part('{part}')", name, show=False)
            for number, (part, name) in enumerate(PARTS.items(), start=1)
        ),
        Binding("tab", "next_part(1)", "part", key_display="1–7"),
        Binding("shift+tab", "next_part(-1)", "Part before", show=False),
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
        Binding("m", "next_measure(1)", "measure"),
        Binding("M", "next_measure(-1)", "Measure before", show=False),
        Binding("n", "next_one(1)", "next"),
        Binding("N", "next_one(-1)", "The one before", show=False),
        Binding("c", "go_on", "continue"),
        Binding("e", "export", "export"),
        *BACK_KEYS,
    ]

    part: reactive[str] = reactive("answer", bindings=True)
    """The part that is shown."""

    @dataclass
    class Read(Message):
        """It is known what the evaluation found."""

        found: Found

    @dataclass
    class NotRead(Message):
        """Why nothing can be shown."""

        line: str

    def __init__(self, path: Path, *, read: Reader = read_found) -> None:
        """Show an evaluation.

        Args:
            path: Its folder.
            read: Returns what it found; it is called in a thread.
        """
        super().__init__()
        self.path = path
        self._read = read
        self.found: Found | None = None
        """What it found, once that is known."""
        self._failure = ""
        self._is_to_export = False

    def compose(self) -> ComposeResult:
        """Lay title, tabs, parts and keys from top to bottom."""
        yield Fitted(self._title, id="evaluation-title")
        yield TabRow(PARTS, id="parts").data_bind(active=EvaluationScreen.part)
        with Vertical(id="body"):
            yield WordsPanel(answer_lines, id="part-answer")
            yield StandingsPanel()
            yield PairsPanel()
            yield CurvesPanel()
            yield OutcomesPanel()
            yield GamePanel()
            yield WordsPanel(methods_lines, id="part-methods")
        yield Text(id="evaluation-failure")
        yield KeyLine()

    def on_mount(self) -> None:
        """Have it read."""
        self.watch_part(self.part)
        self._fetch()

    @work(thread=True, exclusive=True)
    def _fetch(self) -> None:
        """Read what it found; in a thread of its own."""
        try:
            found = self._read(self.path)
        except MinilateralError as error:
            self.post_message(self.NotRead(one_line(str(error))))
        else:
            self.post_message(self.Read(found))

    @on(Read)
    def _take(self, message: Read) -> None:
        self.found = message.found
        self.query_one("#evaluation-title", Fitted).show(self._title)
        for panel in self.query(Panel):
            panel.tell(message.found)
        self.refresh_bindings()
        if self._is_to_export:
            orderly(self).open_unasked(self, self.action_export)

    @on(NotRead)
    def _fail(self, message: NotRead) -> None:
        self._failure = message.line
        self.add_class("-failed")
        self.query_one("#evaluation-title", Fitted).show(self._title)
        told = Content.assemble(("✗ ", "$error"), message.line)
        self.query_one("#evaluation-failure", Text).update(told)
        self.refresh_bindings()

    def _title(self, width: int) -> list[Content]:
        found = self.found
        if found is None:
            then = "; the report is written then" if self._is_to_export else ""
            state = "it cannot be shown" if self._failure else f"reading, and working it out…{then}"
            style = "$error" if self._failure else "$muted"
            return [
                stamped(f"Evaluation · {one_line(self.path.name)}", "", STAMP, width),
                Content.styled(state, style).truncate(width, ellipsis=True),
            ]
        failed = sum(found.ended.get(kind, 0) for kind in FAILURES)
        told = f"{found.sessions:,} of {counted(found.planned, 'session')}"
        strategies = counted(len(found.standings), "strategy", "strategies")
        return [
            stamped(one_line(found.title), one_line(found.plan), STAMP, width),
            Content.assemble(
                (told, "" if found.sessions >= found.planned else "$warning"),
                (f" · ✗ {failed:,} failed" if failed else " · none failed", "$muted"),
                (f" · {strategies} · {money(found.cost_usd)}", "$muted"),
            ).truncate(width, ellipsis=True),
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does anything here."""
        del parameters
        found = self.found
        match action:
            case "next_measure":
                return self.part == "standings"
            case "next_one":
                return self.part in ("game", "outcomes")
            case "export":
                return not self._failure
            case "go_on":
                return found is not None and found.sessions < found.planned
            case _:
                return True

    def watch_part(self, now: str) -> None:
        """Show a part and give it the keys."""
        for part in PARTS:
            self.set_class(part == now, f"on-{part}")
        if self.is_mounted:
            self.set_focus(self._panel(now).keyed, scroll_visible=False)

    def _panel(self, part: str) -> Panel:
        return self.query_one(f"#part-{part}", Panel)

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.part = message.key

    def on_click(self, event: Click) -> None:
        """Show the next game where the name of this one is clicked."""
        if event.widget is not None and event.widget.id == "game-name":
            self.query_one(GamePanel).next(1)

    def action_part(self, part: str) -> None:
        """Show a part."""
        self.part = part

    def action_next_part(self, by: int) -> None:
        """Show the part after or before."""
        parts = list(PARTS)
        self.part = parts[(parts.index(self.part) + by) % len(parts)]

    def action_page(self, by: int) -> None:
        """Scroll what is told beside a list or a grid."""
        told = self._panel(self.part).told
        if told is not None:
            (told.scroll_page_down if by > 0 else told.scroll_page_up)(animate=False)

    def action_next_measure(self, by: int) -> None:
        """Rank by another measure."""
        self.query_one(StandingsPanel).next_measure(by)

    def action_next_one(self, by: int) -> None:
        """Show another game, or another scenario's outcomes."""
        if self.part == "game":
            self.query_one(GamePanel).next(by)
        else:
            self.query_one(OutcomesPanel).next(by)

    def action_go_on(self) -> None:
        """Play what is still to be played."""
        self.post_message(ContinueEvaluation(self.path))

    def action_export(self) -> None:
        """Write the report and say where it is; as soon as it is known what it tells."""
        if self.found is None:
            self._is_to_export = True
            self.query_one("#evaluation-title", Fitted).show(self._title)
        elif app_of(self).screen is self:
            app_of(self).push_screen(EvaluationExportScreen(self.found, self.path))

    def action_help(self) -> None:
        """Say what the keys do, and how to read the parts."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))
