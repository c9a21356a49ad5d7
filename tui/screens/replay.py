"""The replay: conversation, agenda, charts and referee around one position in the session."""

from __future__ import annotations

from threading import Event
from typing import ClassVar, cast

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from games.bargaining.solutions import bargain
from games.protocols.hall import HallState
from games.ratification import parties_bound
from games.referee import referee
from games.stance_game import played_cell
from transcripts.proceedings import proceedings
from tui.replay import History, Recording, read_history
from tui.screens.prompts import PromptsScreen
from tui.widgets.agenda_panel import AgendaPanel
from tui.widgets.conversation import Conversation
from tui.widgets.messages import GoTo, HistoryGrew, Refereed, Surveyed
from tui.widgets.move_strip import MoveStrip
from tui.widgets.outcome_plot import OutcomePlot
from tui.widgets.panel_tabs import PANELS, PanelTabs
from tui.widgets.referee_panel import RefereePanel
from tui.widgets.scrub_bar import ScrubBar
from tui.widgets.title_bar import TitleBar
from tui.widgets.utilities_chart import UtilitiesChart

_STEP = Binding.Group("step", compact=True)
_ROUND = Binding.Group("round", compact=True)
_ENDS = Binding.Group("ends", compact=True)


class ReplayScreen(Screen[None]):
    """Holds the position; panels show the session there and ask to go elsewhere."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-split"), (150, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (42, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Back", key_display="←", group=_STEP),
        Binding("right", "step(1)", "On", key_display="→", group=_STEP),
        Binding("h,k,up", "step(-1)", "Back", show=False),
        Binding("l,j,down", "step(1)", "On", show=False),
        Binding("left_square_bracket", "round(-1)", "Round back", key_display="[", group=_ROUND),
        Binding("right_square_bracket", "round(1)", "Round on", key_display="]", group=_ROUND),
        Binding("g", "go_to(1)", "First", key_display="g", group=_ENDS),
        Binding("G", "last", "Last", key_display="G", group=_ENDS),
        Binding("home", "go_to(1)", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("a", "agreement", "agreement"),
        Binding("f", "next_trouble", "Next fallback", show=False),
        Binding("pageup", "step(-10)", "Page back", show=False),
        Binding("pagedown", "step(10)", "Page on", show=False),
        Binding("less_than_sign", "leap(-1)", "A tenth back", show=False),
        Binding("greater_than_sign", "leap(1)", "A tenth on", show=False),
        *(
            Binding(str(number), f"panel('{panel}')", name, show=False)
            for number, (panel, name) in enumerate(PANELS.items(), start=1)
        ),
        Binding("tab", "next_panel(1)", "panel", key_display="1–5"),
        Binding("shift+tab", "next_panel(-1)", "Panel before", show=False),
        Binding("o", "next_pair", "Other pair", show=False),
        Binding("p", "prompts", "prompts"),
        Binding("question_mark", "app.push_screen('help')", "help", key_display="?"),
        Binding("q", "app.quit", "quit"),
    ]

    moves: reactive[int] = reactive(0)
    """How many moves have been made where the replay stands."""
    total: reactive[int] = reactive(0)
    """How many there are."""
    history: reactive[History | None] = reactive(None)
    panel: reactive[str] = reactive("conversation")
    """The panel that is shown, or has the focus where several are."""

    see: reactive[str | None] = reactive(None)
    """The only party whose private side is shown; None for all."""

    def __init__(
        self, recording: Recording, *, see: str | None = None, at: int | None = None
    ) -> None:
        """Open a recording.

        Args:
            recording: What is replayed.
            see: The only party whose private side is shown; None for all.
            at: After how many moves to begin; None for the first.
        """
        super().__init__()
        self._recording = recording
        self.set_reactive(ReplayScreen.see, see)
        self._beside = "agenda"
        self._stop_reading = Event()
        self.set_reactive(ReplayScreen.total, len(recording))
        self.set_reactive(ReplayScreen.moves, min(1 if at is None else at, len(recording)))

    def compose(self) -> ComposeResult:
        """Lay title, tabs, panels, current move, scrub bar and keys from top to bottom."""
        at, told = ReplayScreen.moves, ReplayScreen.history
        yield TitleBar(self._recording).data_bind(at, ReplayScreen.total, told)
        yield PanelTabs(id="tabs").data_bind(active=ReplayScreen.panel)
        with Horizontal(id="panels"):
            yield Conversation(self._recording).data_bind(at, told)
            with Vertical(id="side"):
                yield AgendaPanel(self._recording).data_bind(at, told)
                with Horizontal(id="charts"):
                    yield UtilitiesChart(self._recording).data_bind(at, told)
                    yield OutcomePlot(self._recording).data_bind(at, told)
                yield RefereePanel(self._recording).data_bind(told)
        yield MoveStrip(self._recording).data_bind(at, told)
        yield ScrubBar().data_bind(at, ReplayScreen.total, told)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Have the record read and refereed."""
        self._read()

    def on_unmount(self) -> None:
        """Let the reading stop."""
        self._stop_reading.set()

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        """Read the whole record, then compute what theory says of it; in a thread of its own."""
        history: History | None = None
        for history in read_history(self._recording):
            if self._stop_reading.is_set():
                return
            self.post_message(HistoryGrew(history))
        if history is None:
            return
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

    @on(HistoryGrew)
    def _take_history(self, message: HistoryGrew) -> None:
        self.history = message.history
        if message.history.whole:
            self.total = len(message.history)
            self._go(self.moves)

    @on(Surveyed)
    def _take_survey(self, message: Surveyed) -> None:
        plot = self.query_one(OutcomePlot)
        plot.bargains = (*plot.bargains, message.bargain)

    @on(Refereed)
    def _take_findings(self, message: Refereed) -> None:
        panel = self.query_one(RefereePanel)
        panel.proceedings = message.proceedings
        panel.findings = message.findings

    @on(GoTo)
    def _go_to(self, message: GoTo) -> None:
        self._go(message.moves)

    @on(PanelTabs.Chosen)
    def _choose(self, message: PanelTabs.Chosen) -> None:
        self.panel = message.panel

    def _go(self, moves: int) -> None:
        self.moves = min(max(moves, min(1, self.total)), self.total)

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

    def action_round(self, by: int) -> None:
        """Go to the beginning of another round."""
        if self.history is not None:
            self._go(self.history.round_start(self.moves - 1, by) + 1)

    def action_leap(self, direction: int) -> None:
        """Go a tenth of the session on or back."""
        self._go(self.moves + direction * max(self.total // 10, 1))

    def action_next_trouble(self) -> None:
        """Go to the next move that a fallback decided or worded."""
        if self.history is not None:
            after = [int(at) + 1 for at in self.history.troubled if at >= self.moves]
            self._go(after[0] if after else self.moves)

    def action_panel(self, panel: str) -> None:
        """Show a panel."""
        self.panel = panel

    def action_next_panel(self, by: int) -> None:
        """Show the panel after or before."""
        panels = list(PANELS)
        self.panel = panels[(panels.index(self.panel) + by) % len(panels)]

    def action_prompts(self) -> None:
        """Show what models were asked for the current move, and what they replied."""
        # Textual does not say of what kind a screen's app is.
        app = cast("App[None]", self.app)  # pyright: ignore[reportUnknownMemberType]
        app.push_screen(PromptsScreen(self._recording, max(self.moves - 1, 0)))

    def action_next_pair(self) -> None:
        """Show the outcome space as two other parties see it."""
        self.query_one(OutcomePlot).next_pair()
