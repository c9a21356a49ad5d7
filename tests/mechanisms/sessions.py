"""Sessions played for their results alone, with who sits there drawn by the seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from delegates.contract import PublicMove, view_of
from delegates.seats import parse_seat, scripted_mind
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import State, start, step

STRATEGIES = ("boulware", "linear", "conceder")
"""Who may sit in a seat: those who go by the clock alone, so that nothing else differs."""


def seated(scenario: Scenario, seed: int) -> dict[str, str]:
    """Return who sits for each party in the session of a seed, the same in every variant."""
    lots = Random(f"{seed}/seats")
    return {party: lots.choice(STRATEGIES) for party in scenario.ids}


def played(scenario: Scenario, seed: int, seats: Mapping[str, str] | None = None) -> State:
    """Return how the session of a seed ends; nothing is recorded."""
    seats = seats or seated(scenario, seed)
    minds = [scripted_mind(parse_seat(seats[party])) for party in scenario.ids]
    state, said = start(scenario, seed), list[PublicMove]()
    while state.is_open:
        mind = minds[state.mover]
        move = act_by_rule(
            state, lambda state=state, mind=mind: mind.choose(view_of(state, said, seed))
        )
        if not isinstance(state, HallState):
            said.append(PublicMove(state.turn, state.round, state.party, move, ""))
        state, _ = step(state, move)
    return state
