"""What the home screen lists, section by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.library.evaluations import EvaluationCard, PlanCard, evaluation_cards
from tui.library.scenarios import ScenarioCard, scenario_cards
from tui.library.sessions import SessionCard, session_cards

Card = ScenarioCard | SessionCard | PlanCard | EvaluationCard
"""What a list tells of one thing."""


@dataclass(frozen=True)
class Section:
    """Things of one kind under a heading; it is shown only where there are any."""

    title: str
    read: Callable[[Path], Sequence[Card]]
    """Returns what there is, given the user's folder; it may wait for a disk."""


SECTIONS: Mapping[str, Section] = {
    "scenarios": Section("Scenarios", lambda _: scenario_cards()),
    "sessions": Section("Sessions", session_cards),
    "evaluations": Section("Evaluations", evaluation_cards),
}
"""The sections, in the order in which they are shown."""
