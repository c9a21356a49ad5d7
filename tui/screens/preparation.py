"""The preparation sheet: what you take the game to be, sealed before the first move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input

from delegates.text import one_line
from games.outcomes import Option, option_text
from games.preparation import Guess, Sheet, Trade, problem_with_sheet
from tui.errands import Sit
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.screens.peek import PeekScreen
from tui.session_plan import SessionPlan
from tui.text.beforehand import view_before
from tui.text.labels import PartyLabel, option_with_unit, party_labels
from tui.text.seat import hindrance, worth_line
from tui.widgets.choice import ChoiceScreen
from tui.widgets.fitted import Fitted, Text, stamped, title
from tui.widgets.key_line import KeyLine
from tui.widgets.number_field import NumberField
from tui.widgets.picks import PickRow, Picks
from tui.widgets.ranking import RankingList
from tui.widgets.sure import SureScreen
from tui.widgets.title_bar import STAMP

KEYS = {
    "Ctrl+S": "seal the sheet and sit down; what is left open stays open",
    "F2": "sit down without a sheet",
    "Tab, Enter · Shift+Tab": "the next field, the one before",
    "Shift+↑ Shift+↓ · 1–9": "in a ranking: move the issue, or put it at that place",
    "← →": "in the opening and the trade: another option",
    "Backspace": "leave a ranking, the opening or the trade open again",
    "F3": "guess about another counterpart, where there are many",
    "F4": "look up your brief and your points",
    "Esc": "back to the briefing; asks first if something was filled in",
    "F1": "this help; Ctrl+Q quits",
}
"""What each key does."""

COMPARED = (
    "In the debrief: your ranking with your points (rank correlation), what you have without "
    "agreement with your brief, your guesses with what the others really had; opening, first "
    "trade, target and walk-away line with your moves. At half time you guess once more."
)
"""What becomes of the sheet."""

READING = {
    "What for": COMPARED,
    "Who sees it": "nobody at the table. It is sealed into the transcript before the first move.",
    "Mouse": "drag an issue to its place; click ◂ or ▸ to turn an option.",
}
"""How to read the screen."""

INTRO = (
    "All of it may stay open. It is sealed before the first move, no other seat sees it, and the "
    "debrief sets it against the truth and against what you did."
)

FEW = 3
"""Counterparts up to which a guess is asked about each."""

MOST_GUESSES = 6
"""Counterparts that can be guessed about."""

FIELDS = {
    "reservation": "Without agreement I have",
    "target": "I mean to reach",
    "walk_away": "I leave rather than sign below",
}
"""The numbers that are asked for, in the person's own points."""


class GuessBox(Vertical):
    """Asks what a counterpart is taken to want."""

    def __init__(self, issues: dict[str, str]) -> None:
        super().__init__(classes="guess")
        self.party = ""
        self._heading = Text()
        self._issues = issues

    def compose(self) -> ComposeResult:
        """Hold the counterpart's name, a number and a ranking."""
        yield self._heading
        yield NumberField("Without agreement they have")
        yield RankingList(self._issues)

    def ask_about(self, label: PartyLabel) -> None:
        """Make it about a counterpart."""
        self.party = label.id
        self._heading.update(Content.styled(f"{label.glyph} {label.name}", f"bold {label.style}"))

    @property
    def guess(self) -> Guess | None:
        """What was guessed; None if nothing was."""
        found = Guess(
            reservation=self.query_one(NumberField).value,
            ranking=self.query_one(RankingList).ranking,
        )
        return None if found == Guess() else found


class PreparationScreen(Screen[None]):
    """Holds the sheet; whatever is not filled in is left open."""

    CSS_PATH = "preparation.tcss"

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide"), (170, "-broad")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "seal", "seal, sit down", key_display="^S", priority=True),
        Binding("f2", "skip", "no sheet", key_display="F2", priority=True),
        Binding("f3", "add", "others", key_display="F3", priority=True),
        Binding("f4", "peek", "points", key_display="F4", priority=True),
        Binding("tab", "app.focus_next", "field", key_display="Tab"),
        Binding("escape", "back", "back", key_display="Esc"),
        Binding("f1,question_mark", "help", "help", key_display="F1"),
        Binding("q", "leave", "Quit", show=False),
    ]

    def __init__(self, plan: SessionPlan) -> None:
        """Ask for a sheet.

        Args:
            plan: What is to be played; a person sits at one of its seats.

        Raises:
            ValueError: If nobody does.
        """
        super().__init__()
        if plan.party is None:
            raise ValueError("a preparation sheet is for a seat; expected a plan with one")
        self.plan = plan
        self.party = plan.party
        self.view = view_before(plan.scenario, plan.party, plan.seed)
        self._labels = {one.id: one for one in party_labels(plan.scenario)}
        self._issues = {
            name: one_line(issue.label) or name for name, issue in self.view.public.issues.items()
        }

    @property
    def _others(self) -> list[str]:
        return [party for party in self.plan.scenario.ids if party != self.party]

    def compose(self) -> ComposeResult:
        """Lay title, fields and keys from top to bottom."""
        yield Fitted(self._title, id="prep-title")
        with VerticalScroll(id="prep-body", can_focus=False):
            yield Text(Content.styled(INTRO, "$muted"), id="prep-intro")
            with Container(id="prep-columns"):
                with Vertical(classes="prep-column"):
                    yield from self._own_fields()
                with Container(classes="prep-column", id="prep-offers"):
                    with Vertical(classes="prep-column"):
                        yield from self._opening_fields()
                    with Vertical(classes="prep-column", id="prep-guesses"):
                        yield from self._guess_fields()
            yield Text(title("What it will be compared with"), id="prep-compared-title")
            yield Text(Content.styled(COMPARED, "$muted"), id="prep-compared")
        yield KeyLine()

    def _title(self, width: int) -> list[Content]:
        name = self._labels[self.party].name
        scenario = one_line(self.plan.scenario.title)
        return [stamped(f"Preparation: {name}", scenario, STAMP, width)]

    def _own_fields(self) -> Iterator[Widget]:
        yield Text(title("You, in your own points"))
        for name, label in FIELDS.items():
            yield NumberField(label, id=f"prep-{name}")
        yield Text(
            Content.assemble(
                title("Your issues, the weightiest first  "), ("Shift+↑↓ ranks", "$muted")
            ),
            classes="prep-heading",
        )
        yield RankingList(self._issues, id="prep-ranking")

    def _opening_fields(self) -> Iterator[Widget]:
        yield Text(Content.assemble(title("Your opening offer  "), ("← →", "$muted")))
        yield Picks(self._opening_rows(), begin=self._best, id="prep-opening")
        yield Text(id="prep-worth")
        yield Text(
            Content.assemble(title("The first trade you mean to propose  "), ("← →", "$muted")),
            classes="prep-heading",
        )
        names = tuple(self._issues.values())
        rows = [PickRow("I give on", names), PickRow("I want for it", names)]
        yield Picks(rows, id="prep-trade")
        yield Text(id="prep-trade-problem", classes="prep-problem")

    def _opening_rows(self) -> list[PickRow]:
        points = self.view.private.points
        return [
            PickRow(
                self._issues[name],
                tuple(option_with_unit(issue, option) for option in issue.options),
                tuple(f"{points[name][option_text(option)]:g}" for option in issue.options),
            )
            for name, issue in self.view.public.issues.items()
        ]

    def _best(self) -> tuple[int, ...]:
        """Return the options of what is worth most to the seat among all that it may sign."""
        return self.view.public.space.levels_of(int(self.view.own.ranking[0][-1]))

    def _guess_fields(self) -> Iterator[Widget]:
        yield Text(
            Content.assemble(
                title("What you take the others to want  "), ("in their points", "$muted")
            )
        )
        others = self._others
        for party in others if len(others) <= FEW else []:
            box = GuessBox(self._issues)
            box.ask_about(self._labels[party])
            yield box
        if len(others) > FEW:
            yield Button("Guess about a counterpart… (F3)", id="prep-add", compact=True)

    def on_mount(self) -> None:
        """Begin with the first field, and with nothing offered."""
        self._tell_worth()
        # At once: what is typed before a field has the focus is lost.
        self.set_focus(self.query_one("#prep-reservation Input"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does anything here: few counterparts are all asked about."""
        del parameters
        return action != "add" or len(self._others) > FEW

    @property
    def opening(self) -> dict[str, Option] | None:
        """The opening offer; None as long as it is open."""
        picked = self.query_one("#prep-opening", Picks).picked
        levels = [level for level in picked if level is not None]
        if len(levels) < len(picked):
            return None
        space = self.view.public.space
        return space.outcome(space.index_of_levels(levels))

    @property
    def trade(self) -> Trade | None:
        """The first trade; None as long as either side of it is open."""
        issues = list(self._issues)
        gives, wants = self.query_one("#prep-trade", Picks).picked
        if gives is None or wants is None:
            return None
        return Trade(gives=issues[gives], wants=issues[wants])

    @property
    def sheet(self) -> Sheet:
        """The sheet as it is filled in."""
        numbers = {name: self.query_one(f"#prep-{name}", NumberField).value for name in FIELDS}
        guesses = {box.party: box.guess for box in self.query(GuessBox)}
        return Sheet(
            **numbers,
            ranking=self.query_one("#prep-ranking", RankingList).ranking,
            guesses={party: guess for party, guess in guesses.items() if guess is not None},
            opening=self.opening,
            trade=self.trade,
        )

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Picks.Changed)
    def _picked(self, message: Picks.Changed) -> None:
        if message.picks.id == "prep-opening":
            self._tell_worth()
        else:
            self.query_one("#prep-trade-problem", Text).update(Content(self._trade_problem()))

    def _trade_problem(self) -> str:
        gives, wants = self.query_one("#prep-trade", Picks).picked
        if (gives is None) != (wants is None):
            return "✗ settle both sides of the trade, or neither (Backspace)"
        return "✗ a trade is across two issues" if gives is not None and gives == wants else ""

    def _tell_worth(self) -> None:
        """Tell what the opening is worth to the seat, and what keeps it from signing that."""
        told = Content.styled("Open. ← → begins with what is best for you.", "$muted")
        if (opening := self.opening) is not None:
            outcome = self.view.public.space.index(opening)
            told = Content.styled(one_line(worth_line(self.view, outcome)), "bold")
            if (why := hindrance(self.view, outcome)) is not None:
                told = Content.assemble(told, "\n", (f"✗ {one_line(why)}", "$error"))
        self.query_one("#prep-worth", Text).update(told)

    @on(Button.Pressed, "#prep-add")
    def action_add(self) -> None:
        """Ask about whom there is something to guess."""
        guessed = {box.party for box in self.query(GuessBox)}
        if len(guessed) >= len(self._others):
            self._warn("you guess about every counterpart already: fill in those")
            return
        if len(guessed) >= MOST_GUESSES:
            self._warn(f"guesses about {MOST_GUESSES} are enough: fill in those")
            return
        parties = self.plan.scenario.parties
        answers = {
            party: f"{self._labels[party].name}: {one_line(parties[party].interests)}"
            for party in self._others
            if party not in guessed
        }
        asked = ChoiceScreen("About whom do you guess?", answers)

        # Made ready while the question is open: what is typed after the answer belongs in it.
        box = GuessBox(self._issues)
        box.display = False
        ready = self.query_one("#prep-guesses").mount(box, before="#prep-add")

        async def added(party: str | None) -> None:
            if not box.is_mounted:
                await ready
            if party is None:
                await box.remove()
                return
            box.ask_about(self._labels[party])
            box.display = True
            self.set_focus(box.query_one(Input))

        app_of(self).push_screen(asked, added)

    def action_seal(self) -> None:
        """Seal the sheet and sit down, unless something in it is wrong."""
        wrong = next((one for one in self.query(NumberField) if one.problem), None)
        if wrong is not None:
            wrong.query_one("Input").focus()
            self._warn(f"{wrong.text!r}: expected a number of points, or nothing")
            return
        if problem := self._trade_problem():
            self.query_one("#prep-trade").focus()
            self._warn(problem.removeprefix("✗ "))
            return
        sheet = self.sheet
        problem = problem_with_sheet(self.plan.scenario, self.party, sheet)
        if problem is None:
            app_of(self).clear_notifications()  # what they warned of has been put right
            self.post_message(Sit(self.plan, None if sheet.is_empty else sheet))
        else:
            self._warn(problem)

    def action_skip(self) -> None:
        """Sit down without a sheet."""
        self.post_message(Sit(self.plan))

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was filled in that leaving would lose."""
        trade = self.query_one("#prep-trade", Picks).picked
        wrong = any(field.text for field in self.query(NumberField))
        return self.sheet.is_empty and not wrong and trade == (None, None)

    def action_back(self) -> None:
        """Go back to the briefing; ask first if something was filled in."""
        self._ask_before("app.close_screen")

    def action_leave(self) -> None:
        """Quit; ask first if something was filled in."""
        self._ask_before("app.quit")

    def _ask_before(self, action: str) -> None:
        def go() -> None:
            self.call_later(self.run_action, action)

        if self.is_untouched:
            go()
        else:
            asked = SureScreen("What you filled in would be lost.", "Leave", "Stay")
            asked.ask(app_of(self), go)

    def action_peek(self) -> None:
        """Show the briefing over the sheet."""
        app_of(self).push_screen(PeekScreen(self.plan.scenario, self.view))

    def action_help(self) -> None:
        """Show what each key does."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))

    def _warn(self, why: str) -> None:
        self.notify(why, severity="warning", timeout=8, markup=False)
