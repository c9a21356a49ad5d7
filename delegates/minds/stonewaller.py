"""Stonewaller: give nothing until the time is nearly up.

For training: what it takes to sit through silence, and what haste at the end costs. Delay until
just before the deadline is what experiments on bargaining with deadlines find again and again
(Roth, Murnighan and Schoumaker 1988); how late and how much is set, so that an exercise can be as
hard as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.schedule import move_by
from games.session import Move
from games.tactics.aspirations import walled_aspirations
from games.tactics.offers import scheduled
from games.tactics.schedules import Schedule
from games.utility import Preferences


@dataclass(frozen=True)
class Stonewaller:
    """Asks for everything until late, then gives in even steps to the last round."""

    until: float = 0.8
    """The share of the time in which it gives nothing."""
    gives: float = 0.5
    """The share of its possible gain that it has given by the last round."""

    def schedule(self, own: Preferences, rounds: int) -> Schedule:
        """Return its offers and least accepted utilities of each round, computed once."""
        return own.once(
            f"wall/{self.until}/{self.gives}/{rounds}",
            lambda same: scheduled(same, walled_aspirations(same, rounds, self.until, self.gives)),
        )

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_by(self.schedule(view.own, view.rounds), view)
