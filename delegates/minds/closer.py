"""Closer: take a sure deal while there is one.

A risk-averse party, which accepts as soon as what is on the table is worth as much to it as waiting
is. The formula stands in `games.tactics.aspirations.closing_shares`: optimal stopping after Moser
(1956) and Baarslag and Hindriks (2013), "Accepting Optimally in Automated Negotiation with
Incomplete Information", with the concave utility of Pratt (1964). Waiting is worth less the less
time is left, the likelier the talks break down (the scenario's breakdown, an uncertain deadline,
and a `risk` that the party sees on top in every round), the more a later gain is discounted, and
the more it minds risk. In the last round it takes whatever reaches its reservation value. It asks
for what it would accept, in the form that the others seem to like best.

Nothing here depends on how many the others are.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import closing_shares


@dataclass
class Closer(Attentive):
    """Accepts, and asks for, the sure share of its gain that is worth as much as waiting."""

    aversion: float = 0.5
    """Relative risk aversion: 0 none, towards 1 a deal at almost any price."""
    risk: float = 0.1
    """The chance it sees, beyond the scenario's rules, that a round is the last."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self._aspiration, self.trade_off)

    def _aspiration(self, view: View) -> float:
        own = view.own
        low = max(own.reservation, own.lowest)
        return low + self._shares(view)[view.round] * (own.highest - low)

    def _shares(self, view: View) -> list[float]:
        rules = view.public.rules
        key = (
            f"closing/{self.aversion}/{self.risk}/{view.rounds}/{rules.breakdown}/{rules.deadline}"
        )
        return view.own.once(key, lambda _: self._computed(view))

    def _computed(self, view: View) -> list[float]:
        deadline = view.public.rules.deadline
        goes_on = (1 - view.public.rules.breakdown) * (1 - self.risk)
        survivals = [
            goes_on * (1 - deadline.close if deadline and over >= deadline.start else 1.0)
            for over in range(1, view.rounds)
        ]
        return closing_shares(survivals, view.own.discount, self.aversion).tolist()
