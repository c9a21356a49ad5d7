"""A batch of sessions under way: how far it has come, how sessions ended, what they cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen

from delegates.evaluation.playing.progress import Progress
from delegates.text import one_line
from games.errors import Paused
from tui.errands import ContinueEvaluation, GoHome, OpenEvaluation
from tui.evaluating import BatchOver, BatchStopped, LiveBatch, ProgressTold
from tui.nodes import app_of
from tui.screens.help import HelpScreen
from tui.widgets.evaluation_words import progress_lines
from tui.widgets.fitted import Fitted, Pane, stamped, wrapped
from tui.widgets.key_line import KeyLine
from tui.widgets.sure import SureScreen
from tui.widgets.title_bar import STAMP

Phase = Literal["playing", "stopping", "stopped", "over"]
"""Under way; asked to stop; stopped before its end; played to its end."""

KEYS = {
    "Esc · H · q": "back · home · quit; while it goes on it is asked first, and what was played "
    "stays: Home offers to continue",
    "Enter · v": "the report, once every session was played",
    "c": "continue, where it stopped",
    "↑ ↓ · k j": "scroll",
    "Ctrl+P": "commands: themes, screenshot (kept in the home folder)",
}
"""What each key does."""

READING = {
    "Bar": "▓ sessions of earlier runs, █ of this one, ░ still to be played.",
    "Classes": "✗ marks failures: a timeout, a provider that failed for good, a fault of this "
    "program, a delegate that broke the protocol. provider and error are tried again when the "
    "evaluation is continued.",
    "Cost": "of the whole batch, earlier runs counted; the cap ends it before it is passed.",
}
"""How to read the screen."""

WIDEST = 140
"""Columns beyond which nothing is gained."""


class EvaluationProgressScreen(Screen[None]):
    """Plays a batch in a thread and shows how far it has come."""

    CSS_PATH = "evaluation_batch.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "report", "report", key_display="⏎"),
        Binding("v", "review", "Report", show=False),
        Binding("c", "go_on", "continue"),
        Binding("H", "home", "Home", show=False),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("escape", "close", "back", key_display="Esc"),
        Binding("q", "app.quit", "quit"),
    ]

    phase: reactive[Phase] = reactive("playing", bindings=True)

    def __init__(self, batch: LiveBatch, clock: Callable[[], float] = monotonic) -> None:
        """Show a batch.

        Args:
            batch: It is played once the screen is there.
            clock: Tells seconds, by which the time goes on between two sessions' ends.
        """
        super().__init__()
        self.live = batch
        self._clock = clock
        self._told_at = 0.0
        self._progress: Progress | None = None
        self._told = self._keys = Content("")
        self._then: Callable[[], object] | None = None
        self._has_report = self._is_to_retry = False

    @property
    def is_under_way(self) -> bool:
        """Whether sessions are being played."""
        return self.phase in ("playing", "stopping")

    def compose(self) -> ComposeResult:
        """Lay title, progress and keys from top to bottom."""
        yield Fitted(self._title, id="progress-title")
        with Pane(id="progress-body"):
            yield Fitted(self._lines, id="progress")
        yield KeyLine()

    def on_mount(self) -> None:
        """Play it."""
        self.query_one(Pane).focus()
        self.set_interval(1.0, self._tick)
        self._hold()

    def on_unmount(self) -> None:
        """Stop, if the screen is taken away while it goes on."""
        if self.is_under_way:
            self.live.stop()

    @work(thread=True, exclusive=True)
    def _hold(self) -> None:
        """Play the batch; in a thread of its own."""
        self.live.hold(self.post_message)

    @on(ProgressTold)
    def _take(self, message: ProgressTold) -> None:
        self._progress, self._told_at = message.progress, self._clock()
        self._show()

    def _tick(self) -> None:
        """Let the time go on while sessions take long."""
        if self.is_under_way and self._progress is not None:
            self._show()

    def _now(self, told: Progress) -> Progress:
        """Return how far the batch has come, with the time that has passed since it was told."""
        if not self.is_under_way or told.is_over:
            return told
        passed = self._clock() - self._told_at
        left = None if told.eta_s is None else max(told.eta_s - passed, 0.0)
        return replace(told, elapsed_s=told.elapsed_s + passed, eta_s=left)

    @on(BatchOver)
    def _end(self, message: BatchOver) -> None:
        failed = message.failed
        self._is_to_retry = failed > 0
        again = f" {failed:,} failed; they are tried again if it is continued." if failed else ""
        self._told = Content.assemble(("✓ ", "$success"), f"Every session was played.{again}")
        self._keys = Content.assemble((" Enter ", "reverse"), " the report")
        if failed:
            self._keys = Content.assemble(self._keys, "   ", (" c ", "reverse"), " continue")
        self._settle("over")

    @on(BatchStopped)
    def _stop(self, message: BatchStopped) -> None:
        told = f"{one_line(str(message.error))}. What was played is kept."
        self._has_report = not isinstance(message.error, Paused)
        self._told = Content.assemble(("■ ", "$warning"), told)
        self._keys = Content.assemble((" c ", "reverse"), " continue")
        self._settle("stopped")

    def _settle(self, phase: Phase) -> None:
        self.phase = phase
        self._show()
        then, self._then = self._then, None
        if then is not None:
            self.call_later(then)

    def _show(self) -> None:
        self.query_one("#progress-title", Fitted).show(self._title)
        self.query_one("#progress", Fitted).show(self._lines)

    def _title(self, width: int) -> list[Content]:
        state = {
            "playing": "sessions are being played",
            "stopping": "stopping: sessions under way are kept or played again",
            "stopped": "stopped",
            "over": "every session was played",
        }[self.phase]
        return [stamped(one_line(self.live.title), state, STAMP, width)]

    def _lines(self, width: int) -> list[Content]:
        width = min(width, WIDEST)
        if self._progress is None:
            lines = [Content.styled("Getting ready…" if self.is_under_way else "", "$muted")]
        else:
            lines = progress_lines(self._now(self._progress), width)
            if self.is_under_way and self._progress.done >= self._progress.planned:
                lines += [Content(""), Content.styled("Writing the tables…", "$muted")]
        if self._told.plain:
            lines += [Content(""), *self._told.wrap(width), Content(""), self._keys]
        where = f"kept in {one_line(str(self.live.path))}"
        return [*lines, Content(""), *wrapped(where, width, style="$muted")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does anything here."""
        del parameters
        match action:
            case "report" | "review":
                return self.phase == "over" or self._has_report
            case "go_on":
                return self.phase == "stopped" or self._is_to_retry
            case _:
                return True

    def ask_to_leave(self, then: Callable[[], object]) -> None:
        """Ask whether to stop while sessions are played, then do something."""
        if not self.is_under_way:
            then()
            return
        question = (
            "Sessions are being played. If you leave, every finished one is kept, and Home offers "
            "to continue."
        )

        def stop() -> None:
            if not self.is_under_way:
                then()
                return
            self._then, self.phase = then, "stopping"
            self._show()
            self.live.stop()

        asked = SureScreen(question, "Stop for now", "Go on", title="Stop the evaluation?")
        asked.ask(app_of(self), stop)

    def action_close(self) -> None:
        """Close the screen."""
        app = app_of(self)
        self.ask_to_leave(lambda: app.call_later(app.run_action, "app.close_screen"))

    def action_home(self) -> None:
        """Go home."""
        self.ask_to_leave(lambda: self.post_message(GoHome()))

    def action_report(self) -> None:
        """Show the report."""
        self.action_review()

    def action_review(self) -> None:
        """Show the report."""
        self.post_message(OpenEvaluation(self.live.path))

    def action_go_on(self) -> None:
        """Tell what is left, to continue."""
        self.post_message(ContinueEvaluation(self.live.path))

    def action_help(self) -> None:
        """Say what the keys do."""
        app_of(self).push_screen(HelpScreen(KEYS, READING))
