"""What a plan would play and what that may cost, before anything is played."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from delegates.evaluation.planning.design import Design


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """What a batch would play, where it is kept, and what it may use."""

    title: str
    question: str
    strategies: tuple[tuple[str, str], ...]
    """Each with its seat specification."""
    scenarios: tuple[tuple[str, int], ...]
    """Titles, each with how many sit at its table."""
    repetitions: int
    path: Path
    """The evaluation's folder."""
    planned: int
    left: int
    """Of them, those still to be played."""
    retried: int = 0
    """Of these, those that failed in an earlier run."""
    calls: int = 0
    """Of what is left to play, as are the following."""
    tokens: int = 0
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    worst_usd: float | None = 0.0
    """If no reply can be used."""
    seconds: float | None = None
    """None where nobody can say."""
    assumed: str = ""
    """What the time rests on, in words."""
    spent_usd: float | None = 0.0
    """By earlier runs."""
    cap_usd: float | None = None
    """The most that the whole batch may cost."""
    models: tuple[str, ...] = ()
    """Models that are asked, by name and place."""
    notes: tuple[str, ...] = ()
    design: Design
    """What is played."""

    @property
    def done(self) -> int:
        """How many sessions earlier runs finished for good."""
        return self.planned - self.left

    @property
    def is_paid(self) -> bool:
        """Whether it asks a model that costs money, or whose price is not known."""
        return bool(self.models) and (self.cost_usd != 0 or self.worst_usd != 0)
