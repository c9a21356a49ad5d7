"""The evaluations in the user's folder: each a folder that holds its plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.replay.labels import one_line

PLAN = "plan.yaml"
"""What every evaluation's folder holds."""


@dataclass(frozen=True, kw_only=True)
class EvaluationCard:
    """What a list tells of an evaluation."""

    path: Path
    """Its folder."""
    title: str

    @property
    def searched(self) -> str:
        """What a search looks at, in lower case."""
        return self.title.lower()


def evaluation_cards(home: Path) -> tuple[EvaluationCard, ...]:
    """Return the cards of a user's evaluations, by name."""
    try:
        plans = sorted((home / "evaluations").glob(f"*/{PLAN}"))
    except OSError:
        return ()
    return tuple(
        EvaluationCard(path=plan.parent, title=one_line(plan.parent.name)) for plan in plans
    )
