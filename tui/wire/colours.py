"""Colours of several apps in one process, each for a terminal of its own.

A style of Rich's keeps the codes that it was first drawn with, whatever terminal that was for, and
the apps of a process share their styles. So all of them draw with all colours, and an app whose
terminal has fewer draws with styles that hold no more than those.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import StringIO

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Ground
from textual.filter import LineFilter

from delegates.settings import Settings
from tui.app import MinilateralApp, Opening

COLOURS = {"truecolor": "truecolor", "256": "256", "16": "standard"}
"""How many colours a terminal may say it has → what Rich calls that."""

_FEWER = {"256": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD}


class FewerColours(LineFilter):
    """Draws with the nearest of few colours."""

    def __init__(self, system: ColorSystem) -> None:
        """Draw with those that a kind of terminal has."""
        super().__init__()
        self._system = system

    def apply(self, segments: list[Segment], background: Ground) -> list[Segment]:
        """Return what is drawn, in fewer colours."""
        del background
        return [
            Segment(text, None if style is None else fewer(style, self._system), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def fewer(style: Style, system: ColorSystem) -> Style:
    """Return a style in the nearest colours that a kind of terminal has."""
    return style + Style.from_color(_nearest(style.color, system), _nearest(style.bgcolor, system))


def _nearest(colour: Color | None, system: ColorSystem) -> Color | None:
    return None if colour is None else colour.downgrade(system)


class OneOfSeveral(MinilateralApp):
    """An app beside others in its process, drawn in the colours of its own terminal."""

    def __init__(self, opening: Opening, settings: Settings, colours: str | None = None) -> None:
        """Prepare the app.

        Args:
            opening: Makes its first screen.
            settings: The settings of whoever hosts.
            colours: How many colours its terminal has, as Rich calls that; those of the terminal
                that the process runs in if not given.
        """
        super().__init__(opening, settings)
        self._colour_system = colours or self.console.color_system
        self.console = _console()
        system = _FEWER.get(self._colour_system or "")
        self._fewer = [] if system is None else [FewerColours(system)]

    @property
    def colour_system(self) -> str | None:
        """How many colours the app's terminal has, as Rich calls that."""
        return self._colour_system

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what is done to each line that is drawn."""
        # A picture that is taken without a terminal has all colours.
        return [*super().get_line_filters(), *([] if self.is_headless else self._fewer)]


class _Nowhere(StringIO):
    """A file in which nothing is kept."""

    def write(self, text: str, /) -> int:
        """Keep nothing."""
        return len(text)


def _console() -> Console:
    """Return what Textual draws with, but for all colours and no terminal in particular."""
    return Console(
        color_system="truecolor",
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
