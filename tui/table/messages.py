"""What the table's own threads tell it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from games.preparation import Sheet
from tui.replay import History, Recording


@dataclass
class RecordOpened(Message):
    """The transcript is there and can be shown."""

    recording: Recording
    sheet: Sheet | None
    """The preparation sheet that the person at this screen filled in."""


@dataclass
class RecordRead(Message):
    """What was written by then has been read."""

    history: History


@dataclass
class ResultTold(Message):
    """The referee has read the session."""

    lines: list[str]
