"""Nash-seeker: concede by the clock towards what would be fair to all.

It estimates the counterparts' utilities by the frequency model (Hindriks and Tykhonov 2008), looks
for the outcome with the greatest product of gains (Nash 1950; for n parties Harsanyi 1963), and
goes down from its best to what that outcome is worth to itself; of the outcomes that reach its
aspiration it offers the one with the greatest product. In the last round that is the estimated Nash
point, and it takes no less either. A counterpart's reservation value is unknown; its gain is
measured from its estimated worst.

The product is defined for any number of parties; those that have offered nothing are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.reading import Attentive
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.offers import best_above, best_outcome, nash_estimate, nash_products
from games.tactics.tally import joint_gain
from games.utility import TIE


@dataclass
class NashSeeker(Attentive):
    """Goes from its best to the estimated Nash point, on the way serving all as well as it can."""

    exponent: float = 1.0
    """Above 1 it concedes late, below 1 early."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        theirs = joint_gain(list(self.counterparts(view).tallies.values()))
        nash = own.utility(nash_estimate(own, theirs))
        time = view.round / (view.rounds - 1) if view.rounds > 1 else 1.0
        aspiration = own.highest - (own.highest - nash) * time**self.exponent
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        if theirs is None:
            return Offer(best_outcome(own))
        return Offer(best_above(own, nash_products(own, theirs), aspiration))
