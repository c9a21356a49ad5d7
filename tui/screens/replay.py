"""The replay: conversation, agenda, charts and referee around one position in the session."""

from __future__ import annotations

from threading import Event, Lock
from typing import ClassVar, Literal, cast

import numpy as np
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import (
    Worker,
    get_current_worker,  # pyright: ignore[reportUnknownVariableType]
)

from delegates.text import one_line
from games.bargaining.solutions import bargain
from games.errors import TranscriptError
from games.matrices.stance_game import played_cell
from games.outcomes import IndexArray
from games.protocols.hall import HallState
from games.ratification import parties_bound
from games.referee import referee
from transcripts.proceedings import proceedings
from tui.errands import Analyse, Compare, OpenReview
from tui.nodes import app_of
from tui.replay import History, HistoryReader, Recording
from tui.replay.scales import SCALES, ScaleKind
from tui.screens.chain import ChainScreen
from tui.screens.prompts import PromptsScreen
from tui.screens.replay_commands import ReplayCommands
from tui.screens.replay_keys import PANELS, REPLAY_KEYS
from tui.text.wording import MOST_DIGITS
from tui.widgets.agenda_panel import AgendaPanel
from tui.widgets.conversation import Conversation
from tui.widgets.key_line import KeyLine
from tui.widgets.messages import (
    Followed,
    FollowingStopped,
    GoTo,
    HistoryGrew,
    Refereed,
    Sought,
    Surveyed,
)
from tui.widgets.move_strip import MoveStrip
from tui.widgets.outcome_plot import OutcomePlot
from tui.widgets.referee_panel import RefereePanel
from tui.widgets.scrub_bar import ScrubBar
from tui.widgets.search_line import SearchLine
from tui.widgets.searching import moves_found
from tui.widgets.sure import SureScreen
from tui.widgets.tab_row import TabRow
from tui.widgets.title_bar import TitleBar
from tui.widgets.utilities_chart import UtilitiesChart

SEALED = (
    "This session is not over, and a person sits in it. Play seals the others until the close: "
    "their points, prompts and private talks. Show them all the same?"
)
"""Asked once before what the others know is shown to someone who sits at the same table."""

LOOK_EVERY_S = 0.5
"""Seconds from one look at whether the record has grown to the next."""

QUIET_LOOKS = 240
"""Looks in a row without anything new after which a record is not called live any more."""


class ReplayScreen(Screen[None]):
    """Holds the position; panels show the session there and ask to go elsewhere."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-split"), (150, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (42, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = REPLAY_KEYS
    COMMANDS = {ReplayCommands}  # noqa: RUF012

    moves: reactive[int] = reactive(0)
    """How many moves have been made where the replay stands."""
    total: reactive[int] = reactive(0)
    """How many there are."""
    history: reactive[History | None] = reactive(None)
    panel: reactive[str] = reactive("conversation")
    """The panel that is shown, or has the focus where several are."""
    see: reactive[str | None] = reactive(None)
    """The only party whose private side is shown; None for all."""
    scale: reactive[ScaleKind] = reactive[ScaleKind]("moves")
    """By what the scrub bar goes."""
    live: reactive[bool] = reactive(default=False)
    """Whether the record has grown lately and may grow on."""

    def __init__(
        self, recording: Recording, *, see: str | None = None, at: int | None = None
    ) -> None:
        """Open a recording.

        A session that is not over and in which a person sits opens as that person sees it.

        Args:
            recording: What is replayed.
            see: The only party whose private side is shown; None for all.
            at: After how many moves to begin; None for the first.
        """
        super().__init__()
        self._recording = recording
        self._reader = HistoryReader(recording)
        self._person = None if recording.is_closed else recording.person
        self._unsealed = False
        self._beside = "agenda"
        self._stop_reading = Event()
        self._is_read = Lock()
        self._quiet = 0
        self._is_followed = not recording.is_closed
        self._hits: IndexArray = np.empty(0, dtype=np.intp)
        self._sought = ""
        self._share = 0.0
        self.set_reactive(ReplayScreen.see, see or self._person)
        self.set_reactive(ReplayScreen.total, len(recording))
        self.set_reactive(ReplayScreen.moves, min(1 if at is None else at, len(recording)))

    def compose(self) -> ComposeResult:
        """Lay title, tabs, panels, current move, scrub bar and keys from top to bottom."""
        at, told, see = ReplayScreen.moves, ReplayScreen.history, ReplayScreen.see
        total, scale = ReplayScreen.total, ReplayScreen.scale
        yield TitleBar(self._recording).data_bind(at, total, told, see, scale, ReplayScreen.live)
        yield TabRow(PANELS, id="tabs").data_bind(active=ReplayScreen.panel)
        with Horizontal(id="panels"):
            yield Conversation(self._recording).data_bind(at, told, see)
            with Vertical(id="side"):
                yield AgendaPanel(self._recording).data_bind(at, told, see)
                with Horizontal(id="charts"):
                    yield UtilitiesChart(self._recording).data_bind(at, told, see)
                    yield OutcomePlot(self._recording).data_bind(at, told, see)
                yield RefereePanel(self._recording).data_bind(told, see)
        yield MoveStrip(self._recording).data_bind(at, told, see)
        yield ScrubBar().data_bind(at, total, told, see, scale)
        yield SearchLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Have the record read and refereed, and followed if it may grow."""
        self._read()
        self._looking = self.set_interval(LOOK_EVERY_S, self.look, pause=not self._is_followed)

    def on_unmount(self) -> None:
        """Let the reading stop."""
        self._stop_reading.set()

    # --- reading, and following a record that grows

    @work(thread=True)
    def _read(self) -> None:
        """Read the whole record, then compute what theory says of it; in a thread of its own."""
        with self._is_read:
            history = self._read_on()
        if history is not None:
            self._judge(history)

    def _read_on(self) -> History | None:
        """Tell the screen of every longer history; return the whole, or None if it is closed."""
        history: History | None = None
        for history in self._reader.read_on(self._go_on):
            self.post_message(HistoryGrew(history))
        return None if history is None or not history.whole else history

    def _go_on(self, events: int) -> bool:
        self.post_message(Followed(events))
        return not self._stop_reading.is_set()

    def _judge(self, history: History) -> None:
        for scenario in history.scenarios:
            if self._stop_reading.is_set():
                return
            self.post_message(Surveyed(bargain(scenario)))
        if not self._stop_reading.is_set():
            last = history.last
            played = played_cell(last.scenario, history.asked)
            bound = None if isinstance(last, HallState) else parties_bound(last)
            found = referee(last.scenario, last.agreement, played, bound=bound)
            held = proceedings(last, history.made) if isinstance(last, HallState) else None
            self.post_message(Refereed(found, held))

    def look(self) -> None:
        """Look whether the record has grown, unless it is being read."""
        if self.history is not None and self.history.whole and self._is_followed:
            self._grow()

    @work(thread=True)
    def _grow(self) -> None:
        """Take in what was written since; in a thread of its own."""
        if not self._is_read.acquire(blocking=False):
            return
        try:
            grown = self._recording.grow()
            self._quiet = 0 if grown else self._quiet + 1
            history = self._read_on() if grown else None
        except TranscriptError as error:
            self.post_message(FollowingStopped(one_line(str(error))))
            return
        finally:
            self._is_read.release()
        if history is not None and history.closed:
            self._judge(history)

    @on(Followed)
    def _tell_followed(self, message: Followed) -> None:
        self.query_one(TitleBar).followed = message.events

    @on(FollowingStopped)
    def _stop_following(self, message: FollowingStopped) -> None:
        if not self._is_followed:
            return
        self._is_followed = self.live = False
        self._looking.pause()
        self.notify(message.problem, severity="warning", markup=False)

    @on(HistoryGrew)
    def _take_history(self, message: HistoryGrew) -> None:
        history, before = message.history, self.history
        self.history = history
        if not history.whole:
            return
        at_end = before is not None and before.whole and self.moves >= self.total
        has_grown = before is not None and before.whole and history.events > before.events
        self.total = len(history)
        if history.closed or history.is_broken:
            self._is_followed = False
            self._looking.pause()
        self.live = self._is_followed and (self.live or has_grown) and self._quiet < QUIET_LOOKS
        if history.closed:
            self._person = None
        self._go(self.total if at_end else self.moves)

    @on(Surveyed)
    def _take_survey(self, message: Surveyed) -> None:
        plot = self.query_one(OutcomePlot)
        if self.history is not None and len(plot.bargains) < len(self.history.scenarios):
            plot.bargains = (*plot.bargains, message.bargain)

    @on(Refereed)
    def _take_findings(self, message: Refereed) -> None:
        panel = self.query_one(RefereePanel)
        panel.proceedings = message.proceedings
        panel.findings = message.findings

    # --- going through the session

    @on(GoTo)
    def _go_to(self, message: GoTo) -> None:
        self._go(message.moves)

    @on(TabRow.Chosen)
    def _choose(self, message: TabRow.Chosen) -> None:
        self.panel = message.key

    def _go(self, moves: int) -> None:
        """Go to a move, or the nearest beyond it in that direction that the party has heard."""
        moves = min(max(moves, min(1, self.total)), self.total)
        history = self.history
        if self.see is not None and history is not None and 0 < moves <= len(history):
            heard = np.flatnonzero(history.hears(self.see)) + 1
            if len(heard):
                side = "left" if moves >= self.moves else "right"
                place = int(np.searchsorted(heard, moves, side=side)) - (side == "right")
                moves = int(heard[min(max(place, 0), len(heard) - 1)])
        self.moves = moves

    def watch_panel(self, now: str) -> None:
        """Show a panel and give it the focus; the last other one stays beside the conversation."""
        if now != "conversation":
            self._beside = now
        for panel in PANELS:
            self.set_class(panel == now, f"on-{panel}")
            self.set_class(panel == self._beside, f"side-{panel}")
        if self.is_mounted:
            self.query_one(f"#{now}").focus(scroll_visible=False)

    def action_step(self, by: int) -> None:
        """Go some moves on or back."""
        self._go(self.moves + by)

    def action_go_to(self, moves: int) -> None:
        """Go to a move."""
        self._go(moves)

    def action_last(self) -> None:
        """Go to the last move: the agreement, where there is one."""
        self._go(self.total)

    def action_agreement(self) -> None:
        """Go to the move that concluded the agreement, if there is one."""
        if self.history is not None and self.history.status == "agreement":
            self._go(self.total)
        else:
            self.notify("there is no agreement to go to", markup=False)

    def action_round(self, by: int) -> None:
        """Go to the beginning of another round."""
        if self.history is not None:
            self._go(self.history.round_start(self.moves - 1, by) + 1)

    def action_leap(self, direction: int) -> None:
        """Go a tenth of the session on or back."""
        self._go(self.moves + direction * max(self.total // 10, 1))

    def action_next_trouble(self, by: int) -> None:
        """Go to the next move that a fallback decided or worded, or to the one before."""
        if self.history is not None:
            self._go_among(self.history.troubled.astype(np.intp) + 1, by, "fallback")

    def action_next_news(self, by: int) -> None:
        """Go to the next move before which something happened, or to the one before."""
        if self.history is not None:
            self._go_among(self.history.news(self.see) + 1, by, "shock or instruction")

    def action_next_hit(self, by: int) -> None:
        """Go to the next move in which what was sought was found; after the last, to the first."""
        if not len(self._hits):
            if not self._sought:
                self.notify("nothing is sought: / asks what is", markup=False)
            return
        place = np.searchsorted(self._hits, self.moves, side="right" if by > 0 else "left")
        self._go(int(self._hits[(int(place) - (by < 0)) % len(self._hits)]))
        self._tell_hits()

    def _go_among(self, moves: IndexArray, by: int, what: str) -> None:
        """Go to the next of some moves, or to the one before; say so where there is none."""
        heard = moves
        if self.history is not None:
            heard = moves[self.history.hears(self.see)[moves - 1]]
        place = int(np.searchsorted(heard, self.moves, side="right" if by > 0 else "left"))
        place -= by < 0
        if 0 <= place < len(heard):
            self._go(int(heard[place]))
        else:
            self.notify(f"no {what} {'after' if by > 0 else 'before'} this move", markup=False)

    def action_panel(self, panel: str) -> None:
        """Show a panel."""
        self.panel = panel

    def action_next_panel(self, by: int) -> None:
        """Show the panel after or before."""
        panels = list(PANELS)
        self.panel = panels[(panels.index(self.panel) + by) % len(panels)]

    # --- searching

    def action_ask(self, purpose: Literal["search", "go"]) -> None:
        """Have a line typed in: what is sought, or where to go."""
        self.query_one(SearchLine).ask(purpose)

    @on(SearchLine.Entered)
    def _entered(self, message: SearchLine.Entered) -> None:
        if message.purpose == "go":
            self._close_search()
            self._go_where(message.text)
        elif message.text:
            self._seek(message.text)
            self.query_one(f"#{self.panel}").focus(scroll_visible=False)
        else:
            self._close_search()

    def _go_where(self, text: str) -> None:
        """Go to a move by its number, or to a round as r3."""
        is_round, number = text[:1] in ("r", "R"), text.lstrip("rR").replace(",", "").strip()
        if not number.isdecimal() or len(number) > MOST_DIGITS:
            told = one_line(repr(text), 40)
            self.notify(f"{told}: expected a move's number, or r3", markup=False)
        elif not is_round:
            moves, history = int(number), self.history
            self._go(moves if history is None else history.numbered(moves, self.see))
        elif self.history is not None and len(self.history):
            self._go(self.history.round_start(0, int(number) - 1 - int(self.history.rounds[0])) + 1)

    def _seek(self, words: str) -> None:
        self._sought, self._hits, self._share = words, np.empty(0, dtype=np.intp), 0.0
        self._tell_hits()
        self._search(words, self.history, self.see)

    @work(thread=True, exclusive=True, group="search")
    def _search(self, words: str, history: History | None, see: str | None) -> None:
        """Look through the record; in a thread of its own, until something else is sought."""
        worker = cast("Worker[None]", get_current_worker())
        for hits, share in moves_found(self._recording, history, words, see):
            if worker.is_cancelled or self._stop_reading.is_set():
                return
            self.post_message(Sought(words, hits, share))

    @on(Sought)
    def _take_hits(self, message: Sought) -> None:
        if message.words != self._sought:
            return
        is_first = not len(self._hits) and len(message.hits) > 0
        self._hits, self._share = message.hits, message.share
        self.query_one(ScrubBar).hits = message.hits if len(message.hits) else None
        if is_first:
            after = self._hits[self._hits >= self.moves]
            self._go(int(after[0] if len(after) else self._hits[0]))
        self._tell_hits()

    def _tell_hits(self) -> None:
        place = int(np.searchsorted(self._hits, self.moves, side="right"))
        found = len(self._hits)
        is_over = self._share >= 1
        count = f"{place:,} of {found:,}" if found else "nothing found" if is_over else "none yet"
        going = "" if is_over else f", searched {self._share:.0%}"
        keys = "n N go on · Esc closes" if found else "Esc closes"
        self.query_one(SearchLine).tell(
            Content.assemble((f" {count}{going} ", "bold"), (keys, "$muted"))
        )

    @on(SearchLine.Closed)
    def _close_search(self) -> None:
        """Forget what was sought."""
        self.workers.cancel_group(self, "search")  # pyright: ignore[reportUnknownMemberType]
        self._sought, self._hits = "", np.empty(0, dtype=np.intp)
        self.query_one(ScrubBar).hits = None
        self.query_one(SearchLine).close()
        self.query_one(f"#{self.panel}").focus(scroll_visible=False)

    # --- as whom it is seen

    def action_next_view(self, by: int) -> None:
        """See it as the next party does, or all sides together."""
        views = [None, *self._recording.scenario.ids]
        wanted = views[(views.index(self.see) + by) % len(views)]
        if self._person is None or self._unsealed or wanted == self._person:
            self._look_as(wanted)
            return

        def unseal() -> None:
            self._unsealed = True
            self._look_as(wanted)

        asked = SureScreen(SEALED, "Show", "Leave sealed", title="Sealed until the close")
        asked.ask(app_of(self), unseal)

    def _look_as(self, party: str | None) -> None:
        self._close_search()
        self.see = party
        self._go(self.moves)

    def action_next_scale(self) -> None:
        """Have the bar go by moves, by rounds or by time."""
        self.scale = SCALES[(SCALES.index(self.scale) + 1) % len(SCALES)]

    # --- what opens over the replay, and what leads elsewhere

    def action_prompts(self) -> None:
        """Show what models were asked for the current move, and what they replied."""
        app_of(self).push_screen(PromptsScreen(self._recording, max(self.moves - 1, 0), self.see))

    def action_chain(self) -> None:
        """Show the state of the record."""
        app_of(self).push_screen(ChainScreen(self._recording, self.history, self.see))

    def action_next_pair(self) -> None:
        """Show the outcome space as two other parties see it."""
        self.query_one(OutcomePlot).next_pair()

    def action_try_again(self) -> None:
        """Ask in which seat the session is to be tried again from here."""
        from tui.screens.try_again import TryAgainScreen

        scenario, header = self._recording.scenario, self._recording.header
        app_of(self).push_screen(
            TryAgainScreen(
                self._recording.path,
                self.moves,
                {party: details.name for party, details in scenario.parties.items()},
                {party: seat.spec for party, seat in header.seats.items()},
                self.total,
            )
        )

    def action_compare(self) -> None:
        """Show the session beside the one it branched off."""
        self.post_message(Compare(None, self._recording.path))

    def action_review(self) -> None:
        """Have the session reviewed."""
        self.post_message(OpenReview(self._recording.path, self.see))

    def action_analyse(self) -> None:
        """Show what theory says of the scenario and the agreement."""
        self.post_message(Analyse(path=self._recording.path))

    async def action_back(self) -> None:
        """Forget what was sought; else close the replay."""
        if self.query_one(SearchLine).is_open:
            self._close_search()
        else:
            await self.run_action("app.close_screen")
