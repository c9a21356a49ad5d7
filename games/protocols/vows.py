"""Threats and promises: made, fallen due, kept or broken.

A threat falls due unless the text adopted settles an issue as demanded, and so without any text; a
promise falls due if it does. A promise is of support, and of a measure where one is named.
"""

from __future__ import annotations

from dataclasses import replace

from games.errors import IllegalMove
from games.moves import Move, Promise, Threaten
from games.participation.trust import Seen
from games.protocols.hall import HallState, Vow
from games.protocols.legality import position_of, refused


def vow_made(state: HallState, move: Threaten | Promise) -> Vow:
    """Return the threat or promise that a move makes.

    Raises:
        IllegalMove: If it names what there is not, or a measure that is not the mover's.
    """
    scenario, mover = state.scenario, state.party
    if move.issue not in scenario.issues:
        raise IllegalMove(f"{mover}: no issue {move.issue!r}")
    texts = scenario.issues[move.issue].texts
    if move.option not in texts:
        raise IllegalMove(f"{mover}: {move.issue} has no option {move.option!r}")
    _require_measure(state, move)
    to = (
        scenario.statecraft.measures[move.measure].towards
        if isinstance(move, Threaten)
        else move.to
    )
    positions = tuple(position_of(state, party) for party in to)
    room = state.room if state.room is not None and state.room.is_private else None
    if not positions or len(set(positions)) < len(positions):
        raise IllegalMove(f"{mover}: expected other delegations to whom it promises, each once")
    if room is not None and not set(positions) <= set(room.members):
        raise IllegalMove(f"{mover}: in a caucus it can promise to its members alone")
    return Vow(
        by=state.mover,
        to=positions,
        settles=((scenario.space.issues.index(move.issue), texts.index(move.option)),),
        measure=move.measure,
        is_threat=isinstance(move, Threaten),
        room=None if room is None else room.number,
    )


def _require_measure(state: HallState, move: Threaten | Promise) -> None:
    if move.measure is None:
        return
    planned = state.scenario.statecraft.measures.get(move.measure)
    if planned is None or planned.by != state.party:
        known = [
            name
            for name, one in state.scenario.statecraft.measures.items()
            if one.by == state.party
        ]
        own = ", ".join(known) or "it has none"
        raise IllegalMove(f"{state.party}: no measure {move.measure!r} of its own; {own}")
    if planned.is_threat != isinstance(move, Threaten):
        kind = "threatened" if planned.is_threat else "promised"
        raise IllegalMove(f"{state.party}: {move.measure} can only be {kind}")
    if any(vow.measure == move.measure for vow in state.vows):
        raise IllegalMove(f"{state.party}: {move.measure} has been announced already")


def with_vow(state: HallState, move: Move) -> HallState:
    """Return the state once a delegation has threatened or promised.

    Raises:
        IllegalMove: If it names what there is not, or a measure that is not its own.
    """
    if not isinstance(move, Threaten | Promise):
        raise refused(state, move, "expected a threat or promise")
    vow = vow_made(state, move)
    if vow in state.vows:
        raise IllegalMove(f"{state.party}: it has promised them so already")
    seen = state.seen
    if vow.is_threat:
        seen = seen.with_event("threat", vow.by, vow.to)
    number = () if vow.measure is None else (len(state.vows),)
    return replace(state, vows=(*state.vows, vow), announced=(*state.announced, *number), seen=seen)


def is_met(state: HallState, vow: Vow) -> bool:
    """Return whether the text settles all that a vow speaks of as it says."""
    if state.offer is None:
        return False
    levels = state.levels(state.offer)
    return all(levels[issue] == level for issue, level in vow.settles)


def is_due(state: HallState, vow: Vow) -> bool:
    """Return whether a vow's condition has come true: for a threat, that the text lacks it."""
    return is_met(state, vow) != vow.is_threat


def falls_due(state: HallState) -> tuple[int, ...]:
    """Return the vows whose measures are now to be carried out or not, oldest first."""
    return tuple(
        number
        for number, vow in enumerate(state.vows)
        if vow.measure is not None and vow.carried_out is None and is_due(state, vow)
    )


def supports(state: HallState, party: int) -> bool:
    """Return whether a delegation signed the text, or did not vote against it."""
    if state.signatures[party] is not None:
        return state.signatures[party] != "out"
    return party not in state.left and state.ballots[party] in ("yes", None)


def keep_count(state: HallState) -> Seen:
    """Return what was seen, with the promises that were kept and broken in the end.

    However often one party promised another its support, it supports the text once; a measure
    promised counts by itself.
    """
    seen = state.seen
    supported: set[tuple[int, int]] = set()
    for vow in state.vows:
        if vow.is_threat or not is_due(state, vow):
            continue
        to = vow.to
        if vow.measure is None:
            to = tuple(other for other in vow.to if (vow.by, other) not in supported)
            supported.update((vow.by, other) for other in to)
        kept = supports(state, vow.by) and (vow.measure is None or vow.carried_out is True)
        seen = seen.with_event("kept" if kept else "broken", vow.by, to)
    return seen
