"""Firm: hold out till late, and make every concession where the counterpart values it most."""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import View
from delegates.minds.reading import Counterparts
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.aspirations import STANCES, Stance, stance_schedule
from games.tactics.offers import trade_off_by
from games.utility import TIE


@dataclass
class Firm:
    """The trade-off tactic at a stance's aspiration."""

    stance: Stance = STANCES["firm"]
    heard: Counterparts | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        aspiration = stance_schedule(own, self.stance, view.rounds)[view.round]
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        self.heard = Counterparts.of(view, self.heard)
        others = list(self.heard.tallies.values())
        return Offer(trade_off_by(own, view.public.space, aspiration, others))
