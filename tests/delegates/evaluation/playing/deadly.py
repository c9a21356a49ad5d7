"""A worker that a session kills: what runs in its process, in place of the real one."""

import os
import signal
import sys

from delegates.evaluation.planning.design import Design, Row
from delegates.evaluation.playing import worker
from delegates.evaluation.playing.folder import Folder
from delegates.evaluation.playing.journal import Finished

DEADLY = 13
"""The number of the session that nobody survives."""


def serve() -> None:
    """Serve as a worker does, until the deadly session."""
    real = worker.scripted_session

    def deadly(design: Design, row: Row, folder: Folder) -> Finished:
        if row.number == DEADLY:
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(design, row, folder)

    worker.scripted_session = deadly
    worker.serve()
