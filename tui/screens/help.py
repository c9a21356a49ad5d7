"""Help: every key, and how to read what is shown."""

from __future__ import annotations

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
    """Shows the keys over the replay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close"),
    ]

    def compose(self) -> ComposeResult:
        """Hold one text."""
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Static(help_content())


def help_content() -> Content:
    """Return the whole help."""
    longest = max(len(keys) for keys in KEYS)
    keys = [
        Content.assemble((f"{keys:<{longest}}", "bold $primary"), f"  {what}")
        for keys, what in KEYS.items()
    ]
    reading = [Content.assemble((f"{name}: ", "bold"), text) for name, text in READING.items()]
    limits = Content.styled(LIMITS, "$muted")
    return Content("\n").join([*keys, Content(""), *reading, Content(""), limits])
