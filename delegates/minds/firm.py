"""Firm: hold out till late, and make every concession where the counterpart values it most."""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Counterparts
from games.moves import Move
from games.tactics.aspirations import STANCES, Stance, stance_schedule
from games.tactics.offers import trade_off_by


@dataclass
class Firm:
    """The trade-off tactic at a stance's aspiration."""

    stance: Stance = STANCES["firm"]
    heard: Counterparts | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self._aspiration, self._offer)

    def _aspiration(self, view: View) -> float:
        return stance_schedule(view.own, self.stance, view.rounds)[view.round]

    def _offer(self, view: View, aspiration: float) -> int:
        heard = self.heard = Counterparts.of(view, self.heard)
        others = list(heard.tallies.values())
        return trade_off_by(view.own, view.public.space, aspiration, others)
