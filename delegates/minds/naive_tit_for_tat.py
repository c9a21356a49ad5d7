"""Naive tit for tat: give as much of the cake as one is given.

It needs no idea of what the others want: it takes the talks for a cake that is shared, where an
offer worth a share s of its possible gain is a concession of s, and answers by asking for 1 − s.
That is the naive tit-for-tat which Baarslag, Hindriks and Jonker (2013) improve upon, in the form
that NegMAS gave it (Mohammad, Nakadai and Greenwald 2021). Where interests are not opposed it
misses what both could gain. It makes no first step; `kindness` adds one to every answer.

Among three or more it answers the mean of the counterparts' concessions, or the least or the most.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import View
from delegates.minds.reading import Counterparts
from games.session import Accept, Move, Offer, WalkAway
from games.tactics import ANSWERS, answered, outcome_above
from games.utility import TIE


@dataclass
class NaiveTitForTat:
    """Answers what it is offered, as a share of its possible gain, with the same share."""

    kindness: float = 0.0
    """The share of its possible gain that it gives on top, from its second offer on."""
    answers: str = ANSWERS[0]
    """Which of several counterparts' concessions it answers."""
    heard: Counterparts | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        aspiration = self.aspiration(view)
        if view.offer is not None and own.accepts(view.offer, aspiration - TIE):
            return Accept()
        return Offer(outcome_above(own, aspiration))

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now."""
        own = view.own
        heard = self.heard = Counterparts.of(view, self.heard)
        low = max(own.reservation, own.lowest)
        if not heard.has_moved:
            return own.highest
        received = [
            max(0.0, own.utility(positions[-1]) - low) for positions in heard.positions.values()
        ]
        given = answered(received, self.answers) + self.kindness * (own.highest - low)
        return max(low, own.highest - given)
