"""Home: what can be played, and what was played lately."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.keys import key_to_character
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from delegates.settings import Settings, load_settings
from delegates.text import one_line
from tui.errands import (
    Analyse,
    Brief,
    CarryOn,
    Compare,
    ContinueEvaluation,
    OpenEvaluation,
    OpenPlan,
    OpenReplay,
    OpenReview,
)
from tui.library import (
    RECOMMENDED,
    SECTIONS,
    Card,
    EvaluationCard,
    PlanCard,
    ScenarioCard,
    SessionCard,
    models_line,
)
from tui.memory import give_back_memory
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.text.wording import LIMITS
from tui.widgets.cards import card_content, key_of, row_of, scenario_aside
from tui.widgets.choice import ChoiceScreen
from tui.widgets.fitted import Fitted, Text, stamped
from tui.widgets.key_line import KeyLine
from tui.widgets.listing import Listing, Row, heading, notice
from tui.widgets.title_bar import STAMP

KEYS = {
    "↑ ↓ · k j": "another row; PgUp PgDn, g G go further",
    "Enter": "a scenario: its briefing. A session: carry it on if it is unfinished, else replay "
    "it. A plan: what it would play. An evaluation: its report, or what is left to play",
    "w": "watch: the briefing without a seat for you",
    "o": "open a file: a scenario, a plan, a transcript to replay, an evaluation's folder",
    "/": "search: titles, parties, issues, dates; Esc ends it",
    "r": "replay the session",
    "v": "review it: what was done well and badly, with lessons; of an evaluation the report",
    "m": "mark a session, or take the mark away",
    "C": "compare the two marked sessions",
    "A": "analysis: what theory says of the scenario, or of the session",
    "i": "about Minilateral, and its limits",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Scenarios": "●●○○○ 2 is the level, of five. Minutes are those of a person who plays.",
    "Sessions": "those in your own folder, the last to change first; one written elsewhere, as "
    "with --out, is opened with o. you: COD 45.0 – you sat for COD and had 45 points in the end; "
    "★ agreement; ↳ branched off another session.",
    "Evaluations": "▷ a plan that can be started; ✓ played; … only so many of so many; ✗ some "
    "failed, or it is damaged.",
    "Mouse": "click a row, and once more to open it; the keys at the bottom can be clicked.",
}
"""How to read the screen."""

ABOUT = {
    "What this is": "a simulation of negotiations over critical minerals. Delegates driven by "
    "models, by rules or by people bargain over supply and investment; game theory referees what "
    "they do, and a debrief computed from the record says what was done well and badly.",
    "What it is not": "a forecast. An equilibrium says what follows from these numbers. Accuracy "
    "compares play with this model's best reply; it is not for grading or selecting staff.",
    "Models": "they carry cultural and national bias. An embedded model runs on this machine; any "
    "other is asked only if a seat, --model or the config file names it, and the briefing tells "
    "the price first.",
    "Your data": "transcripts stay on this machine unless you export them, or have a seat ask a "
    "model elsewhere: it is then sent what that seat may see, your words among it.",
}
"""What Minilateral is, and what it is not."""

GONE_S = 1.0
"""Seconds at home after which the screens that were closed are taken apart."""

OPEN_FILE = "open"
"""The key of the row by which a file is opened."""

GIVE_WAY_TO_A_SEARCH = ("slash", "i")
"""Keys that are not told during a search, so that 80 columns have room for the one that ends it."""


@dataclass
class LibraryRead(Message):
    """What there is in a section has been read."""

    section: str
    cards: Sequence[Card]
    models: str
    """Which model is set up, in a line; told with sessions where there are none."""


class AboutScreen(HelpScreen):
    """Shows what Minilateral is, and its limits."""

    def __init__(self) -> None:
        super().__init__({}, ABOUT)

    def on_mount(self) -> None:
        """Say what it is."""
        self.query_one("#help").border_title = "About Minilateral"


class HomeScreen(Screen[None]):
    """Shows scenarios and recent sessions."""

    CSS_PATH = "home.tcss"

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "watch", "watch"),
        Binding("o", "open_file", "file"),
        Binding("slash", "search", "find", key_display="/"),
        Binding("r", "replay", "replay"),
        Binding("v", "review", "review"),
        Binding("m", "mark", "mark", show=False),
        Binding("C", "compare", "compare", key_display="C", show=False),
        Binding("A", "analyse", "analyse", key_display="A"),
        Binding("i", "about", "about"),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "app.quit", "quit"),
        Binding("escape", "leave_search", "all again", key_display="Esc"),
    ]

    def __init__(self, home: Path, settings: Settings | None = None) -> None:
        """Show what lies in the user's data folder.

        Args:
            home: The folder.
            settings: The user's settings; by default from environment and config file.
        """
        super().__init__()
        self._folder = home
        self._settings = settings
        self._sections: Mapping[str, Sequence[Card]] = {}
        self._cards: dict[str, Card] = {}
        self._marked: list[str] = []
        self._models = ""
        self._typed_path = ""

    def compose(self) -> ComposeResult:
        """Lay title, search, list, details and keys from top to bottom."""
        yield Fitted(_title, id="home-title")
        yield Input(placeholder="search titles, parties, issues, dates", id="home-search")
        with Horizontal(id="home-body"):
            yield Listing([notice("Reading…")], id="home-list")
            with VerticalScroll(id="home-details", can_focus=False):
                yield Text(id="home-told")
        yield KeyLine()

    def on_mount(self) -> None:
        """Let the list have the keys."""
        self.query_one(Input).cursor_blink = False
        self._list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does anything here: a search is ended while there is one."""
        del parameters
        return action != "leave_search" or self._is_searching

    @property
    def _is_searching(self) -> bool:
        return self.query_one(Input).has_class("-open")

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that are told: in a search how it ends, before those that have to make room."""
        told = super().active_bindings
        if not self._is_searching:
            return told
        told = {key: told[key] for key in told if key not in GIVE_WAY_TO_A_SEARCH}
        field = self.query_one(Input)
        if self.focused is not field:
            return told
        is_typed = field.check_consume_key
        return {key: told[key] for key in told if not is_typed(key, key_to_character(key))}

    def on_screen_resume(self) -> None:
        """Read anew what there is, and let go of what other screens held once they are gone."""
        self._read()
        self.set_timer(GONE_S, self._settle)

    def _settle(self) -> None:
        if app_of(self).screen is self:
            self._give_back()

    @property
    def _list(self) -> Listing:
        return self.query_one("#home-list", Listing)

    @property
    def is_first_run(self) -> bool:
        """Whether nothing was played yet."""
        return "sessions" in self._sections and not self._sections["sessions"]

    @work(thread=True, exclusive=True, group="library")
    def _read(self) -> None:
        """Read what lies in the user's folder; in a thread of its own."""
        settings = self._settings or load_settings(os.environ)
        for name, section in SECTIONS.items():
            found = section.read(self._folder)
            models = models_line(settings) if name == "sessions" and not found else ""
            self.post_message(LibraryRead(name, found, models))

    @work(thread=True, exclusive=True, group="memory")
    def _give_back(self) -> None:
        give_back_memory()

    @on(LibraryRead)
    def _take(self, message: LibraryRead) -> None:
        self._sections = {**self._sections, message.section: message.cards}
        self._models = message.models or self._models
        self._cards = {key_of(card): card for some in self._sections.values() for card in some}
        self._marked = [key for key in self._marked if key in self._cards]
        self.set_class(self.is_first_run, "-first")
        self._show()

    def _show(self) -> None:
        """Show the rows that the search leaves."""
        sought = self.query_one(Input).value.strip().lower()
        rows: list[Row] = []
        for name, section in SECTIONS.items():
            cards = [one for one in self._sections.get(name, ()) if sought in one.searched]
            if not cards and (sought or name != "scenarios"):
                continue
            if rows:
                rows.append(notice(""))
            rows.append(_heading_of(name, section.title, len(cards)))
            rows += [row_of(card) for card in cards]
            if name == "scenarios" and not sought:
                rows.append(Row(OPEN_FILE, lambda _: Content.styled("open a file…  o", "$muted")))
        self._list.show(rows or [notice(f"Nothing here has “{sought}” in it.")])
        self._list.marked = tuple(self._marked)
        self._tell()

    @on(Listing.Moved)
    def _tell(self) -> None:
        """Tell of the current row, on a first run after what all this is."""
        card = self._cards.get(self._list.current or "")
        told = Content(
            "Type the path of a scenario, of a plan, of a transcript to replay, or of the folder "
            "of an evaluation. What was written elsewhere than in your own folder, as with --out, "
            "is not listed here: this is how it is opened."
        )
        if card is not None:
            told = card_content(card)
        elif self._list.current is None:
            told = Content("")
        if self.is_first_run and not isinstance(card, PlanCard | EvaluationCard):
            told = Content("\n").join([welcome(self._models), Content(""), told])
        self.query_one("#home-told", Text).update(told)
        self.query_one("#home-details").scroll_home(animate=False)

    @on(Listing.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    @on(Input.Changed)
    def _sought(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _found(self) -> None:
        self._list.focus()

    def action_search(self) -> None:
        """Let something be searched for."""
        search = self.query_one(Input)
        search.add_class("-open")
        # At once, not when all that waits is done: what was typed ahead is meant for it.
        self.set_focus(search)
        self.refresh_bindings()

    def action_leave_search(self) -> None:
        """End the search and show everything again."""
        search = self.query_one(Input)
        search.remove_class("-open")
        search.value = ""
        self._list.focus()
        self.refresh_bindings()

    @property
    def _card(self) -> Card | None:
        return self._cards.get(self._list.current or "")

    def _session(self) -> SessionCard | None:
        """Return the current session if something can be done with it; say why not otherwise."""
        card = self._card
        if not isinstance(card, SessionCard):
            self._say("that is done with a session; there is none here")
            return None
        return card if self._is_sound(card) else None

    def _is_sound(self, card: SessionCard | EvaluationCard) -> bool:
        """Return whether something can be done with a card; say why not otherwise."""
        if not card.is_sound:
            self._say(f"{one_line(card.path.name)}: damaged: {card.problem}")
        return card.is_sound

    def _say(self, why: str) -> None:
        self.notify(why, severity="warning", timeout=6, markup=False)

    def action_open(self) -> None:
        """Open the scenario's briefing, or the session."""
        if self._list.current == OPEN_FILE:
            self.action_open_file()
        elif isinstance(card := self._card, ScenarioCard):
            self.post_message(Brief(card.source))
        elif isinstance(card, SessionCard) and (session := self._session()) is not None:
            errand = OpenReplay if session.is_finished else CarryOn
            self.post_message(errand(session.path))
        elif isinstance(card, PlanCard):
            self.post_message(OpenPlan(card.source))
        elif isinstance(card, EvaluationCard) and self._is_sound(card):
            led = OpenEvaluation if card.is_played else ContinueEvaluation
            self.post_message(led(card.path))

    def action_watch(self) -> None:
        """Open the scenario's briefing without a seat."""
        if isinstance(card := self._card, ScenarioCard):
            self.post_message(Brief(card.source, watch=True))
        else:
            self._say("a scenario can be watched; there is none here")

    def action_replay(self) -> None:
        """Replay the session."""
        if (card := self._session()) is not None:
            self.post_message(OpenReplay(card.path))

    def action_review(self) -> None:
        """Review the session, or show what an evaluation found."""
        if isinstance(chosen := self._card, EvaluationCard):
            if self._is_sound(chosen):
                self.post_message(OpenEvaluation(chosen.path))
        elif (card := self._session()) is not None:
            self.post_message(OpenReview(card.path))

    def action_analyse(self) -> None:
        """Show what theory says of the scenario or session."""
        if isinstance(card := self._card, ScenarioCard):
            self.post_message(Analyse(source=card.source))
        elif (session := self._session()) is not None:
            self.post_message(Analyse(path=session.path))

    def action_mark(self) -> None:
        """Mark the session, or take its mark away; the last two marks stay."""
        if (card := self._session()) is None:
            return
        key = key_of(card)
        others = [one for one in self._marked if one != key]
        self._marked = others if key in self._marked else [*others, key][-2:]
        self._list.marked = tuple(self._marked)

    def action_compare(self) -> None:
        """Compare the marked sessions; with one mark, that one and the current one."""
        marked = list(self._marked)
        current = self._list.current or ""
        if len(marked) == 1 and current not in marked and self._session() is not None:
            marked.append(current)
        cards = [self._cards[key] for key in marked]
        paths = [card.path for card in cards if isinstance(card, SessionCard)]
        if len(paths) == 2:
            self.post_message(Compare(*paths))
        else:
            self._say("two sessions are compared: mark each with m")

    def action_open_file(self) -> None:
        """Ask for a file and open it."""

        def opened(typed: str | None) -> None:
            if typed is None:
                return
            self._typed_path = typed
            path = _path_of(typed)
            is_session = path.suffix == ".jsonl"
            self.post_message(OpenReplay(path) if is_session else Brief(str(path)))

        asked = ChoiceScreen(
            "Open a file",
            {},
            free="path of a scenario, plan, transcript (.jsonl), or an evaluation's folder",
            typed=self._typed_path,
        )
        app_of(self).push_screen(asked, opened)

    def action_about(self) -> None:
        """Show what Minilateral is, and its limits."""
        app_of(self).push_screen(AboutScreen())

    def action_help(self) -> None:
        """Show what each key does."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))


def _path_of(typed: str) -> Path:
    """Return the path that was typed, in the user's home where it begins so."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        return Path(typed)  # nobody's home is called so; whoever loads it says that it is not there


def _title(width: int) -> list[Content]:
    aside = "negotiations over critical minerals, refereed"
    return [stamped("Minilateral", aside, STAMP, width)]


def _heading_of(name: str, title: str, count: int) -> Row:
    if name != "scenarios":
        return heading(title, f"{count:,}")
    return Row(None, lambda width: heading(title, scenario_aside(width)).draw(width))


def welcome(models: str) -> Content:
    """Return what all this is, for whoever opens it for the first time.

    Args:
        models: Which model is set up, in a line.
    """
    return Content("\n").join(
        [
            Content.assemble(
                ("Welcome. ", "bold $primary"),
                "Take a seat in a simulated negotiation: rules or models play the others, game "
                "theory referees, a debrief tells what you did well and badly.",
            ),
            Content.assemble(
                (" Enter ", "reverse"),
                " opens your briefing, ",
                (" Enter ", "reverse"),
                " again seats you at the table.",
            ),
            Content(f"Begin with {RECOMMENDED}, marked ▸: two delegations, five minutes."),
            Content.assemble(
                (" w ", "reverse"),
                " watches instead   ",
                (" i ", "reverse"),
                " about, limits   ",
                (" ? ", "reverse"),
                " all keys",
            ),
            Content.assemble(("Other seats  ", "$muted"), models),
            Content.assemble(
                ("Nothing is sent ", "$muted"),
                "unless you name a model elsewhere; its price is told first.",
            ),
            Content.styled(LIMITS, "$muted"),
        ]
    )
