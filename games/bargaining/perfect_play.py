"""What flawless players would agree on: backward induction over the turns of a scenario.

Who has the last word has an ultimatum, so the result is always given for three orders: as the
scenario's, with the parties reversed, and with each round's order drawn by lot when it begins (with
many parties once, before the talks). What a party has in the first and in the second differs by
*the worth of the last word*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.bargaining.backward_induction import GRAIN, Order, Prospect, Talks, solve
from games.bargaining.pareto import undominated
from games.bargaining.quorum import unanimous
from games.bargaining.solutions import bargain, reservations, utility_rows
from games.outcomes import FloatArray, IndexArray
from games.protocols.alternating_offers import order_in_round
from games.protocols.hall import is_hall
from games.session import payoff
from games.utility import DIGITS, TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

OrderName = Literal["scenario", "reversed", "lot"]

WORK = 3_000_000_000
"""Most values of offers to a party that one order may take: a few seconds' work."""

_OVERHEAD = 8000
"""Values that could be found in the time that a look at no offer at all takes."""


SHARE_DIGITS = 7
"""Decimals kept of expected shares of the attainable gain; they are known to the grain."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OrderOfPlay:
    """What perfect play leads to when the parties move in one order."""

    name: OrderName
    payoffs: FloatArray | None
    """What each party has in the end, in its points, discounted, in expectation where lots are
    drawn; r without agreement; None if not computed. Shape (parties,)."""
    outcome: int | None = None
    """What is offered and accepted; None without agreement or where lots decide."""
    turn: int | None = None
    """The turn of that offer, from 0."""
    proposer: str | None = None
    ties: int = 0
    """How many offers were equally good for its proposer and the next mover, itself included."""
    chance: float = 0.0
    """How likely the talks last until the offer is accepted."""
    note: str | None = None
    """Why it was not computed, or which lots are drawn."""


@dataclass(frozen=True, kw_only=True)
class PerfectPlay:
    """The result of backward induction under three orders of play."""

    orders: tuple[OrderOfPlay, ...]
    """As the scenario's, reversed, by lot; none if not computed."""
    note: str | None
    """Why nothing was computed, where nothing was."""

    @property
    def last_word(self) -> FloatArray | None:
        """What moving in the other order changes for each party, in its points."""
        first, second = (order.payoffs for order in self.orders[:2]) if self.orders else (None,) * 2
        return None if first is None or second is None else np.abs(first - second)


def perfect_play(scenario: Scenario) -> PerfectPlay:
    """Return what flawless players would agree on, computed once."""
    return scenario.once("perfect_play", _perfect_play)


def _perfect_play(scenario: Scenario) -> PerfectPlay:
    if is_hall(scenario):
        note = (
            "not computed: in a plenary or forum who moves next hangs on what was said; perfect "
            "play is solved for alternating offers alone"
        )
        return PerfectPlay(orders=(), note=note)
    if not unanimous(scenario):
        note = (
            "not computed: with a quorum an offer can pass against a party's will, and talks go on "
            "when one leaves; perfect play is solved for unanimity alone"
        )
        return PerfectPlay(orders=(), note=note)
    outcomes = _agreeable(scenario)
    return PerfectPlay(
        orders=(
            _order_of_play(scenario, "scenario", _listed(scenario), outcomes),
            _order_of_play(scenario, "reversed", _reversed(scenario), outcomes),
            _order_of_play(scenario, "lot", _by_lot(scenario), outcomes),
        ),
        note=None,
    )


def _agreeable(scenario: Scenario) -> IndexArray:
    """Return the outcomes that might be agreed: nobody agrees to less than walking away is worth.

    Where time takes from the whole utility, a loss may shrink in time; then all that everyone may
    sign.
    """
    if scenario.protocol.discounting == "gain":
        return bargain(scenario).zopa
    allowed = np.ones(scenario.space.size, dtype=bool)
    for party in scenario.preferences:
        if party.signable is not None:
            allowed &= party.signable
    return np.flatnonzero(allowed)


def _listed(scenario: Scenario) -> list[list[Order]]:
    """Return the orders of the rounds as the scenario has them; as listed where it draws lots."""
    if scenario.protocol.opens == "lot":
        return [[tuple(range(len(scenario.ids)))]] * scenario.protocol.rounds
    return [[order_in_round(scenario, k, 0)] for k in range(scenario.protocol.rounds)]


def _reversed(scenario: Scenario) -> list[list[Order]]:
    last = len(scenario.ids) - 1
    return [[tuple(last - party for party in order) for order in one] for one in _listed(scenario)]


def _by_lot(scenario: Scenario) -> list[list[Order]]:
    parties = list(range(len(scenario.ids)))
    rotations = [tuple(parties[first:] + parties[:first]) for first in parties]
    return [rotations] * scenario.protocol.rounds


def _order_of_play(
    scenario: Scenario, name: OrderName, rounds: Sequence[Sequence[Order]], outcomes: IndexArray
) -> OrderOfPlay:
    endings = _endings(scenario)
    if len(scenario.ids) == 2 and all(len(orders) == 1 for orders in rounds):
        # Between two, a dominated offer is never the better one, nor does a tie favour it.
        outcomes = outcomes[undominated(utility_rows(scenario, outcomes))]
    if len(outcomes) == 0:
        return OrderOfPlay(name=name, payoffs=reservations(scenario))
    work = _work(rounds, len(scenario.ids), len(outcomes))
    if name == "lot" and work > WORK:
        return _one_lot(scenario, endings, outcomes)
    if work > WORK:
        return OrderOfPlay(name=name, payoffs=None, note=_too_much(work))
    talks = _talks(scenario, rounds, endings, outcomes)
    prospects = solve(talks)
    gains = sum((prospect.gains for prospect in prospects), np.zeros(len(scenario.ids)))
    gains /= len(prospects) * GRAIN
    payoffs = _payoffs(scenario, gains)
    if name == "lot":
        return OrderOfPlay(name=name, payoffs=payoffs, note=_lot_note(scenario))
    return _with_offer(scenario, name, payoffs, prospects[0], outcomes, rounds)


def _one_lot(scenario: Scenario, endings: list[float], outcomes: IndexArray) -> OrderOfPlay:
    """Return the mean over the rotations of the listed order, one of which is drawn beforehand.

    With many parties lots for each round take too long; this takes as much as an order for each.
    """
    parties = len(scenario.ids)
    listed = _listed(scenario)
    rotations = [
        [[tuple((party + by) % parties for party in order) for order in one] for one in listed]
        for by in range(parties)
    ]
    work = parties * _work(rotations[0], parties, len(outcomes))
    if work > WORK:
        return OrderOfPlay(name="lot", payoffs=None, note=_too_much(work))
    gains = sum(
        (solve(_talks(scenario, rounds, endings, outcomes))[0].gains for rounds in rotations),
        np.zeros(parties),
    )
    return OrderOfPlay(
        name="lot",
        payoffs=_payoffs(scenario, gains / (parties * GRAIN)),
        note=f"in expectation; which of {parties} parties opens is drawn once, before the talks",
    )


def _too_much(work: int) -> str:
    return (
        f"not computed: {work / 1e6:,.0f} million values of offers, at most "
        f"{WORK / 1e6:,.0f} million are tried"
    )


def _payoffs(scenario: Scenario, gains: FloatArray) -> FloatArray:
    """Return gains, given as shares of the attainable, as payoffs in points."""
    points: list[float] = []
    for party, gain, unit in zip(scenario.preferences, gains, _units(scenario), strict=True):
        digits = SHARE_DIGITS - ceil(log10(unit))
        points.append(round(party.reservation + round(gain * unit, digits), DIGITS))
    return np.array(points)


def _with_offer(
    scenario: Scenario,
    name: OrderName,
    payoffs: FloatArray,
    prospect: Prospect,
    outcomes: IndexArray,
    rounds: Sequence[Sequence[Order]],
) -> OrderOfPlay:
    if prospect.outcome is None or prospect.turn is None:
        return OrderOfPlay(name=name, payoffs=payoffs)
    round_, place = divmod(prospect.turn, len(scenario.ids))
    outcome = int(outcomes[prospect.outcome])
    if prospect.chance == 1:
        payoffs = np.array(
            [
                payoff(scenario, position, party.utility(outcome), prospect.turn)
                for position, party in enumerate(scenario.preferences)
            ]
        )
    return OrderOfPlay(
        name=name,
        payoffs=payoffs,
        outcome=outcome,
        turn=prospect.turn,
        proposer=scenario.ids[rounds[round_][0][place]],
        ties=prospect.ties,
        chance=prospect.chance,
    )


def _lot_note(scenario: Scenario) -> str:
    if len(scenario.ids) == 2:
        return "in expectation; who opens is drawn anew each round"
    return "in expectation; who opens is drawn anew each round, the others follow in turn"


def _endings(scenario: Scenario) -> list[float]:
    """Return the chance before each round that the talks end there."""
    protocol = scenario.protocol
    if protocol.deadline is None:
        return [0.0] * protocol.rounds
    return [
        protocol.deadline.close if round_ >= protocol.deadline.start else 0.0
        for round_ in range(protocol.rounds)
    ]


def _work(rounds: Sequence[Sequence[Order]], parties: int, outcomes: int) -> int:
    """Return about how many values of offers to a party backward induction takes."""
    looks = sum(
        len(orders) * parties * len(following) * parties
        for orders, following in zip(rounds, [*rounds[1:], [()]], strict=True)
    )
    return looks * (outcomes + _OVERHEAD)


def _units(scenario: Scenario) -> FloatArray:
    """Return what each party can gain at most, in points; 1 where it cannot gain."""
    ranges = bargain(scenario).best - reservations(scenario)
    return np.where(ranges > TIE, ranges, 1.0)


def _talks(
    scenario: Scenario,
    rounds: Sequence[Sequence[Order]],
    endings: Sequence[float],
    outcomes: IndexArray,
) -> Talks:
    units, least = _units(scenario), reservations(scenario)
    worth = utility_rows(scenario, outcomes)
    worth -= least[:, None]
    worth /= units[:, None]
    whole = scenario.protocol.discounting == "total"
    left = np.array([party.discount for party in scenario.preferences])
    left *= 1 - scenario.protocol.breakdown
    return Talks(
        worth=worth,
        idle=least / units if whole else np.zeros(len(units)),
        factors=left ** (1 / len(scenario.ids)),
        rounds=rounds,
        endings=endings,
    )


def pie_share(discounts: tuple[float, float], offers: int, parts: int = 10_000) -> float:
    """Return the first proposer's share of a pie that two divide by alternating offers.

    One offer a period, made in turn; a share of the pie agreed on offer k is worth δ_i^k of it to
    party i (Rubinstein 1982). Without end the first proposer has (1 − δ2)/(1 − δ1 δ2).

    Args:
        discounts: δ of the first and the second proposer, per offer.
        offers: How many offers can be answered.
        parts: How many equal parts the pie is cut into.
    """
    shares = np.arange(parts + 1) / parts
    turns = offers + 1  # the last turn's offer has nobody left to answer it
    rounds: list[list[Order]] = [[(0, 1)]] * (turns // 2) + [[(0,)]] * (turns % 2)
    factors = np.array(discounts)
    talks = Talks(
        worth=np.array([shares, shares[::-1]]),
        idle=np.zeros_like(factors),
        factors=factors,
        rounds=rounds,
        endings=[0.0] * len(rounds),
    )
    return float(solve(talks)[0].gains[0]) / GRAIN
