"""The sources of chance of the simulated years, each with a stream of its own of one seed."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Source(IntEnum):
    """What is drawn."""

    PRICES = 0
    PERMITS = 1
    """By project."""
    LAWS = 2
    """By party."""
    NOTICE = 3
    """By party: whether its reneging is noticed, and then whether it is fined."""
    DISPUTES = 4
    """By issue: when it is disputed, and what is awarded."""


def stream(seed: int, source: Source, number: int | None = None) -> np.random.Generator:
    """Return the generator of one source of chance, the same whatever else is simulated.

    Args:
        seed: Of the whole simulation.
        source: What is drawn.
        number: Of which project, party or issue.
    """
    key = (int(source),) if number is None else (int(source), number)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
