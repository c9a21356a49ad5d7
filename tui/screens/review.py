"""The review: how a seat played, move by move, and what it could have done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from delegates.text import one_line
from games.errors import MinilateralError
from games.point_words import tenths
from games.review.debrief import Debrief, MoveNote
from transcripts.events import Opened
from transcripts.store import Transcript
from tui.errands import Analyse, Compare, OpenReplay
from tui.nodes import app_of
from tui.screens.export import OPENS_THEN, ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.try_again import TryAgainScreen
from tui.text.labels import PartyLabel, party_labels
from tui.typed_keys import orderly
from tui.widgets.debrief_lines import (
    BARS,
    accuracy_told,
    after_lines,
    belief_lines,
    sheet_lines,
)
from tui.widgets.debrief_panels import (
    LessonCard,
    MoveChosen,
    MovesPanel,
    OverviewPanel,
    TextPanel,
    ToMove,
)
from tui.widgets.ending import ended_briefly
from tui.widgets.fitted import Text
from tui.widgets.key_line import KeyLine
from tui.widgets.messages import AtWork
from tui.widgets.move_note import GRADES
from tui.widgets.tab_row import TabRow

PANELS = {
    "overview": "Overview",
    "moves": "Moves",
    "beliefs": "Beliefs",
    "sheet": "Preparation",
    "after": "Agreement",
}
"""The panels by their ids, in the order of their keys 1 to 5."""

KEYS = {
    "← →": "the party's move before, or the next one",
    "↑ ↓ · k j": "through moves or lessons; elsewhere they scroll",
    "Enter": "on a lesson: to the move it points to, and to the next one",
    "PgUp PgDn": "a page of what is said of the move, or of the panel",
    "g G · Home End": "first move, last move; top, end",
    "1 – 5, Tab": "overview, moves, beliefs, preparation, agreement",
    "T": "try again from before the chosen move",
    "r": "replay the session, from the chosen move on",
    "C": "both futures side by side, where the session branched off another",
    "s": "the next party's play",
    "e": "write the review to a file",
    "A": "what theory says of the scenario",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "Esc · H": "back · home",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Accuracy": "100 where every move was the best reply that could be found without knowing the "
    "others' private sides; ▒ and ± are its standard error. For training, not for grading.",
    "Signs": ", ".join(f"{grade.sign} {grade.word}" for grade in GRADES.values() if grade.word),
    "r": "what you have without agreement, in points: your reservation value.",
    "Moves": "a loss is told in points with its standard error; one under two of them counts as "
    "none. The best alternative stands with the moves that would have followed.",
    "Beliefs": BARS,
    "Mouse": "click a tab, a move or a lesson; the wheel scrolls.",
}
"""How to read the panels."""

Review = Callable[[Path, str | None, Callable[[str], None]], Debrief]
"""Computes the debrief of a party; it tells what it is at, in a few words."""


def debriefed(path: Path, party: str | None, progress: Callable[[str], None]) -> Debrief:
    """Return the debrief of a recorded session for a party; what computes it is loaded here."""
    from delegates.debriefing.debrief import debrief

    return debrief(path, party, progress=progress)


@dataclass
class Reviewed(Message):
    """A debrief was computed."""

    debrief: Debrief
    header: Opened


@dataclass
class NotReviewed(Message):
    """Why there is no debrief."""

    error: MinilateralError


class ReviewScreen(Screen[None]):
    """Shows the debrief of one party at a time."""

    CSS_PATH = "review.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-split"), (170, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (42, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Move before", show=False),
        Binding("right", "step(1)", "move", key_display="← →"),
        *(
            Binding(str(number), f"panel('{panel}')", name, show=False)
            for number, (panel, name) in enumerate(PANELS.items(), start=1)
        ),
        Binding("tab", "next_panel(1)", "panel", key_display="1–5"),
        Binding("shift+tab", "next_panel(-1)", "Panel before", show=False),
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
        Binding("T", "try_again", "try again", key_display="T"),
        Binding("r", "replay", "replay"),
        Binding("C", "compare", "Both futures", show=False),
        Binding("s", "next_party", "seat"),
        Binding("e", "export", "export"),
        Binding("A", "analyse", "Analysis", show=False),
        Binding("H", "app.home", "Home", show=False),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("escape", "app.close_screen", "back", key_display="Esc"),
        Binding("q", "app.quit", "Quit", show=False),
    ]

    MEANWHILE: ClassVar[str] = (
        "Every move is compared with the others that were possible; that takes a moment."
    )
    """What is said while the first debrief is computed."""

    panel: reactive[str] = reactive("overview")
    """The panel that is shown, or has the focus where several are."""

    def __init__(self, path: Path, party: str | None = None, *, review: Review = debriefed) -> None:
        """Review a session.

        Args:
            path: Its transcript.
            party: Whose play is shown first; None for the person's, else the first party's.
            review: Computes the debrief; it is called in a thread.
        """
        super().__init__()
        self._path, self._party, self._review = path, party, review
        self._debrief: Debrief | None = None
        self._header: Opened | None = None
        self._labels: dict[str, PartyLabel] = {}
        self._place = 0
        self._doing: str | None = None
        self._next: tuple[str, Callable[[], object]] | None = None
        """What was asked for and waits for the review: what is said meanwhile, and what it does."""

    def compose(self) -> ComposeResult:
        """Lay title, tabs, panels and keys from top to bottom."""
        yield Text(id="review-title")
        yield TabRow(PANELS, id="review-tabs").data_bind(active=ReviewScreen.panel)
        with Horizontal(id="review-panels"):
            yield MovesPanel()
            with Grid(id="review-side"):
                yield OverviewPanel()
                yield TextPanel(PANELS["beliefs"], "beliefs")
                yield TextPanel(PANELS["after"], "after")
                yield TextPanel(PANELS["sheet"], "sheet")
        yield KeyLine()

    def on_mount(self) -> None:
        """Have the debrief computed."""
        self._compute(self._party)

    def _compute(self, party: str | None) -> None:
        whose = "" if party is None or party not in self._labels else self._labels[party].name
        told = f"Reviewing {whose}…" if whose else "Reviewing the session…"
        self._tell_doing(told)
        if self._debrief is None:
            self.query_one(OverviewPanel).say(self.MEANWHILE)
        self._work(party)

    @work(thread=True, exclusive=True)
    def _work(self, party: str | None) -> None:
        """Compute a debrief; in a thread of its own."""
        try:
            header = Transcript(self._path).header()
            found = self._review(self._path, party, self._tell_progress)
        except MinilateralError as error:
            self.post_message(NotReviewed(error))
        else:
            self.post_message(Reviewed(found, header))

    def _tell_progress(self, what: str) -> None:
        self.post_message(AtWork(what))

    @on(AtWork)
    def _show_progress(self, message: AtWork) -> None:
        if self._doing is not None:
            self._tell_doing(f"Reviewing… {one_line(message.what, 200)}")

    def _tell_doing(self, told: str) -> None:
        self._doing = told
        lines = [told] if self._next is None else [told, self._next[0]]
        title = Content("\n").join(Content.styled(one, "$muted") for one in lines)
        self.query_one("#review-title", Text).update(title)

    @on(Reviewed)
    async def _take(self, message: Reviewed) -> None:
        found = message.debrief
        self._debrief, self._header, self._party = found, message.header, found.party
        self._doing = None
        self._labels = {label.id: label for label in party_labels(found.scenario)}
        self._place = 0
        labels = self._labels
        self.query_one("#review-title", Text).update(self._title(found))
        await self.query_one(OverviewPanel).tell(found, labels)
        self.query_one(MovesPanel).tell(found)
        self._text("beliefs").tell(lambda width: belief_lines(found, labels, width))
        self._text("sheet").tell(lambda width: sheet_lines(found, width))
        self._text("after").tell(lambda width: after_lines(found, width))
        self.watch_panel(self.panel)
        asked, self._next = self._next, None
        if asked is not None:
            asked[1]()

    @on(NotReviewed)
    def _take_error(self, message: NotReviewed) -> None:
        told = self.fault_told(message.error)
        self._doing = self._next = None
        if self._debrief is None:
            self.query_one("#review-title", Text).update(Content.styled("No review", "bold"))
            self.query_one(OverviewPanel).say(told, "$error")
        else:
            self.query_one("#review-title", Text).update(self._title(self._debrief))
            self.notify(told, severity="error", timeout=10, markup=False)

    def fault_told(self, error: MinilateralError) -> str:
        """Return in a line why there is no debrief."""
        return one_line(str(error))

    def _text(self, panel: str) -> TextPanel:
        return self.query_one(f"#{panel}", TextPanel)

    def _title(self, found: Debrief) -> Content:
        """Return two lines: the scenario, then whose play it is and what it came to."""
        label = self._labels[found.party]
        own = found.utilities.get(found.party)
        worth = "" if own is None or found.status == "open" else f" · {tenths(own)} points"
        return Content("\n").join(
            [
                Content.styled(f"Review · {one_line(found.scenario.title)}", "bold"),
                Content.assemble(
                    (f"{label.glyph} {label.name}", f"bold {label.style}"),
                    f" · {accuracy_told(found)}",
                    worth,
                    " · ",
                    ended_briefly(found.status),
                ),
            ]
        )

    def watch_panel(self, now: str) -> None:
        """Show a panel and give it the focus; the moves stay beside another one where they fit."""
        for panel in PANELS:
            self.set_class(panel == now, f"on-{panel}")
        if now != "moves":
            for panel in PANELS:
                self.set_class(panel == now, f"side-{panel}")
        if not self.is_mounted:
            return
        # At once, so that the keys that follow go there.
        self.set_focus(self._to_focus(now), scroll_visible=False)

    def _to_focus(self, panel: str) -> Widget:
        cards = list(self.query(LessonCard))
        if panel == "overview" and cards:
            return cards[0]
        return (
            self.query_one(MovesPanel).choices if panel == "moves" else self.query_one(f"#{panel}")
        )

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.panel = message.key

    @on(MoveChosen)
    def _note_place(self, message: MoveChosen) -> None:
        self._place = message.place

    @on(ToMove)
    def _to_move(self, message: ToMove) -> None:
        """Show one of the party's moves, or another's in the replay."""
        moves = () if self._debrief is None else self._debrief.moves
        places = [place for place, note in enumerate(moves) if note.number == message.number]
        if places:
            self._show(places[0])
        else:
            self._open_replay(message.number)

    def _show(self, place: int) -> None:
        self._place = place
        self.query_one(MovesPanel).show(place)
        self.panel = "moves"

    @property
    def _chosen(self) -> MoveNote | None:
        """The move that is chosen, if there is any."""
        moves = () if self._debrief is None else self._debrief.moves
        return moves[self._place] if self._place < len(moves) else None

    def action_step(self, by: int) -> None:
        """Show the party's move before or after; from another panel, the chosen one first."""
        if self._debrief is not None and self._debrief.moves:
            by = by if self.panel == "moves" else 0
            self._show(min(max(self._place + by, 0), len(self._debrief.moves) - 1))

    def action_panel(self, panel: str) -> None:
        """Show a panel."""
        self.panel = panel

    def action_next_panel(self, by: int) -> None:
        """Show the panel after or before."""
        panels = list(PANELS)
        self.panel = panels[(panels.index(self.panel) + by) % len(panels)]

    def action_page(self, by: int) -> None:
        """Scroll what is said of the chosen move."""
        self.query_one(MovesPanel).page(by)

    def _waits(self, told: str, act: Callable[[], object]) -> bool:
        """Return whether the review is being computed; what was asked for is done then."""
        if self._doing is not None:
            self._next = told, act
            self._tell_doing(self._doing)
        return self._doing is not None

    def _opens_then(self, told: str, opens: Callable[[], object]) -> bool:
        """Return whether the review is being computed; what was asked for opens then."""
        return self._waits(told, lambda: orderly(self).open_unasked(self, opens))

    def action_try_again(self) -> None:
        """Ask how to try again from before the chosen move, once the review is there."""
        if self._opens_then("T: trying again opens once it is there.", self.action_try_again):
            return
        if self._debrief is None or self._header is None or app_of(self).screen is not self:
            return
        at = 0 if self._chosen is None else self._chosen.number - 1
        names = {label.id: label.name for label in party_labels(self._debrief.scenario)}
        specs = {party: seat.spec for party, seat in self._header.seats.items()}
        app_of(self).push_screen(TryAgainScreen(self._path, at, names, specs))

    def action_replay(self) -> None:
        """Replay the session from the chosen move on."""
        self._open_replay(None if self._chosen is None else self._chosen.number)

    def _open_replay(self, at: int | None) -> None:
        found = self._debrief
        see = found.party if found is not None and found.is_sealed else None
        self.post_message(OpenReplay(self._path, see=see, at=at))

    def action_next_party(self) -> None:
        """Review the next party's play, once this review is there."""
        if self._waits("s: the next seat's comes once it is there.", self.action_next_party):
            return
        if self._debrief is None:
            return
        parties = self._debrief.parties
        here = parties.index(self._debrief.party) if self._debrief.party in parties else -1
        wanted = parties[(here + 1) % len(parties)] if parties else self._debrief.party
        if wanted != self._debrief.party:
            self._compute(wanted)
        else:
            self.notify("no other seat may be seen until the close", markup=False)

    def action_export(self) -> None:
        """Ask in which form the review is written, and write it, once it is there."""
        if self._opens_then(OPENS_THEN, self.action_export):
            return
        if self._debrief is None:
            told = Content.assemble(("No review", "bold"), "\nThere is none to write.")
            self.query_one("#review-title", Text).update(told)
        elif app_of(self).screen is self:
            app_of(self).push_screen(ExportScreen(self._debrief, self._path))

    def action_compare(self) -> None:
        """Show the session beside the one it branched off."""
        self.post_message(Compare(None, self._path))

    def action_analyse(self) -> None:
        """Show what theory says of the session's scenario."""
        self.post_message(Analyse(path=self._path))

    def action_help(self) -> None:
        """Show what the keys do and how the panels are read."""
        from tui.text.review import MARKS

        app_of(self).push_screen(HelpScreen(KEYS, {**READING, "Grades": MARKS}))
