"""Help: every key, and how to read what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.text.wording import LIMITS

KEYS = {
    "← → · h l · k j": "one move back or on",
    "↑ ↓": "the same; they scroll agenda and referee",
    "[ ]": "to the round before or after",
    "PgUp PgDn": "a page of moves; scrolls the referee",
    "g G · Home End": "first move, last move",
    "a": "to the agreement",
    "f": "to the next move a fallback decided or worded",
    "< >": "a tenth of the session back or on",
    "1 – 5, Tab": "conversation, agenda, utilities, outcomes, referee",
    "p": "the exact prompts of this move, and the replies",
    "o": "outcome space: another pair of parties",
    "Ctrl+P": "commands: themes, screenshot",
    "q": "quit",
}
"""What each key does."""

READING = {
    "Conversation": "each move's act stands apart from its words; moves still to come are dim. An "
    "offer shows all its terms at first, later those that its party changed. ! tells of fallbacks, "
    "retries and replies that could not be used.",
    "Agenda": "▸ is the text on the table. The rail shows a sign for each party's last ask among "
    "the options.",
    "Charts": "filled signs are a party's own offers, hollow ones those it received; ╌ its "
    "reservation value; ★ the agreement.",
    "Mouse": "click a move, a tab or the bar; drag along the bar to scrub.",
}
"""How to read the panels."""


class HelpScreen(ModalScreen[None]):
    """Shows a screen's keys over it, and how to read what it shows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close"),
    ]

    def __init__(
        self, keys: Mapping[str, str] = KEYS, reading: Mapping[str, str] = READING
    ) -> None:
        """Say what a screen's keys do.

        Args:
            keys: What each key does, by the key as it is written on the keyboard.
            reading: How to read each part of the screen, by its name.
        """
        super().__init__()
        self._keys = keys
        self._reading = reading

    def compose(self) -> ComposeResult:
        """Hold one text."""
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(help_content(self._keys, self._reading))


def help_content(keys: Mapping[str, str] = KEYS, reading: Mapping[str, str] = READING) -> Content:
    """Return the whole help."""
    longest = max((len(key) for key in keys), default=0)
    lines = [
        Content.assemble((f"{key:<{longest}}", "bold $primary"), f"  {what}")
        for key, what in keys.items()
    ]
    told = [Content.assemble((f"{name}: ", "bold"), text) for name, text in reading.items()]
    limits = Content.styled(LIMITS, "$muted")
    return Content("\n").join([*lines, Content(""), *told, Content(""), limits])
