"""A batch of sessions played in a thread of its own, told to a screen message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Protocol

from delegates.evaluation.planning.plan import PLAYED_AGAIN, Ended
from delegates.evaluation.playing.progress import Progress, Watch
from games.errors import MinilateralError, Paused
from tui.evaluating.messages import BatchOver, BatchStopped, ProgressTold
from tui.live.contract import Post
from tui.live.stoppable import Stoppable

STOPPED = "you stopped the evaluation for now"


class Played(Protocol):
    """What came of a batch."""

    @property
    def ended(self) -> Mapping[Ended, int]:
        """How many sessions ended how, by class."""
        ...


Play = Callable[[Watch], Coroutine[object, object, Played]]
"""Plays a batch to its end, telling how far it has come."""


class LiveBatch:
    """A batch that is about to be played, or is under way."""

    def __init__(self, play: Play, path: Path, title: str, planned: int) -> None:
        """Prepare a batch.

        Args:
            play: Plays it.
            path: The evaluation's folder.
            title: The plan's.
            planned: How many sessions it has.
        """
        self.path = path
        """The evaluation's folder; what is played is kept there at once."""
        self.title = title
        self.planned = planned
        self.progress: Progress | None = None
        """How far it has come, once anything was told."""
        self._play = play
        self._post: Post | None = None
        self._playing = Stoppable[Played]()

    def hold(self, post: Post) -> None:
        """Play the batch to its end, or until it stops; blocks, in the thread it is called from.

        Args:
            post: Where every message goes.
        """
        self._post = post
        try:
            played = self._playing.play(self._play(self._watch))
        except asyncio.CancelledError:
            post(BatchStopped(Paused(STOPPED), self.path))
        except MinilateralError as error:
            post(BatchStopped(Paused(STOPPED) if self._playing.is_stopped else error, self.path))
        else:
            failed = sum(played.ended.get(kind, 0) for kind in PLAYED_AGAIN)
            post(BatchOver(self.path, failed))

    def stop(self) -> None:
        """Stop for now, as an interrupt does; from any thread."""
        self._playing.stop()

    def _watch(self, progress: Progress) -> None:
        self.progress = progress
        if self._post is not None:
            self._post(ProgressTold(progress))
