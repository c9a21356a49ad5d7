"""Boulware, linear and conceder: concede by the clock alone (Faratin, Sierra and Jennings 1998)."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.schedule import move_by
from games.session import Move
from games.tactics.offers import blind_schedule
from games.tactics.schedules import Schedule
from games.utility import Preferences


@dataclass(frozen=True)
class TimeBased:
    """Offers the outcome nearest above its aspiration and accepts whatever reaches it."""

    exponent: float
    """Above 1 it concedes late, below 1 early."""

    def schedule(self, own: Preferences, rounds: int) -> Schedule:
        """Return its offers and least accepted utilities of each round, computed once."""
        return own.once(
            f"blind/{self.exponent}/{rounds}",
            lambda preferences: blind_schedule(preferences, rounds, self.exponent),
        )

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_by(self.schedule(view.own, view.rounds), view)
