"""Workers that are processes of this machine.

They are started as commands of their own, not by forking or by importing the caller's main module
again: so an evaluation can be started from a script, a notebook, a thread or a test alike. They sit
in a process group of their own, so that an interrupt at the terminal reaches the caller alone; what
a worker has not told by then is played again by the next run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from threading import Thread

from delegates.evaluation.playing.worker import Asked, Told, Work, receive, send
from delegates.evaluation.playing.workers import Tell

_COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from delegates.evaluation.playing.worker import serve; serve()"
)


class Processes:
    """So many processes that play what is evaluated."""

    def __init__(self, work: Work, size: int) -> None:
        """Start none yet.

        Args:
            work: What is evaluated.
            size: How many there shall be.
        """
        self._work = work
        self.size = size

    def start(self, tell: Tell) -> _Process:
        """Return a worker that has been started."""
        return _Process(self._work, tell)


class _Process:
    """One process, listened to by a thread."""

    def __init__(self, work: Work, tell: Tell) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-c", _COMMAND, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        Thread(target=self._serve, args=(work, tell), daemon=True).start()

    def ask(self, numbers: Sequence[int]) -> None:
        """Send it numbers of sessions."""
        pipe = self._process.stdin
        if pipe is None:
            raise AssertionError("a worker without standard input")
        # One that is dead is listened to, and its death told.
        _closed(lambda: send(pipe, Asked(numbers)))

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _closed(pipe.close)

    def _serve(self, work: Work, tell: Tell) -> None:
        """Tell it what is evaluated, then pass on all that it tells, and its death."""
        stdin, stdout = self._process.stdin, self._process.stdout
        try:
            if stdin is None or stdout is None:
                raise AssertionError("a worker without pipes")
            send(stdin, work)
            while True:
                told = receive(stdout)
                if isinstance(told, Told):
                    tell(told)
        except (EOFError, OSError, ValueError):
            # A pipe that was closed here raises ValueError.
            tell(None)


def _closed(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:
        # What was still to be sent has nobody to receive it.
        return
