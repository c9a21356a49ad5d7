"""How far a batch has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a batch has come; a new one is told at most ten times a second, and at the end."""

    planned: int
    done: int
    """Finished sessions, earlier ones included."""
    earlier: int
    """Of them, those that an earlier run finished."""
    running: int
    ended: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many ended how, by class; see `plan.Ended`."""
    failed: int = 0
    cost_usd: float | None = 0.0
    """Spent by the whole batch, earlier runs included; None where a price is not known."""
    cap_usd: float | None = None
    elapsed_s: float = 0.0
    """Of this run."""
    rate: float | None = None
    """Sessions a second of late; None before any has finished."""
    eta_s: float | None = None
    is_over: bool = False


Watch = Callable[[Progress], None]
"""Shown how far a batch has come."""
