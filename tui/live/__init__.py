"""A session under way, as a screen needs it: who sits down, and what happens."""

from tui.live.contract import Live
from tui.live.messages import (
    EventKept,
    Gathering,
    PauseTold,
    PersonAsked,
    SeatHeld,
    SessionOver,
    SessionStopped,
    TurnOver,
    WordsCame,
)
from tui.live.person import ScreenPerson
from tui.live.rights import OWNER, Rights
from tui.live.session import LiveSession, carried_on, sat_down

__all__ = [
    "OWNER",
    "EventKept",
    "Gathering",
    "Live",
    "LiveSession",
    "PauseTold",
    "PersonAsked",
    "Rights",
    "ScreenPerson",
    "SeatHeld",
    "SessionOver",
    "SessionStopped",
    "TurnOver",
    "WordsCame",
    "carried_on",
    "sat_down",
]
