"""The briefing: what the table is about, what your seat wants, and who sits across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from delegates.contract import View
from delegates.rehearsal.estimate import Estimate
from delegates.seats import SeatSpec
from delegates.text import one_line
from games.errors import MinilateralError
from tui.errands import Prepare, Sit
from tui.nodes import app_of
from tui.screens.arrange import ArrangeScreen, own_seat, time_limit
from tui.screens.help import HelpScreen
from tui.session_plan import SessionPlan
from tui.text.beforehand import view_before
from tui.text.labels import party_labels
from tui.widgets.briefing_words import around_lines, brief_lines, table_lines
from tui.widgets.choice import ChoiceScreen
from tui.widgets.fitted import Fitted, Pane, stamped
from tui.widgets.key_line import KeyLine
from tui.widgets.points_bars import impossible_lines, least_lines, points_lines
from tui.widgets.seat_bar import SeatBar
from tui.widgets.tab_row import TabRow
from tui.widgets.title_bar import STAMP

KEYS = {
    "Enter · Ctrl+S": "sit down, or begin to watch: the session begins",
    "p": "prepare first: a sheet with what you take the game to be, sealed before the first move",
    "← →": "another seat; after the last one, watching",
    "s": "choose a seat from the list",
    "t": "the table: who decides and who words each seat, cap, seed, time, hints, shocks",
    "h": "allow yourself hints, or not: an adviser that sees only what you may see",
    "1 2 3, Tab": "the brief, the points, the table",
    "↑ ↓ PgUp PgDn": "scroll",
    "Esc · H": "back · home",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Points": "a bar is what an option is worth to you, on your own scale; ▒ is negative. ✗ is a "
    "red line, ⊘ what your capital does not let you sign yet. Others' scales are their own.",
    "Least": "what you have without an agreement: below it you do better to walk away.",
    "Table": "mind+voice: who decides, and who words it. The price is told before anything is "
    "asked; nothing is sent to a model until you sit down.",
}
"""How to read the screen."""

PANES = {"brief": "Brief", "points": "Points", "table": "Table and rules"}
"""The panels, in the order of their keys."""


@dataclass
class Priced(Message):
    """What a plan's session may use is known, or why it is not."""

    plan: SessionPlan
    specs: Mapping[str, SeatSpec] | None
    price: Estimate | str


class BriefingScreen(Screen[None]):
    """Shows what a seat is told before it sits down."""

    CSS_PATH = "briefing.tcss"

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide"), (180, "-broad")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "sit", "sit down", key_display="⏎"),
        Binding("enter,ctrl+s", "watch", "begin", key_display="⏎"),
        Binding("p", "prepare", "prepare"),
        Binding("left", "step(-1)", "Seat before", show=False),
        Binding("right", "step(1)", "seat", key_display="←→"),
        Binding("s", "seek_seat", "Choose a seat", show=False),
        Binding("t", "arrange", "table"),
        Binding("h", "hints", "hints"),
        Binding("1", "pane('brief')", "Brief", show=False),
        Binding("2", "pane('points')", "Points", show=False),
        Binding("3", "pane('table')", "Table", show=False),
        Binding("tab", "next_pane(1)", "panel", key_display="1–3"),
        Binding("shift+tab", "next_pane(-1)", "Panel before", show=False),
        Binding("escape", "app.close_screen", "back", key_display="Esc"),
        Binding("H", "app.home", "Home", show=False),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "app.quit", "quit"),
    ]

    pane: reactive[str] = reactive("brief", init=False)
    """The panel that has the keys; in a small terminal the only one shown."""

    def __init__(self, plan: SessionPlan) -> None:
        super().__init__()
        self.plan = plan
        self._specs: Mapping[str, SeatSpec] | None = None
        self._price: Estimate | str | None = None

    def compose(self) -> ComposeResult:
        """Lay title, seats, panels and keys from top to bottom."""
        yield Fitted(self._title, id="briefing-title")
        yield SeatBar(self.plan.scenario, id="briefing-seats")
        yield TabRow(PANES, id="briefing-tabs")
        with Container(id="briefing-panes", classes="on-brief"):
            with Pane(id="brief"):
                yield Fitted(self._brief_lines, id="brief-text")
            with Pane(id="points"):
                yield Fitted(self._points_lines, id="points-text")
            with Pane(id="table"):
                yield Fitted(self._table_lines, id="table-text")
        yield KeyLine()

    def on_mount(self) -> None:
        """Tell the seat its brief, and work out the price."""
        for pane, name in PANES.items():
            self.query_one(f"#{pane}", Pane).border_title = name
        self._show()
        self.query_one("#brief", Pane).focus()

    def _title(self, width: int) -> list[Content]:
        scenario = self.plan.scenario
        aside = f"about {scenario.level.minutes} minutes"
        return [stamped(one_line(scenario.title), aside, STAMP, width)]

    @property
    def view(self) -> View | None:
        """What the chosen seat may know; None for whoever watches."""
        plan = self.plan
        if plan.party is None:
            return None
        return view_before(plan.scenario, plan.party, plan.seed)

    def _show(self) -> None:
        """Show the plan as it is now, and have its price worked out anew."""
        self.query_one(SeatBar).party = self.plan.party
        self.refresh_bindings()
        self._specs = self._price = None
        self.query_one("#brief-text", Fitted).show(self._brief_lines)
        self.query_one("#points-text", Fitted).show(self._points_lines)
        self.query_one("#table-text", Fitted).show(self._table_lines)
        self._work_out(self.plan)

    def _brief_lines(self, width: int) -> list[Content]:
        return brief_lines(self.plan.scenario, self.view, width)

    def _points_lines(self, width: int) -> list[Content]:
        view = self.view
        if view is None:
            told = "You watch: briefs and points are the delegates' own. Take a seat to see one."
            return [Content.styled(told, "$muted")]
        told = [*least_lines(view, width), Content(""), *points_lines(view, width)]
        return [*told, *impossible_lines(view, width)]

    def _table_lines(self, width: int) -> list[Content]:
        table = table_lines(self.plan, self._specs, self._price, width)
        return [*table, Content(""), *around_lines(self.plan.scenario, self.view, width)]

    @work(thread=True, group="price")
    def _work_out(self, plan: SessionPlan) -> None:
        """Find who sits where and what that may cost; in a thread of its own."""
        specs = None
        try:
            specs = plan.specs()
            price: Estimate | str = plan.estimate()
        except MinilateralError as error:
            price = one_line(str(error))
        self.post_message(Priced(plan, specs, price))

    @on(Priced)
    def _take_price(self, message: Priced) -> None:
        if message.plan is not self.plan:
            return
        self._specs, self._price = message.specs, message.price
        self.query_one("#table-text", Fitted).show(self._table_lines)

    def change(self, plan: SessionPlan) -> None:
        """Show another plan of the same scenario."""
        self.plan = plan
        self._show()

    @on(SeatBar.Taken)
    def _take_seat(self, message: SeatBar.Taken) -> None:
        self.change(seated(self.plan, message.party))

    @on(SeatBar.Stepped)
    def _step_seat(self, message: SeatBar.Stepped) -> None:
        self.action_step(message.by)

    @on(SeatBar.Sought)
    def action_seek_seat(self) -> None:
        """Ask which seat is to be taken."""
        parties = self.plan.scenario.parties
        answers = {
            label.id: f"{label.name}, {parties[label.id].side}: "
            f"{one_line(parties[label.id].interests)}"
            for label in party_labels(self.plan.scenario)
        }

        def taken(party: str | None) -> None:
            if party is not None:
                self.change(seated(self.plan, party))

        asked = ChoiceScreen("Whose seat do you take?", answers, current=self.plan.party)
        app_of(self).push_screen(asked, taken)

    def action_step(self, by: int) -> None:
        """Take the seat after or before; after the last one nobody's."""
        seats: list[str | None] = [*self.plan.scenario.ids, None]
        self.change(seated(self.plan, seats[(seats.index(self.plan.party) + by) % len(seats)]))

    def action_hints(self) -> None:
        """Allow the person hints, or not."""
        if self.plan.party is None:
            self.notify("hints are for a seat: take one first", severity="warning", markup=False)
        else:
            self.change(with_hints(self.plan, hints=not self.plan.hints))

    def action_arrange(self) -> None:
        """Ask who is to sit where, and under what limits."""

        def arranged(plan: SessionPlan | None) -> None:
            if plan is not None and plan is not self.plan:
                self.change(plan)

        app_of(self).push_screen(ArrangeScreen(self.plan), arranged)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does something now: who holds no seat does not sit down."""
        del parameters
        held = {"sit": self.plan.party is not None, "watch": self.plan.party is None}
        return held.get(action, True)

    def action_watch(self) -> None:
        """Begin the session, and look on."""
        self.action_sit()

    def action_sit(self) -> None:
        """Begin the session, unless the plan is at fault."""
        if isinstance(self._price, str):
            self.notify(self._price, severity="error", timeout=8, markup=False)
        else:
            self.post_message(Sit(self.plan))

    def action_prepare(self) -> None:
        """Fill in the preparation sheet."""
        if self.plan.party is None:
            self.notify("a sheet is for a seat: take one first", severity="warning", markup=False)
        else:
            self.post_message(Prepare(self.plan))

    @on(TabRow.Chosen)
    def _choose_pane(self, message: TabRow.Chosen) -> None:
        self.pane = message.key

    def action_pane(self, pane: str) -> None:
        """Give a panel the keys."""
        self.pane = pane
        self.query_one(f"#{pane}", Pane).focus()

    def action_next_pane(self, by: int) -> None:
        """Give the panel after or before the keys."""
        panes = list(PANES)
        self.action_pane(panes[(panes.index(self.pane) + by) % len(panes)])

    def watch_pane(self, before: str, pane: str) -> None:
        """Show the panel."""
        panes = self.query_one("#briefing-panes")
        panes.remove_class(f"on-{before}").add_class(f"on-{pane}")
        self.query_one(TabRow).active = pane
        self.query_one(f"#{pane}", Pane).focus()

    def action_help(self) -> None:
        """Show what each key does."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))


def seated(plan: SessionPlan, party: str | None) -> SessionPlan:
    """Return a plan in which a person sits for another party; what their seat could do goes along.

    Args:
        plan: The plan.
        party: The party; None to watch.
    """
    seats = {name: text for name, text in plan.seats.items() if name not in (plan.party, party)}
    own = None if plan.party is None else plan.seats.get(plan.party)
    if own is not None and party is not None:
        seats[party] = own
    return replace(plan, party=party, seats=seats)


def with_hints(plan: SessionPlan, *, hints: bool) -> SessionPlan:
    """Return a plan in which the person may ask for hints, or may not."""
    return own_seat(replace(plan, hints=hints), time_limit(plan))
