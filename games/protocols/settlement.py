"""What everyone has in the end of a plenary or forum: text, signature, fund, deals, vows, face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import BoolArray, FloatArray
from games.participation.fund import fund_payoffs
from games.participation.signatures import SIGNATURES, signature_game, signature_payoffs
from games.parts.base import of_party
from games.protocols.face import face_lost
from games.protocols.stages import is_signed
from games.protocols.vows import is_due
from games.ratification import Ratified, audience_cost, ratified

if TYPE_CHECKING:
    from games.protocols.hall import HallState


def settled(state: HallState) -> tuple[float, ...]:
    """Return each party's points in the end, undiscounted, in the scenario's order."""
    found = ratified(state)
    points = _by_text(state, found)
    by_deals, at_home = np.zeros(len(points)), -np.array(face_lost(state))
    if found is not None:
        for position in found.failed:
            at_home[position] -= audience_cost(state.scenario, position)
    for name in state.deals:
        deal = state.scenario.side_deals[name]
        for party, gained in deal.points.items():
            position = state.scenario.ids.index(party)
            own = state.scenario.preferences[position]
            points[position] -= deal.instead * (points[position] - own.reservation)
            by_deals[position] += gained
    if state.agreement is not None and state.scenario.fund is not None:
        points += fund_payoffs(state.scenario, state.agreement, standing_pledges(state))
    return tuple((points + by_deals + at_home + _by_vows(state)).tolist())


def _by_text(state: HallState, found: Ratified | None) -> FloatArray:
    """Return what the text is worth to each as it was signed, or adopted, and then ratified.

    What it costs to have signed in vain is left out.
    """
    preferences, agreed = state.scenario.preferences, state.agreement
    if agreed is None:
        return np.array([own.reservation for own in preferences])
    if is_signed(state.scenario):
        return signature_payoffs(state.scenario, agreed, standing_signatures(state))
    lost = state.left if found is None else state.left | found.failed
    fails = found is not None and not found.holds
    return np.array(
        [
            own.reservation if fails or position in lost else own.utility_in_force(agreed)
            for position, own in enumerate(preferences)
        ]
    )


def chosen_signatures(state: HallState) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """Return how each signed, as positions in `SIGNATURES`; who left or did not sign stays out."""
    return np.array([SIGNATURES.index(one or "out") for one in state.signatures], dtype=np.int8)


def standing_signatures(state: HallState) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """Return the signatures that stand once the session is over and the capitals have spoken.

    A binding signature that a capital has turned down counts as none. Declarations need no
    capital's word.
    """
    choices, found = chosen_signatures(state), ratified(state)
    if found is not None and is_signed(state.scenario):
        choices[list(found.failed)] = SIGNATURES.index("out")
    return choices


def standing_pledges(state: HallState) -> BoolArray:
    """Return who pays into the fund once the session is over and the capitals have spoken.

    Nobody pays under a text that its capital has turned down, nor under an adopted one that does
    not hold.
    """
    pays, found = np.array([one is True for one in state.pledges]), ratified(state)
    if found is not None:
        pays[list(found.failed)] = False
        pays &= found.holds or is_signed(state.scenario)
    return pays


def is_in_force(state: HallState) -> bool:
    """Return whether the text binds those who signed it so and, once all is over, ratified it."""
    agreed = state.agreement
    if agreed is None:
        return False
    if not is_signed(state.scenario):
        found = ratified(state)
        return found is None or found.holds
    return bool(signature_game(state.scenario, agreed).force(standing_signatures(state)))


def bound_parties(state: HallState) -> tuple[str, ...]:
    """Return the parties that the text obliges: who signed it binding, or adopted it and stayed.

    Those whose capitals turned it down it does not oblige.
    """
    ids, is_text_signed = state.scenario.ids, is_signed(state.scenario)
    if not is_in_force(state):
        return ()
    found = ratified(state)
    lost = frozenset[int]() if found is None else found.failed
    return tuple(
        ids[k]
        for k in state.present
        if k not in lost and (not is_text_signed or state.signatures[k] == "binding")
    )


def _by_vows(state: HallState) -> FloatArray:
    """Return what threats and promises that fell due brought each, their authors included."""
    scenario = state.scenario
    craft = scenario.statecraft
    points = np.zeros(len(scenario.ids))
    for vow in state.vows:
        # While nobody has been asked to make it good nothing has come of it.
        if vow.measure is None or vow.carried_out is None or not is_due(state, vow):
            continue
        if not vow.carried_out:
            points[vow.by] -= of_party(craft.backing_down, scenario.ids[vow.by])
            continue
        planned = craft.measures[vow.measure]
        points[vow.by] -= planned.cost
        for party, effect in planned.effect.items():
            points[scenario.ids.index(party)] += effect
    return points
