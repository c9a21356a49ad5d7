"""What is negotiated, and what theory says of it."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_ROOMS = {
    "Accept": "session",
    "Analysis": "analysis",
    "MinilateralError": "errors",
    "Move": "session",
    "Offer": "session",
    "Scenario": "scenario",
    "State": "session",
    "WalkAway": "session",
    "analyze": "analysis",
    "bundled_scenarios": "scenario",
    "equilibria": "equilibrium.solve",
    "load_scenario": "scenario",
    "parse_scenario": "scenario",
    "payoffs": "session",
    "start": "session",
    "step": "session",
    "utilities": "session",
}


def __getattr__(name: str) -> object:
    """Return a public name from the room it lives in, which is loaded only then."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
