"""Random walker: any outcome it could live with, drawn by lot.

The trader of zero intelligence with a budget (Gode and Sunder 1993): every outcome that reaches the
reservation value is as likely as any other, and an offer is accepted when it is worth at least what
the lot would have it ask for.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from games.session import Accept, Move, Offer, WalkAway


@dataclass(frozen=True)
class RandomWalker:
    """Draws a rational outcome at every turn, by its seat's own chance."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        order, values = own.ranking
        rational = len(order) - int(values.searchsorted(own.reservation))
        if rational == 0:
            return WalkAway()
        drawn = int(order[-1 - view.random("walk").randrange(rational)])
        if view.offer is not None and own.accepts(view.offer, own.utility(drawn)):
            return Accept()
        return Offer(drawn)
