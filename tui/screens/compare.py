"""Two futures of a session side by side: what they share, where they part, what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from delegates.sealing import persons
from delegates.text import counted, one_line
from games.errors import MinilateralError
from games.review.debrief import Debrief
from tui.errands import OpenReplay, OpenReview
from tui.nodes import app_of
from tui.replay import Recording
from tui.replay.futures import Future, Futures, futures
from tui.screens.back_keys import BACK_KEYS
from tui.screens.help import HelpScreen
from tui.screens.review import Review, debriefed
from tui.text.labels import PartyLabel, party_labels
from tui.widgets.debrief_panels import TextPanel
from tui.widgets.fitted import Text
from tui.widgets.futures_lines import result_lines
from tui.widgets.futures_panels import RowChosen, RowsPanel
from tui.widgets.key_line import KeyLine
from tui.widgets.tab_row import TabRow

PANELS = {"results": "Results", "rows": "Moves side by side"}
"""The panels by their ids, in the order of their keys 1 and 2."""

KEYS = {
    "↑ ↓ · k j · ← →": "the row of moves before, or the next one",
    "PgUp PgDn": "a page of the chosen row, or of the results",
    "g G · Home End": "first row, last row",
    "1 – 2, Tab": "results, moves side by side",
    "s": "whose points and accuracy are told",
    "r R": "replay the first, the second session at the chosen row",
    "v V": "review the first, the second session",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "Esc · H": "back · home",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Shared": "moves that both records hold as one and the same: made at the same time with the "
    "same words, since one session began from the other, or both from a third.",
    "Rows": "≠ both moved there, otherwise; = they did the same again; the figure is what an offer "
    "was worth to the party named above.",
    "Results": "change is the second less the first. “With time” counts what delay costs. "
    "Distances are in shares of what can be gained.",
    "Sealed": "while a person still sits in one of the two, only that person's points are shown.",
    "Mouse": "click a tab or a row; the wheel scrolls.",
}
"""How to read the panels."""


@dataclass
class Found(Message):
    """Both records were read."""

    futures: Futures


@dataclass
class NotFound(Message):
    """Why the two cannot be compared."""

    error: MinilateralError


@dataclass
class Judged(Message):
    """A future was reviewed for a party, or why it was not."""

    party: str
    which: int
    review: Debrief | str


def _silent(_: str) -> None:
    """Tell nobody what a review is at."""


class CompareScreen(Screen[None]):
    """Shows what two sessions share and what became of each."""

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (170, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "panel('results')", "Results", show=False),
        Binding("2", "panel('rows')", "Moves", show=False),
        Binding("tab,shift+tab", "next_panel", "panel", key_display="1–2"),
        Binding("left", "step(-1)", "Row before", show=False),
        Binding("right", "step(1)", "row", key_display="← →"),
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
        Binding("s", "next_party", "seat"),
        Binding("r", "replay(0)", "replay", key_display="r R"),
        Binding("R", "replay(1)", "Replay the second", show=False),
        Binding("v", "review(0)", "review", key_display="v V"),
        Binding("V", "review(1)", "Review the second", show=False),
        *BACK_KEYS,
    ]

    panel: reactive[str] = reactive("results")
    """The panel that is shown, or has the focus where both are."""

    def __init__(self, first: Recording, second: Recording, *, review: Review = debriefed) -> None:
        """Compare two sessions.

        Args:
            first: One of them, for instance the parent.
            second: The other, for instance the branch.
            review: Computes a debrief; it is called in a thread.
        """
        super().__init__()
        self._both = first, second
        self._review = review
        self._found: Futures | None = None
        self._labels: Mapping[str, PartyLabel] = {}
        self._party = ""
        self._row = 0
        self._reviews: dict[tuple[str, int], Debrief | str] = {}

    def compose(self) -> ComposeResult:
        """Lay title, tabs, panels and keys from top to bottom."""
        yield Text(id="compare-title")
        yield TabRow(PANELS, id="compare-tabs").data_bind(active=CompareScreen.panel)
        with Horizontal(id="compare-panels"):
            yield TextPanel(PANELS["results"], "results")
            yield RowsPanel()
        yield KeyLine()

    def on_mount(self) -> None:
        """Have both records read."""
        title = self.query_one("#compare-title", Text)
        title.update(Content.styled("Reading both sessions…", "$muted"))
        self._read()

    @work(thread=True, group="read")
    def _read(self) -> None:
        """Read both records; in a thread of its own."""
        try:
            found = futures(*self._both)
        except MinilateralError as error:
            self.post_message(NotFound(error))
        else:
            self.post_message(Found(found))

    @work(thread=True, exclusive=True, group="review")
    def _judge(self, party: str) -> None:
        """Review both futures for a party; in a thread of its own."""
        for which, recording in enumerate(self._both):
            if (party, which) in self._reviews:
                continue
            found: Debrief | str
            try:
                found = self._review(recording.path, party, _silent)
            except MinilateralError:
                found = "not computed"
            self.post_message(Judged(party, which, found))

    @on(NotFound)
    def _take_error(self, message: NotFound) -> None:
        title = self.query_one("#compare-title", Text)
        title.update(Content.styled("Nothing is compared", "bold"))
        told = one_line(str(message.error))
        self.query_one("#results", TextPanel).tell(
            lambda width: Content.styled(told, "$error").wrap(width)
        )

    @on(Found)
    def _take(self, message: Found) -> None:
        found = self._found = message.futures
        self._labels = {label.id: label for label in party_labels(found.scenario)}
        sitting = [party for one in self._both[::-1] for party in persons(one.header)]
        known = [party for party in (*sitting, *found.visible) if party in found.visible]
        self.query_one("#compare-title", Text).update(self._title(found))
        self._show(known[0])
        self.watch_panel(self.panel)

    def _title(self, found: Futures) -> Content:
        first, second = found.first, found.second
        shared = f"shared up to move {found.shared}" if found.shared else "nothing shared"
        moves = [counted(side.total, "move") for side in (first, second)]
        told = f"{shared} · first: {moves[0]} · second: {moves[1]}"
        scenario = one_line(found.scenario.title)
        return Content("\n").join([Content.styled(f"Two futures · {scenario}", "bold"), told])

    def _show(self, party: str) -> None:
        """Show both futures as one party values them."""
        if self._found is None:
            return
        self._party = party
        self.query_one(RowsPanel).tell(self._found, dict(self._labels), party, self._row)
        self._show_results()
        self._judge(party)

    def _show_results(self) -> None:
        found, labels, party = self._found, self._labels, self._party
        if found is None:
            return
        reviews = self._reviews.get((party, 0)), self._reviews.get((party, 1))
        self.query_one("#results", TextPanel).tell(
            lambda width: result_lines(found, labels, width, reviews, party)
        )

    @on(Judged)
    def _take_review(self, message: Judged) -> None:
        self._reviews[message.party, message.which] = message.review
        if message.party == self._party:
            self._show_results()

    @on(RowChosen)
    def _note_row(self, message: RowChosen) -> None:
        self._row = message.row

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.panel = message.key

    def watch_panel(self, now: str) -> None:
        """Show a panel and give it the focus."""
        for panel in PANELS:
            self.set_class(panel == now, f"on-{panel}")
        if self.is_mounted:
            rows = self.query_one(RowsPanel).choices
            # At once, so that the keys that follow go there.
            to_focus = rows if now == "rows" else self.query_one("#results")
            self.set_focus(to_focus, scroll_visible=False)

    def action_panel(self, panel: str) -> None:
        """Show a panel."""
        self.panel = panel

    def action_next_panel(self) -> None:
        """Show the other panel."""
        self.panel = "rows" if self.panel == "results" else "results"

    def action_step(self, by: int) -> None:
        """Show the row before or after; from the results, the chosen one first."""
        if self._found is not None and self._found.rows:
            by = by if self.panel == "rows" else 0
            self._row = min(max(self._row + by, 0), self._found.rows - 1)
            self.query_one(RowsPanel).show(self._row)
            self.panel = "rows"

    def action_page(self, by: int) -> None:
        """Scroll what is said of the chosen row."""
        self.query_one(RowsPanel).page(by)

    def action_next_party(self) -> None:
        """Tell the next party's points and accuracy."""
        if self._found is None:
            return
        visible = self._found.visible
        if len(visible) > 1:
            self._show(visible[(visible.index(self._party) + 1) % len(visible)])
        else:
            self.notify("no other seat may be seen until the close", markup=False)

    def _side(self, which: int) -> Future | None:
        found = self._found
        return None if found is None else (found.first, found.second)[which]

    def action_replay(self, which: int) -> None:
        """Replay one of the two at the chosen row."""
        found, side = self._found, self._side(which)
        if found is not None and side is not None:
            at = min(found.shared + self._row + 1, side.total)
            see = found.see if found.see is not None and not side.is_over else None
            self.post_message(OpenReplay(side.recording.path, see=see, at=at))

    def action_review(self, which: int) -> None:
        """Review one of the two."""
        side = self._side(which)
        if side is not None:
            self.post_message(OpenReview(side.recording.path, self._party))

    def action_help(self) -> None:
        """Show what the keys do and how the panels are read."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))
