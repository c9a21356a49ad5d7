"""A coroutine that is played in a thread of its own, and that any other thread can stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Stoppable(Generic[T]):
    """Plays one coroutine, and can be told to stop before, while and after it is played."""

    def __init__(self) -> None:
        self.is_stopped = False
        """Whether it was told to stop."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None

    def play(self, coroutine: Coroutine[object, object, T]) -> T:
        """Return what a coroutine comes to, in an event loop of its own; blocks.

        Raises:
            asyncio.CancelledError: If it was stopped.
        """
        return asyncio.run(self._played(coroutine))

    def stop(self) -> None:
        """Stop it, in the middle of a call if need be; from any thread."""
        self.is_stopped = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with suppress(RuntimeError):  # it has ended, and its loop is closed
                loop.call_soon_threadsafe(task.cancel)

    async def _played(self, coroutine: Coroutine[object, object, T]) -> T:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(coroutine)
        # Whoever stopped it before found no task: this looks only once there is one.
        if self.is_stopped:
            self._task.cancel()
        return await self._task
