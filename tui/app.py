"""The Textual app: opens at a screen and runs the errands that lead from one screen to another.

Screens ask by posting an errand. Files are read and branches written in threads of the app's, so
that no screen waits for a disk; what goes wrong is told in a line and leaves everything as it was.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.message import Message
from textual.screen import Screen

from delegates.fork import fork
from delegates.home import picture_folder
from delegates.settings import Settings, load_settings
from games.errors import MinilateralError, Paused, TranscriptError
from games.scenario import bundled_scenarios, load_scenario
from transcripts.lineage import require_parent
from transcripts.record import SessionRecord
from tui.errands import (
    Analyse,
    Brief,
    CarryOn,
    Compare,
    ContinueEvaluation,
    GoHome,
    OpenEvaluation,
    OpenPlan,
    OpenReplay,
    OpenReview,
    PlayBatch,
    Prepare,
    Sit,
    TryAgain,
)
from tui.fetching import FetchingApp
from tui.live import Live, LiveSession, SessionOver, SessionStopped, carried_on, sat_down
from tui.live.person import LEFT
from tui.memory import ForgetfulThreads
from tui.palette import Palette
from tui.pictures import keep_picture
from tui.replay import Recording
from tui.screens.help import HelpScreen
from tui.session_plan import SessionPlan
from tui.themes import DARK, THEMES, theme_for, variable_defaults

Opening = Callable[[], Screen[None]]
"""Makes the screen with which the app opens."""


class MinilateralApp(FetchingApp):
    """Shows one screen above the other, the home screen at the bottom if it opened with that."""

    CSS_PATH = Path(__file__).with_name("styles.tcss")
    TITLE = "Minilateral"
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {"help": HelpScreen}

    def __init__(self, opening: Opening | None = None, settings: Settings | None = None) -> None:
        """Prepare the app.

        Args:
            opening: Makes its first screen; by default the home screen.
            settings: The user's settings; by default from environment and config file.
        """
        super().__init__()
        self._opening = opening
        self._settings = settings
        self._parents: dict[Path, Path] = {}
        """Branch → the session it began from, wherever that lies, for those begun here."""
        self.ended: SessionRecord | MinilateralError | None = None
        """How the last session that was held here ended, unless the app opened with its home."""
        self.ended_at: Path | None = None
        """Where that is kept."""
        self._cut_short: Path | None = None
        """Where the session is kept during which a fault brought the app down."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def on_load(self) -> None:
        """Have threads work that hold no screen once it is closed."""
        asyncio.get_running_loop().set_default_executor(ForgetfulThreads())

    def on_mount(self) -> None:
        """Begin in colours that the terminal has."""
        # Before this it is not known whether there is a terminal.
        if not self.is_headless:
            self.theme = theme_for(self.colour_system)

    @property
    def colour_system(self) -> str | None:
        """How many colours the app's terminal has, as Rich calls that."""
        return self.console.color_system

    @property
    def settings(self) -> Settings:
        """The user's settings.

        Raises:
            SettingError: If a value in the environment or the config file cannot be used.
        """
        if self._settings is None:
            self._settings = load_settings(os.environ)
        return self._settings

    def get_default_screen(self) -> Screen[None]:
        """Return the screen with which the app opens."""
        screen = self._home() if self._opening is None else self._opening()
        # Textual reads the styles of every screen but the first one.
        self._load_screen_css(screen)  # pyright: ignore[reportUnknownMemberType]
        return screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return this app's own colours, for themes that do not name them."""
        return variable_defaults(dark=self.current_theme.dark)

    def action_command_palette(self) -> None:
        """Show what can be done everywhere."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def _handle_exception(self, error: Exception) -> None:
        """Note which session a fault cut short, while its screen is still there."""
        from tui.screens.table import TableScreen

        tables = [screen for screen in self.screen_stack if isinstance(screen, TableScreen)]
        self._cut_short = next((one.live.path for one in tables if one.is_under_way), None)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Tell of a fault without the values that it came upon: they may be another seat's."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        super()._fatal_error()
        told = Traceback(show_locals=False)
        self._exit_renderables[-1] = Segments(self.console.render(told, self.console.options))

    def _print_error_renderables(self) -> None:
        """Say where the session is kept before the fault itself is told."""
        path = self._cut_short
        if path is not None and path.exists():
            where = quote(str(path))
            told = f"your session is kept in {where}; carry on with: minilateral resume {where}"
            print(told, file=sys.stderr, flush=True)
        super()._print_error_renderables()

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Yield what the command palette offers everywhere."""
        # Textual does not say of what kind a screen's app is.
        yield from super().get_system_commands(screen)  # pyright: ignore[reportUnknownMemberType]
        yield SystemCommand("Home", "Scenarios and recent sessions", self.action_home)

    def _home(self) -> Screen[None]:
        from tui.screens.home import HomeScreen

        return HomeScreen(self.settings.home.value, self.settings)

    async def action_quit(self) -> None:
        """Quit; where a session is under way it is asked first, and what happened is kept."""
        self._leave_table_and(self.exit)

    async def action_help_quit(self) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Do what `q` does, on Ctrl+C; where that does not quit, tell what does."""
        key = self.active_bindings.get("q")
        if key is not None and key.binding.action == "app.quit":
            await self.run_action("app.quit")
        else:
            super().action_help_quit()

    def action_home(self) -> None:
        """Go to the home screen; where a session is under way it is asked first."""
        self._leave_table_and(partial(self.post_message, GoHome()))

    def _leave_table_and(self, then: Callable[[], object]) -> None:
        """Do something; if a session or a batch is under way, only once the person has left it."""
        from tui.screens.evaluation_progress import EvaluationProgressScreen
        from tui.screens.table import TableScreen

        under_way = next(
            (
                screen
                for screen in self.screen_stack
                if isinstance(screen, TableScreen | EvaluationProgressScreen)
                and screen.is_under_way
            ),
            None,
        )
        if under_way is None:
            then()
        else:
            under_way.ask_to_leave(then)

    def action_close_screen(self) -> None:
        """Close the screen on top; to close the one at the bottom is to leave it."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.leave_first_screen()

    def leave_first_screen(self) -> None:
        """Go home from the screen at the bottom."""
        self.post_message(GoHome())

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Keep a picture of the screen in the home folder and say where; a browser is sent it."""
        if self.is_web:
            return super().deliver_screenshot(filename, path, time_format)
        picture = self.export_screenshot()

        def keep() -> Path:
            return keep_picture(picture_folder(self.settings.home.value), picture)

        self._fetch(keep, lambda kept: self._tell(f"The picture is kept in {kept}", "information"))
        return None

    @on(GoHome)
    def _go_home(self) -> None:
        from tui.screens.home import HomeScreen

        while len(self.screen_stack) > 1:
            self.pop_screen()
        if not isinstance(self.screen, HomeScreen):
            self.push_screen(self._home())

    @on(Brief)
    def _brief(self, errand: Brief) -> None:
        def plan() -> SessionPlan | Message:
            led = evaluation_errand(errand.source)
            if led is not None:
                return led
            scenario = load_scenario(errand.source)
            seat = None if errand.watch else scenario.ids[0]
            return SessionPlan(scenario=scenario, settings=self.settings, party=seat)

        def show(found: SessionPlan | Message) -> None:
            if isinstance(found, Message):
                self.post_message(found)
                return
            from tui.screens.briefing import BriefingScreen

            self.push_screen(BriefingScreen(found))

        self._fetch(plan, show)

    @on(Prepare)
    def _prepare(self, errand: Prepare) -> None:
        from tui.screens.preparation import PreparationScreen

        self.push_screen(PreparationScreen(errand.plan))

    @on(Sit)
    def _sit(self, errand: Sit) -> None:
        self._fetch(partial(sat_down, errand.plan, errand.sheet), self._seat)

    def _seat(self, live: Live) -> None:
        from tui.screens.table import TableScreen

        self.push_screen(TableScreen(live))

    @on(CarryOn)
    def _carry_on(self, errand: CarryOn) -> None:
        self._fetch(lambda: carried_on(errand.path, self.settings), self._seat_again)

    def _seat_again(self, live: Live) -> None:
        """Open the table of a session that is carried on, in place of that of its parent."""
        from tui.screens.table import TableScreen

        # Textual cannot replace the screen at the bottom: there the parent stays beneath.
        if isinstance(self.screen, TableScreen) and len(self.screen_stack) > 1:
            self.switch_screen(TableScreen(live))  # pyright: ignore[reportUnknownMemberType]
        else:
            self._seat(live)

    @on(TryAgain)
    def _try_again(self, errand: TryAgain) -> None:
        def branch() -> LiveSession:
            child = fork(errand.path, at=errand.at, seats=errand.seats, settings=self.settings)
            self._parents[child.path] = errand.path
            return carried_on(child.path, self.settings)

        self._fetch(branch, self._seat_again)

    @on(OpenReplay)
    def _replay(self, errand: OpenReplay) -> None:
        def show(recording: Recording) -> None:
            from tui.screens.replay import ReplayScreen

            self.push_screen(ReplayScreen(recording, see=errand.see, at=errand.at))

        self._fetch(partial(Recording, errand.path), show)

    @on(OpenReview)
    def _review(self, errand: OpenReview) -> None:
        self.push_screen(self.review_of(errand))

    def review_of(self, errand: OpenReview) -> Screen[None]:
        """Return the screen that reviews a transcript."""
        from tui.screens.review import ReviewScreen

        return ReviewScreen(errand.path, errand.party)

    @on(Compare)
    def _compare(self, errand: Compare) -> None:
        def both() -> tuple[Recording, Recording]:
            first = errand.first or self._parents.get(errand.second)
            return Recording(first or require_parent(errand.second)), Recording(errand.second)

        def show(found: tuple[Recording, Recording]) -> None:
            from tui.screens.compare import CompareScreen

            self.push_screen(CompareScreen(*found))

        self._fetch(both, show)

    @on(Analyse)
    def _analyse(self, errand: Analyse) -> None:
        from tui.screens.analysis import AnalysisScreen

        self.push_screen(AnalysisScreen(source=errand.source, path=errand.path))

    @on(OpenPlan)
    @on(ContinueEvaluation)
    def _plan(self, errand: OpenPlan | ContinueEvaluation) -> None:
        from tui.evaluating.start import begun, foretold
        from tui.screens.evaluation_plan import EvaluationPlanScreen

        source = errand.source if isinstance(errand, OpenPlan) else errand.path
        self._show_evaluation(
            EvaluationPlanScreen(
                Path(source).name,
                lambda cap: foretold(source, self.settings, cap),
                lambda told: begun(told, self.settings),
            )
        )

    @on(PlayBatch)
    def _play_batch(self, errand: PlayBatch) -> None:
        from tui.screens.evaluation_progress import EvaluationProgressScreen

        self._show_evaluation(EvaluationProgressScreen(errand.batch))

    @on(OpenEvaluation)
    def _evaluation(self, errand: OpenEvaluation) -> None:
        from tui.screens.evaluation import EvaluationScreen

        self._show_evaluation(EvaluationScreen(errand.path))

    def _show_evaluation(self, screen: Screen[None]) -> None:
        """Show a screen of an evaluation, in place of the one before of the same kind."""
        if is_of_evaluation(self.screen) and len(self.screen_stack) > 1:
            self.switch_screen(screen)  # pyright: ignore[reportUnknownMemberType]
        else:
            self.push_screen(screen)

    @on(SessionOver)
    def _note_end(self, message: SessionOver) -> None:
        # Nobody asks the app at home for it, and a large scenario's tables hang on it.
        if self._opening is not None:
            self.ended, self.ended_at = message.record, message.record.transcript

    @on(SessionStopped)
    def _note_stop(self, message: SessionStopped) -> None:
        if self._opening is not None:
            self.ended, self.ended_at = message.error, message.path


def evaluation_errand(source: str) -> Message | None:
    """Return what opens a plan of an evaluation, or an evaluation's folder; None of anything else.

    Args:
        source: A bundled name, a file or a folder, as it was typed.
    """
    from delegates.evaluation.planning.plan_files import KEY, bundled_plans, evaluation_meant
    from delegates.evaluation.playing.folder import Folder

    if source in bundled_scenarios():
        return None
    if source in bundled_plans():
        return OpenPlan(source)
    path = Path(source)
    try:
        folder = evaluation_meant(source)
        if folder is not None and Folder(folder).plan.is_file():
            return OpenEvaluation(folder)
        if path.suffix in (".yaml", ".yml") and path.is_file():
            with path.open(encoding="utf-8", errors="replace") as file:
                is_plan = any(line.startswith(f"{KEY}:") for line in file)
            return OpenPlan(source) if is_plan else None
    except OSError:
        return None  # whoever loads it says why it cannot be read
    return None


def is_of_evaluation(screen: Screen[Any]) -> bool:
    """Return whether a screen shows a plan, the progress or the report of an evaluation."""
    from tui.screens.evaluation import EvaluationScreen
    from tui.screens.evaluation_plan import EvaluationPlanScreen
    from tui.screens.evaluation_progress import EvaluationProgressScreen

    kinds = EvaluationScreen | EvaluationPlanScreen | EvaluationProgressScreen
    return isinstance(screen, kinds)


def replay_app(recording: Recording, see: str | None = None) -> MinilateralApp:
    """Return the app with which a recorded session is replayed."""
    from tui.screens.replay import ReplayScreen

    return MinilateralApp(partial(ReplayScreen, recording, see=see))


def replay(path: Path, see: str | None = None) -> None:
    """Show a recorded session until the user quits.

    Raises:
        TranscriptError: If the file cannot be read or does not begin with a sound header, or there
            is no such party; nothing was shown then.
    """
    recording = Recording(path)
    if see is not None and see not in recording.scenario.ids:
        known = ", ".join(recording.scenario.ids)
        raise TranscriptError(f"{path}: no party {see!r}; expected {known}")
    replay_app(recording, see).run()


def open_app() -> None:
    """Show the app from its home screen on until the user quits.

    Raises:
        SettingError: If a setting cannot be used; nothing was shown then.
    """
    MinilateralApp(settings=load_settings(os.environ)).run()


@dataclass(frozen=True)
class Held:
    """How the last session that was held on the screen ended, and where it is kept."""

    ended: SessionRecord | MinilateralError
    path: Path


def hold(live: Live, see: str | None = None) -> Held:
    """Hold a session on the screen until the user quits.

    Args:
        live: The session; whoever goes on from it to a branch or another one ends with that.
        see: The only party whose private side is shown to who only watches; None for all.
    """
    from tui.screens.table import TableScreen

    app = MinilateralApp(partial(TableScreen, live, see=see), live.settings)
    app.run()
    if app.ended is not None:
        return Held(app.ended, app.ended_at or live.path)
    return Held(live.ended or Paused(LEFT), live.path)
