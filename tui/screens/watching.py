"""A session under way on the screen: held in one thread, read from its file in another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Literal

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen

from delegates.text import one_line
from games.errors import MinilateralError, Paused, TranscriptError
from games.preparation import Sheet
from transcripts.record import SessionRecord
from tui.errands import OpenReplay, OpenReview
from tui.live import EventKept, Gathering, Live, PauseTold, SessionOver, SessionStopped, WordsCame
from tui.nodes import app_of
from tui.replay import History, HistoryReader, Recording
from tui.table.dock import Dock
from tui.table.draft_panel import DraftPanel
from tui.table.messages import RecordOpened, RecordRead, ResultTold
from tui.table.reading import open_record
from tui.table.result_panel import ResultPanel
from tui.table.status_bar import StatusBar
from tui.table.talks import Talks
from tui.table.told import (
    ending_lines,
    ending_told,
    gathering_told,
    moves_told,
    round_told,
    seat_kept_told,
    spent_told,
    stop_told,
)
from tui.table.words_coming import WordsComing
from tui.text.labels import party_labels
from tui.widgets.dialogs import MenuScreen
from tui.widgets.fitted import Text
from tui.widgets.key_line import KeyLine
from tui.widgets.messages import GoTo
from tui.widgets.tab_row import TabRow
from tui.widgets.utilities_chart import UtilitiesChart

Phase = Literal["sitting", "waiting", "asked", "over", "stopped"]
"""Before the first event; while others move; while the person is asked; at the end; on a stop."""

PANELS = {"conversation": "Conversation", "agenda": "The text", "utilities": "Utilities"}
RESULT = {"result": "Result"}
PAUSED = (
    "Whoever leads the exercise has paused it. You can look and write; what you send is taken once "
    "it goes on."
)
CLOSED = "The talks are over; what came of them follows."
ITS_HOST_KNOWS = "whoever hosts the table can say why"
BREATH_S = 0.2
"""Seconds from one reading to the next while moves come faster than anybody reads them."""

WIDE, SPLIT, TALL = 150, 110, 40
"""Columns from which all panels are shown, or two; lines from which all fit."""


class WatchingScreen(Screen[None]):
    """Shows a session as it happens."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (SPLIT, "-split"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012

    moves: reactive[int] = reactive(0)
    """How many moves have been made where the screen stands: at the newest unless one went back."""
    total: reactive[int] = reactive(0)
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The only party whose private side is shown; None for all."""
    panel: reactive[str] = reactive("conversation")
    phase: reactive[Phase] = reactive("sitting", bindings=True)

    def __init__(self, live: Live, *, see: str | None = None) -> None:
        """Watch a session.

        Args:
            live: The session; it is held once the screen is there.
            see: The only party whose private side is shown; by default the person's, and where
                nobody sits here all.
        """
        super().__init__()
        self.live = live
        self.record: SessionRecord | None = None
        """How the session ended."""
        self.error: MinilateralError | None = None
        """Why it stopped."""
        self.sheet: Sheet | None = None
        """The preparation sheet of the person at this screen."""
        self.recording: Recording | None = None
        self.awaits: str | None = None
        """Whose move is awaited."""
        self.is_paused = False
        """Whether whoever leads the exercise has paused it."""
        self._reader: HistoryReader | None = None
        self._reading, self._more = False, False
        self._gathering: Gathering | None = None
        self._follows = True
        self._said = ""
        self._beside = "agenda"
        self.set_reactive(WatchingScreen.see, see if live.party is None else live.party)

    def compose(self) -> ComposeResult:
        """Lay out title, tabs, panels, what is asked, and keys; panels come with the record."""
        yield StatusBar(self.live.party)
        yield TabRow(PANELS, id="tabs")
        with Horizontal(id="panels"):
            yield Text("Sitting down…", id="sitting")
        yield Dock()
        yield KeyLine()

    def on_mount(self) -> None:
        """Have the session held."""
        app_of(self).clear_notifications()  # they were of the screens before
        self._hold()
        self.show_state()

    def on_unmount(self) -> None:
        """Leave the table: whoever closes the screen does not play on unseen."""
        if self.is_under_way:
            self.live.leave()

    @property
    def is_under_way(self) -> bool:
        """Whether the session goes on."""
        return self.phase in ("sitting", "waiting", "asked")

    @work(thread=True, group="session")
    def _hold(self) -> None:
        self.live.hold(self.post_message)

    @on(Gathering)
    def _gather(self, message: Gathering) -> None:
        self._gathering = message
        if self.live.party is not None:
            scenario = message.scenario
            name = scenario.parties[self.live.party].name
            for widget in self.query("#sitting").results(Text):
                widget.update(seat_kept_told(scenario.title, name))
        self.show_state()
        self.refresh_bindings()

    @on(PauseTold)
    def _pause_told(self, message: PauseTold) -> None:
        self.is_paused = message.is_paused
        self.show_state()

    # --- reading the record

    @on(EventKept)
    def _kept(self, message: EventKept) -> None:
        self.awaits = message.awaits
        if self.phase == "sitting":
            self.phase = "waiting"
        if self.live.rights.tells_spending:
            self.query_one(StatusBar).spent = spent_told(message.cost_usd, message.tokens)
        self.read_on()

    def read_on(self) -> None:
        """Have what was written since be read; once more if it is being read already."""
        if self._reading:
            self._more = True
        else:
            self._reading, self._more = True, False
            self._read()

    @work(thread=True, group="reading")
    def _read(self) -> None:
        try:
            if self.recording is None or self._reader is None:
                recording, sheet = open_record(self.live.path, self.live.party)
                self.recording, self._reader = recording, HistoryReader(recording)
                self.post_message(RecordOpened(recording, sheet))
            else:
                self.recording.grow()
            *_, newest = self._reader.read_on()
            self.post_message(RecordRead(newest))
        except TranscriptError as error:
            self.post_message(SessionStopped(error))

    @on(RecordOpened)
    def _opened(self, message: RecordOpened) -> None:
        recording, self.sheet = message.recording, message.sheet
        self.query_one(StatusBar).recording = recording
        self.refresh_bindings()
        at, told, see = WatchingScreen.moves, WatchingScreen.history, WatchingScreen.see
        conversation = Talks(recording, self.see).data_bind(at, told, see)
        charts = UtilitiesChart(recording).data_bind(at, told, see)
        side = Vertical(
            DraftPanel(recording).data_bind(at, told, see), charts, ResultPanel(), id="side"
        )
        talks = Vertical(conversation, WordsComing(recording), id="talks")
        # Nothing is waited for here: whatever holds up a widget must not hold up the table.
        self.run_worker(partial(self._lay_out, talks, side), group="laying out")

    async def _lay_out(self, *panels: Vertical) -> None:
        """Put the panels where it said that one sits down."""
        self.query("#sitting").remove()
        place = self.query_one("#panels")
        if place.is_attached:
            await place.mount(*panels)
            self._arrange()

    @on(RecordRead)
    def _take_history(self, message: RecordRead) -> None:
        self.history = message.history
        self.total = len(message.history)
        if self._follows:
            self.moves = self.total
        self._forget_words()
        self._reading = False
        self.show_state()
        if self._more:
            self.set_timer(BREATH_S, self.read_on)

    @on(WordsCame)
    def _words_came(self, message: WordsCame) -> None:
        partial = message.partial
        if partial.turn < self.total or (self.see is not None and partial.purpose != "word"):
            return
        # Who sits at the table hears of another room nothing but that it met.
        if self.see is not None and self.see not in (partial.heard_by or (self.see,)):
            return
        for widget in self.query(WordsComing):
            widget.words = partial

    def _forget_words(self) -> None:
        """Drop words that came, once the move they belong to is there."""
        for widget in self.query(WordsComing):
            if widget.words is not None and widget.words.turn < self.total:
                widget.words = None

    # --- the end

    @on(SessionOver)
    def _over(self, message: SessionOver) -> None:
        self.record, self.awaits = message.record, None
        self.phase = "over"
        if self.live.party is not None and self.live.rights.unseals:
            self.see = None  # who played may see all there was
        self.read_on()
        self.show_state()
        self.query_one(TabRow).names = {**PANELS, **RESULT}
        self._tell_result(message.record, self.see)

    @work(thread=True, group="result")
    def _tell_result(self, record: SessionRecord, see: str | None) -> None:
        self.post_message(ResultTold(ending_lines(record, see)))

    @on(ResultTold)
    def _take_result(self, message: ResultTold) -> None:
        for panel in self.query(ResultPanel):
            panel.lines = tuple(message.lines)

    @on(SessionStopped)
    def _stopped(self, message: SessionStopped) -> None:
        if self.phase == "over":
            return
        is_told = self.live.rights.tells_faults or isinstance(message.error, Paused)
        self.error = message.error if is_told else MinilateralError(ITS_HOST_KNOWS)
        self.awaits = None
        self.phase = "stopped"
        for widget in self.query(WordsComing):
            widget.words = None
        self.show_state()

    # --- what is shown

    def show_state(self) -> None:
        """Tell where the session stands."""
        self.query_one(StatusBar).state = self.state_told()
        dock = self.query_one(Dock)
        dock.notes = self.notes_told()
        if self.record is not None:
            dock.told = ending_told(
                self.record,
                self.live.party or self.see,
                alone=self.see is not None,
                is_own=self.live.party is not None,
            )
        elif self.error is not None:
            kept = None if self.recording is None else self.live.rights.kept
            dock.told = stop_told(self.error, kept)
        else:
            dock.told = self.waiting_told()

    def notes_told(self) -> tuple[str, ...]:
        """Return what is to be known now beside what is going on."""
        paused = (PAUSED,) if self.is_paused and self.is_under_way else ()
        return (*paused, self._said) if self._said else paused

    def say(self, told: str) -> None:
        """Say something, until the next key or click."""
        self._said = one_line(told, 300)
        self.show_state()

    def on_key(self, event: events.Key) -> None:
        """Take back what was said last; say why a key does nothing."""
        told = self.why_silent(event.key)
        if told or self._said:
            self.say(told)

    def why_silent(self, key: str) -> str:
        """Return why a key does nothing now; nothing where there is nothing to say of that."""
        del key
        return ""

    def waiting_told(self) -> tuple[Content, ...]:
        """Return whom the table waits for."""
        if self.phase == "sitting" and self._gathering is not None:
            return gathering_told(self._gathering.parties, self._gathering.left_s())
        if self.recording is None or self.awaits is None:
            told = CLOSED if self.total else "Sitting down…"
            return (Content.styled(told, "$muted"),)
        if self.is_paused and self.awaits == self.live.party:
            return (Content("What you sent is taken once the session goes on."),)
        label = next(one for one in party_labels(self.recording.scenario) if one.id == self.awaits)
        by = one_line(self.recording.header.seats[self.awaits].decides)
        # A rule's first move takes seconds where the outcome space is large; the others none.
        is_first = not self.total and by.startswith("code (")
        why = ", to work out what could be agreed" if is_first else ""
        return (
            Content.assemble(
                ("Waiting for ", "$muted"),
                (f"{label.glyph} {label.name}", f"bold {label.style}"),
                (f", {by}{why}", "$muted"),
            ),
        )

    def state_told(self) -> Content:
        """Return round and place, in a line."""
        if self.phase == "sitting":
            return Content("gathering" if self._gathering is not None else "Sitting down…")
        told = f"{round_told(self.history)} · {moves_told(self.history, self.see)}"
        if self.moves < self.total:
            told += f" · shown as after move {self.moves} (G: newest)"
        lead = {"over": "over · ", "stopped": "stopped · "}.get(self.phase, "")
        is_paused = self.is_paused and self.is_under_way
        paused = (" PAUSED ", "bold $background on $warning") if is_paused else ""
        return Content.assemble(paused, " " * is_paused, (lead, "bold"), told)

    def on_resize(self, _: events.Resize) -> None:
        """Show as many panels as there is room for."""
        self._arrange()

    def watch_panel(self, now: str) -> None:
        """Show a panel and give it the focus."""
        if now != "conversation":
            self._beside = now
        self._arrange()
        for widget in self.query(f"#{now}"):
            if app_of(self).screen is self:
                widget.focus(scroll_visible=False)

    def _arrange(self) -> None:
        size = app_of(self).size
        for tabs in self.query(TabRow):  # none, once the screen is being closed
            tabs.active = self.panel
        is_whole = size.width >= WIDE and size.height >= TALL
        is_split = size.width >= SPLIT
        shown = {self.panel, *({"conversation", self._beside} if is_split else ())}
        if "result" in shown and size.width < WIDE:
            shown = {self.panel}  # its tables take eighty columns
        if is_whole:
            shown = {"conversation", "agenda", "result" if self.panel == "result" else "utilities"}
        for name in (*PANELS, *RESULT):
            for widget in self.query(f"#{name}"):
                widget.display = name in shown
        for widget in self.query("#talks"):
            widget.display = "conversation" in shown
        for widget in self.query("#side"):
            widget.display = bool(shown - {"conversation"})

    # --- asking

    @on(Dock.Clicked)
    async def _clicked(self, message: Dock.Clicked) -> None:
        self.say("")
        await self.run_action(message.action)

    def ask(
        self,
        title: str,
        choices: Mapping[str, Content],
        then: Callable[[str], object],
        closed: Sequence[Content] = (),
    ) -> None:
        """Ask which of several things is meant, and do something with it, unless it is none.

        Args:
            title: What is asked.
            choices: Name → what is shown of it.
            then: What is done with the name.
            closed: What is shown of things that cannot be chosen now.
        """

        def chosen(name: str | None) -> None:
            if name is not None:
                then(name)

        app_of(self).push_screen(MenuScreen(title, choices, closed), chosen)

    # --- what comes after

    def action_review(self) -> None:
        """Review the session."""
        self.post_message(OpenReview(self.live.path, self.live.party))

    def action_replay(self) -> None:
        """Replay the session."""
        self.post_message(OpenReplay(self.live.path))

    # --- going through the record

    @on(GoTo)
    def _go_to(self, message: GoTo) -> None:
        self._go(message.moves)

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.panel = message.key

    def _go(self, moves: int) -> None:
        self.moves = min(max(moves, min(1, self.total)), self.total)
        self._follows = self.moves == self.total
        self.query_one(StatusBar).state = self.state_told()

    def action_step(self, by: int) -> None:
        """Go some moves on or back."""
        self._go(self.moves + by)

    def action_newest(self) -> None:
        """Go to the newest move, and stay with it."""
        self._go(self.total)

    def action_first(self) -> None:
        """Go to the first move."""
        self._go(1)

    def action_panel(self, number: int) -> None:
        """Show a panel by its number."""
        panels = list(self.query_one(TabRow).names)
        if number <= len(panels):
            self.panel = panels[number - 1]

    def action_next_panel(self, by: int) -> None:
        """Show the panel after or before."""
        panels = list(self.query_one(TabRow).names)
        self.panel = panels[(panels.index(self.panel) + by) % len(panels)]
