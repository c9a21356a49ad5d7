"""Memory that nobody uses any more is let go of, and goes back to the system.

The C library of Linux keeps what was freed in between blocks that still live, in every thread that
ever had any: an app that opens large sessions all day grew to a gigabyte of which a third lived.
"""

import ctypes
import gc
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ForgetfulThreads(ThreadPoolExecutor):
    """Threads that keep nothing of what they did last.

    Textual notes in the thread itself which worker it runs: an idle thread would hold that worker,
    the screen it worked for, and all that the screen had worked out. Here each job has a context of
    its own, which ends with it.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a job done, in a context of its own."""
        return super().submit(copy_context().run, fn, *args, **kwargs)


def give_back_memory() -> bool:
    """Free what nobody can reach any more and hand it back, where the C library can be asked to.

    Other threads wait while it is sought what is in reach: some tenths of a second of an app that
    holds much.

    Returns:
        Whether there was any to hand back.
    """
    gc.collect()
    if not sys.platform.startswith("linux"):
        return False
    # No other C library for Linux than glibc knows the call (malloc_trim(3)).
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(ctypes.c_size_t(0)))
