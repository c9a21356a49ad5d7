"""Help: every key, and how to read what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui.text.wording import LIMITS
from tui.widgets.fitted import Text

KEYS = {
    "← → · h l · k j": "one move back or on; ↑ ↓ too, where nothing scrolls",
    "[ ] · < >": "a round, or a tenth of the session, back or on",
    "PgUp PgDn · g G": "a page of moves · first move, last move",
    ":": "to a move by its number, or to round 3 by r3",
    "/ · n N": "search words, parties, acts, terms · next found, the one before",
    "a · f F · x X": "to the agreement · a fallback · a shock or an instruction",
    "t": "the bar goes by moves, by rounds, by time",
    "1 – 5, Tab": "conversation, agenda, utilities, outcomes, referee",
    "s S": "as all sides see it, or as one party does: only what it may know",
    "p · i": "the exact prompts of this move, and the replies · the record",
    "o": "outcome space: another pair of parties",
    "T · C · v · A": "try again from here · both futures of a branch · review · analysis",
    "Esc · H · q": "back · home · quit",
}
"""What each key does."""

READING = {
    "Conversation": "each move's act stands apart from its words; moves still to come are dim. An "
    "offer shows all its terms at first, later those that its party changed. ! tells of fallbacks, "
    "retries and replies that could not be used.",
    "Agenda": "▸ is the text on the table. The rail shows a sign for each party's last ask among "
    "the options.",
    "Charts": "filled signs are a party's own offers, hollow ones those it received; ╌ its "
    "reservation value; ★ the agreement. One party's view sets its points against an estimate.",
    "Bar": "! fallback, ◆ news, ◇ found, ★ agreement. Click or drag along it.",
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
            width = max((len(key) for key in self._keys), default=0) + 2
            for key, what in self._keys.items():
                with Horizontal(classes="help-row"):
                    sign = Text(Content.styled(key, "bold $primary"), classes="help-key")
                    sign.styles.width = width
                    yield sign
                    yield Text(Content(what))
            yield Text(reading_content(self._reading))


def reading_content(reading: Mapping[str, str]) -> Content:
    """Return how to read each part of a screen, and the limits of what is shown."""
    told = [Content.assemble((f"{name}: ", "bold"), text) for name, text in reading.items()]
    limits = Content.styled(LIMITS, "$muted")
    return Content("\n").join([Content(""), *told, *[Content("")] * bool(told), limits])
