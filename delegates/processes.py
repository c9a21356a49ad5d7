"""Work that several processes of this machine share, each job by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from games.errors import UserError


def process_count(workers: int | None, jobs: int) -> int:
    """Return how many processes share some jobs: one a processor if not given, none idle."""
    return min(workers or os.cpu_count() or 1, jobs)


@contextmanager
def processes(
    count: int, begin: Callable[..., object] | None = None, *given: object
) -> Generator[ProcessPoolExecutor]:
    """Start processes that share jobs; at the end they take on no more, whatever has come of it.

    Args:
        count: How many.
        begin: Makes each ready, if anything does.
        given: What it is given.

    Raises:
        UserError: If one of them died.
    """
    # Spawned, not forked: whoever calls may have threads.
    pool = ProcessPoolExecutor(
        count, get_context("spawn"), initializer=_begin, initargs=(begin, given)
    )
    try:
        yield pool
    except BrokenProcessPool:
        raise UserError(
            f"one of {count} processes that shared the work was killed, perhaps for want of "
            "memory; expected room for all of them, or fewer (--workers)"
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(begin: Callable[..., object] | None, given: tuple[object, ...]) -> None:
    """Make a process ready; Ctrl-C is its parent's to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if begin is not None:
        begin(*given)
