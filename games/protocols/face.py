"""Face: what a delegation yields before the hall costs it points at home, in a small room nothing.

Whoever backs away in public from what it has stood for pays for it at home (Fearon 1994); behind
closed doors positions can be explored and given up without that (Stasavage 2007). So it is here:

- A delegation's *reference* is what it last stood for before the hall, aloud or in writing; its
  first stand sets it, free of charge.
- By a public act it takes something else: an offer or acceptance on the floor, a vote of yes,
  silence kept (by the chair, who is not asked, silence opened), a signature, binding or not. Where
  that is worth less to it than its reference, by its own undiscounted points u, it has yielded the
  difference y = u(reference) − u(taken) and loses F·y at home, for good, whatever becomes of the
  text. Its reference is then what it took. To take more costs nothing, and gives nothing back.
- What a room agrees becomes, on the room's issues, the reference of those who agreed there: a joint
  reading is no retreat. What they have yielded so is counted, and costs nothing. In a room nobody's
  reference is at stake; without an agreement it stays what it was.
- To end without an agreement is no public act: the reservation value is what it was.

F is `mandates.PARTY.face`. Nothing of this is known to others than the party itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from games.moves import Accept, KeepSilence, Move, Offer, OpenSilence, Sign, Vote
from games.outcomes import FloatArray
from games.utility import Preferences

if TYPE_CHECKING:
    from games.protocols.hall import HallState
    from games.scenario import Scenario

PUBLIC = frozenset({"floor", "chair", "silence", "vote", "sign"})
"""The stages at which what a delegation takes, it takes before the hall."""

MOST_FACES = 64
"""Preferences with face counted that are kept on those without."""


def face_of(scenario: Scenario, position: int) -> float:
    """Return F, the points that a party loses at home per point yielded before the hall."""
    mandate = scenario.mandates.get(scenario.ids[position])
    return 0.0 if mandate is None else mandate.face


def shortfall(scenario: Scenario, position: int, reference: int | None, outcome: int) -> float:
    """Return by how many points an outcome falls short of what a party stood for."""
    if reference is None or reference == outcome:
        return 0.0
    own = scenario.preferences[position]
    return max(0.0, own.utility_in_force(reference) - own.utility_in_force(outcome))


def public_loss(state: HallState, position: int, outcome: int) -> float:
    """Return the points that a party would lose at home by taking an outcome where it is now.

    On a floor that speaks to some issues alone, it stands by what it stood for on the others.
    """
    from games.protocols.stages import joined

    face = face_of(state.scenario, position)
    if not face or state.stage not in PUBLIC:
        return 0.0
    taken = outcome
    if state.stage == "floor":
        taken = joined(state, position, outcome, state.open_issues)
    return face * shortfall(state.scenario, position, state.reference[position], taken)


def standing_by(state: HallState, position: int) -> tuple[int, ...] | None:
    """Return what a party goes on standing for whatever it takes now: by issue, −1 where open.

    None where it takes whole outcomes.
    """
    stand = state.stands[position]
    if state.stage != "floor" or stand is None:
        return None
    open_ = state.open_issues
    if len(open_) == len(state.scenario.space.issues):
        return None
    return tuple(-1 if k in open_ else level for k, level in enumerate(state.levels(stand.outcome)))


def facing(
    scenario: Scenario,
    own: Preferences,
    position: int,
    reference: int | None,
    beside: tuple[int, ...] | None = None,
) -> Preferences:
    """Return preferences once what an outcome would cost at home is taken off its worth.

    u(ω) − F·max(0, u(reference) − u(taken)), where ω is taken whole, or beside what stays; what no
    agreement is worth stays.

    Args:
        scenario: Of which the party's points and its F are read.
        own: Its preferences, with whatever else it counts.
        position: The party.
        reference: What it stands for before the hall; None where it has not spoken.
        beside: Levels of issues that are closed, −1 where open; see `standing_by`.
    """
    face = face_of(scenario, position)
    if not face or reference is None:
        return own
    known: dict[object, Preferences] = own.once("faces", lambda _: {})
    found = known.get((reference, beside))
    if found is None:
        if len(known) >= MOST_FACES:
            known.clear()
        plain = scenario.preferences[position]
        points = plain.utilities if plain.in_force is None else plain.in_force
        taken = points if beside is None else _beside(scenario, plain, points, beside)
        lost = face * np.maximum(0.0, points[reference] - taken)
        found = known[reference, beside] = replace(
            own,
            utilities=own.utilities - lost,
            in_force=None if own.in_force is None else own.in_force - lost,
            kept={},
        )
    return found


def _beside(
    scenario: Scenario, plain: Preferences, points: FloatArray, beside: tuple[int, ...]
) -> FloatArray:
    """Return the points of what is taken with each outcome: it together with what stays, or it
    alone where the party may not sign the two together."""
    shape = scenario.space.shape
    place = tuple(slice(None) if level < 0 else slice(level, level + 1) for level in beside)
    together = np.broadcast_to(points.reshape(shape)[place], shape).reshape(-1)
    if plain.signable is None:
        return together
    may = np.broadcast_to(plain.signable.reshape(shape)[place], shape).reshape(-1)
    return np.where(may, together, points)


def counted(
    before: HallState, move: Move, after: HallState
) -> tuple[tuple[int | None, ...], tuple[float, ...]]:
    """Return each delegation's reference and points yielded before the hall, once a move is made.

    Args:
        before: The state in which it was made.
        move: A legal move.
        after: What the rules of the stage made of it.
    """
    taken = _taken(before, move, after)
    mover = before.mover
    reference = before.reference[mover]
    if taken is None or taken == reference:
        return after.reference, after.yielded
    given = shortfall(before.scenario, mover, reference, taken)
    references, yielded = list(after.reference), list(after.yielded)
    references[mover] = taken
    yielded[mover] += given
    return tuple(references), tuple(yielded)


def _taken(before: HallState, move: Move, after: HallState) -> int | None:
    """Return the outcome that the mover has publicly taken by its move, if it has any."""
    match before.stage, move:
        case "floor", Offer() | Accept():
            stand = after.stands[before.mover]
            return None if stand is None else stand.outcome
        case ("chair", OpenSilence()) | ("silence", KeepSilence()) | ("vote", Vote(ballot="yes")):
            return before.offer
        case "sign", Sign(signature="binding" | "declaratory"):
            return before.offer
        case _:
            return None


def face_lost(state: HallState) -> tuple[float, ...]:
    """Return the points that each party has lost at home by what it yielded before the hall."""
    if not state.scenario.mandates:
        return (0.0,) * len(state.yielded)
    return tuple(
        face_of(state.scenario, position) * points for position, points in enumerate(state.yielded)
    )


def concessions(state: HallState) -> tuple[float, float]:
    """Return the points yielded before the hall and those yielded in rooms, by all parties.

    Sums over parties whose scales differ: they tell where concessions are made, not what they cost
    anybody.
    """
    return sum(state.yielded), sum(state.yielded_in_rooms)
