"""What came about in a plenary or forum: rooms, decisions, signatures, vows, deals and pledges.

All of it follows from the moves; it is worked out from them when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from games.participation.signatures import BINDING, signature_game
from games.protocols.face import face_lost
from games.protocols.hall import HallState, Room, Vow
from games.protocols.rooms import in_room
from games.protocols.settlement import is_in_force, standing_signatures
from games.protocols.stages import is_forum, is_signed
from games.protocols.voting import Count, count
from games.protocols.vows import is_due, supports
from games.session import Move, replayed

if TYPE_CHECKING:
    from games.outcomes import Option

AdoptedBy = Literal["vote", "silence", "signature"]


@dataclass(frozen=True, kw_only=True)
class Met:
    """A room that met, as it was when it rose."""

    room: Room
    round: int
    """From 0."""
    moves: int

    @property
    def agreed(self) -> int | None:
        """The outcome that all its members stood by, if they did."""
        return self.room.offer if self.room.is_agreed and len(self.room.members) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Proceedings:
    """A session of a plenary or forum, looked back on."""

    state: HallState
    rooms: tuple[Met, ...]
    roll_calls: tuple[tuple[int, Count], ...]
    """The round, from 0, and the count of each."""
    silences: tuple[tuple[int, int | None], ...]
    """The round of each silence procedure, and who broke it if anyone did."""
    adopted_by: AdoptedBy | None
    """How the text was adopted, if it was; a forum's text may be signed without that."""

    def as_json(self) -> dict[str, object]:
        """Return the proceedings as plain JSON values, parties by their ids."""
        state = self.state
        ids = state.scenario.ids
        agreed = state.agreement is not None
        signed = agreed and is_signed(state.scenario)
        return {
            "kind": state.scenario.protocol.kind,
            "chair": ids[state.chair],
            "rounds": state.known_rounds,
            "adopted_by": self.adopted_by,
            "count": _count_json(self.roll_calls[-1][1], ids) if self.roll_calls else None,
            "signatures": {party: one or "out" for party, one in signatures(state).items()}
            if signed
            else None,
            "in_force": is_in_force(state),
            "bound_weight": bound_weight(state)[0] if signed else None,
            "needed_weight": bound_weight(state)[1] if signed else None,
            "vows": [_vow_json(state, vow) for vow in state.vows],
            "deals": list(state.deals),
            "pledges": {
                party: pays
                for party, pays in zip(ids, state.pledges, strict=True)
                if pays is not None
            },
            "rooms": [_room_json(state, met) for met in self.rooms],
            "yielded": _yielded_json(state),
        }


def proceedings(state: HallState, moves: Iterable[Move]) -> Proceedings:
    """Return what the moves that led to a state came to."""
    rooms: list[Met] = []
    calls: list[tuple[int, Count]] = []
    silences: list[tuple[int, int | None]] = []
    adopted_by: AdoptedBy | None = None
    made = 0
    listed = list(moves)
    for move, (before, here) in zip(listed, replayed(state, listed), strict=True):
        if not isinstance(before, HallState) or not isinstance(here, HallState):
            break
        made += before.room is not None
        room = risen(before, move)
        if room is not None:
            rooms.append(Met(room=room, round=before.now, moves=made))
            made = 0
        if before.stage == "vote" and here.stage != "vote":
            calls.append((before.now, count(here)))
        if before.stage == "silence" and here.stage != "silence":
            broken = here.is_silence_broken
            silences.append((before.now, before.mover if broken else None))
        adopted_by = adoption(before, here) or adopted_by
    return Proceedings(
        state=state,
        rooms=tuple(rooms),
        roll_calls=tuple(calls),
        silences=tuple(silences),
        adopted_by=adopted_by if state.agreement is not None else None,
    )


def risen(before: HallState, move: Move) -> Room | None:
    """Return the room that rises with a legal move, as it is then; None if none does."""
    if before.room is None:
        return None
    room = in_room(before, move).rooms[0]
    return room if room.is_over else None


def adoption(before: HallState, after: HallState) -> AdoptedBy | None:
    """Return how a text was adopted between two states one move apart, if it was."""
    is_through = after.stage in ("sign", "pledge", "due") or after.status == "agreement"
    if not is_through or after.offer is None or after.is_broken_off:
        return None
    match before.stage:
        case "vote" | "silence":
            return before.stage
        case "chair" if is_forum(after.scenario):
            return "signature"
        case _:
            return None


def signatures(state: HallState) -> dict[str, str | None]:
    """Return how each party signed, by its id; None for those who have not."""
    return dict(zip(state.scenario.ids, state.signatures, strict=True))


def bound_weight(state: HallState) -> tuple[float, float]:
    """Return the share of the weight that signed binding, and the share that it takes.

    Meant for a text that has been opened for signature. Once the session is over, binding
    signatures that a capital turned down are left out.
    """
    if state.offer is None:
        return 0.0, 1.0
    game = signature_game(state.scenario, state.offer)
    bound = (standing_signatures(state) == BINDING) @ game.weights
    return round(float(bound / game.weights.sum()), 9), round(float(game.threshold), 9)


def is_enough_bound(state: HallState) -> bool:
    """Return whether the binding signatures that stand bring the text into force."""
    if state.offer is None:
        return False
    game = signature_game(state.scenario, state.offer)
    return bool(game.force(standing_signatures(state)))


def _yielded_json(state: HallState) -> dict[str, object]:
    """Return the points that each has yielded before the hall and in rooms, and lost at home."""
    rows = zip(
        state.scenario.ids, state.yielded, state.yielded_in_rooms, face_lost(state), strict=True
    )
    return {
        party: {
            "in_plenary": round(public, 9),
            "in_rooms": round(apart, 9),
            "face_lost": round(lost, 9),
        }
        for party, public, apart, lost in rows
    }


def _count_json(found: Count, ids: tuple[str, ...]) -> dict[str, object]:
    return {
        "yes": [ids[k] for k in found.yes],
        "no": [ids[k] for k in found.no],
        "abstained": [ids[k] for k in found.abstained],
        "weight": found.weight,
        "needed": found.needed,
        "blocked_by": [ids[k] for k in found.blocked_by],
        "short_of": found.short_of,
        "adopted": found.is_adopted,
    }


def _vow_json(state: HallState, vow: Vow) -> dict[str, object]:
    ids, over = state.scenario.ids, not state.is_open
    due = over and is_due(state, vow)
    return {
        "by": ids[vow.by],
        "to": [ids[k] for k in vow.to],
        "kind": "threat" if vow.is_threat else "promise",
        "settles": settled(state, vow.settles),
        "measure": vow.measure,
        "room": vow.room,
        "due": due if over else None,
        "kept": is_kept(state, vow) if due else None,
    }


def is_kept(state: HallState, vow: Vow) -> bool:
    """Return whether a threat or promise that fell due was made good, support included."""
    carried_out = vow.measure is None or vow.carried_out is True
    return carried_out and (vow.is_threat or supports(state, vow.by))


def _room_json(state: HallState, met: Met) -> dict[str, object]:
    ids, names = state.scenario.ids, state.scenario.space.issues
    return {
        "number": met.room.number,
        "kind": met.room.kind,
        "members": [ids[k] for k in met.room.members],
        "issues": [names[k] for k in met.room.issues],
        "round": met.round + 1,
        "moves": met.moves,
        "agreed": None
        if met.agreed is None
        else settled(state, zip(met.room.issues, of_room(state, met), strict=True)),
    }


def of_room(state: HallState, met: Met) -> tuple[int, ...]:
    """Return the options of what a room agreed, on its own issues alone."""
    if met.agreed is None:
        return ()
    levels = state.levels(met.agreed)
    return tuple(levels[k] for k in met.room.issues)


def settled(state: HallState, terms: Iterable[tuple[int, int]]) -> dict[str, Option]:
    """Return pairs of issue and option positions by their names."""
    issues = tuple(state.scenario.issues.items())
    return {issues[k][0]: issues[k][1].options[level] for k, level in terms}
