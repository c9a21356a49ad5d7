"""Words as a model finds them, for who wants to see them come: never kept, never decided upon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transcripts.events import Purpose


@dataclass(frozen=True, kw_only=True)
class Partial:
    """What a model has written so far of what it is going to say."""

    turn: int
    party: str
    purpose: Purpose
    text: str
    """What was to be said aloud, as far as it has come; no reasoning, no numbers of the seat."""


Listener = Callable[[Partial], None]
"""Shown words as they come; they may still be found unusable."""
