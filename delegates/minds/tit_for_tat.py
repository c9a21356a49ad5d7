"""Tit for tat: concede as much as the counterparts have conceded, and one step of goodwill.

The absolute tit-for-tat of Faratin, Sierra and Jennings (1998), with Axelrod's niceness: it opens
by giving a step, so that two of a kind do not wait for each other for ever.

Among three or more it answers the mean of the counterparts' concessions, or the least or the most.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.aspiring import move_at
from delegates.minds.reading import Attentive
from games.moves import Move
from games.tactics.aspirations import ANSWERS, answered


@dataclass
class TitForTat(Attentive):
    """Answers concessions, as it values them, with concessions of the same size."""

    goodwill: float = 0.1
    """The step it gives of its own accord, as a share of its possible gain."""
    answers: str = ANSWERS[0]
    """Which of several counterparts' concessions it answers."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        return move_at(view, self.aspiration, self.trade_off)

    def aspiration(self, view: View) -> float:
        """Return the least utility it asks for now: its best, less what it owes."""
        own, heard = view.own, self.counterparts(view)
        received = [
            max(0.0, own.utility(positions[-1]) - own.utility(positions[0]))
            for positions in heard.positions.values()
        ]
        conceded = answered(received, self.answers)
        step = self.goodwill * (own.highest - own.reservation) if heard.has_moved else 0.0
        return max(own.reservation, own.highest - step - conceded)
