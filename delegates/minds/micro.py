"""MiCRO: minimal concessions by rational offers.

After de Jonge (2022), "An Analysis of the Linear Bilateral ANAC Domains Using the MiCRO Benchmark
Strategy".

It goes down its own outcomes one at a time, best first, and takes the next step only when the
others have made as many different offers as it has; otherwise it repeats one of its own, drawn by
lot. It accepts what is worth at least what it would offer next and, once nothing rational is left
to propose, whatever reaches its reservation value.

Among three or more, the different outcomes that all the others together have offered are counted:
a party that accepts makes no offer, so a count of each alone would leave everyone waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from delegates.contract import Lots, View
from delegates.minds.ladder import Ladder, ladder_of
from delegates.minds.reading import Bookmark
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.schedules import AnswerRule
from games.utility import Preferences


@dataclass
class Heard:
    """What one party has heard of a history, read on as the history grows."""

    party: str
    steps: Ladder
    mark: Bookmark
    sent: dict[int, int | None] = field(default_factory=dict[int, int | None])
    """The different outcomes it has offered, oldest first, and their places."""
    received: set[int] = field(default_factory=set[int])
    """The different outcomes that the others have offered."""
    next: int = 0
    """The highest place that it has not offered; the ladder's length when there is none."""

    def read_on(self) -> None:
        """Take in what was said since."""
        for seen in self.mark.news():
            if isinstance(seen.move, Offer):
                outcome = seen.move.outcome
                if seen.party != self.party:
                    self.received.add(outcome)
                elif outcome not in self.sent:
                    self.sent[outcome] = self.steps.places.get(outcome)
        while self.next < len(self.steps.offers) and self._offered(self.next):
            self.next += 1

    def _offered(self, place: int) -> bool:
        return self.steps.offers[place].outcome in self.sent


@dataclass
class Micro:
    """Offers its own outcomes one by one, as long as the others do the same."""

    heard: Heard | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        own = view.own
        steps = ladder_of(own)
        if not steps.offers:
            return WalkAway()
        heard = self._heard(view, steps)
        concedes = len(heard.sent) <= len(heard.received)
        offer = view.offer
        if offer is not None and own.accepts(offer, _least(own, heard, concedes=concedes)):
            return Accept()
        if concedes and heard.next < len(steps.offers):
            return steps.offers[heard.next]
        places = [place for place in heard.sent.values() if place is not None]
        return steps.offers[view.random("repeat").choice(places) if places else 0]

    def answering(self, own: Preferences, lots: Lots) -> AnswerRule | None:
        """Return how it answers the offers of one counterpart; None where it would leave."""
        steps = ladder_of(own)
        if not steps.offers:
            return None
        utilities, outcomes, accepts = steps.utilities, steps.outcomes, own.accepts
        received: set[int] = set()
        sent = 0

        def answer(turn: int, offer: int | None) -> int | None:
            nonlocal sent
            if offer is not None:
                received.add(offer)
            concedes = sent <= len(received)
            if offer is not None:
                place = sent if concedes else sent - 1
                least = utilities[place] if place < len(utilities) else own.reservation
                if accepts(offer, least):
                    return None
            if concedes and sent < len(outcomes):
                sent += 1
                return outcomes[sent - 1]
            # Among one there is nothing to draw.
            return outcomes[lots(turn, "repeat").choice(range(sent)) if sent > 1 else 0]

        return answer

    def _heard(self, view: View, steps: Ladder) -> Heard:
        heard = self.heard
        if heard is None or heard.steps is not steps or not heard.mark.fits(view.history):
            heard = self.heard = Heard(view.party, steps, Bookmark(view.history))
        heard.read_on()
        return heard


def _least(own: Preferences, heard: Heard, *, concedes: bool) -> float:
    """Return the utility of what it would offer now; its reservation value if nothing is left."""
    utilities = heard.steps.utilities
    if concedes:
        return utilities[heard.next] if heard.next < len(utilities) else own.reservation
    return utilities[max(heard.next - 1, 0)]
