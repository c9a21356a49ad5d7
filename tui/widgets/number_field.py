"""A field for a number of points, with what is wrong with it beside it."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from tui.widgets.fitted import Text

MOST = 1e6
"""The most points a field takes, and the least."""


class NumberField(Horizontal):
    """Asks for points; may be left empty."""

    DEFAULT_CSS = """
    NumberField { height: 1; width: 100%; }
    NumberField .field-label { width: 31; }
    NumberField Input { width: 10; height: 1; border: none; padding: 0 1; background: $panel; }
    NumberField Input:focus { border: none; background: $here; }
    NumberField .field-problem { width: 1fr; color: $error; padding: 0 0 0 1; text-wrap: nowrap; }
    """

    def __init__(self, label: str, *, id: str | None = None) -> None:  # noqa: A002
        """Ask.

        Args:
            label: What is asked for.
            id: The widget's.
        """
        super().__init__(id=id)
        self._label = label

    def compose(self) -> ComposeResult:
        """Hold the label, the field and what is wrong with it."""
        yield Text(Content(self._label), classes="field-label")
        typed = Input(placeholder="points", select_on_focus=False)
        typed.cursor_blink = False
        yield typed
        yield Text(classes="field-problem")

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.query_one(Input).value.strip()

    @property
    def value(self) -> float | None:
        """The number in it; None if it is empty or holds none."""
        return None if self.problem else float(self.text) if self.text else None

    @property
    def problem(self) -> str:
        """What is wrong with it; empty if nothing is."""
        try:
            fits = not self.text or -MOST <= float(self.text) <= MOST
        except ValueError:
            fits = False
        return "" if fits else "✗ not a number"

    @on(Input.Changed)
    def _check(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(".field-problem", Text).update(Content(self.problem))
