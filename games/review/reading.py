"""Reading a session for one party: each of its moves, its accuracy, and the close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from games.bargaining.solutions import bargain
from games.errors import UserError
from games.happenings import Happening
from games.review.accuracy import (
    Judgement,
    accuracy,
    hindsight_loss,
    judge,
)
from games.review.close import CloseReading, read_close
from games.review.continuations import CounterpartModel, Curve, replies_of
from games.review.leaks import Leak, leaks, private_numbers, public_numbers
from games.review.moves import (
    Dominance,
    Ground,
    dominated_as_known,
    dominated_in_truth,
    ground,
    unneeded_concession,
)
from games.review.positions import Position, Reply, positions, settled
from games.review.prospects import prospect, require_enough
from games.session import Move
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

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
    """None for walking away and before the party's first offer."""
    leaks: tuple[Leak, ...]
    """Private numbers in its words."""
    judgement: Judgement | None
    """Against the best of the moves compared; None where accuracy is not computed."""
    hindsight_loss: float | None
    """(best − played)/(m − r) against the counterparts as they are; None likewise."""


@dataclass(frozen=True, kw_only=True)
class SessionReading:
    """A session as one party played it."""

    party: str
    moves: tuple[MoveReading, ...]
    """The party's own moves, in order."""
    accuracy: float | None
    """100 · max(0, 1 − Σ loss), in percent; None where it is not computed."""
    accuracy_note: str | None
    """Why accuracy is not computed, or why nothing could be lost."""
    hindsight: float | None
    """The same against the counterparts as they are. It never enters the accuracy."""
    counterparts: int
    """How many counterparts were drawn for each move."""
    counterpart_models: dict[str, CounterpartModel]
    """By what each counterpart's answers are foretold in hindsight, and in judging concessions."""
    curves: tuple[Curve, ...]
    """The nearest concession curves of the counterparts that are foretold by them."""
    first_unneeded: int | None
    """The turn of the first unneeded concession; None if there was none."""
    close: CloseReading


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
) -> SessionReading:
    """Return the reading of a session for one party; it may be unfinished.

    Only a session is read in which everybody wants the same, and may sign the same, from its first
    move to its last: what a move was worth is measured over sessions that go on as it began.

    Args:
        scenario: What was negotiated, by two parties or more.
        moves: Every move of the session, in order.
        turns: The turn of each move.
        party: Whose moves are read.
        seed: The session's: it drew the order of turns where the protocol draws lots. It also
            draws the counterparts that a move is judged against.
        counterparts: How many are drawn for each move, 64 at least.
        words: What was said with each move, if it is to be searched for private numbers.
        minds: Party → its own mind, as a function, where it has one that can be asked; the others
            are foretold by the nearest concession curve.
        happened: What happened between the moves.

    Raises:
        IllegalMove: If the protocol does not allow one of the moves, or what a mind answers.
        UserError: If shocks strike or capitals speak in it, there is no such party, too few
            counterparts are asked for, or a move was made on another turn than the protocol says.
    """
    if party not in scenario.ids:
        raise UserError(f"{scenario.id}: no party {party!r}; expected {', '.join(scenario.ids)}")
    if happened or scenario.is_eventful:
        raise UserError(
            f"{scenario.id}: shocks or capitals change between moves what its parties want or may "
            "sign; expected a session in which that stays as it was"
        )
    require_enough(counterparts)
    minds = minds or {}
    seat = scenario.ids.index(party)
    played, final = positions(scenario, moves, turns, seed)
    acts = [position.act for position in played]
    replies, curves = replies_of(scenario, acts, seat, minds)
    own = [position for position in played if position.act.mover == seat]
    scope = _scope(scenario, seat, own)
    judgements: list[Judgement | None] = [None] * len(own)
    if scope.computed:
        prepared = prospect(scenario, seat, seed=seed, counterparts=counterparts)
        judgements = [judge(prepared, one.state, one.history, one.act.move) for one in own]
    said = [None] * len(moves) if words is None else [*words]
    found = _leaks(scenario, seat, own, said)
    read = tuple(
        _read_move(position, replies, judgement, leaked)
        for position, judgement, leaked in zip(own, judgements, found, strict=True)
    )
    unneeded = [one.turn for one in read if one.unneeded_concession]
    losses = [one.judgement.loss for one in read if one.judgement is not None]
    hindsight = [one.hindsight_loss for one in read if one.hindsight_loss is not None]
    return SessionReading(
        party=party,
        moves=read,
        accuracy=accuracy(losses) if scope.computed else scope.score,
        accuracy_note=scope.note,
        hindsight=accuracy(hindsight) if scope.computed else scope.score,
        counterparts=counterparts,
        counterpart_models={
            other: "its own mind" if other in minds else "nearest concession curve"
            for other in scenario.ids
            if other != party
        },
        curves=curves,
        first_unneeded=unneeded[0] if unneeded else None,
        close=read_close(final, acts, seat),
    )


class _Scope(NamedTuple):
    """Whether a seat's moves are judged, and what is said instead where they are not."""

    computed: bool
    score: float | None = None
    note: str | None = None


def _scope(scenario: Scenario, seat: int, own: Sequence[Position]) -> _Scope:
    found, reservation = bargain(scenario), scenario.preferences[seat].reservation
    party, parties = scenario.ids[seat], len(scenario.ids)
    if not own:
        return _Scope(computed=False, note=f"not computed: {party} made no move")
    if float(found.best[seat]) - reservation <= TIE:
        why = "the ZOPA is empty" if len(found.zopa) == 0 else "nothing in the ZOPA beats its r"
        note = f"{party} had nothing to gain ({why}): no move could lose anything"
        return _Scope(computed=False, score=accuracy([]), note=note)
    turns = sum(scenario.protocol.rounds * parties - one.act.turn for one in own) * (parties - 1)
    if turns > MOST_TURNS:
        note = f"not computed: {turns} turns would have to be simulated, more than {MOST_TURNS}"
        return _Scope(computed=False, note=note)
    return _Scope(computed=True)


def _leaks(
    scenario: Scenario, seat: int, own: Sequence[Position], said: Sequence[str | None]
) -> list[tuple[Leak, ...]]:
    """Return the private numbers in the words of each of the party's moves."""
    if not any(said):
        return [()] * len(own)
    public = public_numbers(scenario)
    units = frozenset(
        unit.lower() for issue in scenario.issues.values() for unit in issue.unit.split()
    )
    found: list[tuple[Leak, ...]] = []
    for position in own:
        outcomes = [one for one in (settled(position), position.state.offer) if one is not None]
        private = private_numbers(scenario, seat, outcomes)
        found.append(leaks(said[position.number] or "", private, public, units))
    return found


def _read_move(
    position: Position,
    replies: Sequence[Reply],
    judgement: Judgement | None,
    leaked: tuple[Leak, ...],
) -> MoveReading:
    lost = None
    if judgement is not None:
        compared = [candidate.move for candidate in judgement.candidates]
        lost = hindsight_loss(position, compared, replies)
    return MoveReading(
        number=position.number,
        turn=position.act.turn,
        round=position.state.round,
        move=position.act.move,
        ground=ground(position),
        dominated_as_known=dominated_as_known(position),
        dominated_in_truth=dominated_in_truth(position),
        unneeded_concession=unneeded_concession(position, replies),
        leaks=leaked,
        judgement=judgement,
        hindsight_loss=lost,
    )
