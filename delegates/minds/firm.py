"""Firm: hold out till late, and make every concession where the counterpart values it most."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import STANCES, Stance, stance_schedule


@dataclass
class Firm(Attentive):
    """The trade-off tactic at a stance's aspiration."""

    stance: Stance = STANCES["firm"]

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self._aspiration, self.trade_off)

    def _aspiration(self, view: View) -> float:
        return stance_schedule(view.own, self.stance, view.rounds)[view.round]
