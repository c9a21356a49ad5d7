"""Relative tit for tat: answer a concession of so many per cent with the same per cent.

The relative tit-for-tat of Faratin, Sierra and Jennings (1998), and with a window their averaged
one. Theirs multiplies the own last value by the ratio of the counterpart's last two: over a session
the ratios multiply to the counterpart's present claim as a share of its opening claim. Here that
share is taken at once, so that no rounding to an outcome on the way is ever carried on. Values are
claims on the own scale: the counterpart claims what it withholds (best outcome less its offer), the
party claims what it asks for (aspiration less the least it
could accept); no change of scale matters.

Like the absolute tit-for-tat it opens by giving a step, so that two of a kind do not wait for each
other for ever. Among three or more it answers the mean of the counterparts' concessions, or the
least or the most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import ANSWERS, answered
from games.utility import Preferences


@dataclass
class RelativeTitForTat(Attentive):
    """Claims the same share of its opening claim as its counterparts do of theirs."""

    goodwill: float = 0.1
    """The share of its claim that it gives up of its own accord, once it has spoken."""
    window: int = 1
    """How many of a counterpart's last positions are averaged."""
    answers: str = ANSWERS[0]
    """Which of several counterparts' concessions it answers."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self.aspiration, self.trade_off)

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now."""
        own, heard = view.own, self.counterparts(view)
        conceded = [1 - self._claimed(own, positions) for positions in heard.positions.values()]
        claim = 1 - answered(conceded, self.answers)
        claim *= 1 - self.goodwill if heard.has_moved else 1.0
        low = max(own.reservation, own.lowest)
        return low + claim * (own.highest - low)

    def _claimed(self, own: Preferences, positions: Sequence[int]) -> float:
        """Return a counterpart's claim as a share of its opening claim, at most 1."""
        lately = positions[-self.window :]
        now = own.highest - sum(map(own.utility, lately)) / len(lately)
        opening = own.highest - own.utility(positions[0])
        if opening <= own.tie:  # It opened by giving everything.
            return 0.0 if now <= own.tie else 1.0
        return min(1.0, max(0.0, now / opening))
