"""One event loop in a background thread, shared by everything that blocks on model sessions.

Model clients are bound to the loop they were first used on, and a caller (a notebook, say) may have
a loop of its own running; so blocking calls never start one themselves.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import TypeVar

T = TypeVar("T")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="minilateral", daemon=True).start()
    return loop


def in_background(work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine returns, run on the shared loop; an interrupt cancels it first."""
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        raise
