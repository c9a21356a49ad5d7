"""Naive tit for tat: give as much of the cake as one is given.

It needs no idea of what the others want: it takes the talks for a cake that is shared, where an
offer worth a share s of its possible gain is a concession of s, and answers by asking for 1 − s.
That is the naive tit-for-tat which Baarslag, Hindriks and Jonker (2013) improve upon, in the form
that NegMAS gave it (Mohammad, Nakadai and Greenwald 2021). Where interests are not opposed it
misses what both could gain. It makes no first step; `kindness` adds one to every answer.

Among three or more it answers the mean of the counterparts' concessions, or the least or the most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from delegates.contract import Lots, View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import ANSWERS, answered
from games.tactics.offers import outcome_above
from games.tactics.schedules import AnswerRule
from games.utility import TIE, Preferences


@dataclass
class NaiveTitForTat(Attentive):
    """Answers what it is offered, as a share of its possible gain, with the same share."""

    kindness: float = 0.0
    """The share of its possible gain that it gives on top, from its second offer on."""
    answers: str = ANSWERS[0]
    """Which of several counterparts' concessions it answers."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self.aspiration, _nearest_above)

    def answering(self, own: Preferences, _: Lots, /) -> AnswerRule | None:
        """Return how it answers the offers of one counterpart; None where it would leave."""
        if own.highest < own.reservation:
            return None
        known: dict[int, int | None] = own.once(
            f"naive tit for tat/{self.kindness}", lambda _: dict[int, int | None]()
        )

        def answer(turn: int, offer: int | None) -> int | None:
            if offer is None or turn < 2:
                return self._answer(own, own.highest, offer)
            if offer not in known:
                known[offer] = self._answer(own, self._asked(own, [offer]), offer)
            return known[offer]

        return answer

    def _answer(self, own: Preferences, aspiration: float, offer: int | None) -> int | None:
        """Return what it offers; None where it accepts what is offered."""
        if offer is not None and own.accepts(offer, aspiration - TIE):
            return None
        return outcome_above(own, aspiration)

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now."""
        own, heard = view.own, self.counterparts(view)
        if not heard.has_moved:
            return own.highest
        return self._asked(own, [positions[-1] for positions in heard.positions.values()])

    def _asked(self, own: Preferences, offered: Sequence[int]) -> float:
        """Return what it asks for in answer to where each counterpart stands."""
        low = max(own.reservation, own.lowest)
        received = [max(0.0, own.utility(position) - low) for position in offered]
        given = answered(received, self.answers) + self.kindness * (own.highest - low)
        return max(low, own.highest - given)


def _nearest_above(view: View, aspiration: float) -> int:
    return outcome_above(view.own, aspiration)
