"""What a party could know when it moved: nothing that is still to strike, be said, or be drawn.

A session's state holds more than any seat may see: the shocks and instructions that the scenario
has in store, what capitals will answer, when an uncertain end comes. A move is judged without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from games.happenings.changes import answered, at_rest
from games.happenings.happening import is_held
from games.parts.mandates import Instruction

if TYPE_CHECKING:
    from games.moves import AskCapital
    from games.review.positions import Position
    from games.scenario import Scenario
    from games.session import State


def as_known(state: State) -> State:
    """Return a state as the party to move could know it.

    The scenario is as it is now and stays so: no shock, instruction or answer is in store, but for
    an instruction that the party is under in this very round. Where order or end are drawn by lot,
    the session goes on to its last possible round.
    """
    scenario = at_rest(state.scenario)
    if is_held(state, state.mover):
        key = f"held/{state.mover}/{state.round}"
        scenario = scenario.once(key, lambda rested: _held(rested, state.party, state.round + 1))
    turns = _turns_as_known(state)
    return replace(state, scenario=scenario, turns=turns, requests=(), happened=())


def _held(rested: Scenario, party: str, round_: int) -> Scenario:
    """Return a scenario in which a delegate may sign nothing in a round, counted from 1."""
    told = (Instruction(round=round_, kind="no-deal"),)
    mandate = rested.mandates[party].model_copy(update={"instructions": told})
    after = rested.model_copy(update={"mandates": {**rested.mandates, party: mandate}})
    for computed in ("space", "preferences"):
        vars(after)[computed] = getattr(rested, computed)
    return after


def _turns_as_known(state: State) -> tuple[int, ...]:
    protocol, parties = state.scenario.protocol, len(state.scenario.ids)
    if protocol.opens != "lot" and protocol.deadline is None:
        return state.turns
    begun = (state.round + 1) * parties
    to_come = max(protocol.rounds * parties - begun, 0)
    return state.turns[:begun] + (state.mover,) * to_come


def granted(scenario: Scenario, party: str, move: AskCapital) -> Scenario:
    """Return a scenario in which a capital has granted what its delegate asks for; kept."""
    key = f"granted/{party}/{move.issue}/{move.option}"
    return scenario.once(key, lambda one: answered(one, party, move.issue, move.option))


def bare_turns(played: Iterable[Position]) -> frozenset[int]:
    """Return the turns on which nothing was on the table: an offer may have been withdrawn."""
    return frozenset(one.act.turn for one in played if one.state.offer is None)
