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

GRACE_S = 5.0
"""How long an interrupted coroutine may take to close what it has open."""


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="minilateral", daemon=True).start()
    return loop


def in_background(work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine returns, run on the shared loop.

    An interrupt cancels it and is passed on once it has let go of what it held.
    """
    ended = threading.Event()

    async def run() -> T:
        try:
            return await work
        finally:
            ended.set()

    future = asyncio.run_coroutine_threadsafe(run(), _loop())
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        ended.wait(GRACE_S)
        raise
