"""The positions of a session that was played: each move with the state it was made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from games.errors import UserError
from games.happenings.happening import Happening, is_injected, struck_again
from games.session import Accept, Move, Offer, State, start, step

if TYPE_CHECKING:
    from games.scenario import Scenario


class Act(NamedTuple):
    """A move, by whom and when it was made."""

    turn: int
    mover: int
    """Position of the party in the scenario's order."""
    move: Move


Reply = Callable[[State, Sequence[Act]], Move]
"""What a party would do in a state, given all moves so far: its own mind, as a function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A move that was made and what its mover had before it."""

    number: int
    """Its place among all moves, from 0."""
    state: State
    """Before the move."""
    act: Act
    acts: Sequence[Act] = field(repr=False)
    """Every move of the session."""

    @property
    def history(self) -> Sequence[Act]:
        """Every move before it, oldest first."""
        return self.acts[: self.number]


def positions(
    scenario: Scenario,
    moves: Sequence[Move],
    turns: Sequence[int],
    seed: int = 0,
    happened: Iterable[Happening] = (),
) -> tuple[tuple[Position, ...], State]:
    """Return every position of a session, and the state after its last move.

    Each holds the scenario as it was then.

    Args:
        scenario: What was negotiated, as the session began; see `State.opening`.
        moves: Every move, in order.
        turns: The turn of each move.
        seed: The session's: it drew the order of turns where the protocol draws lots.
        happened: What happened between the moves: what somebody had strike, strikes again.

    Raises:
        IllegalMove: If the protocol does not allow one of the moves.
        UserError: If a move was made on another turn than the protocol says.
    """
    state = start(scenario, seed)
    injected = [one for one in happened if is_injected(one)]
    found: list[Position] = []
    acts: list[Act] = []
    for number, (move, turn) in enumerate(zip(moves, turns, strict=True)):
        if state.is_open and state.turn != turn:
            raise UserError(
                f"{scenario.id}: move {number + 1} is said to be of turn {turn}; expected turn "
                f"{state.turn}"
            )
        while injected and injected[0].turn == state.turn:
            state = struck_again(state, injected.pop(0))
        after, _ = step(state, move)
        acts.append(Act(state.turn, state.mover, move))
        found.append(Position(number=number, state=state, act=acts[-1], acts=acts))
        state = after
    return tuple(found), state


def offers_so_far(history: Sequence[Act], parties: int) -> list[list[int]]:
    """Return each party's offers, oldest first, in the scenario's order of parties."""
    offers: list[list[int]] = [[] for _ in range(parties)]
    for act in history:
        if isinstance(act.move, Offer):
            offers[act.mover].append(act.move.outcome)
    return offers


def last_offer(history: Sequence[Act], mover: int) -> int | None:
    """Return what a party has offered last, by its position; None if it has offered nothing."""
    return next(
        (
            act.move.outcome
            for act in reversed(history)
            if act.mover == mover and isinstance(act.move, Offer)
        ),
        None,
    )


def settled(position: Position) -> int | None:
    """Return the outcome a move stands for, offered or accepted; None for walking away."""
    match position.act.move:
        case Offer(outcome=outcome):
            return outcome
        case Accept():
            return position.state.offer
        case _:
            return None
