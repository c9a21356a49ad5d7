"""How long a call takes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = perf_counter()
    call()
    return perf_counter() - started
