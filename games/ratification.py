"""What was signed is put to those at home who must ratify it: with what chance, and to what end.

A text is worth u_dom = u + home points to those who ratify it, and passes with

    P = 1 / (1 + exp(−β (u_dom − q))).

What is signed and does not pass costs its government c: it has r − c. Before that is known, signing
is worth W = r − c + P (u − r + c) to the party itself, which is u where P = 1. On domestic hurdles
as bargaining strength: Schelling 1960; Putnam, Robert (1988), "Diplomacy and domestic politics: the
logic of two-level games", International Organization 42. A seat reckons with its own capital alone:
others' hurdles are private to them, and that they may fail is not in W.

Lots are drawn when the session closes, one for each party that signed and must ratify.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import FloatArray

if TYPE_CHECKING:
    from games.parts.mandates import Ratification
    from games.scenario import Scenario
    from games.session import State


@dataclass(frozen=True, kw_only=True)
class Capital:
    """What became of a signed text in one capital."""

    position: int
    party: str
    chance: float
    """P, with which it was to pass."""
    has_ratified: bool


@dataclass(frozen=True, kw_only=True)
class Ratified:
    """What became of a signed text at home, capital by capital."""

    capitals: tuple[Capital, ...]
    """Those of the parties that signed and must ratify, in the scenario's order."""
    holds: bool
    """Whether those that are left can conclude the agreement; where a text is signed in a hall,
    whether it is in force by the signatures that are left."""

    @property
    def failed(self) -> frozenset[int]:
        """Positions of the parties whose capitals turned it down."""
        return frozenset(one.position for one in self.capitals if not one.has_ratified)

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values, parties by their ids."""
        return {
            "capitals": {
                one.party: {"chance": round(one.chance, 9), "ratified": one.has_ratified}
                for one in self.capitals
            },
            "holds": self.holds,
        }

    @property
    def jointly(self) -> float:
        """The chance that all of them would ratify."""
        return prod((one.chance for one in self.capitals), start=1.0)


def passing_chance(ratify: Ratification, worth_at_home: FloatArray) -> FloatArray:
    """Return P, the chance that texts worth so many points at home pass."""
    # The logistic function, written so that nothing overflows.
    return 0.5 * (1.0 + np.tanh(0.5 * ratify.slope * (worth_at_home - ratify.threshold)))


def worth_of_signing(
    utilities: FloatArray, chances: FloatArray, reservation: float, audience_cost: float
) -> FloatArray:
    """Return W = r − c + P (u − r + c), what signing is worth before it is ratified."""
    lost = reservation - audience_cost
    return lost + chances * (utilities - lost)


def home_points(scenario: Scenario, party: str) -> FloatArray:
    """Return what outcomes are worth at home beside their utility, shaped to broadcast."""
    ratify = ratification_of(scenario, party)
    space = scenario.space
    table = np.zeros((1,) * len(space.shape))
    for name, points in ({} if ratify is None else ratify.points).items():
        worth = [points.get(text, 0.0) for text in scenario.issues[name].texts]
        table = table + space.along(name, worth)
    return table


def at_signature(
    scenario: Scenario, party: str, utilities: FloatArray, reservation: float
) -> FloatArray:
    """Return what signing is worth to a party, given what outcomes in force are worth to it.

    Args:
        scenario: Says who ratifies.
        party: Of one without ratification it is the utilities themselves.
        utilities: Of every outcome, shaped like the space.
        reservation: What it has without agreement.
    """
    ratify = ratification_of(scenario, party)
    if ratify is None:
        return utilities
    chances = passing_chance(ratify, utilities + home_points(scenario, party))
    return worth_of_signing(utilities, chances, reservation, ratify.audience_cost)


def passing_chances(scenario: Scenario, party: str, utilities: FloatArray) -> FloatArray:
    """Return P of every outcome, shape (size,): all 1 for a party for which nobody ratifies.

    Args:
        scenario: Says who ratifies.
        party: Whose capital.
        utilities: Of every outcome in force, shape (size,).
    """
    ratify = ratification_of(scenario, party)
    if ratify is None:
        return np.ones(len(utilities))
    at_home = utilities.reshape(scenario.space.shape) + home_points(scenario, party)
    return passing_chance(ratify, at_home).reshape(-1)


def expected_audience_cost(
    scenario: Scenario, party: str, utilities: FloatArray
) -> FloatArray | float:
    """Return (1 − P)·c, what signing outcomes costs on average because they may not pass.

    Args:
        scenario: Says who ratifies.
        party: Of one without ratification it is nothing.
        utilities: Of every outcome in force, shape (size,).
    """
    ratify = ratification_of(scenario, party)
    if ratify is None:
        return 0.0
    return (1 - passing_chances(scenario, party, utilities)) * ratify.audience_cost


def ratification_of(scenario: Scenario, party: str) -> Ratification | None:
    """Return what a party's ratification hangs on; None if nobody must ratify for it."""
    mandate = scenario.mandates.get(party)
    return None if mandate is None else mandate.ratify


def ratifying(scenario: Scenario) -> tuple[int, ...]:
    """Return the positions of the parties that must ratify, in the scenario's order."""
    return tuple(
        position
        for position, party in enumerate(scenario.ids)
        if ratification_of(scenario, party) is not None
    )


def worth_at_home(scenario: Scenario, position: int, outcome: int) -> float:
    """Return u_dom, what an outcome in force is worth to those at home, in points."""
    party = scenario.ids[position]
    worth = scenario.preferences[position].utility_in_force(outcome)
    ratify = ratification_of(scenario, party)
    if ratify is not None:
        levels = scenario.space.levels_of(outcome)
        for (name, issue), level in zip(scenario.issues.items(), levels, strict=True):
            worth += ratify.points.get(name, {}).get(issue.texts[level], 0.0)
    return worth


def chance_of(scenario: Scenario, position: int, outcome: int) -> float:
    """Return P, the chance that a party's capital ratifies an outcome; 1 if it need not."""
    ratify = ratification_of(scenario, scenario.ids[position])
    if ratify is None:
        return 1.0
    return float(passing_chance(ratify, np.asarray(worth_at_home(scenario, position, outcome))))


def audience_cost(scenario: Scenario, position: int) -> float:
    """Return c, what it costs a party to have signed what does not pass, in points."""
    ratify = ratification_of(scenario, scenario.ids[position])
    return 0.0 if ratify is None else ratify.audience_cost


def chances_to_ratify(scenario: Scenario, outcome: int) -> dict[str, float]:
    """Return the chance that each party that must ratify an outcome does."""
    return {
        scenario.ids[position]: chance_of(scenario, position, outcome)
        for position in ratifying(scenario)
    }


def ratified(state: State) -> Ratified | None:
    """Return what became of what was agreed in the capitals; None if none is asked.

    None is asked while talks go on, without agreement, or if no party that signed must ratify. In
    the hall of a signed text only binding signatures are put to the capitals: declarations oblige
    to nothing that would need to be ratified.
    """
    scenario, agreed = state.scenario, state.agreement
    if agreed is None or not scenario.mandates:
        return None
    signed = signatories(state)
    asked = [position for position in ratifying(scenario) if position in signed]
    if not asked:
        return None
    capitals = tuple(_capital(state, position, agreed) for position in asked)
    failed = frozenset(one.position for one in capitals if not one.has_ratified)
    return Ratified(capitals=capitals, holds=_suffice(state, agreed, signed - failed))


def _capital(state: State, position: int, agreed: int) -> Capital:
    party = state.scenario.ids[position]
    chance = chance_of(state.scenario, position, agreed)
    lot = Random(f"{state.seed}/ratify/{party}").random()
    return Capital(position=position, party=party, chance=chance, has_ratified=lot < chance)


def signatories(state: State) -> frozenset[int]:
    """Return the positions of those who put their names to what was agreed.

    Who accepted it; in a hall who signed it binding or, of a text that is adopted and not signed,
    who was still there.
    """
    from games.protocols.hall import HallState
    from games.protocols.stages import is_signed

    if not isinstance(state, HallState):
        return state.accepted
    if is_signed(state.scenario):
        return frozenset(k for k, one in enumerate(state.signatures) if one == "binding")
    return frozenset(state.present)


def _suffice(state: State, agreed: int, left: frozenset[int]) -> bool:
    """Return whether those that are left could have concluded the agreement among themselves."""
    from games.participation.signatures import BINDING, signature_game
    from games.protocols.alternating_offers import wins
    from games.protocols.hall import HallState
    from games.protocols.stages import is_signed

    scenario = state.scenario
    if isinstance(state, HallState) and is_signed(scenario):
        choices = np.full(len(scenario.ids), -1, dtype=np.int8)
        choices[list(left)] = BINDING
        return bool(signature_game(scenario, agreed).force(choices))
    return len(left) > 1 and wins(scenario, left)


def worth_after(state: State, position: int, found: Ratified) -> float:
    """Return what a party has once the capitals have spoken, undiscounted, where none sign in a
    hall.

    Those whose capital turned it down have r − c. The others have u if the agreement holds, else r.
    """
    own, agreed = state.scenario.preferences[position], state.agreement
    if position in found.failed:
        return own.reservation - audience_cost(state.scenario, position)
    if agreed is None or position in state.left or not found.holds:
        return own.reservation
    return own.utility_in_force(agreed)


def parties_bound(state: State) -> tuple[str, ...] | None:
    """Return the parties that an agreement of alternating offers obliges; None for all.

    Nobody where it does not hold; of one that holds not those whose capitals turned it down.
    """
    found = ratified(state)
    if found is None:
        return None
    ids = state.scenario.ids
    if not found.holds:
        return ()
    return tuple(
        party for k, party in enumerate(ids) if k not in found.failed and k not in state.left
    )
