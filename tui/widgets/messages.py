"""What panels tell the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from games.bargaining.solutions import Bargain
from games.outcomes import IndexArray
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
class AtWork(Message):
    """What is being worked at, in a few words."""

    what: str

    def can_replace(self, message: Message) -> bool:
        """Only the last thing counts."""
        return isinstance(message, AtWork)


@dataclass
class HistoryGrew(Message):
    """More of the record was read."""

    history: History

    def can_replace(self, message: Message) -> bool:
        """A longer history holds the shorter one."""
        return isinstance(message, HistoryGrew)


@dataclass
class Followed(Message):
    """So many events of the record were read and found to belong one after the other."""

    events: int

    def can_replace(self, message: Message) -> bool:
        """More events include fewer."""
        return isinstance(message, Followed)


@dataclass
class FollowingStopped(Message):
    """The record cannot be followed any further; why, in a line."""

    problem: str


@dataclass
class Sought(Message):
    """The record was searched up to some move, or as far as it goes."""

    words: str
    hits: IndexArray
    """Numbers of the moves found so far, from 1."""
    share: float
    """Of the record that was searched."""

    def can_replace(self, message: Message) -> bool:
        """What was found later includes what was found before."""
        return isinstance(message, Sought) and message.words == self.words


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
