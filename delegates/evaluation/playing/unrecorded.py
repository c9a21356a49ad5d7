"""Sessions of any protocol in which every mind follows a rule, played for their moves alone."""

from __future__ import annotations

from collections.abc import Sequence

from delegates.contract import ScriptedMind
from delegates.hearing import Hearing
from delegates.views import view_of
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import Move, State, start, step
from transcripts.acts import act_of
from transcripts.events import MoveMade
from transcripts.places import heard_by
from transcripts.record import SessionRecord


def played_unrecorded(
    scenario: Scenario, minds: Sequence[ScriptedMind], seed: int, session: str
) -> SessionRecord:
    """Return the session that these minds play: the moves that the table would record.

    Nothing is worded, since no rule reads words.

    Args:
        scenario: What is negotiated, in a hall or at a table, whatever happens meanwhile.
        minds: One a party, in the scenario's order.
        seed: Draws the lots of protocol, events and minds.
        session: The session's id.
    """
    state, heard = start(scenario, seed), Hearing()
    moves: list[Move] = []
    turns: list[int] = []
    places: list[tuple[int, int]] = []
    while state.is_open:
        mover = state.mover
        move = _chosen(state, minds[mover], heard, seed)
        moves.append(move)
        turns.append(state.turn)
        places.append((state.round, mover))
        heard.add(_made(state, move), move)
        state, _ = step(state, move)
    return SessionRecord(session=session, state=state, moves=moves, turns=turns, places=places)


def _chosen(state: State, mind: ScriptedMind, heard: Hearing, seed: int) -> Move:
    number = state.room.number if isinstance(state, HallState) and state.room else None
    return act_by_rule(state, lambda: mind.choose(view_of(state, heard.in_room(number), seed)))


def _made(state: State, move: Move) -> MoveMade:
    """Return a move as it is heard."""
    room = state.room if isinstance(state, HallState) else None
    party = state.party
    return MoveMade.model_construct(
        turn=state.turn,
        round=state.round,
        party=party,
        act=act_of(move),
        stage=state.stage if isinstance(state, HallState) else "",
        room=None if room is None else room.number,
        heard_by=heard_by(state.scenario, party, room, move),
    )
