"""The table: a session under way, watched or played."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from delegates.contract import View
from delegates.persons.person import (
    Answer,
    AskAdvice,
    GuessAgain,
    HandOver,
    HaveStrike,
    PersonMove,
    Turn,
)
from delegates.text import one_line
from delegates.views import news_of
from games.preparation import Sheet
from tui.errands import Analyse, CarryOn, Compare, GoHome, TryAgain
from tui.live import (
    Gathering,
    Live,
    PauseTold,
    PersonAsked,
    SeatHeld,
    SessionOver,
    SessionStopped,
    TurnOver,
)
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.screens.watching import WatchingScreen
from tui.table.dock import Chip, Dock, asked_lines
from tui.table.draft import Draft
from tui.table.form import FormHelpScreen, MoveForm
from tui.table.guesses import GuessScreen
from tui.table.keys import BINDINGS, IN_FORMS, KEYS, READING, RESULT_PANEL
from tui.table.messages import RecordRead
from tui.table.news import FreshNews
from tui.table.saying import SayScreen
from tui.table.told import (
    HAND_OVERS,
    act_open,
    chips_after,
    chips_of,
    closed_rows,
    menu_of,
    papers_of,
    shocks_of,
    time_left,
    why_silent,
)
from tui.text.beforehand import view_before, view_since
from tui.text.labels import party_labels
from tui.typed_keys import orderly
from tui.widgets.dialogs import MenuScreen, PapersScreen
from tui.widgets.sure import SureScreen

_DIALOGS = (MenuScreen, SureScreen, GuessScreen, MoveForm, FormHelpScreen, SayScreen)
"""What is open over the table only as long as the person is asked."""

_ASKED: dict[str, Callable[[Turn, tuple[object, ...]], bool]] = {
    "act": lambda turn, given: act_open(turn.view, str(given[0])) is not None,
    "menu": lambda _turn, _: True,
    "say": lambda _turn, _: True,
    "delegate": lambda _turn, _: True,
    "advice": lambda turn, _: turn.may_ask_advice and turn.advice is None,
    "guess": lambda turn, _: turn.guesses_due,
    "shock": lambda turn, _: bool(turn.shocks),
}
"""What can be done only while the person is asked → whether what they are asked allows it."""

_ENDED = ("review", "replay", "analyse", "try_again")

BACK = "From your next move on the seat is yours again."
NOTHING_YET = "Nobody has moved yet; b opens your brief."


class TableScreen(WatchingScreen):
    """Shows a session as it happens, and lets the person at the screen play it."""

    CSS_PATH = "table.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list[BindingType](BINDINGS)

    def __init__(self, live: Live, *, see: str | None = None) -> None:
        """Sit down, or watch.

        Args:
            live: The session; it is held once the screen is there.
            see: The only party whose private side is shown; by default the person's, and where
                nobody sits here all.
        """
        super().__init__(live, see=see)
        self.turn: Turn | None = None
        """What the person is asked; None while they are not."""
        self.draft = live.keepsake(Draft)
        self._view: View | None = None
        self._handed_over = False
        self._held_told = ""
        self._late = ""
        self._news = FreshNews()
        self._opens_form: Callable[[], object] | None = None
        """What opens the form that was opened last."""
        self._reopens: Callable[[], object] | None = None
        """What opens the form again that was closed because the person is asked anew."""
        self._wants_back = False
        self._guessed = False
        self._advised = -1
        self._advising = -1
        self._then: Callable[[], object] | None = None
        self._clock = self.set_interval(1.0, self.tick, pause=True)

    # --- the person is asked

    @on(PersonAsked)
    def _asked(self, message: PersonAsked) -> None:
        turn = message.turn
        sent = self.draft.sent
        if sent is not None and turn.view.turn > sent:
            self.draft.forget()
        self.draft.sent = None
        had_advice = self._advised == turn.view.turn
        self._advised = turn.view.turn if turn.advice is not None else -1
        is_asked_anew = self._view is not None and self._view.turn == turn.view.turn
        self._news.hear(turn.view.news)
        self.turn, self._view = turn, turn.view
        self._handed_over = self._wants_back = False
        self._held_told = self._late = ""
        self._advising = -1
        self.phase = "asked"
        if turn.left_s() is not None:
            self._clock.resume()
        self.show_state()
        self.call_after_refresh(self.refresh_bindings)
        is_advised = turn.advice is not None and turn.problem is None and not had_advice
        reopens, self._reopens = self._reopens if is_asked_anew else None, None
        if is_advised or turn.guesses_due:
            orderly(self).open_unasked(self, partial(self._open_papers, turn, is_advised))
        elif reopens is not None:
            orderly(self).open_unasked(self, partial(self._open_again, turn, reopens))

    def _open_again(self, turn: Turn, opens: Callable[[], object]) -> None:
        """Open what was closed as the person was asked anew, while that question is open."""
        if self.turn is turn:
            opens()

    def _open_papers(self, turn: Turn, is_advised: bool) -> None:
        """Show what comes with a question, while it is open."""
        if self.turn is not turn:
            return
        if is_advised:
            self.action_papers("Adviser")
        elif not self._guessed:
            self.action_guess()

    @on(Gathering)
    def _count_down(self) -> None:
        """Tell by the clock when it begins at the latest."""
        self._clock.resume()

    @on(RecordRead)
    def _hear_on(self, message: RecordRead) -> None:
        """Tell what has happened while others are to move."""
        party = self.live.party
        if party is not None:
            self._news.hear(news_of(message.history.last, party))

    @on(TurnOver)
    def _turn_over(self) -> None:
        if self.turn is None:
            return
        out_of_time = self.turn.left_s() == 0
        has_form = any(isinstance(one, MoveForm | SayScreen) for one in app_of(self).screen_stack)
        self._reopens = self._opens_form if has_form and not out_of_time else None
        self._close_dialogs()
        self._late = "Time is up: your stand-in moves. What you wrote is kept." * out_of_time
        self._leave_turn()

    @on(SeatHeld)
    def _held(self, message: SeatHeld) -> None:
        self._handed_over = message.may_take_back
        self._held_told = message.told
        self.show_state()

    def _leave_turn(self) -> None:
        self.turn = None
        self._clock.pause()
        if self.phase == "asked":
            self.phase = "waiting"
        self.show_state()

    def _close_dialogs(self) -> None:
        app = orderly(self)
        is_open = isinstance(app.screen, _DIALOGS)
        while app.screen is not self and isinstance(app.screen, _DIALOGS):
            app.pop_screen()
        if is_open:
            app.typed.await_pause()

    def _answer(self, answer: Answer) -> None:
        """Give an answer; the table waits from now on, until the person is asked again."""
        if self.turn is None:
            self._late = "You are not asked any more; what you wrote is kept."
            self.show_state()
            return
        if isinstance(answer, PersonMove):
            self.draft.sent = self.turn.view.turn
        if isinstance(answer, PersonMove | HandOver):
            self._news.forget()
        turn = self.turn
        self._leave_turn()
        self.live.person.answer(answer, turn)

    def tick(self) -> None:
        """Tell how much time is left."""
        if self.phase != "sitting" and (self.turn is None or self.turn.left_s() is None):
            self._clock.pause()
        self.show_state()

    def show_state(self) -> None:
        """Tell where the session stands, and what can be done."""
        super().show_state()
        dock = self.query_one(Dock)
        turn = self.turn
        dock.problem = "" if turn is None or turn.problem is None else one_line(turn.problem)
        chips: tuple[Chip, ...] = ()
        if self.phase in ("over", "stopped"):
            more = (Chip("c", "carry on", "carry_on"),) if self.phase == "stopped" else ()
            after = chips_after(is_branch=self._is_branch)
            chips = (*more, *after) if self.history is not None else more
        elif turn is not None:
            asked = asked_lines(turn, dock.size.width)
            dock.told = (*self._branched_off(), *asked, *self._to_be_said())
            chips = chips_of(turn)
        else:
            chips = (Chip("d", "take your seat back", "take_back"),) * self._may_take_back
        allows = self.live.rights.allow
        dock.chips = tuple(one for one in chips if allows(one.action.partition("(")[0]))

    def notes_told(self) -> tuple[str, ...]:
        """Return what is to be known now beside what is going on."""
        told = self._news.notes if self.is_under_way else ()
        if self.turn is None and self.is_under_way:
            told = (*told, self._late, BACK * self._wants_back)
        return (*filter(None, told), *super().notes_told())

    @on(PauseTold)
    def _tell_forms(self, message: PauseTold) -> None:
        for screen in app_of(self).screen_stack:
            if isinstance(screen, MoveForm):
                screen.is_paused = message.is_paused

    def waiting_told(self) -> tuple[Content, ...]:
        """Return whom the table waits for, and why the person's seat is held meanwhile."""
        if self._advising == self.total and not self.is_paused:
            return (Content("The adviser looks at it…"),)
        told = super().waiting_told()
        if self._held_told:
            return (*told, Content(self._held_told))
        is_new = self.live.party is not None and self.recording is not None and not self.total
        return (*told, Content(NOTHING_YET)) if is_new else told

    def _branched_off(self) -> tuple[Content, ...]:
        """Return that this is a branch, until a move is made in it."""
        parent = None if self.recording is None else self.recording.header.parent
        if parent is None or self.total > parent.moves:
            return ()
        return (Content("This is a branch: the session it began from stays as it is."),)

    def _to_be_said(self) -> tuple[Content, ...]:
        words = one_line(self.draft.words, 120)
        return (Content.assemble(("You will say: ", "$muted"), f"“{words}”"),) if words else ()

    def state_told(self) -> Content:
        """Return round, whose move it is, and the time left."""
        told = super().state_told()
        if self.live.rights.names_seat and self.recording is not None:
            labels = party_labels(self.recording.scenario)
            own = next(one for one in labels if one.id == self.live.party)
            told = Content.assemble("you are ", (own.signed_id, f"bold {own.style}"), " · ", told)
        if self.turn is None:
            return told
        return Content.assemble(
            told, (" · your move", "bold $primary"), time_left(self.turn.left_s())
        )

    @property
    def _may_take_back(self) -> bool:
        return self._handed_over and not self._wants_back and self.phase == "waiting"

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does something now."""
        if not self.live.rights.allow(action):
            return False
        if action in _ASKED:
            return self.turn is not None and _ASKED[action](self.turn, parameters)
        is_over, is_read = not self.is_under_way, self.recording is not None
        is_open = {
            "papers": self.live.party is not None and (is_read or self._gathering is not None),
            "undo": self.live.party is not None and is_read,
            "take_back": self._may_take_back,
            "carry_on": self.phase == "stopped" and is_read,
            "compare": is_over and self._is_branch,
            "home": is_over,
            "panel": parameters != (RESULT_PANEL,) or self.record is not None,
            **dict.fromkeys(_ENDED, is_over and is_read),
        }
        return is_open.get(action, True)

    def why_silent(self, key: str) -> str:
        """Return why a key does nothing now, where it would do something at another time."""
        return "" if self.turn is None else why_silent(self.turn.view, key)

    def action_act(self, act: str) -> None:
        """Open the form of an act."""
        turn = self.turn
        found = None if turn is None else act_open(turn.view, act)
        if turn is None or found is None:
            return
        self._opens_form = partial(self.action_act, act)
        note = "" if turn.problem is None else one_line(turn.problem)
        opening = None if self.sheet is None else self.sheet.opening
        paused = self.is_paused
        form = MoveForm(turn, found, self.draft, note=note, opening=opening, is_paused=paused)
        app_of(self).push_screen(form, self._moved)

    def _moved(self, answer: PersonMove | None) -> None:
        if answer is not None:
            self._answer(answer)
        else:
            self.show_state()

    def action_menu(self) -> None:
        """Show every act that is open now."""
        if self.turn is not None:
            view = self.turn.view
            self.ask("What you can do", menu_of(view), self.action_act, closed_rows(view))

    def action_say(self) -> None:
        """Write what is said with the next move."""
        self._opens_form = self.action_say
        app_of(self).push_screen(SayScreen(self.draft), lambda _: self.show_state())

    def action_advice(self) -> None:
        """Ask the adviser."""
        self._advising = self.total
        self._answer(AskAdvice())

    def action_guess(self) -> None:
        """Ask for the guesses of half time."""
        if self.turn is None:
            return
        self._guessed = True

        def guessed(sheet: Sheet | None) -> None:
            if sheet is not None:
                self._answer(GuessAgain(sheet))

        app_of(self).push_screen(GuessScreen(self.turn.view, self.sheet), guessed)

    def action_shock(self) -> None:
        """Have a shock strike."""
        if self.turn is None:
            return
        told = shocks_of(self.turn)
        self.ask("What is to strike now", told, lambda name: self._answer(HaveStrike(name)))

    def action_delegate(self) -> None:
        """Hand the seat over to the stand-in."""

        def chosen(name: str) -> None:
            self._handed_over = True
            self._answer(HandOver(int(name) if name else None))

        self.ask("Your stand-in makes", HAND_OVERS, chosen)

    def action_take_back(self) -> None:
        """Ask for the seat that the stand-in holds."""
        self._wants_back = True
        self.live.person.take_back()
        self.show_state()
        self.refresh_bindings()

    def action_papers(self, first: str = "Brief") -> None:
        """Show what the seat may read."""
        view = self._view_now()
        if view is not None:
            app_of(self).push_screen(PapersScreen(papers_of(view, self.turn), first))

    def _view_now(self) -> View | None:
        """Return what the seat knows by now; None where that is not known here."""
        party, recording, gathering = self.live.party, self.recording, self._gathering
        view = self._view
        if party is None or self.turn is not None:
            return view
        if view is None and recording is not None:
            view = view_before(recording.scenario, party, recording.header.seed)
        elif view is None and gathering is not None:
            view = view_before(gathering.scenario, party, gathering.seed)
        return view if view is None or self.history is None else view_since(view, self.history.last)

    def action_help(self) -> None:
        """Show every key, and how to read the table."""
        in_forms = {f"{keys} (form)": what for keys, what in IN_FORMS.items()}
        keys = self.live.rights.helped({**KEYS, **in_forms})
        app_of(self).push_screen(HelpScreen(keys, READING))

    # --- leaving, and what comes after

    def action_undo(self) -> None:
        """Take back the last own move: a branch begins before it."""
        history, party = self.history, self.live.party
        at = None if history is None or party is None else history.last_move(party)
        if at is None:
            self.say("You have not moved yet.")
            return
        told = (
            f"A branch begins before your move {at + 1}, and you play on there. This session stays "
            "as it is."
        )
        again = TryAgain(self.live.path, at)
        SureScreen(told, "Branch off", title="Take back?").ask(
            app_of(self), lambda: self._leave_and(lambda: self.post_message(again))
        )

    def _leave_and(self, then: Callable[[], object]) -> None:
        """Leave the table, and do something once the session has stopped."""
        if not self.is_under_way:
            then()
            return
        self._then = then
        self.live.leave()

    @on(SessionStopped)
    @on(SessionOver)
    def _end_turn(self) -> None:
        self._close_dialogs()
        self._leave_turn()
        then, self._then = self._then, None
        if then is not None:
            self.call_later(then)  # once the app has heard of the end too

    def ask_to_leave(self, then: Callable[[], object]) -> None:
        """Ask whether to leave while the session goes on, then do something."""
        if not self.is_under_way:
            then()
            return
        asked = SureScreen(self.live.rights.leaving, "Leave", "Stay", title="Leave now?")
        asked.ask(app_of(self), lambda: self._leave_and(then))

    def action_close(self) -> None:
        """Close the screen."""
        app = app_of(self)
        self.ask_to_leave(lambda: app.call_later(app.run_action, "app.close_screen"))

    def action_analyse(self) -> None:
        """Show what theory says of the session."""
        self.post_message(Analyse(path=self.live.path))

    def action_try_again(self) -> None:
        """Ask from which move to try again, in whose seat and against whom."""
        from tui.screens.try_again import TryAgainScreen

        recording = self.recording
        if recording is None:
            return
        names = {party: one.name for party, one in recording.scenario.parties.items()}
        seats = {party: seat.spec for party, seat in recording.header.seats.items()}
        at = max(self.moves - 1, 0)
        app_of(self).push_screen(TryAgainScreen(self.live.path, at, names, seats, self.total))

    @property
    def _is_branch(self) -> bool:
        return self.recording is not None and self.recording.header.parent is not None

    def action_compare(self) -> None:
        """Show the session beside the one it branched off."""
        self.post_message(Compare(None, self.live.path))

    def action_carry_on(self) -> None:
        """Carry the session on."""
        self.post_message(CarryOn(self.live.path))

    def action_home(self) -> None:
        """Go home."""
        self.post_message(GoHome())
