"""An event loop whose clock jumps to the next timer: hours pass in no time, the same each run."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _NoWait(selectors.SelectSelector):
    """Waits for nothing, and remembers how long it was to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("nothing is left that could ever happen: a deadlock")
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs timers one after the other without waiting for them."""

    def __init__(self) -> None:
        self.waiting = _NoWait()
        super().__init__(self.waiting)

    def time(self) -> float:
        return self.waiting.passed


def run_in_virtual_time(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns; a deadlock is an error."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def now() -> float:
    """Return the virtual time."""
    return asyncio.get_running_loop().time()
