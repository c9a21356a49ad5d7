"""The Textual app: opens a recorded session and replays it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.screen import Screen

from tui.replay import Recording
from tui.screens.help import HelpScreen
from tui.screens.replay import ReplayScreen
from tui.themes import DARK, LIGHT, variable_defaults


class ReplayApp(App[None]):
    """Shows one recorded session."""

    CSS_PATH = Path(__file__).with_name("styles.tcss")
    TITLE = "Minilateral"
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {"help": HelpScreen}

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self._recording = recording
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """Return the replay: there is nothing else to see yet."""
        return ReplayScreen(self._recording)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return this app's own colours, for themes that do not name them."""
        return variable_defaults(dark=self.current_theme.dark)


def replay(path: Path) -> None:
    """Show a recorded session until the user quits.

    Raises:
        TranscriptError: If the file cannot be read or does not begin with a sound header; nothing
            was shown then.
    """
    ReplayApp(Recording(path)).run()
