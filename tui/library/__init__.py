"""What can be played and what was played: bundled scenarios, and what lies in the user's folder."""

from tui.library.evaluations import (
    EvaluationCard,
    PlanCard,
    evaluation_card,
    evaluation_cards,
    plan_cards,
)
from tui.library.models import models_line
from tui.library.scenarios import RECOMMENDED, ScenarioCard, card_of, scenario_cards
from tui.library.sections import SECTIONS, Card, Section
from tui.library.sessions import (
    Ending,
    SeatCard,
    SessionCard,
    session_card,
    session_cards,
)

__all__ = [
    "RECOMMENDED",
    "SECTIONS",
    "Card",
    "Ending",
    "EvaluationCard",
    "PlanCard",
    "ScenarioCard",
    "SeatCard",
    "Section",
    "SessionCard",
    "card_of",
    "evaluation_card",
    "evaluation_cards",
    "models_line",
    "plan_cards",
    "scenario_cards",
    "session_card",
    "session_cards",
]
