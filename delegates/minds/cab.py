"""CAB: concede one outcome at a time, accept what is better than all it accepted before.

After Mohammad (2023), who shows that it is optimal and complete under a protocol in which
acceptance is tentative. Here acceptance is not: between two parties the first rational offer closes
the session. Among more, an offer it accepted may be replaced by the next one, and then the rule
bites: it accepts the first rational offer, and after that only what is better.

What it accepted is counted for each counterpart by itself. `accepts` gives the siblings: not worse
than before (CAN), or whatever reaches the reservation value (CAR).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import PublicMove, View
from delegates.minds.ladder import Ladder, ladder_of
from delegates.minds.reading import Bookmark
from games.session import Accept, Move, Offer, WalkAway
from games.utility import Preferences

ACCEPTS = ("better", "not-worse", "rational")
"""What it accepts once it has accepted something."""


@dataclass
class Steps:
    """How far one party has gone down its ladder, read on as the history grows."""

    own: Preferences
    ladder: Ladder
    mark: Bookmark
    sent: set[int] = field(default_factory=set[int])
    next: int = 0
    """The highest place that it has not offered; the ladder's length when there is none."""
    accepted: dict[str, float] = field(default_factory=dict[str, float])
    """The most that an offer it accepted was worth, for each counterpart that made any."""
    on_table: int | None = None
    offerer: str | None = None

    def read_on(self) -> None:
        """Take in what was said since."""
        for seen in self.mark.news():
            self._hear(seen)
        offers = self.ladder.offers
        while self.next < len(offers) and offers[self.next].outcome in self.sent:
            self.next += 1

    def _hear(self, seen: PublicMove) -> None:
        is_own, move = seen.party == self.own.party, seen.move
        if isinstance(move, Offer):
            self.on_table, self.offerer = move.outcome, seen.party
            if is_own:
                self.sent.add(move.outcome)
        elif isinstance(move, Accept) and is_own:
            self._accepted()

    def _accepted(self) -> None:
        if self.on_table is not None and self.offerer is not None:
            worth = self.own.utility(self.on_table)
            self.accepted[self.offerer] = max(worth, self.accepted.get(self.offerer, worth))


@dataclass
class Cab:
    """Goes down its rational outcomes whatever the others do, and stops at the last."""

    accepts: str = ACCEPTS[0]
    steps: Steps | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        ladder = ladder_of(view.own)
        if not ladder.offers:
            return WalkAway()
        steps = self._steps(view, ladder)
        if view.stands_by or self._accepts(view, steps.accepted.get(view.offerer or "")):
            return Accept()
        return ladder.offers[min(steps.next, len(ladder.offers) - 1)]

    def _accepts(self, view: View, before: float | None) -> bool:
        own = view.own
        if view.offer is None or not own.accepts(view.offer, own.reservation):
            return False
        if before is None or self.accepts == "rational":
            return True
        worth = own.utility(view.offer)
        return worth > before or (worth == before and self.accepts == "not-worse")

    def _steps(self, view: View, ladder: Ladder) -> Steps:
        steps = self.steps
        if steps is None or steps.ladder is not ladder or not steps.mark.fits(view.history):
            steps = self.steps = Steps(view.own, ladder, Bookmark(view.history))
        steps.read_on()
        return steps
