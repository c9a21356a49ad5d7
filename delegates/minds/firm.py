"""Firm: hold out till late, and make every concession where the counterpart values it most."""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import View
from delegates.minds.reading import Counterparts
from games.session import Accept, Move, Offer, WalkAway
from games.tactics import STANCES, Stance, stance_aspirations, trade_off_by
from games.utility import TIE, Preferences


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
        aspiration = self._aspirations(own, view.rounds)[view.round]
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        self.heard = Counterparts.of(view, self.heard)
        others = list(self.heard.tallies.values())
        return Offer(trade_off_by(own, view.public.space, aspiration, others))

    def _aspirations(self, own: Preferences, rounds: int) -> list[float]:
        stance = self.stance
        return own.once(
            f"stance/{stance.exponent}/{stance.closing_demand}/{rounds}",
            lambda same: stance_aspirations(
                stance, same.reservation, same.highest, rounds
            ).tolist(),
        )
