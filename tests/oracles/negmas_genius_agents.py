"""AgentK of the package `negmas-genius-agents`, with the lots of the mind here.

The package is not among the development requirements: the campaign that needs it is run by hand
after `pip install --no-deps negmas-genius-agents==0.3.0`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from negmas.sao import ResponseType, SAOMechanism

from delegates.minds.anac_agentk import found
from games.scenario import Scenario
from tests.oracles.negmas_sessions import finished, utility_functions

agent_k: Any = pytest.importorskip("negmas_genius_agents.negotiators.anac.y2010.agent_k")


class Lots:
    """Stands where that module expects the process's generator."""

    drawn: list[float]

    def random(self) -> float:
        """Return the next lot of the turn."""
        return self.drawn.pop(0)


class AgentKWithOurLots(agent_k.AgentK):  # pyright: ignore[reportUntypedBaseClass]
    """That package's AgentK; which outcome it hits upon is drawn as here, with seed 0.

    Its estimate, its targets, its chance to accept, what it repeats and when it searches are its
    own. A search returns the outcome found here, which it takes only once its own target allows.
    Its best outcome it accepts, as here.
    """

    def __init__(self, scenario: Scenario, position: int, lots: Lots) -> None:
        super().__init__()
        self.scenario, self.position, self.lots = scenario, position, lots
        self.own = scenario.preferences[position]
        self.chance = Random()
        self.hit: Any = None

    def _begin(self, step: int) -> None:
        turn = step * len(self.scenario.ids) + self.position
        self.chance = Random(f"0/{self.own.party}/{turn}/agentk")
        self.lots.drawn = [self.chance.random(), self.chance.random()]

    def respond(self, state: Any, source: str | None = None) -> Any:
        """Return its answer, by the lots of this turn."""
        self._begin(state.step)
        answer = super().respond(state, source)
        best = float(self.ufun(state.current_offer)) >= self.own.highest - 1e-9
        return ResponseType.ACCEPT_OFFER if best else answer

    def propose(self, state: Any, dest: str | None = None) -> Any:
        """Return its offer, by the lots of this turn."""
        if state.current_offer is None:
            self._begin(state.step)
        return super().propose(state, dest)

    def _select_bid(self) -> Any:
        space = self.scenario.space
        exceeding = [
            (worth, space.index(dict(zip(space.issues, bid, strict=True))), bid)
            for bid, worth in self._offered_bids.items()
            if worth > self._target
        ]
        if exceeding:
            return sorted(exceeding)[self.chance.randrange(len(exceeding))][2]
        outcome = found(self.own, space.count, self._bid_target, self.chance)
        self.hit = tuple(str(option) for option in space.outcome(outcome).values())
        return super()._select_bid()

    def _search_random_bid(self) -> Any:
        return self.hit


def play(scenario: Scenario, position: int, opponent: Any) -> SAOMechanism:
    """Return a finished session of that AgentK against a negotiator of NegMAS."""
    lots = Lots()
    agent_k.random = lots
    pair = [AgentKWithOurLots(scenario, position, lots), opponent][:: 1 - 2 * position]
    return finished(scenario, pair, utility_functions(scenario))
