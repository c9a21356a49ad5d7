"""What can be played and what was played: bundled scenarios, and what lies in the user's folder."""

from tui.library.evaluations import EvaluationCard, evaluation_cards
from tui.library.models import models_line
from tui.library.scenarios import RECOMMENDED, ScenarioCard, card_of, scenario_cards
from tui.library.sections import SECTIONS, Card, Section
from tui.library.sessions import (
    Ending,
    SeatCard,
    SessionCard,
    session_card,
    session_cards,
    session_folder,
)

__all__ = [
    "RECOMMENDED",
    "SECTIONS",
    "Card",
    "Ending",
    "EvaluationCard",
    "ScenarioCard",
    "SeatCard",
    "Section",
    "SessionCard",
    "card_of",
    "evaluation_cards",
    "models_line",
    "scenario_cards",
    "session_card",
    "session_cards",
    "session_folder",
]
