"""Hard-headed: ask for everything, to the end.

The Hardliner of GENIUS (Lin, Kraus, Baarslag, Tykhonov, Hindriks and Jonker 2014): the tactic at
the end of Faratin, Sierra and Jennings's (1998) scale, which never concedes. It accepts what is
worth its next offer, and that is its best: nothing less will do. `least` lets it be content with a
share of its possible gain, while it goes on asking for everything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from delegates.contract import View
from delegates.minds.schedule import move_by
from games.session import Move
from games.tactics.offers import best_outcome
from games.tactics.schedules import Schedule
from games.utility import Preferences


@dataclass(frozen=True)
class HardHeaded:
    """Offers its best outcome at every turn."""

    least: float = 1.0
    """The share of its possible gain from which on it accepts."""

    def schedule(self, own: Preferences, rounds: int) -> Schedule:
        """Return its offers and least accepted utilities of each round, computed once."""
        return own.once(f"hard/{self.least}/{rounds}", lambda same: self._schedule(same, rounds))

    def _schedule(self, own: Preferences, rounds: int) -> Schedule:
        low = max(own.reservation, own.lowest)
        least = max(own.reservation, low + self.least * (own.highest - low) - own.tie)
        return np.full(rounds, best_outcome(own)), np.full(rounds, least)

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_by(self.schedule(view.own, view.rounds), view)
