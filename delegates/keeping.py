"""Puts what was written on disk without holding up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from transcripts.store import Memory, TranscriptFile

T = TypeVar("T")

THREADS = 8
"""Files that are synced at a time. A disk takes a few milliseconds a file, but hardly longer for
those that wait together: eight at a time are a dozen times as many a second as one by one."""


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="minilateral-keeping")


async def beside(work: Callable[[], T]) -> T:
    """Return what work on files comes to; other sessions go on meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)


async def on_disk(recorder: Memory | TranscriptFile) -> None:
    """Wait until all that a session has recorded is on disk, where it is kept in a file."""
    if isinstance(recorder, TranscriptFile):
        await beside(recorder.sync)
