"""The app of a joined seat: its table, its own review, and nothing else of the host's machine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from textual.app import SystemCommand
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen

from games.errors import MinilateralError
from games.review.debrief import Debrief
from tui import errands
from tui.app import MinilateralApp
from tui.errands import OpenReview
from tui.host import host
from tui.hosting.rights import APP_ACTIONS, REVIEW_ACTIONS, REVIEW_KEYS
from tui.live.contract import Live
from tui.screens import review
from tui.screens.help import HelpScreen
from tui.screens.review import ReviewScreen
from tui.screens.table import TableScreen
from tui.table.watching import ITS_HOST_KNOWS

COLOURS = {"truecolor": "truecolor", "256": "256", "16": "standard"}
"""How many colours a terminal may say it has → what Rich calls that."""

_ERRANDS = tuple(
    one for one in vars(errands).values() if getattr(one, "__module__", "") == errands.__name__
)

_log = logging.getLogger("minilateral.hosting")


class SeatReview(ReviewScreen):
    """How one's own seat was played, as far as the seat may know."""

    CSS_PATH = Path(review.__file__).with_name("review.tcss")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key does something here."""
        return action in REVIEW_ACTIONS and super().check_action(action, parameters)

    def fault_told(self, error: MinilateralError) -> str:
        """Return that there is no debrief; why may name files of the host's."""
        del error
        return ITS_HOST_KNOWS

    def action_help(self) -> None:
        """Show every key, and how to read the panels."""
        keys = {key: what for key, what in review.KEYS.items() if key not in REVIEW_KEYS}
        host(self).push_screen(HelpScreen(keys, review.READING))


class SeatApp(MinilateralApp):
    """Shows a joined seat."""

    def __init__(self, live: Live, driver: type[Driver], colours: str = "truecolor") -> None:
        """Prepare the app.

        Args:
            live: The session, from the seat.
            driver: What it draws to.
            colours: How many colours there are; one of `COLOURS`.
        """
        super().__init__(partial(TableScreen, live), live.settings)
        self.driver_class = driver
        self.live = live
        self.console = _console(COLOURS.get(colours, "truecolor"))

    # --- what is open

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action of the app may be done."""
        return action in APP_ACTIONS and super().check_action(action, parameters)

    def check_message_enabled(self, message: Message) -> bool:
        """Return whether a message is heeded: of all errands, one's own review alone."""
        if isinstance(message, _ERRANDS) and not self._is_own_review(message):
            return False
        return super().check_message_enabled(message)

    def _is_own_review(self, errand: Message) -> bool:
        return isinstance(errand, OpenReview) and errand.party == self.live.party

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """Yield what the command palette offers: the colours."""
        del screen
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)

    def action_close_screen(self) -> None:
        """Close the screen on top; who closes the table has left."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit()

    def review_of(self, errand: OpenReview) -> Screen[None]:
        """Return the screen that reviews this seat, and no other."""
        del errand
        return SeatReview(self.live.path, self.live.party, review=_sealed)

    # --- beside the host's terminal

    @property
    def _capture_stdout(self) -> TextIO:
        """The process's output as it is: apps end in any order, and each would put back what it
        found, which may be another's that has ended."""
        return sys.stdout

    @_capture_stdout.setter
    def _capture_stdout(self, _: object) -> None: ...

    @property
    def _capture_stderr(self) -> TextIO:
        return sys.stderr

    @_capture_stderr.setter
    def _capture_stderr(self, _: object) -> None: ...

    def _handle_exception(self, error: Exception) -> None:
        _log.error("the app of seat %s", self.live.party, exc_info=error)
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Tell nothing on the host's terminal; the log has it."""
        self._exit_renderables.clear()


class _Nowhere(StringIO):
    """A file in which nothing is kept."""

    def write(self, text: str, /) -> int:
        """Keep nothing."""
        return len(text)


def _sealed(path: Path, party: str | None, progress: Callable[[str], None]) -> Debrief:
    from delegates.debriefing.debrief import debrief

    return debrief(path, party, progress=progress, sealed=True)


def _console(colours: str) -> Console:
    """Return what Textual draws with, but for a terminal that is not the host's."""
    return Console(
        color_system=colours,  # pyright: ignore[reportArgumentType]
        file=_Nowhere(),
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
        force_terminal=True,
        safe_box=False,
        soft_wrap=False,
    )
