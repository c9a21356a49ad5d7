"""The app of a joined seat: its table, its own review, and nothing else of the host's machine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from textual.app import SystemCommand
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen

from games.errors import MinilateralError
from games.review.debrief import Debrief
from tui import errands
from tui.errands import OpenReview
from tui.hosting.rights import APP_ACTIONS, REVIEW_ACTIONS, REVIEW_KEYS
from tui.live.contract import Live
from tui.nodes import app_of
from tui.screens import review
from tui.screens.help import HelpScreen
from tui.screens.review import ReviewScreen
from tui.screens.table import TableScreen
from tui.screens.watching import ITS_HOST_KNOWS
from tui.wire.colours import COLOURS, OneOfSeveral

_ERRANDS = tuple(
    one for one in vars(errands).values() if getattr(one, "__module__", "") == errands.__name__
)

_log = logging.getLogger("minilateral.hosting")


class SeatReview(ReviewScreen):
    """How one's own seat was played, as far as the seat may know."""

    CSS_PATH = Path(review.__file__).with_name("review.tcss")
    MEANWHILE = "Your moves are read; how good each was is for whoever hosted the table to show."

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
        app_of(self).push_screen(HelpScreen(keys, review.READING))


class SeatApp(OneOfSeveral):
    """Shows a joined seat."""

    def __init__(self, live: Live, driver: type[Driver], colours: str = "truecolor") -> None:
        """Prepare the app.

        Args:
            live: The session, from the seat.
            driver: What it draws to.
            colours: How many colours there are; one of `COLOURS`.
        """
        super().__init__(
            partial(TableScreen, live), live.settings, COLOURS.get(colours, "truecolor")
        )
        self.driver_class = driver
        self.live = live

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

    def leave_first_screen(self) -> None:
        """End: who closes the table has left."""
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


def _sealed(path: Path, party: str | None, progress: Callable[[str], None]) -> Debrief:
    from delegates.debriefing.debrief import debrief

    return debrief(path, party, progress=progress, sealed=True)
