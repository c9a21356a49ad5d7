"""Boulware, linear and conceder: concede by the clock alone (Faratin, Sierra and Jennings 1998)."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from games.outcomes import FloatArray, IndexArray
from games.session import Accept, Move, Offer, WalkAway
from games.tactics import blind_schedule
from games.utility import Preferences


@dataclass(frozen=True)
class TimeBased:
    """Offers the outcome nearest above its aspiration and accepts whatever reaches it."""

    exponent: float
    """Above 1 it concedes late, below 1 early."""

    def schedule(self, own: Preferences, rounds: int) -> tuple[IndexArray, FloatArray]:
        """Return its offers and least accepted utilities of each round, computed once."""
        return own.once(
            f"blind/{self.exponent}/{rounds}",
            lambda preferences: blind_schedule(preferences, rounds, self.exponent),
        )

    def choose(self, view: View) -> Move:
        """Return its move."""
        if view.own.highest < view.own.reservation:
            return WalkAway()
        offers, least = self.schedule(view.own, view.rounds)
        if view.offer is not None and view.own.accepts(view.offer, float(least[view.round])):
            return Accept()
        return Offer(int(offers[view.round]))
