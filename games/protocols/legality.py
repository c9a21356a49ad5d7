"""What a delegation may do now, and the line it gets when it may not."""

from __future__ import annotations

from games.errors import IllegalMove
from games.moves import Move
from games.protocols.capital import require_mandate
from games.protocols.hall import HallState


def refused(state: HallState, move: Move, expected: str) -> IllegalMove:
    """Return the complaint that a stage knows no such move."""
    act = type(move).__name__
    return IllegalMove(f"{state.party}: {act} is no move of the {state.stage} stage; {expected}")


def require_signable(state: HallState, outcome: int) -> None:
    """Check that the party to move may put its name to an outcome.

    Raises:
        IllegalMove: If it is none, combines options that exclude each other or crosses its red
            line.
    """
    if not 0 <= outcome < state.scenario.space.size:
        size = state.scenario.space.size
        raise IllegalMove(f"{state.party}: no outcome {outcome}; expected one below {size}")
    if not state.scenario.space.is_possible(outcome):
        raise IllegalMove(f"{state.party}: the text combines options that exclude each other")
    require_mandate(state, outcome)
    if not state.scenario.preferences[state.mover].may_sign(outcome):
        raise IllegalMove(f"{state.party}: the text crosses one of its own red lines")


def require_open(state: HallState, outcome: int, base: int | None) -> None:
    """Check that an outcome departs from a base on issues alone that may be spoken to.

    Raises:
        IllegalMove: If it departs on another, or the party may not put its name to it.
    """
    require_signable(state, outcome)
    if base is None:
        return
    closed = zip(state.levels(outcome), state.levels(base), strict=True)
    departs = {k for k, (one, other) in enumerate(closed) if one != other}
    beyond = sorted(departs - state.open_issues)
    if beyond:
        name = state.scenario.space.issues[beyond[0]]
        raise IllegalMove(f"{state.party}: {name} is not open now; expected the text's option")


def position_of(state: HallState, party: str) -> int:
    """Return the position of another delegation that a move names.

    Raises:
        IllegalMove: If there is none, or it is the mover itself.
    """
    ids = state.scenario.ids
    if party not in ids or ids.index(party) == state.mover:
        raise IllegalMove(f"{state.party}: no other delegation {party!r}")
    return ids.index(party)


def require_text(state: HallState) -> int:
    """Return the chair's text.

    Raises:
        IllegalMove: If there is none yet.
    """
    if state.offer is None:
        raise IllegalMove(f"{state.party}: there is no text yet")
    return state.offer
