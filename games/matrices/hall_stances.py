"""The tactic of the stance game in a plenary or forum.

Each delegation answers by the trade-off tactic at its stance's aspiration, and acts by the rule
that every strategy acts by in a hall (`games.protocols.by_rule`). What others want it reads off
the floor as a whole: among many, no one's own offers tell what all could carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from games.bargaining.solutions import bargain
from games.moves import Accept, Move, Offer
from games.outcomes import FloatArray
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.session import start, step
from games.tactics.aspirations import Stance, stance_aspirations
from games.tactics.offers import trade_off_by
from games.tactics.tally import Tally

if TYPE_CHECKING:
    from games.scenario import Scenario


def play_hall_stances(scenario: Scenario, stances: tuple[Stance, ...], seed: int) -> HallState:
    """Return how a plenary or forum ends in which each party trades off at its stance's aspiration.

    Args:
        scenario: The negotiation.
        stances: One a party.
        seed: Draws the orders of speaking, and the end where that is uncertain.
    """
    state = cast("HallState", start(scenario, seed))
    heard = Tally(scenario.space)
    curves: dict[tuple[int, int], FloatArray] = {}
    best = bargain(scenario).best

    def choose() -> Move:
        mover, rounds = state.mover, state.rounds
        curve = curves.get((mover, rounds))
        if curve is None:
            low = scenario.preferences[mover].reservation
            high = max(float(best[mover]), low)
            curve = stance_aspirations(stances[mover], low, high, rounds)
            curves[mover, rounds] = curve
        own, aspiration = state.own(mover), float(curve[state.round])
        if state.on_table is not None and own.accepts(state.on_table, aspiration - own.tie):
            return Accept()
        others = () if heard.is_empty else (heard,)
        return Offer(trade_off_by(own, scenario.space, aspiration, others))

    while state.is_open:
        move = act_by_rule(state, choose)
        if isinstance(move, Offer) and state.room is None:
            heard.count(move.outcome)
        after, _ = step(state, move)
        state = cast("HallState", after)
    return state
