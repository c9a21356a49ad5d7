"""AgentK and HardHeaded as NegMAS plays them: the Genius platform's time-dependent offering.

NegMAS 0.16 puts its `GAgentK` and `GHardHeaded` together from ready parts (Baarslag et al. 2014,
"Decoupling Negotiating Agents to Explore the Space of Negotiation Strategies"): both offer by the
clock alone and accept what is worth as much as their next offer; AgentK's port takes anything once
99 % of the time has gone. Neither has the agent's own bidding: those are
`delegates.minds.anac_agentk` and `delegates.minds.anac_hardheaded`.

A port that takes anything signs below its reservation value, too; this one never does. Among many
parties nothing changes: the clock is the same for all, and what is accepted is the offer on the
table.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import View
from delegates.minds.schedule import move_by
from games.session import Move, WalkAway
from games.tactics.anac import CLOSING, PACE, port_schedule
from games.tactics.schedules import Schedule
from games.utility import Preferences


@dataclass(frozen=True)
class Port:
    """Offers by the clock, accepts what is worth as much, and perhaps whatever comes at last."""

    pace: float = PACE
    """e; below 1 it concedes late."""
    closing: float | None = CLOSING
    """The share of the time from which it takes anything rational; None for never."""

    def schedule(self, own: Preferences, rounds: int) -> Schedule:
        """Return its offers and least accepted utilities of each round, computed once."""
        return own.once(
            f"anac port/{self.pace}/{self.closing}/{rounds}",
            lambda preferences: port_schedule(preferences, rounds, self.pace, self.closing),
        )

    def choose(self, view: View) -> Move:
        """Return its move."""
        if view.own.highest < view.own.reservation:
            return WalkAway()  # there is no schedule then
        return move_by(self.schedule(view.own, view.rounds), view)
