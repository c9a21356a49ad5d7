"""Logroller: give on what the others care for most and oneself least.

Logrolling is the trade of concessions on issues that weigh differently with the two sides (Pruitt
1981, "Negotiation Behavior"; Raiffa 1982). What the others care for is estimated from their offers
by the frequency model (Hindriks and Tykhonov 2008). From its best outcome the mind changes one
option after another, each time the one that gives the others most for a point of its own, until its
aspiration leaves no room; the aspiration falls with the time, as that of the stance `balanced`.

Among three or more the counterparts' estimated utilities are added.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import STANCES, Stance, stance_schedule
from games.tactics.offers import logroll


@dataclass
class Logroller(Attentive):
    """Concedes issue by issue, the cheapest for it and dearest to the others first."""

    stance: Stance = STANCES["balanced"]

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self._aspiration, self._offer)

    def _aspiration(self, view: View) -> float:
        return stance_schedule(view.own, self.stance, view.rounds)[view.round]

    def _offer(self, view: View, aspiration: float) -> int:
        tallies = list(self.counterparts(view).tallies.values())
        return logroll(view.own, view.public.space, aspiration, tallies)
