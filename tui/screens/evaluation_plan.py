"""What an evaluation would play and cost, told before anything is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from delegates.text import counted, one_line
from games.errors import MinilateralError
from tui.errands import OpenEvaluation, PlayBatch
from tui.evaluating import Foretold, LiveBatch
from tui.nodes import app_of
from tui.screens.back_keys import BACK_KEYS
from tui.screens.help import HelpScreen
from tui.text.wording import LIMITS, money
from tui.widgets.choice import ChoiceScreen
from tui.widgets.evaluation_words import duration
from tui.widgets.fitted import Fitted, Pane, stamped, title, wrapped
from tui.widgets.key_line import KeyLine
from tui.widgets.sure import SureScreen
from tui.widgets.title_bar import STAMP

KEYS = {
    "Enter": "play what is left; where models cost money it is asked first",
    "c": "cap: the most that the whole batch may cost, in USD; none for no cap of your own",
    "v": "the report, where every session was played",
    "↑ ↓ · k j": "scroll; PgUp PgDn, g G go further",
    "Esc · H": "back · home",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Cost": "what the sessions that are left may cost by the providers' lists; the cap ends the "
    "batch before it is passed. Nothing is asked or bought before Enter.",
    "Folder": "every finished session is kept there at once. The same plan continues in the same "
    "folder; another version of it gets a folder of its own.",
}
"""How to read what is told."""

_NAMES = 10
"""Columns of the names of rows."""

WIDEST = 100
"""Columns beyond which lines are hard to read."""

MOST_COST = 1_000_000.0
"""The greatest cap that can be set, in USD."""

NONE = "none"
"""The answer for no cap of one's own."""

Foretell = Callable[[float | None], Foretold]
"""Returns what would be played under a cap; it waits for files and may take a while."""

Begin = Callable[[Foretold], LiveBatch]
"""Returns the batch that plays it."""


class EvaluationPlanScreen(Screen[None]):
    """Tells what a plan would play, and starts it."""

    CSS_PATH = "evaluation_batch.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "start", "play", key_display="⏎"),
        Binding("c", "cap", "cap"),
        Binding("v", "review", "report"),
        *BACK_KEYS,
    ]

    @dataclass
    class Told(Message):
        """It is known what would be played."""

        foretold: Foretold
        cap: float | None
        """For which that was worked out."""

    @dataclass
    class NotTold(Message):
        """Why it cannot be played."""

        line: str
        cap: float | None
        """For which that was found."""

    def __init__(self, name: str, foretell: Foretell, begin: Begin) -> None:
        """Tell of a plan.

        Args:
            name: By which it is known until its title is.
            foretell: Returns what it would play; it is called in a thread.
            begin: Makes the batch.
        """
        super().__init__()
        self._called, self._foretell, self._begin = name, foretell, begin
        self._cap: float | None = None
        self._has_asked = False
        """Whether the person was asked for a cap, and gave one or none."""
        self._failure = ""
        self.foretold: Foretold | None = None
        """What would be played, once that is known."""

    def compose(self) -> ComposeResult:
        """Lay title, what is told, and keys from top to bottom."""
        yield Fitted(self._title, id="plan-title")
        with Pane(id="plan-body"):
            yield Fitted(self._lines, id="plan-told")
        yield KeyLine()

    def on_mount(self) -> None:
        """Have it worked out."""
        self.query_one(Pane).focus()
        self._work_out(self._cap)

    @work(thread=True, exclusive=True)
    def _work_out(self, cap: float | None) -> None:
        """Work out what would be played; in a thread of its own."""
        try:
            foretold = self._foretell(cap)
        except MinilateralError as error:
            self.post_message(self.NotTold(one_line(str(error)), cap))
        else:
            self.post_message(self.Told(foretold, cap))

    @on(Told)
    def _take(self, message: Told) -> None:
        # A thread is not stopped: what was worked out for an earlier cap may come last.
        if message.cap == self._cap:
            self.foretold, self._failure = message.foretold, ""
            self._show()

    @on(NotTold)
    def _fail(self, message: NotTold) -> None:
        if message.cap == self._cap:
            self.foretold, self._failure = None, message.line
            self._show()

    def _show(self) -> None:
        self.query_one("#plan-title", Fitted).show(self._title)
        self.query_one("#plan-told", Fitted).show(self._lines)
        self.refresh_bindings()

    def _title(self, width: int) -> list[Content]:
        told = self._called if self.foretold is None else self.foretold.title
        return [stamped(one_line(told), "an evaluation", STAMP, width)]

    def _lines(self, width: int) -> list[Content]:
        width = min(width, WIDEST)
        if self._failure:
            lines = wrapped(self._failure, width, style="$error", first="✗ ", rest="  ")
            again = Content.assemble((" c ", "reverse"), " another cap, or none")
            return lines if self._cap is None else [*lines, Content(""), again]
        if self.foretold is None:
            told = "Reading the plan and its scenarios, and working out what it may cost…"
            return wrapped(told, width, style="$muted")
        return foretold_lines(self.foretold, width)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does anything here."""
        del parameters
        told = self.foretold
        match action:
            case "start":
                return told is not None and told.left > 0
            case "cap":
                if told is None:
                    return self._has_asked
                return told.left > 0 and bool(told.models)
            case "review":
                return told is not None and not told.left
            case _:
                return True

    def action_start(self) -> None:
        """Play what is left; where that costs money, ask first."""
        told = self.foretold
        if told is None:
            return
        if not told.is_paid:
            self._start(told)
            return
        calls = f"{told.calls:,} call{'' if told.calls == 1 else 's'}"
        models = ", ".join(one_line(model) for model in told.models)
        question = f"{calls} of {models}: {price_words(told)}; {cap_words(told)}."
        asked = SureScreen(question, "Play and pay", "Do not", title="This costs money")
        asked.ask(app_of(self), lambda: self._start(told))

    def _start(self, told: Foretold) -> None:
        self.post_message(PlayBatch(self._begin(told)))

    def action_cap(self) -> None:
        """Ask for the most that the batch may cost."""

        def capped(typed: str | None) -> None:
            if typed is None:
                return
            self._cap, self._has_asked = None if typed == NONE else float(typed), True
            # Nothing is started under the cap of before.
            self.foretold, self._failure = None, ""
            self._show()
            self._work_out(self._cap)

        cap = self._cap if self.foretold is None else self.foretold.cap_usd
        asked = ChoiceScreen(
            "The most that the whole batch may cost, in USD",
            {NONE: "no cap of your own: the plan's, else 1 USD where prices are known"},
            free="an amount, as 2.50; or none",
            typed="" if cap is None else f"{cap:.2f}",
            check=cap_problem,
        )
        app_of(self).push_screen(asked, capped)

    def action_review(self) -> None:
        """Show the report."""
        if self.foretold is not None:
            self.post_message(OpenEvaluation(self.foretold.path))

    def action_help(self) -> None:
        """Say what the keys do."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))


def cap_problem(typed: str) -> str | None:
    """Return what is wrong with a cap that was typed, in a line; None if nothing is."""
    if typed == NONE:
        return None
    try:
        amount = float(typed)
    except ValueError:
        return f"{typed!r} is no amount; expected USD, as 2.50, or {NONE}"
    if not 0 <= amount <= MOST_COST:
        return f"{typed!r}: expected an amount from 0 to {MOST_COST:,.0f} USD, or {NONE}"
    return None


def cap_words(told: Foretold) -> str:
    """Return up to where money may be spent, and what of it is spent."""
    if told.cap_usd is None:
        return "no cap"
    spent = f", {money(told.spent_usd)} of it spent" if told.spent_usd else ""
    return f"at most {told.cap_usd:.2f} USD in all{spent}"


def foretold_lines(told: Foretold, width: int) -> list[Content]:
    """Return what a batch would play, what it may use, and where it is kept."""
    lines: list[Content] = []
    if told.question.strip():
        lines += [*wrapped(one_line(told.question, 2000), width, style="bold"), Content("")]
    rows = {"sessions": _sessions(told), "cost": _cost(told)}
    if told.is_paid:
        rows["cap"] = cap_words(told)
    if told.models:
        rows["calls"] = f"{told.calls:,}, about {told.tokens:,} tokens"
        rows["models"] = ", ".join(one_line(model) for model in told.models)
    if told.seconds is not None:
        rows["time"] = f"about {duration(told.seconds)} ({told.assumed})"
    rows["kept in"] = one_line(str(told.path))
    for name, row in rows.items():
        lines += _row(name, row, width)
    lines += [Content(""), _next(told, width)]
    if told.notes:
        lines.append(Content(""))
    for note in told.notes:
        lines += wrapped(one_line(note, 2000), width, first="! ", rest="  ")
    lines += [Content(""), title(_strategies(len(told.strategies)))]
    for name, spec in told.strategies:
        seat = "" if name == spec else f"  {one_line(spec)}"
        line = Content.assemble(f"  {one_line(name)}", (seat, "$muted"))
        lines.append(line.truncate(width, ellipsis=True))
    lines += [Content(""), title(counted(len(told.scenarios), "scenario"))]
    for name, parties in told.scenarios:
        line = Content.assemble(f"  {one_line(name)}", (f"  {parties} parties", "$muted"))
        lines.append(line.truncate(width, ellipsis=True))
    return [*lines, Content(""), *wrapped(LIMITS, width, style="$muted")]


def _strategies(count: int) -> str:
    return f"{count} strateg{'y' if count == 1 else 'ies'}"


def _row(name: str, told: str, width: int) -> list[Content]:
    """Return a named row, wrapped beside its name."""
    first, *more = wrapped(told, width - _NAMES)
    style = "bold" if name in ("sessions", "cost", "cap") else ""
    lines = [Content.assemble((f"{name:<{_NAMES}}", "$muted"), first.stylize(style))]
    return [*lines, *(Content.assemble(" " * _NAMES, line.stylize(style)) for line in more)]


def _sessions(told: Foretold) -> str:
    planned = f"{told.planned:,} in {counted(told.repetitions, 'repetition')}"
    again = f", {told.retried:,} of them tried again as they failed" if told.retried else ""
    if not told.done and not again:
        return planned
    return f"{told.left:,} left{again}, of {planned}"


def _cost(told: Foretold) -> str:
    if not told.models:
        return "none: no model is asked"
    if not told.is_paid:
        return "no money: models on this machine"
    return price_words(told)


def price_words(told: Foretold) -> str:
    """Return what the sessions that are left may cost."""
    if told.cost_usd is None or told.worst_usd is None:
        return "a price is not known"
    return f"about {told.cost_usd:.4g}, at worst {told.worst_usd:.4g} USD"


def _next(told: Foretold, width: int) -> Content:
    if not told.left:
        return Content.assemble("Every session was played. ", (" v ", "reverse"), " its report.")
    verb = "continues" if told.done or told.retried else "starts"
    line = Content.assemble((" Enter ", "reverse"), f" {verb}")
    if told.is_paid:
        line = Content.assemble(
            line, ", and asks first: it costs money. ", (" c ", "reverse"), " cap"
        )
    return line.truncate(width, ellipsis=True)
