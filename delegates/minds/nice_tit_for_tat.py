"""Nice tit for tat: reciprocate on the way to what would be fair.

After Baarslag, Hindriks and Jonker (2013), "A Tit for Tat Negotiation Strategy for Real-Time
Bilateral Negotiations". It estimates the others' utilities by the frequency model, takes the
outcome with the greatest Nash product for the fair one, and mirrors concessions relative to it: has
a counterpart come a third of the way from its first offer to the party's share of the Nash point,
the party comes a third of its own way down. It never defects first: a little goodwill is given at
once, and in the last part of the time it goes the rest of the way to the Nash point whatever the
others do. Of the outcomes worth its aspiration it offers the one the others like best, or the best
it was itself offered if that is worth no less.

It accepts what is worth at least its next offer and in the last round, where nothing can be won by
waiting, whatever reaches its reservation value (their ACcombi; Baarslag, Hindriks and Jonker 2013,
"Acceptance Conditions in Automated Negotiation").

Among three or more the Nash product runs over all of them, the mean of the counterparts' progress
is mirrored (or the least or the most), and "like best" means the greatest product of their
estimated gains.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.reading import Attentive
from games.outcomes import FloatArray
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.aspirations import ANSWERS, answered
from games.tactics.offers import best_above, best_outcome, nash_estimate
from games.tactics.tally import joint_gain
from games.utility import TIE


@dataclass
class NiceTitForTat(Attentive):
    """Mirrors how far the others have come towards the estimated Nash point."""

    goodwill: float = 0.1
    """The share of its way to the Nash point that it goes of its own accord."""
    late: float = 0.8
    """The share of the time after which it goes the rest of the way, in even steps."""
    floor: float = 0.5
    """The least share of its possible gain that it takes for its part of the Nash point: what a few
    offers tell of the others is not to be relied on."""
    answers: str = ANSWERS[0]
    """Which of several counterparts' progress it mirrors."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        planned = self._planned(view)
        is_last = view.round == view.rounds - 1
        least = own.reservation if is_last else own.utility(planned) - TIE
        if view.offer is not None and own.accepts(view.offer, least):
            return Accept()
        return Offer(planned)

    def _planned(self, view: View) -> int:
        """Return what it would offer now."""
        own, heard = view.own, self.counterparts(view)
        theirs = joint_gain(list(heard.tallies.values()))
        if theirs is None:
            return best_outcome(own)
        planned = best_above(own, theirs, self._aspiration(view, theirs))
        offered = heard.best_offer
        if offered is not None and own.utility(offered) >= own.utility(planned):
            return offered
        return planned

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now."""
        return self._aspiration(view, joint_gain(list(self.counterparts(view).tallies.values())))

    def _aspiration(self, view: View, theirs: FloatArray | None) -> float:
        own, heard = view.own, self.counterparts(view)
        low = max(own.reservation, own.lowest)
        fair = own.utility(nash_estimate(own, theirs))
        nash = max(fair, low + self.floor * (own.highest - low))
        way = [
            min(1.0, (best - first) / (nash - first)) if nash - first > own.tie else 0.0
            for other, best in heard.best.items()
            for first in [own.utility(heard.positions[other][0])]
        ]
        given = own.highest - answered(way, self.answers) * (own.highest - nash)
        return given - self.bonus(view.round, view.rounds) * max(0.0, given - nash)

    def bonus(self, round_: int, rounds: int) -> float:
        """Return the share of what is left of its way that it goes unasked, in round k of N.

        t = (k+1)/(N+1); goodwill, or what of the time from `late` to the last round has passed.
        """
        last = rounds / (rounds + 1)
        if round_ == rounds - 1:
            return 1.0
        passed = (round_ + 1) / (rounds + 1) - self.late
        return max(self.goodwill, passed / (last - self.late) if passed > 0 else 0.0)
