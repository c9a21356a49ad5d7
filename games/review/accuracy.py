"""How much of what a seat could expect its moves gave away.

Each move of the seat is compared with others it could have made: accepting what is on the table,
walking away, its own last offer once more, and trade-off offers at eleven levels of its own utility
between its reservation value and its best outcome. "Best" means best among these and the move that
was played, no more. What a move is worth is the seat's expected final gain over its reservation
value, time counted (see `games.review.prospects`); differences are paired over the counterparts
drawn.

loss = (best − played)/(m − r), 0 where the difference is under two standard errors;
accuracy = 100 · max(0, 1 − Σ loss). Being an estimate it depends a little on the seed: by how much
each judgement says (`Judgement.loss_error`, see `games.review.uncertainty`). Over eight seeds of
three sessions of `first-table` its standard deviation was 9.9, 4.6 and 9.3 percentage points with
64 counterparts, and 3.0, 2.3 and 3.7 with 256.

Whoever may sign nothing in this round can pass or walk away; these two are compared then. Asking
one's capital is judged as if it had granted what it was asked for, the mandate being wider from the
next round on: what it would say its delegate cannot know, and so only what asking would have cost
even then is held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.bargaining.solutions import bargain
from games.happenings.happening import Happening, is_held
from games.moves import Pass
from games.outcomes import FloatArray
from games.review.continuations import Line, line
from games.review.counterparts import generator
from games.review.positions import Act, Position, Reply, offers_so_far
from games.review.prospects import Prospect, expected_gains
from games.review.uncertainty import ERRORS, best_column, loss_error, paired
from games.session import Accept, Move, Offer, State, WalkAway, expected_payoffs
from games.tactics.offers import trade_off
from games.utility import TIE

LEVELS = tuple(level / 10 for level in range(10, -1, -1))
"""Own-utility levels of the offers compared, as shares of the seat's possible gain."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A move the seat could have made, and what it could expect of it."""

    move: Move
    expected_gain: float
    """Mean final gain over r against the drawn counterparts, in points."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A move against the best of those compared."""

    turn: int
    candidates: tuple[Candidate, ...]
    """The move that was played first, if one was."""
    best: int
    """Which candidate has the greatest expected gain; the played one if it has it too."""
    difference: float
    """Expected gain of the best over the first candidate, in points."""
    standard_error: float
    """Of the difference, paired over the counterparts, in points."""
    loss: float
    """(best − played)/(m − r), 0 under two standard errors or where m = r."""
    loss_error: float
    """Standard error of the loss as it counts, likewise as a share; see
    `games.review.uncertainty`."""
    refused_better: bool
    """Whether the party refused an offer that beat its best continuation, by two standard errors
    at least."""
    outcomes: int
    """Among how many outcomes simulated parties chose their offers."""


def candidate_moves(state: State, history: Sequence[Act]) -> tuple[Move, ...]:
    """Return the moves compared for the party to move, the played one aside, without repeats.

    All of them it may make now: offers and acceptance keep to its mandate and red lines.
    """
    scenario, own = state.scenario, state.scenario.preferences[state.mover]
    if is_held(state, state.mover):
        return (Pass(), WalkAway())
    if not own.may_sign_any:
        return (WalkAway(),)
    offers = offers_so_far(history, len(scenario.ids))
    others = [made for party, made in enumerate(offers) if party != state.mover]
    moves: list[Move] = []
    if state.offer is not None and own.may_sign(state.offer):
        moves.append(Accept())
    for level in LEVELS:
        aspiration = own.reservation + level * (own.highest - own.reservation)
        moves.append(Offer(trade_off(own, scenario.space, aspiration, others)))
    if offers[state.mover] and state.may_sign(state.mover, offers[state.mover][-1]):
        moves.append(Offer(offers[state.mover][-1]))
    return tuple(dict.fromkeys([*moves, WalkAway()]))


def judge(
    prepared: Prospect, state: State, history: Sequence[Act], played: Move | None = None
) -> Judgement:
    """Return what the seat's move was worth against the others it could have made.

    Args:
        prepared: For this seat and session.
        state: Before the move; it is the seat's turn.
        history: Every move before it.
        played: The move; None to compare the candidates alone, the first standing for it.
    """
    moves = candidate_moves(state, history)
    if played is not None:
        moves = tuple(dict.fromkeys([played, *moves]))
    gains, outcomes = expected_gains(prepared, state, history, moves)
    own = prepared.scenario.preferences[prepared.seat]
    means: FloatArray = gains.mean(axis=0)
    scale = own.highest - own.reservation
    best = int(best_column(means / scale))
    difference, error = paired(gains[:, best] - gains[:, 0])
    spread = float(bargain(prepared.scenario).best[prepared.seat]) - own.reservation
    counted = best != 0 and difference >= ERRORS * error
    again = loss_error(gains / scale, generator(prepared.seed, f"again/{state.turn}"))
    return Judgement(
        turn=state.turn,
        candidates=tuple(
            Candidate(move=move, expected_gain=float(mean))
            for move, mean in zip(moves, means, strict=True)
        ),
        best=best,
        difference=difference,
        standard_error=error,
        loss=difference / spread if counted and spread > TIE else 0.0,
        loss_error=again * scale / spread if spread > TIE else 0.0,
        refused_better=isinstance(played, Offer) and _refused_better(moves, gains),
        outcomes=outcomes,
    )


def _refused_better(moves: Sequence[Move], gains: FloatArray) -> bool:
    """Return whether accepting beats every other move by two standard errors or more."""
    if Accept() not in moves:
        return False
    accepting = moves.index(Accept())
    others = np.delete(gains, accepting, axis=1)
    continuation = others[:, int(np.argmax(others.mean(axis=0)))]
    difference, error = paired(gains[:, accepting] - continuation)
    return difference > TIE and difference >= ERRORS * error


def accuracy(losses: Sequence[float]) -> float:
    """Return 100 · max(0, 1 − Σ loss)."""
    return 100.0 * max(0.0, 1.0 - sum(losses))


def hindsight_loss(
    position: Position,
    candidates: Sequence[Move],
    replies: Sequence[Reply],
    injected: Sequence[Happening] = (),
) -> float:
    """Return what a move gave away against the counterparts as they are; 0 where m = r.

    (best − played)/(m − r) over the same candidates, the seat going on firmly and each counterpart
    answering by its reply.

    Args:
        position: The move.
        candidates: The moves compared; the one that was played is among them.
        replies: How each party answers, in the scenario's order.
        injected: What somebody had strike in the session; it strikes again.
    """
    return lost_in_hindsight(position, lines_of(position, candidates, replies, injected))


def lines_of(
    position: Position,
    candidates: Sequence[Move],
    replies: Sequence[Reply],
    injected: Sequence[Happening] = (),
) -> tuple[Line, ...]:
    """Return how the session would have gone on after each of the moves compared.

    Args:
        position: The move that was played.
        candidates: The moves compared.
        replies: How each party answers, in the scenario's order.
        injected: What somebody had strike in the session; it strikes again.
    """
    return tuple(
        line(position.state, position.history, move, replies, injected) for move in candidates
    )


def lost_in_hindsight(position: Position, lines: Sequence[Line]) -> float:
    """Return the loss in hindsight, the lines after the moves compared being known."""
    state = position.state
    own = state.scenario.preferences[state.mover]
    spread = float(bargain(state.scenario).best[state.mover]) - own.reservation
    if spread <= TIE:
        return 0.0
    worth = {one.move: expected_payoffs(one.final)[own.party] for one in lines}
    lost = max(worth.values()) - worth[position.act.move]
    return lost / spread if lost > TIE else 0.0
