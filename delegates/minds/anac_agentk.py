"""AgentK, the winner of the first Automated Negotiating Agents Competition, in 2010.

After Kawaguchi, Fujita and Ito (2011), "AgentK: Compromising Strategy based on Estimated Maximum
Utility for Automated Negotiating Agents", with the constants of the agent that was entered.

From mean and variance of what it was offered it estimates the most that its counterpart will offer
in the end, and goes towards that as time runs out: it proposes any outcome at random that reaches
its target, or, once there are some, an offer of the counterpart's that exceeds it. It accepts by
lot, the likelier the more an offer exceeds the estimate and the target, and the later it is.

The agent looked for an outcome by drawing from all of them, and lowered its target by .01 after
every 501 misses; here the same chances are worked out, so that one or two draws do. Two things are
added: what is worth as much to it as its best outcome is accepted, where the agent leaves that to
its lot, and it stands by an offer that it has made or accepted.

Among three or more each counterpart is estimated by itself, and the target is that for the one
which is expected to offer least: an agreement needs them all. It repeats the offers of any.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from math import inf
from random import Random

import numpy as np

from delegates.contract import View
from delegates.minds.reading import Bookmark
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.anac import (
    TREMOR,
    Compromise,
    Estimate,
    chance_to_accept,
    compromise,
    estimate,
    share,
    time_of,
    worth,
)
from games.utility import TIE, Preferences

MISSES = 501
"""Draws after which it lowers what it asks for."""

STEP = 0.01
"""How far, as a share."""


@dataclass
class Sums:
    """What one counterpart's offers were worth."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, offered: float) -> None:
        """Take in the share that an offer is worth."""
        self.count += 1
        self.total += offered
        self.squares += offered * offered


@dataclass
class Offered:
    """What one party was offered, read on as the history grows."""

    own: Preferences
    mark: Bookmark
    sums: dict[str, Sums] = field(default_factory=dict[str, Sums])
    """Each counterpart's that has made an offer."""
    known: set[int] = field(default_factory=set[int])
    rising: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    """The different outcomes it was offered, as (share, outcome)."""

    def read_on(self) -> None:
        """Take in what was said since."""
        for seen in self.mark.news():
            if seen.party != self.own.party and isinstance(seen.move, Offer):
                outcome = seen.move.outcome
                offered = share(self.own, outcome)
                self.sums.setdefault(seen.party, Sums()).add(offered)
                if outcome not in self.known:
                    self.known.add(outcome)
                    insort(self.rising, (offered, outcome))

    def hardest(self) -> Estimate | None:
        """Return what it expects of the counterpart that will offer least, if any has offered."""
        seen = [estimate(sums.count, sums.total, sums.squares) for sums in self.sums.values()]
        return min(seen, key=lambda expected: expected.most, default=None)

    def above(self, target: float) -> list[tuple[float, int]]:
        """Return the outcomes it was offered that exceed a share."""
        return self.rising[bisect_right(self.rising, (target + TIE, inf)) :]


@dataclass
class AgentK:
    """Goes towards the most that it expects to be offered."""

    tremor: float = TREMOR
    """How far the pace of its offers is left to chance."""
    offered: Offered | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        if own.highest < own.reservation:
            return WalkAway()
        offered = self._offered(view)
        seen, time = offered.hardest(), time_of(view.round, view.rounds)
        chance = view.random("agentk")
        paced, accepts = chance.random(), chance.random()
        far = Compromise(1.0, 1.0, inf)
        if seen is not None:
            far = compromise(seen, time, self.tremor, paced)
        if view.offer is not None and own.accepts(view.offer, own.reservation):
            reached = share(own, view.offer)
            likely = chance_to_accept(reached, seen, far, time) if seen is not None else 0.0
            if view.stands_by or reached >= 1 - TIE or likely > accepts:
                return Accept()
        exceeding = offered.above(far.target)
        if exceeding:
            return Offer(exceeding[chance.randrange(len(exceeding))][1])
        return Offer(found(own, view.public.space.count, far.asks, chance))

    def _offered(self, view: View) -> Offered:
        offered = self.offered
        if offered is None or offered.own is not view.own or not offered.mark.fits(view.history):
            offered = self.offered = Offered(view.own, Bookmark(view.history))
        offered.read_on()
        return offered


def found(own: Preferences, count: int, asks: float, chance: Random) -> int:
    """Return an outcome drawn by lot among those that reach a share.

    Args:
        own: The party's preferences.
        count: Of how many outcomes it draws one at a time: all that can happen.
        asks: The share to reach. Where `MISSES` draws in a row would have failed, a `STEP` less.
        chance: Draws.
    """
    order, utilities = own.ranking
    while True:
        least = max(own.reservation, min(worth(own, asks), own.highest) - own.tie)
        reaching = len(order) - int(np.searchsorted(utilities, least))
        if asks <= 0 or chance.random() >= (1 - reaching / count) ** MISSES:
            return int(order[len(order) - 1 - chance.randrange(reaching)])
        asks -= STEP
