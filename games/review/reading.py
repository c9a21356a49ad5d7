"""Reading a session for one party: each of its moves, its accuracy, and the close."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from games.bargaining.solutions import bargain
from games.errors import UserError
from games.happenings.happening import Happening, is_injected
from games.moves import AskCapital
from games.protocols.hall import is_hall
from games.review.accuracy import (
    Judgement,
    accuracy,
    judge,
    lines_of,
    lost_in_hindsight,
)
from games.review.close import CloseReading, read_close
from games.review.continuations import CounterpartModel, Curve, Line, replies_of
from games.review.knowledge import bare_turns
from games.review.leaks import Leak, leaks_of
from games.review.moves import (
    Dominance,
    Ground,
    dominated_as_known,
    dominated_in_truth,
    ground,
    unneeded_concession,
)
from games.review.positions import Heard, Position, Reply, positions
from games.review.prospects import Prospect, prospect, require_enough
from games.review.uncertainty import accuracy_error
from games.session import Move, State
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

MOST_ASKED_OF = 5_000
"""Moves of a session up to which it is asked whether a concession was needed: every counterpart
that is asked is told all moves before, and of a long session that would take hours."""

MOST_TURNS = 20_000
"""Turns still to come, summed over the moves judged and counted once for each counterpart, up to
which accuracy is computed: beyond, the simulations would take minutes."""


@dataclass(frozen=True, kw_only=True)
class MoveReading:
    """One move of the reviewed party."""

    number: int
    """Its place among all moves of the session, from 0."""
    turn: int
    round: int
    """From 0."""
    move: Move
    ground: Ground | None
    """What it changed from the party's previous offer; None if there is none, or it walked away."""
    dominated_as_known: Dominance | None
    """None if it is no offer, or no counterpart had made one."""
    dominated_in_truth: Dominance | None
    """None if it is no offer."""
    unneeded_concession: bool | None
    """Whether ground was given that the previous offer, made again, would have kept. None for
    walking away, before the party's first offer, after `MOST_ASKED_OF` moves, and where nobody is
    asked; not where it cost nothing in hindsight."""
    leaks: tuple[Leak, ...]
    """Private numbers in its words."""
    judgement: Judgement | None
    """Against the best of the moves compared; None where accuracy is not computed, or the party
    had nothing to gain when it moved."""
    hindsight_loss: float | None
    """(best − played)/(m − r) against the counterparts as they are; None likewise."""
    best_line: Line | None
    """How the session would have gone on after the best of the moves compared, the party going on
    firmly and the counterparts answering as `counterpart_models` says; None where the move that was
    played was the best, or none was compared."""


@dataclass(frozen=True, kw_only=True)
class SessionReading:
    """A session as one party played it."""

    party: str
    moves: tuple[MoveReading, ...]
    """The party's own moves, in order."""
    accuracy: float | None
    """100 · max(0, 1 − Σ loss), in percent; None where it is not computed."""
    accuracy_error: float | None
    """Standard error of 100·(1 − Σ loss) in percentage points, from the counterparts drawn; see
    `games.review.uncertainty`. None where accuracy is not computed."""
    accuracy_note: str | None
    """Why accuracy is not computed, why nothing could be lost, or what is not counted."""
    hindsight: float | None
    """The same against the counterparts as they are. It never enters the accuracy."""
    counterparts: int
    """How many counterparts were drawn for each move."""
    counterpart_models: dict[str, CounterpartModel]
    """By what each counterpart's answers are foretold in hindsight, and in judging concessions."""
    curves: tuple[Curve, ...]
    """The nearest concession curves of the counterparts that are foretold by them."""
    close: CloseReading

    @property
    def first_unneeded(self) -> int | None:
        """The turn of the first unneeded concession; None if there was none."""
        return next((one.turn for one in self.moves if one.unneeded_concession), None)


def read_session(
    scenario: Scenario,
    moves: Sequence[Move],
    turns: Sequence[int],
    party: str,
    *,
    seed: int = 0,
    counterparts: int = 64,
    words: Sequence[str | None] | None = None,
    minds: Mapping[str, Reply] | None = None,
    happened: Sequence[Happening] = (),
    followed: tuple[Sequence[Position], State] | None = None,
    accuracy_alone: bool = False,
    progress: Callable[[int, int], None] | None = None,
    as_known: bool = False,
) -> SessionReading:
    """Return the reading of a session for one party; it may be unfinished.

    Each move is judged in the scenario as it then was and as the party could know it: what struck
    or was said later is not in store for it. In hindsight it is, as it was.

    Args:
        scenario: What was negotiated, by two parties or more, as the session began.
        moves: Every move of the session, in order.
        turns: The turn of each move.
        party: Whose moves are read.
        seed: The session's: it drew the order of turns where the protocol draws lots. It also
            draws the counterparts that a move is judged against.
        counterparts: How many are drawn for each move, 64 at least.
        words: What was said with each move, if it is to be searched for private numbers.
        minds: Party → its own mind, as a function, where it has one that can be asked; the others
            are foretold by the nearest concession curve.
        happened: What happened between the moves: what somebody had strike, strikes again.
        followed: What `positions` makes of it, where that is at hand.
        accuracy_alone: Whether nothing but the accuracy is wanted: where there is none to be
            computed, no move is read.
        progress: Told, before each of the party's moves is judged, which of how many it is.
        as_known: Whether nothing is wanted but what the party could know: then no move is judged,
            and nobody is asked what they would have answered.

    Raises:
        IllegalMove: If the protocol does not allow one of the moves, or what a mind answers.
        UserError: If the session was held in a hall (see `games.review.hall`), there is no such
            party, too few counterparts are asked for, or a move was made on another turn than the
            protocol says.
    """
    if party not in scenario.ids:
        raise UserError(f"{scenario.id}: no party {party!r}; expected {', '.join(scenario.ids)}")
    if is_hall(scenario):
        raise UserError(
            f"{scenario.id}: a session of a {scenario.protocol.kind}; expected alternating offers"
        )
    require_enough(counterparts)
    minds = minds or {}
    seat = scenario.ids.index(party)
    played, final = followed or positions(scenario, moves, turns, seed, happened)
    own = [position for position in played if position.act.mover == seat]
    scope = _Scope(computed=False) if as_known else _scope(scenario, seat, own)
    if accuracy_alone and not scope.computed:
        played, own = list[Position](), list[Position]()
    acts = [position.act for position in played]
    then = [position.state.scenario for position in played]
    replies, curves = ((), ()) if as_known else replies_of(scenario, acts, seat, minds, then)
    judgements: list[Judgement | None] = [None] * len(own)
    if scope.computed:
        judgements = _judged(played, seat, seed, counterparts, progress)
    said = [None] * len(moves) if words is None else [*words]
    found = leaks_of(seat, own, said)
    injected = [one for one in happened if is_injected(one)]
    heard = Heard()
    read = tuple(
        _read_move(position, replies, judgement, leaked, injected, heard)
        for position, judgement, leaked in zip(own, judgements, found, strict=True)
    )
    score, error, hindsight = _scored(scope, judgements, read)
    return SessionReading(
        party=party,
        moves=read,
        accuracy=score,
        accuracy_error=error,
        accuracy_note=scope.note,
        hindsight=hindsight,
        counterparts=counterparts,
        counterpart_models={
            other: "its own mind" if other in minds else "nearest concession curve"
            for other in scenario.ids
            if other != party
        },
        curves=curves,
        close=read_close(final, acts, seat),
    )


class _Scope(NamedTuple):
    """Whether a seat's moves are judged, and what is said instead where they are not."""

    computed: bool
    score: float | None = None
    error: float | None = None
    note: str | None = None


def _scope(scenario: Scenario, seat: int, own: Sequence[Position]) -> _Scope:
    party, parties = scenario.ids[seat], len(scenario.ids)
    if not own:
        return _Scope(computed=False, note=f"not computed: {party} made no move")
    idle = [one for one in own if not _can_gain(one)]
    if len(idle) == len(own):
        found = bargain(own[0].state.scenario)
        why = "the ZOPA is empty" if len(found.zopa) == 0 else "nothing in the ZOPA beats its r"
        note = f"{party} had nothing to gain ({why}): no move could lose anything"
        return _Scope(computed=False, score=accuracy([]), error=0.0, note=note)
    turns = sum(scenario.protocol.rounds * parties - one.act.turn for one in own) * (parties - 1)
    if turns > MOST_TURNS:
        note = f"not computed: {turns} turns would have to be simulated, more than {MOST_TURNS}"
        return _Scope(computed=False, note=note)
    return _Scope(computed=True, note=_reserve(party, own, idle))


def _scored(
    scope: _Scope, judgements: Sequence[Judgement | None], read: Sequence[MoveReading]
) -> tuple[float | None, float | None, float | None]:
    """Return the accuracy, its standard error, and the accuracy in hindsight."""
    if not scope.computed:
        return scope.score, scope.error, scope.score
    judged = [one for one in judgements if one is not None]
    lost = [one.hindsight_loss for one in read if one.hindsight_loss is not None]
    return (
        accuracy([one.loss for one in judged]),
        accuracy_error(one.loss_error for one in judged),
        accuracy(lost),
    )


def _can_gain(position: Position) -> bool:
    """Return whether anything in the ZOPA, as it then was, was worth more to the mover than r."""
    scenario, seat = position.state.scenario, position.act.mover
    return float(bargain(scenario).best[seat]) - scenario.preferences[seat].reservation > TIE


def _reserve(party: str, own: Sequence[Position], idle: Sequence[Position]) -> str | None:
    """Return what the accuracy does not say, if there is anything."""
    notes: list[str] = []
    if idle:
        turns = ", ".join(str(one.number + 1) for one in idle)
        notes.append(
            f"nothing is counted for move {turns}: {party} had nothing to gain as things then stood"
        )
    asked = [one for one in own if isinstance(one.act.move, AskCapital)]
    if asked:
        turns = ", ".join(str(one.number + 1) for one in asked)
        notes.append(f"asking the capital (move {turns}) is judged as if it had granted it")
    return "; ".join(notes) or None


def _judged(
    played: Sequence[Position],
    seat: int,
    seed: int,
    counterparts: int,
    progress: Callable[[int, int], None] | None,
) -> list[Judgement | None]:
    """Return the judgement of each of a seat's moves, each in the scenario as it then was."""
    bare = bare_turns(played)
    prepared: dict[int, Prospect] = {}
    judgements: list[Judgement | None] = []
    own = [position for position in played if position.act.mover == seat]
    for place, position in enumerate(own, start=1):
        if progress is not None:
            progress(place, len(own))
        if not _can_gain(position):
            judgements.append(None)
            continue
        scenario = position.state.scenario
        if id(scenario) not in prepared:
            prepared[id(scenario)] = prospect(
                scenario, seat, seed=seed, counterparts=counterparts, bare=bare
            )
        found = prepared[id(scenario)]
        judgements.append(judge(found, position.state, position.history, position.act.move))
    return judgements


def _read_move(
    position: Position,
    replies: Sequence[Reply],
    judgement: Judgement | None,
    leaked: tuple[Leak, ...],
    injected: Sequence[Happening],
    heard: Heard,
) -> MoveReading:
    lost, best, unneeded = None, None, None
    if replies and position.number < MOST_ASKED_OF:
        unneeded = unneeded_concession(position, replies, heard)
    if judgement is not None:
        compared = [candidate.move for candidate in judgement.candidates]
        lines = lines_of(position, compared, replies, injected)
        lost = lost_in_hindsight(position, lines)
        best = lines[judgement.best] if judgement.best else None
        # The previous offer is among the moves compared: where none of them would have brought
        # more, to give ground cost nothing, as when the time saved was worth it.
        unneeded = unneeded and lost > 0
    return MoveReading(
        number=position.number,
        turn=position.act.turn,
        round=position.state.round,
        move=position.act.move,
        ground=ground(position, heard),
        dominated_as_known=dominated_as_known(position, heard),
        dominated_in_truth=dominated_in_truth(position),
        unneeded_concession=unneeded,
        leaks=leaked,
        judgement=judgement,
        hindsight_loss=lost,
        best_line=best,
    )
