"""What panels tell the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from games.bargaining.solutions import Bargain
from games.referee import Findings
from transcripts.proceedings import Proceedings
from tui.replay import History


@dataclass
class GoTo(Message):
    """Someone wants to see the session after so many moves."""

    moves: int

    def can_replace(self, message: Message) -> bool:
        """Only the last of several wishes counts."""
        return isinstance(message, GoTo)


@dataclass
class HistoryGrew(Message):
    """More of the record was read."""

    history: History

    def can_replace(self, message: Message) -> bool:
        """A longer history holds the shorter one."""
        return isinstance(message, HistoryGrew)


@dataclass
class Surveyed(Message):
    """The outcome space was computed, of one more of the history's scenarios."""

    bargain: Bargain


@dataclass
class Refereed(Message):
    """The referee has read the session."""

    findings: Findings
    proceedings: Proceedings | None = None
    """What came about in a plenary or forum."""
