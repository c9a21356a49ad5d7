"""Backward induction over the turns of alternating offers to unanimity.

What it solves is the protocol of `games.protocols.alternating_offers`: an offer is agreed when
every other party stands by it before somebody replaces it, and it is dated by the turn on which it
was made. So an offer stands if each party that moves until all have accepted gets at least what it
would have by moving otherwise on its turn; a party whose own offer awaits an answer may be on the
move too, and lets it stand on the same terms. The rules at ties (Rubinstein 1982 has none):

- an indifferent responder accepts;
- a proposer takes its best acceptable offer, of equal ones that which is best for the next mover,
  of those the first; if none beats what it gets by waiting, it lets the turn pass, that is, it
  makes an offer that will be refused;
- walking away is worth no more than waiting, since under unanimity nothing is agreed against
  anyone's will; who is indifferent stays.

Values are shares of what each party can gain at most, 0 without agreement, in whole multiples of
`1 / GRAIN`, so that the order of summation decides nothing and no party's unit matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from games.outcomes import FloatArray, IndexArray

GRAIN = 100_000_000
"""Steps into which a party's greatest gain is divided: a millionth of a point where that is 100."""

Order = tuple[int, ...]
"""Positions of the parties in the order in which they move in a round."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Talks:
    """Alternating offers as backward induction sees them."""

    worth: FloatArray
    """Gain over no agreement, as a share of the greatest, shape (parties, outcomes)."""
    idle: FloatArray
    """What time takes away besides the gain, in the same shares, shape (parties,): nothing where
    time acts on the gain, the reservation value where it acts on the whole utility."""
    factors: FloatArray
    """What one turn leaves of it, shape (parties,)."""
    rounds: Sequence[Sequence[Order]]
    """The equally likely orders of each round; a round's order is known when it begins."""
    endings: Sequence[float]
    """Chance before each round that the talks end there without agreement."""

    def gains(self, party: int, turn: int, outcomes: IndexArray | None = None) -> FloatArray:
        """Return a party's gain from agreeing on offers of a turn, in steps of the grain."""
        row: FloatArray = self.worth[party]
        worth = row if outcomes is None else row[outcomes]
        idle = float(self.idle[party])
        left = float(self.factors[party]) ** turn * (worth + idle) - idle
        # Rounded to thousandths of a step first: the last digits of half a step decide nothing.
        return np.rint(np.round(left * GRAIN, 3))


@dataclass(frozen=True, kw_only=True, eq=False)
class Prospect:
    """What perfect play leads to from some turn on."""

    gains: FloatArray
    """Expected gains in steps of the grain, shape (parties,)."""
    outcome: int | None = None
    """The next offer that is made in earnest; None if there is none, or if lots decide."""
    turn: int | None = None
    """The turn of that offer."""
    ties: int = 0
    """How many offers were as good for its proposer and for the next mover, itself included."""
    chance: float = 0.0
    """How likely that offer is agreed to."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Branch:
    """One way in which the next round may begin."""

    chance: float
    order: Order
    prospects: list[Prospect]
    """From each turn of that round on."""


Gains = Callable[[int, IndexArray | None], FloatArray]
"""A party's gains from agreeing on some offers of a turn, on all of them if None."""


def solve(talks: Talks) -> list[Prospect]:
    """Return what perfect play leads to under each order that the first round may have."""
    branches: list[_Branch] = []
    turn = sum(len(orders[0]) for orders in talks.rounds)
    for round_ in reversed(range(len(talks.rounds))):
        orders = talks.rounds[round_]
        # What is expected before the lot for the next round's order is drawn.
        prospects = {order: [_mean(branches, len(talks.worth))] for order in orders}
        for place in reversed(range(len(orders[0]))):
            turn -= 1
            gains = _gains(talks, turn, shared=len(orders) > 1)
            for order, later in prospects.items():
                later.insert(0, _turn(gains, turn, order[place:], later, branches))
        likely = (1 - talks.endings[round_]) / len(orders)
        branches = [
            _Branch(chance=likely, order=order, prospects=later[:-1])
            for order, later in prospects.items()
        ]
    return [branch.prospects[0] for branch in branches]


def _gains(talks: Talks, turn: int, *, shared: bool) -> Gains:
    """Return how the offers of a turn are valued: as asked, or all at once for several orders."""
    if not shared:
        return lambda party, outcomes: talks.gains(party, turn, outcomes)
    table = [talks.gains(party, turn) for party in range(len(talks.worth))]
    return lambda party, outcomes: table[party] if outcomes is None else table[party][outcomes]


def _mean(branches: list[_Branch], parties: int) -> Prospect:
    """Return the prospect before it is known how the next round begins; nothing after the last."""
    if len(branches) == 1 and branches[0].chance == 1:
        return branches[0].prospects[0]
    gains = np.zeros(parties)
    for branch in branches:
        gains += branch.chance * branch.prospects[0].gains
    return Prospect(gains=np.rint(np.round(gains, 3)))


def _turn(
    gains: Gains, turn: int, order: Order, later: list[Prospect], branches: list[_Branch]
) -> Prospect:
    """Return the prospect at a turn.

    Args:
        gains: How the offers of this turn are valued.
        turn: Counted from 0.
        order: Who moves in the rest of this round, the mover first.
        later: Prospects from each of the next turns of this round on, then from the next round on.
        branches: How the next round may begin.
    """
    waiting = later[0]
    parties = len(waiting.gains)
    missing = set(range(parties)) - set(order)
    asked = _thresholds(order[1:], later, parties)
    if not missing:
        offers = _certain(gains, asked)
    elif len(branches) == 1 and branches[0].chance == 1:
        answer = _answers(branches[0], missing, parties)
        if answer is None:
            return waiting
        offers = _certain(gains, np.maximum(asked, answer))
    else:
        offers = _uncertain(gains, asked, missing, branches)
    return _best(offers, turn, order, branches, waiting)


def _thresholds(movers: Order, prospects: list[Prospect], parties: int) -> FloatArray:
    """Return what each party must get so that none of these movers replaces the offer."""
    least = np.full(parties, -np.inf)
    for mover, own in zip(movers, prospects, strict=False):
        least[mover] = max(least[mover], own.gains[mover], 0.0)
    return least


def _answers(branch: _Branch, missing: set[int], parties: int) -> FloatArray | None:
    """Return what each party must get in the next round until all have accepted; None if never."""
    for count, mover in enumerate(branch.order, 1):
        missing = missing - {mover}
        if not missing:
            return _thresholds(branch.order[:count], branch.prospects, parties)
    return None


@dataclass(frozen=True, kw_only=True, eq=False)
class _Offers:
    """The offers of one turn that the others accept, in whole or for some orders to come."""

    outcomes: IndexArray
    gains: Callable[[int, IndexArray], FloatArray]
    """A party's expected gains from some of them, given by their places in `outcomes`."""
    chances: FloatArray | None
    """How likely each is agreed to; None if all are for certain."""


def _certain(gains: Gains, least: FloatArray) -> _Offers:
    """Return the offers that give each party what it must get."""
    outcomes = _standing(gains, least)
    return _Offers(
        outcomes=outcomes,
        gains=lambda party, places: gains(party, outcomes[places]),
        chances=None,
    )


def _standing(gains: Gains, least: FloatArray) -> IndexArray:
    """Return the outcomes that give each party at least so much; of somebody something is asked."""
    first, *others = np.flatnonzero(least > -np.inf).tolist()
    outcomes = np.flatnonzero(gains(first, None) >= least[first])
    for party in others:
        outcomes = outcomes[gains(party, outcomes) >= least[party]]
    return outcomes


def _uncertain(
    gains: Gains, asked: FloatArray, missing: set[int], branches: list[_Branch]
) -> _Offers:
    """Return the offers that the rest of this round accepts and some next round may accept."""
    parties, none = len(asked), np.array([], dtype=np.intp)
    answers = [_answers(branch, missing, parties) for branch in branches]
    standing = [none if answer is None else _standing(gains, answer) for answer in answers]
    outcomes = np.unique(np.concatenate([none, *standing]))
    stands = [np.isin(outcomes, agreed, assume_unique=True) for agreed in standing]
    chances = np.zeros(len(outcomes))
    for branch, agreed in zip(branches, stands, strict=True):
        chances += branch.chance * agreed
    expected = np.zeros((parties, len(outcomes)))
    for party in range(parties):
        own = gains(party, outcomes)
        for branch, agreed in zip(branches, stands, strict=True):
            otherwise = branch.prospects[0].gains[party]
            expected[party] += branch.chance * np.where(agreed, own, otherwise)
    expected = np.rint(np.round(expected, 3))
    kept = np.flatnonzero((expected >= asked[:, None]).all(axis=0))
    return _Offers(
        outcomes=outcomes[kept],
        gains=lambda party, places: expected[party, kept[places]],
        chances=chances[kept],
    )


def _best(
    offers: _Offers, turn: int, order: Order, branches: list[_Branch], waiting: Prospect
) -> Prospect:
    """Return the prospect of the mover's best offer, or of waiting if none beats that."""
    own = offers.gains(order[0], np.arange(len(offers.outcomes)))
    if len(own) == 0 or own.max() <= waiting.gains[order[0]]:
        return waiting
    tied = np.flatnonzero(own == own.max())
    following = offers.gains(_next_mover(order, branches), tied)
    tied = tied[following == following.max()]
    return Prospect(
        gains=np.array([offers.gains(p, tied[:1])[0] for p in range(len(waiting.gains))]),
        outcome=int(offers.outcomes[tied[0]]),
        turn=turn,
        ties=len(tied),
        chance=1.0 if offers.chances is None else float(offers.chances[tied[0]]),
    )


def _next_mover(order: Order, branches: list[_Branch]) -> int:
    """Return the next other party to move; where a lot decides, the first of its orders."""
    coming = [*order[1:], *(branches[0].order if branches else ())]
    return next((party for party in coming if party != order[0]), order[0])
