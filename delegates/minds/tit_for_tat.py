"""Tit for tat: concede as much as the counterparts have conceded, and one step of goodwill.

The absolute tit-for-tat of Faratin, Sierra and Jennings (1998), with Axelrod's niceness: it opens
by giving a step, so that two of a kind do not wait for each other for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from games.session import Accept, Move, Offer, WalkAway
from games.tactics import trade_off
from games.utility import TIE


@dataclass(frozen=True)
class TitForTat:
    """Answers concessions, as it values them, with concessions of the same size."""

    goodwill: float = 0.1
    """The step it gives of its own accord, as a share of its possible gain."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        aspiration = self.aspiration(view)
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        return Offer(trade_off(own, view.public.space, aspiration, view.others_offers()))

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now: its best, less what it owes."""
        own = view.own
        received = [
            own.utility(offers[-1]) - own.utility(offers[0])
            for offers in view.others_offers()
            if offers
        ]
        conceded = max(0.0, min(received, default=0.0))
        answered = any(seen.party == view.party for seen in view.history)
        step = self.goodwill * (own.highest - own.reservation) if answered else 0.0
        return max(own.reservation, own.highest - step - conceded)
