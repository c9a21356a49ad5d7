"""A worker that a session kills: what runs in its process, in place of the real one."""

import os
import signal
import sys
from collections.abc import Sequence

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing import worker
from delegates.evaluation.playing.cluster_worker import Player
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished
from delegates.evaluation.playing.scripted_session import scripted_session
from delegates.evaluation.playing.worker import Told

DEADLY = 13
"""The number of the session that nobody survives."""


def serve() -> None:
    """Serve as a worker does, until the deadly session."""
    worker.scripted_session = _deadly
    worker.serve()


def _deadly(design: Design, row: Row, folder: Folder) -> Finished:
    if row.number == DEADLY:
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    return scripted_session(design, row, folder)


class DeadlyPlayer(Player):
    """A worker of a cluster that dies in the deadly session."""

    def play(self, numbers: Sequence[int]) -> tuple[Told, int]:
        """Play as others do, but for that session."""
        real = worker.scripted_session
        worker.scripted_session = _deadly
        try:
            return super().play(numbers)
        finally:
            worker.scripted_session = real
