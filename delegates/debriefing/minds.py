"""The counterparts' own minds as functions: what each would do in a state that never came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from delegates.contract import PublicMove, ScriptedMind
from delegates.peers.presence import require_as_before
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from delegates.views import view_of
from games.errors import SeatError
from games.protocols.by_rule import act_by_rule
from games.protocols.hall import is_hall

if TYPE_CHECKING:
    from games.review.positions import Act, Reply
    from games.scenario import Scenario
    from games.session import Move, State
    from transcripts.events import Seat


def replies_of_seats(scenario: Scenario, seats: Mapping[str, Seat], seed: int) -> dict[str, Reply]:
    """Return party → how its mind answers, for the seats whose minds follow a rule.

    Who is a person or asks a model to decide cannot be asked again, nor can a mind that this
    version does not know, or one of another library that is not here in the same release; nobody
    in a hall is.

    Args:
        scenario: What was negotiated.
        seats: Who sat for each party, as the transcript has it.
        seed: The session's: minds that draw lots draw the same again.
    """
    if is_hall(scenario):
        return {}
    found: dict[str, Reply] = {}
    for party, seat in seats.items():
        mind = _mind_of(party, seat)
        if mind is not None:
            found[party] = reply_of(mind, seed)
    return found


def reply_of(mind: ScriptedMind, seed: int) -> Reply:
    """Return how a mind answers, given all moves so far."""

    def reply(state: State, history: Sequence[Act]) -> Move:
        ids = state.scenario.ids
        heard = [
            PublicMove(act.turn, act.turn // len(ids), ids[act.mover], act.move, "")
            for act in history
        ]
        return act_by_rule(state, lambda: mind.choose(view_of(state, heard, seed)))

    return reply


def _mind_of(party: str, seat: Seat) -> ScriptedMind | None:
    try:
        spec = parse_seat(seat.spec, "any")
        require_as_before({party: spec}, {party: seat.decides})
    except SeatError:
        return None
    # A voice that asks a model changes words, never the move.
    decides_by_rule = spec.model is None and not spec.is_awaited
    return scripted_mind(spec) if decides_by_rule else None
