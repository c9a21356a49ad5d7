"""Reading a session of a plenary or forum for one party: what each of its acts did.

Accuracy is not computed in a hall. What a statement brings hangs on what everyone says after it,
for rounds, in rooms and to the chair; no policy is known by which all of them could be simulated so
that "best" would mean anything. What can be said of a statement is how it stood to what the party
stood for before, whether another reading was at least as good for everyone and better for somebody,
and whether anybody had asked for what it gave. Where the game is exact, what a choice gave away is
reckoned (see `games.review.hall_choices`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.errors import UserError
from games.happenings.happening import Happening
from games.moves import (
    Accept,
    Approach,
    AskCapital,
    BreakSilence,
    CallCaucus,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    Pass,
    Pledge,
    Promise,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.protocols.hall import HallState, Stage, is_hall
from games.protocols.stages import joined
from games.review.close import CloseReading, read_close
from games.review.hall_choices import Choice, choices
from games.review.leaks import Leak, leaks_of
from games.review.moves import Dominance, dominance
from games.review.positions import Position, positions
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

Act = Literal[
    "opening",
    "demand",
    "concession",
    "trade",
    "repeat",
    "acceptance",
    "support",
    "opposition",
    "abstention",
    "signature",
    "pledge",
    "side deal",
    "threat",
    "promise",
    "word",
    "caucus",
    "request",
    "pass",
    "walk-away",
    "chair",
]
"""What an act in a hall does. The first five are statements, measured by the party's own points
against what it stood for before; a trade changes the reading and not what it is worth to it."""

_ACTS: dict[type[Move], Act] = {
    Accept: "acceptance",
    KeepSilence: "support",
    BreakSilence: "opposition",
    Sign: "signature",
    Pledge: "pledge",
    Approach: "side deal",
    Threaten: "threat",
    Promise: "promise",
    CarryOut: "word",
    CallCaucus: "caucus",
    AskCapital: "request",
    Pass: "pass",
    WalkAway: "walk-away",
}


@dataclass(frozen=True, kw_only=True)
class HallMove:
    """One act of the reviewed party in a hall."""

    number: int
    """Its place among all moves of the session, from 0."""
    turn: int
    round: int
    """From 0."""
    stage: Stage
    move: Move
    act: Act
    outcome: int | None
    """The reading it stands for, or the text it votes on or signs; None where it names none."""
    utility: float | None
    """Own points of that, as things then were; None likewise."""
    over_reservation: float | None
    """The same over the reservation value."""
    previous: int | None
    """What the party stood for before; None where it had said nothing."""
    change: float | None
    """Own points by which a statement or acceptance is worth more than what it stood for before."""
    changes: dict[str, float]
    """The same for every other party, each in its own points; empty without a previous stand."""
    concession: float | None
    """The share of its possible gain (highest − r) that it gave up; None likewise, or if it cannot
    gain."""
    dominated_in_truth: Dominance | None
    """Whether another reading, open to be proposed, is at least as good for itself and for every
    other party, and better for one of them. None if it makes no statement."""
    better_for_itself: int | None
    """A reading that is at least as good for every other party and better for itself by most; None
    if there is none, or it makes no statement."""
    gain_missed: float | None
    """Own points by which that would be better; None likewise."""
    needless_concession: bool | None
    """Whether it gave ground towards nobody: what it moved to is nearer neither to the text nor to
    what any other delegation stood for. None if it gave none."""
    choices: tuple[Choice, ...]
    """Comparisons with all else that it could have done, where they are exact."""
    leaks: tuple[Leak, ...]
    """Private numbers in its words."""


@dataclass(frozen=True, kw_only=True)
class HallReading:
    """A session of a plenary or forum as one party played it."""

    party: str
    moves: tuple[HallMove, ...]
    """The party's own acts, in order."""
    accuracy_note: str
    """Why no accuracy is computed."""
    lost: float
    """Points that its exact choices gave away as it could be expected, or whatever others did."""
    lost_in_hindsight: float
    """Points that they gave away, given what the others did."""
    close: CloseReading


def read_hall(
    scenario: Scenario,
    moves: Sequence[Move],
    turns: Sequence[int],
    party: str,
    *,
    seed: int = 0,
    words: Sequence[str | None] | None = None,
    happened: Sequence[Happening] = (),
) -> HallReading:
    """Return the reading of a session of a plenary or forum for one party; it may be unfinished.

    Args:
        scenario: What was negotiated, as the session began.
        moves: Every move of the session, in order.
        turns: The turn of each move.
        party: Whose acts are read.
        seed: The session's.
        words: What was said with each move, if it is to be searched for private numbers.
        happened: What happened between the moves: what somebody had strike, strikes again.

    Raises:
        IllegalMove: If the protocol does not allow one of the moves.
        UserError: If the session was not held in a hall, there is no such party, or a move was made
            on another turn than the protocol says.
    """
    if party not in scenario.ids:
        raise UserError(f"{scenario.id}: no party {party!r}; expected {', '.join(scenario.ids)}")
    if not is_hall(scenario):
        raise UserError(f"{scenario.id}: alternating offers; expected a session of a hall")
    seat = scenario.ids.index(party)
    played, final = positions(scenario, moves, turns, seed, happened)
    own = [one for one in played if one.act.mover == seat]
    said = [None] * len(moves) if words is None else [*words]
    found = leaks_of(seat, own, said)
    states = [one.state for one in played] + [final]
    read = tuple(
        _read(one, _decided(states, one.number), final, leaked)
        for one, leaked in zip(own, found, strict=True)
    )
    compared = [choice for one in read for choice in one.choices]
    return HallReading(
        party=party,
        moves=read,
        accuracy_note=(
            f"not computed: in a {scenario.protocol.kind} what a statement brings hangs on what "
            "everyone says after it"
        ),
        lost=sum(one.lost for one in compared if one.basis != "given what the others did"),
        lost_in_hindsight=sum(
            one.lost for one in compared if one.basis != "as it could be expected"
        ),
        close=read_close(final, [one.act for one in played], seat),
    )


def _hall(state: object) -> HallState:
    """Return a state of a hall as what it is."""
    if not isinstance(state, HallState):
        raise TypeError(f"expected a state of a hall, found {type(state).__name__}")
    return state


def _decided(states: Sequence[object], number: int) -> HallState:
    """Return the hall once the stage in which a move was made was over, or as it was left."""
    before = _hall(states[number])
    for place in range(number + 1, len(states)):
        after = _hall(states[place])
        if (after.stage, after.now) != (before.stage, before.now) or not after.is_open:
            return after
    return _hall(states[-1])


def _read(
    position: Position, decided: HallState, final: object, leaked: tuple[Leak, ...]
) -> HallMove:
    state, move = _hall(position.state), position.act.move
    seat = state.mover
    own = state.scenario.preferences[seat]
    outcome, previous = _stands_for(state, move), _stood_for(state)
    utility = None if outcome is None else own.utility(outcome)
    change = None
    if outcome is not None and previous is not None and isinstance(move, Offer | Accept):
        change = own.utility(outcome) - own.utility(previous)
    gain = own.highest - own.reservation if own.may_sign_any else 0.0
    stated = outcome if isinstance(move, Offer) else None
    missed = None if stated is None else _better_for_itself(state, stated)
    return HallMove(
        number=position.number,
        turn=position.act.turn,
        round=state.round,
        stage=state.stage,
        move=move,
        act=_act(move, change, is_repeat=outcome == previous, tie=own.tie),
        outcome=outcome,
        utility=utility,
        over_reservation=None if utility is None else utility - own.reservation,
        previous=previous,
        change=change,
        changes=_changes(state, previous, outcome) if change is not None else {},
        concession=None if change is None or gain <= TIE else -change / gain,
        dominated_in_truth=None if stated is None else _dominated(state, stated),
        better_for_itself=missed,
        gain_missed=None if missed is None or utility is None else own.utility(missed) - utility,
        needless_concession=_is_needless(state, previous, outcome)
        if change is not None and change < -own.tie
        else None,
        choices=choices(position, decided, _hall(final)),
        leaks=leaked,
    )


def _stands_for(state: HallState, move: Move) -> int | None:
    """Return the reading that a move stands for, or the text that it is about."""
    match move:
        case Offer(outcome=outcome):
            return joined(state, state.mover, outcome, state.open_issues)
        case Accept():
            text = state.on_table
            return None if text is None else joined(state, state.mover, text, state.open_issues)
        case Merge(outcome=outcome):
            return outcome
        case Vote() | KeepSilence() | BreakSilence() | Sign() | Pledge() | WalkAway():
            return state.offer
        case _:
            return None


def _stood_for(state: HallState) -> int | None:
    """Return what the mover stood for before the hall."""
    stand = state.stands[state.mover]
    return None if stand is None else stand.outcome


def _act(move: Move, change: float | None, *, is_repeat: bool, tie: float) -> Act:
    if isinstance(move, Vote):
        ballots: dict[str, Act] = {"yes": "support", "no": "opposition"}
        return ballots.get(move.ballot, "abstention")
    if not isinstance(move, Offer):
        return _ACTS.get(type(move), "chair")
    if change is None:
        return "opening"
    if is_repeat:
        return "repeat"
    if abs(change) <= tie:
        return "trade"
    return "demand" if change > 0 else "concession"


def _changes(state: HallState, previous: int | None, outcome: int | None) -> dict[str, float]:
    if previous is None or outcome is None:
        return {}
    return {
        own.party: own.utility(outcome) - own.utility(previous)
        for position, own in enumerate(state.scenario.preferences)
        if position != state.mover
    }


def _open_to_all(state: HallState) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return the readings that the mover may now propose and all who are present may sign."""
    allowed = np.ones(state.scenario.space.size, dtype=bool)
    within = state.own(state.mover).signable
    for mask in (within, *(state.scenario.preferences[k].signable for k in state.present)):
        if mask is not None:
            allowed &= mask
    return allowed


def _others(state: HallState) -> list[int]:
    """Return the others who are present and to whom outcomes differ."""
    preferences = state.scenario.preferences
    return [k for k in state.present if k != state.mover and preferences[k].span > TIE]


def _dominated(state: HallState, outcome: int) -> Dominance:
    preferences = state.scenario.preferences
    worth = [preferences[k].utilities / preferences[k].span for k in _others(state)]
    return dominance(state.scenario, state.mover, outcome, worth, _open_to_all(state))


def _better_for_itself(state: HallState, outcome: int) -> int | None:
    """Return the open reading best for the mover at which no other who is present loses."""
    own, preferences = state.scenario.preferences[state.mover], state.scenario.preferences
    found = _open_to_all(state) & (own.utilities > own.utility(outcome) + own.tie)
    for other in _others(state):
        theirs = preferences[other]
        found &= theirs.utilities >= theirs.utility(outcome) - theirs.tie
    places = np.flatnonzero(found)
    return int(places[np.argmax(own.utilities[places])]) if len(places) else None


def _is_needless(state: HallState, previous: int | None, outcome: int | None) -> bool:
    """Return whether what was given up brings the reading nearer to nobody.

    On no issue that it changed is the new option nearer, in the order of the options, than the old
    one to the text or to what another delegation stood for.
    """
    if previous is None or outcome is None:
        return False
    old, new = state.levels(previous), state.levels(outcome)
    heard = [one.outcome for k, one in enumerate(state.stands) if one and k != state.mover]
    readings = [
        state.levels(one) for one in (*heard, *([] if state.offer is None else [state.offer]))
    ]
    return not any(
        abs(reading[issue] - new[issue]) < abs(reading[issue] - old[issue])
        for issue in range(len(old))
        if old[issue] != new[issue]
        for reading in readings
    )
