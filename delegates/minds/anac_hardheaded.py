"""HardHeaded, the winner of the second Automated Negotiating Agents Competition, in 2011.

After van Krimpen, Looije and Hajizadeh (2013), "HardHeaded", with the constants of the agent that
was entered.

It opens with its best outcome and goes down its outcomes one by one, but never below a limit that
hardly falls before the end; where it would, it repeats one of its earlier offers, drawn by lot.
Outcomes worth nearly the same to it (within .01) are taken together, and of many it offers the
five that its model of the counterpart likes best. The best offer that it was made goes before any
worse one of its own. It accepts what is worth more than the least it has offered, or as much as it
would offer next.

It knows the worth of no agreement, which the agent did not heed: what the agent reads as utilities
from 0 to 1 are shares of its gain (`games.tactics.anac`), and the ladder ends at the reservation
value. What a gain is worth after the last round, breakdown counted in, is the agent's discount. It
stands by an offer that it has made or accepted.

Among three or more there is one model for each counterpart, and what all of them together like is
what their models sum to. The best offer is the best of anyone's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass, field, replace
from operator import neg

import numpy as np

from delegates.contract import PublicMove, View
from delegates.minds.ladder import Ladder, ladder_of
from delegates.minds.reading import Bookmark
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.anac import HOLDING, LEAST_SHARE, UnchangedIssues, held_share, time_of, worth

ALIKE = 0.01
"""Shares closer than this are taken together."""

TAKEN = 5
"""How many of them it offers at most."""

FEW = 4
"""Up to so many it offers all."""


@dataclass
class Plan:
    """What it has said and heard, and what it means to offer next; read on with the history."""

    view: View
    """The view it began with; what it takes from it never changes within a session."""
    least: float
    steps: Ladder
    mark: Bookmark
    models: dict[str, UnchangedIssues] = field(default_factory=dict[str, UnchangedIssues])
    """One a counterpart that has made an offer."""
    best: int | None = None
    """Place on the ladder of the best offer it was made."""
    made: list[int] = field(default_factory=list[int])
    """Places of its own offers, oldest first."""
    deepest: int | None = None
    """Place of the worst of them."""
    queue: deque[int] = field(default_factory=deque[int])
    """Places of what it offers next."""

    def read_on(self) -> None:
        """Take in what was said since."""
        for seen in self.mark.news():
            if seen.party == self.view.party:
                self._spoke(seen)
            elif isinstance(seen.move, Offer):
                self._heard(seen.party, seen.move.outcome)

    def _heard(self, party: str, outcome: int) -> None:
        if party not in self.models:
            self.models[party] = UnchangedIssues(self.view.public.space)
        self.models[party].hear(outcome)
        place = self.steps.places.get(outcome)
        if place is not None and (self.best is None or self._at(place) > self._at(self.best)):
            self.best = place

    def _spoke(self, seen: PublicMove) -> None:
        """Take in a move of its own: what it meant to offer was made, unless it was overruled."""
        self.prepare(seen.turn, seen.round)
        if isinstance(seen.move, Offer):
            place = self.steps.places.get(seen.move.outcome)
            if self.queue[0] == place:
                self.queue.popleft()
            else:
                self.queue.clear()
            if place is not None:
                self.made.append(place)
                self.deepest = place if self.deepest is None else max(place, self.deepest)

    def prepare(self, turn: int, round_: int) -> None:
        """Choose what to offer next, if nothing is left to offer."""
        if self.queue:
            return
        if not self.made:
            self.queue.append(0)
            return
        chosen = self._chosen(turn, round_)
        if self.best is not None and self._at(chosen[0]) < self._at(self.best):
            chosen = [self.best, *chosen]
        self.queue.extend(chosen)

    def _chosen(self, turn: int, round_: int) -> list[int]:
        own, utilities = self.view.own, self.steps.utilities
        limit, first = self._limit(round_), self.made[-1] + 1
        if first == len(utilities) or utilities[first] < limit:
            chance = replace(self.view, turn=turn).random("hardheaded")
            return [chance.choice(self.made)]
        alike = utilities[first] - ALIKE * (own.highest - worth(own, 0.0))
        places = range(
            first,
            min(
                bisect_right(utilities, -limit, first, key=neg),
                max(bisect_left(utilities, -alike, first, key=neg), first + 1),
            ),
        )
        if len(places) <= FEW:
            return list(reversed(places))
        outcomes = np.array([self.steps.offers[place].outcome for place in places])
        liked = np.zeros(len(outcomes))
        for model in self.models.values():
            liked += model.worths(outcomes)
        # A difference in the last digits is no preference; ties go to the better for itself.
        order = np.argsort(-np.round(liked, 9), kind="stable")
        return [first + int(place) for place in order[:TAKEN]]

    def _limit(self, round_: int) -> float:
        """Return the least utility it would go down to in a round."""
        view = self.view
        kept = (view.own.discount * (1 - view.public.rules.breakdown)) ** view.rounds
        time = time_of(round_, view.rounds)
        return worth(view.own, held_share(time, HOLDING, self.least, kept))

    def _at(self, place: int) -> float:
        return self.steps.utilities[place]

    def accepts(self, outcome: int) -> bool:
        """Return whether an offer is better than its own worst or as good as its next."""
        place = self.steps.places.get(outcome)
        if place is None:
            return False
        offered = self._at(place)
        if self.deepest is not None and offered > self._at(self.deepest):
            return True
        return offered >= self._at(self.queue[0])


@dataclass
class AnacHardHeaded:
    """Goes down its outcomes one by one, and holds to a limit almost to the end."""

    least: float = LEAST_SHARE
    """The share of its gain below which it never goes."""
    plan: Plan | None = field(default=None, compare=False, repr=False)
    """What was read last; read anew from the view wherever it does not fit."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        steps = ladder_of(view.own)
        if not steps.offers:
            return WalkAway()
        plan = self._plan(view, steps)
        plan.prepare(view.turn, view.round)
        if view.offer is not None:
            stands = view.stands_by and view.offer in steps.places
            if stands or plan.accepts(view.offer):
                return Accept()
        return steps.offers[plan.queue[0]]

    def _plan(self, view: View, steps: Ladder) -> Plan:
        plan = self.plan
        if (
            plan is None
            or plan.view.own is not view.own
            or plan.view.seed != view.seed
            or not plan.mark.fits(view.history)
        ):
            plan = self.plan = Plan(view, self.least, steps, Bookmark(view.history))
        plan.read_on()
        return plan
