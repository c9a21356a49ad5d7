"""A table as whoever leads the exercise sees it: all of it, and what they can do to it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from delegates.text import one_line
from tui.hosting.table import HostedTable
from tui.leading.keys import READING, TRAINER_BINDINGS, TRAINER_KEYS
from tui.leading.stirring import Listening, TableStirred
from tui.leading.strip import LeadStrip
from tui.leading.told import links_told
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.screens.watching import PANELS, WatchingScreen
from tui.table.dock import Chip, Dock
from tui.table.keys import RESULT_PANEL
from tui.table.status_bar import StatusBar
from tui.table.told import gathering_told
from tui.widgets.dialogs import PapersScreen
from tui.widgets.fitted import Text
from tui.widgets.key_line import KeyLine
from tui.widgets.tab_row import TabRow

_LEFT = "a move under way is still made"


class TrainerScreen(WatchingScreen):
    """Shows a hosted session with every seat's private side, and lets it be led."""

    CSS_PATH = ["table.tcss", "trainer.tcss"]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = list[BindingType](TRAINER_BINDINGS)

    def __init__(self, table: HostedTable) -> None:
        """Watch a table; it goes on whether or not anybody does."""
        super().__init__(table.watching())
        self.table = table
        self._listening = Listening([table], self.post_message)
        self._clock = self.set_interval(1.0, self.tell_people, pause=True)

    def compose(self) -> ComposeResult:
        """Lay out as for a table, with a strip of who is there."""
        yield StatusBar(self.live.party)
        yield LeadStrip(self.table)
        yield TabRow(PANELS, id="tabs")
        with Horizontal(id="panels"):
            yield Text("Waiting for the people…\nl shows the links to hand out.", id="sitting")
        yield Dock()
        yield KeyLine()

    def on_mount(self) -> None:
        """Listen to what changes."""
        self._listening.begin()
        self._clock.resume()

    def on_unmount(self) -> None:
        """Listen no more."""
        self._listening.end()

    @on(TableStirred)
    def _stirred(self) -> None:
        self.tell_people()
        self.show_state()
        self.refresh_bindings()

    def tell_people(self) -> None:
        """Tell who is there by now."""
        for strip in self.query(LeadStrip):
            strip.tell()
        if self.table.phase == "gathering":
            self.show_state()

    def show_state(self) -> None:
        """Tell where the session stands, and what can be done."""
        super().show_state()
        has_ended = self.phase in ("over", "stopped") and self.recording is not None
        ended = (
            Chip("D", "debriefs side by side", "debriefs"),
            Chip("v", "review", "review"),
            Chip("r", "replay", "replay"),
        )
        led = (
            Chip("Space", "go on", "go_on"),
            Chip("Space", "pause", "pause"),
            Chip("i", "inject a shock", "inject"),
            Chip("x", "hand over, give back", "seat"),
            Chip("l", "links", "links"),
        )
        open_now = tuple(one for one in led if self.check_action(one.action, ()))
        self.query_one(Dock).chips = ended * has_ended if not self.is_under_way else open_now

    def waiting_told(self) -> tuple[Content, ...]:
        """Return for whom the table waits: before the first move, for those who have not come."""
        if self.table.phase == "gathering":
            seats = self.table.seats.items()
            missing = [party for party, seat in seats if not seat.has_come]
            return gathering_told(missing, self.table.begins_in_s())
        return super().waiting_told()

    def state_told(self) -> Content:
        """Return round and place, in a line."""
        if self.table.phase == "gathering":
            return Content(f"Table {self.table.number} · gathering")
        return Content.assemble(f"Table {self.table.number} · ", super().state_told())

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does something now."""
        lead, goes_on = self.table.lead, self.table.ended is None
        is_open = {
            "pause": goes_on and not lead.is_paused,
            "go_on": goes_on and lead.is_paused,
            "inject": goes_on and bool(lead.shocks_left),
            "seat": goes_on and lead.is_under_way,
            "panel": parameters != (RESULT_PANEL,) or self.record is not None,
            **dict.fromkeys(
                ("debriefs", "review", "replay"),
                not self.is_under_way and self.recording is not None,
            ),
        }
        return is_open.get(action, True)

    def why_silent(self, key: str) -> str:
        """Return why a key does nothing now, where it would do something at another time."""
        if self.table.ended is not None or key not in ("i", "x"):
            return ""
        if not self.table.lead.is_under_way:
            return "The session has not begun."
        return "" if key == "x" or self.table.lead.shocks_left else "No shock is left to strike."

    def action_pause(self) -> None:
        """Pause the session before its next move."""
        self.table.lead.pause()
        if self.table.phase == "playing" and self.table.awaits not in self.table.seats:
            self.say(f"Paused; {_LEFT}.")

    def action_go_on(self) -> None:
        """Let the session go on."""
        self.table.lead.go_on()

    def action_inject(self) -> None:
        """Ask which shock is to strike."""
        left = self.table.lead.shocks_left
        # Without colours of their own: the chosen line has a ground on which few can be read.
        told = {
            one.name: Content("\n").join(
                [
                    Content.assemble(
                        (one_line(one.label), "bold"),
                        f" (heard by {', '.join(one.heard_by)} alone)" if one.heard_by else "",
                    ),
                    *(Content(f"  {one_line(change)}") for change in one.changes),
                ]
            )
            for one in left
        }
        labels = {one.name: one_line(one.label) for one in left}

        def chosen(name: str) -> None:
            self._order(self.table.lead.strike(name), f"{labels[name]}: before the next move.")

        self.ask("What is to strike before the next move", told, chosen)

    def action_seat(self) -> None:
        """Ask which seat is to pass to its stand-in, or back."""
        lead, parties = self.table.lead, self.table.scenario.parties
        told = {
            party: Content.assemble(
                (f"{party} {one_line(parties[party].name)}", "bold"),
                "  give it back to its person"
                if lead.is_stood_in_for(party)
                else "  hand it over to the stand-in",
            )
            for party in self.table.seats
        }

        def chosen(party: str) -> None:
            if lead.is_stood_in_for(party):
                self._order(lead.give_back(party), f"{party} is its person's from the next turn.")
            else:
                self._order(lead.hand_over(party), f"{party}: the stand-in moves until given back.")

        self.ask("Whose seat passes to the stand-in, or back", told, chosen)

    def _order(self, problem: str | None, done: str) -> None:
        """Say that something was ordered, or why it cannot be."""
        self.say(done if problem is None else problem)

    def action_links(self) -> None:
        """Show the links of the seats."""
        app_of(self).push_screen(PapersScreen({"Links": links_told(self.table)}))

    def action_debriefs(self) -> None:
        """Show the debriefs side by side."""
        from tui.screens.debriefs import DebriefsScreen

        is_stopped = self.phase == "stopped"
        app_of(self).push_screen(DebriefsScreen(self.table.path, is_stopped=is_stopped))

    def action_help(self) -> None:
        """Show every key, and how to read the screen."""
        app_of(self).push_screen(HelpScreen(TRAINER_KEYS, READING))

    async def action_close(self) -> None:
        """Go back to the tables; from the only one, stop hosting."""
        await app_of(self).run_action("app.close_screen")
