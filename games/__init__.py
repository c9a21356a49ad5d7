"""What is negotiated, and what theory says of it."""

from games.analysis import Analysis, analyze
from games.equilibrium.solve import equilibria
from games.errors import MinilateralError
from games.scenario import Scenario, bundled_scenarios, load_scenario, parse_scenario
from games.session import Accept, Move, Offer, State, WalkAway, payoffs, start, step, utilities

__all__ = [
    "Accept",
    "Analysis",
    "MinilateralError",
    "Move",
    "Offer",
    "Scenario",
    "State",
    "WalkAway",
    "analyze",
    "bundled_scenarios",
    "equilibria",
    "load_scenario",
    "parse_scenario",
    "payoffs",
    "start",
    "step",
    "utilities",
]
