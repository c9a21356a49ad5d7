"""What a batch under way tells the screen; every message is posted from the batch's thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from delegates.evaluation.playing.progress import Progress
from games.errors import MinilateralError


@dataclass
class ProgressTold(Message):
    """How far the batch has come."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        """The newest tells all that those before it told."""
        return isinstance(message, ProgressTold)


@dataclass
class BatchOver(Message):
    """Every planned session was played, and the tables are written."""

    path: Path
    """The evaluation's folder."""
    failed: int
    """Sessions that failed and would be tried again."""


@dataclass
class BatchStopped(Message):
    """The batch stopped before its end; what was played is kept and can be continued."""

    error: MinilateralError
    path: Path
