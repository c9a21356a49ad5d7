"""Firm: hold out till late, and make every concession where the counterpart values it most."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from games.session import Accept, Move, Offer, WalkAway
from games.tactics import STANCES, Stance, stance_aspirations, trade_off
from games.utility import TIE


@dataclass(frozen=True)
class Firm:
    """The trade-off tactic at a stance's aspiration."""

    stance: Stance = STANCES["firm"]

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        aspiration = float(
            stance_aspirations(self.stance, own.reservation, own.highest, view.rounds)[view.round]
        )
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        return Offer(trade_off(own, view.public.space, aspiration, view.others_offers()))
