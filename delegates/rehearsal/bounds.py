"""How many calls of models a round of a hall can need at most, from its rules alone.

A bound, not a guess: every delegation adds an aside wherever it may, every room meets for all its
turns, and the chair acts as often as it can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from delegates.minds.llm import ATTEMPTS
from delegates.minds.menu import ATTEMPTS as MENU_ATTEMPTS
from delegates.minds.menu import LETTERS, ROTATIONS
from delegates.seats import SeatSpec
from games.protocols.hall import HallState, most_acts
from games.scenario import Protocol, Scenario
from games.session import start

DECISIVE = 3
"""Acts by which a chair may still end a round once it has acted as often as it may."""

SCRIPTED_MERGES = 2
"""Texts that a scripted chair puts forward in a round at most."""


@dataclass(frozen=True, kw_only=True)
class CallBound:
    """Most calls that a session's models can need."""

    a_round: int
    """In a round, private caucuses apart."""
    caucuses: int
    """In all private caucuses of the session."""
    at_the_end: int
    """Once a text is adopted: signatures, the fund, and what falls due."""
    a_round_again: int
    """In a round, caucuses apart, if every reply that can be asked for again is."""

    def as_json(self) -> dict[str, int]:
        """Return the bound as plain JSON values."""
        return {
            "a_round": self.a_round,
            "a_round_again": self.a_round_again,
            "caucuses": self.caucuses,
            "at_the_end": self.at_the_end,
        }

    def words(self) -> str:
        """Return the bound as a clause."""
        private = f", {self.caucuses} in all caucuses" if self.caucuses else ""
        again = ""
        if self.a_round_again > self.a_round:
            again = f" ({self.a_round_again} if all replies are asked for again)"
        end = f", {self.at_the_end} at the end" if self.at_the_end else ""
        return f"at most {self.a_round} calls a round{again}{private}{end}"


@dataclass(frozen=True)
class _Costs:
    """Calls that one seat's decision and its words may take."""

    decides: int
    words: int
    asides: int
    """Decisions beside the one that is asked for, where an aside may be added."""

    @classmethod
    def of(cls, spec: SeatSpec, attempts: int) -> _Costs:
        mind = spec.stand_in or spec
        decides = 0
        if mind.model is not None:
            menu = max(len(LETTERS) if mind.model.is_embedded else ROTATIONS, MENU_ATTEMPTS)
            decides = menu if mind.mind == "menu" else attempts
        is_free = mind.mind == "llm"
        return cls(decides, int(spec.voice_model is not None), int(is_free))

    def spoken(self, *, is_aloud: bool) -> int:
        """Return the calls of one turn to speak, an aside among them."""
        # Any mind may threaten or promise on the floor, and a voice words that as well.
        decisions = self.decides * (1 + self.asides)
        return decisions + 2 * self.words * is_aloud


def call_bound(scenario: Scenario, specs: Mapping[str, SeatSpec]) -> CallBound | None:
    """Return the most calls that a hall's models can need; None where nobody sits in a hall.

    The chair is taken to stay, and to send delegations into rooms once a round if it follows its
    rule.
    """
    state = start(scenario)
    if not isinstance(state, HallState):
        return None
    costs = _costs(specs, 1)
    rules, acts = scenario.protocol, most_acts(state)
    rooms = _in_rooms(rules, costs)
    return CallBound(
        a_round=_a_round(scenario, specs, acts, costs),
        a_round_again=_a_round(scenario, specs, acts, _costs(specs, ATTEMPTS)),
        caucuses=len(costs) * rules.caucuses * _greatest(rooms, rules.rooms.size),
        at_the_end=_at_the_end(scenario, costs),
    )


def _costs(specs: Mapping[str, SeatSpec], attempts: int) -> dict[str, _Costs]:
    return {party: _Costs.of(spec, attempts) for party, spec in specs.items()}


def _a_round(
    scenario: Scenario, specs: Mapping[str, SeatSpec], acts: int, costs: Mapping[str, _Costs]
) -> int:
    rules, rooms = scenario.protocol, _in_rooms(scenario.protocol, costs)
    chair = rules.chair or scenario.ids[0]
    informal, breakouts = _greatest(rooms, rules.rooms.size), sum(rooms.values())
    if costs[chair].decides or specs[chair].is_awaited:
        met = (acts - 1) * informal + breakouts
    else:
        met = breakouts if rules.kind == "forum" else informal
    rolls = 2 * sum(one.decides for one in costs.values())
    return _on_floor(rules, costs) + met + _as_chair(costs[chair], acts) + rolls


def _on_floor(rules: Protocol, costs: Mapping[str, _Costs]) -> int:
    aloud = len(costs) if rules.speakers is None else rules.speakers
    silent = sum(one.spoken(is_aloud=False) for one in costs.values())
    return silent + _greatest({party: 2 * one.words for party, one in costs.items()}, aloud)


def _in_rooms(rules: Protocol, costs: Mapping[str, _Costs]) -> dict[str, int]:
    """Return the calls that each seat's turns in one room may take."""
    is_aloud = rules.speakers is None
    return {
        party: rules.rooms.turns * one.spoken(is_aloud=is_aloud) for party, one in costs.items()
    }


def _as_chair(one: _Costs, acts: int) -> int:
    merges = acts if one.decides else SCRIPTED_MERGES
    return one.decides * (acts + DECISIVE) + one.words * merges


def _at_the_end(scenario: Scenario, costs: Mapping[str, _Costs]) -> int:
    members = () if scenario.fund is None else scenario.fund.members
    measures = [one.by for one in scenario.statecraft.measures.values()]
    return sum(
        one.decides * (1 + (party in members) + measures.count(party))
        for party, one in costs.items()
    )


def _greatest(calls: Mapping[str, int], most: int) -> int:
    return sum(sorted(calls.values(), reverse=True)[:most])
