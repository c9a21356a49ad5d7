"""A seat's briefing over another screen, to be looked up and put away again."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from delegates.contract import View
from games.scenario import Scenario
from tui.widgets.briefing_words import around_lines, brief_lines
from tui.widgets.fitted import Fitted, Pane
from tui.widgets.points_bars import impossible_lines, least_lines, points_lines


class PeekScreen(ModalScreen[None]):
    """Shows points, brief and rules as the seat was told them."""

    CSS_PATH = "peek.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f4,q,enter", "dismiss", "Close"),
    ]

    def __init__(self, scenario: Scenario, view: View) -> None:
        """Show a briefing.

        Args:
            scenario: What is negotiated.
            view: What the seat may know.
        """
        super().__init__()
        self._scenario = scenario
        self._view = view

    def compose(self) -> ComposeResult:
        """Hold one text."""
        with Pane(id="peek") as box:
            box.border_title = "Your briefing"
            box.border_subtitle = "Esc closes"
            yield Fitted(self._lines)

    def on_mount(self) -> None:
        """Let the text have the keys."""
        self.query_one(Pane).focus()

    def _lines(self, width: int) -> list[Content]:
        view, gap = self._view, Content("")
        return [
            *least_lines(view, width),
            gap,
            *points_lines(view, width),
            *impossible_lines(view, width),
            gap,
            *brief_lines(self._scenario, view, width),
            gap,
            *around_lines(self._scenario, view, width),
        ]
