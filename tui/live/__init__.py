"""A session under way, as a screen needs it: what is planned, who sits down, what happens."""

from tui.live.messages import (
    EventKept,
    PersonAsked,
    SessionOver,
    SessionStopped,
    TurnOver,
    WordsCame,
)
from tui.live.person import ScreenPerson
from tui.live.plan import SessionPlan
from tui.live.session import LiveSession, carried_on, sat_down

__all__ = [
    "EventKept",
    "LiveSession",
    "PersonAsked",
    "ScreenPerson",
    "SessionOver",
    "SessionPlan",
    "SessionStopped",
    "TurnOver",
    "WordsCame",
    "carried_on",
    "sat_down",
]
