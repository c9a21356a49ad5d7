"""The positions of a session that was played: each move with the state it was made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, overload

from games.errors import UserError
from games.happenings.happening import Happening, is_injected, struck_again
from games.session import Accept, Move, Offer, State, start, step
from games.tactics.tally import Tally

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


class Before(Sequence[Act]):
    """The first so many moves of a session, in place: of a long one they are not copied."""

    __slots__ = ("_acts", "_count")

    def __init__(self, acts: Sequence[Act], count: int) -> None:
        """Show so many of the acts."""
        self._acts, self._count = acts, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Act: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Act]: ...

    def __getitem__(self, place: int | slice) -> Act | Sequence[Act]:
        found = range(self._count)[place]
        if isinstance(found, int):
            return self._acts[found]
        return [self._acts[one] for one in found]

    def __iter__(self) -> Iterator[Act]:
        return islice(self._acts, self._count)

    def __reversed__(self) -> Iterator[Act]:
        return (self._acts[place] for place in reversed(range(self._count)))


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
        return Before(self.acts, self.number)


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


class Heard:
    """What each party has offered, counted move by move as a session is gone through."""

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._acts: Sequence[Act] = ()
        self._tallies: list[Tally] = []
        self._last: list[Act | None] = []
        self._count = 0

    def before(self, position: Position) -> Sequence[Tally]:
        """Return the tally of each party's offers before a move; they are valid until the next."""
        self._hear(position)
        return self._tallies

    def last_offer(self, position: Position) -> Act | None:
        """Return how the mover has offered last before a move; None if it has offered nothing."""
        self._hear(position)
        return self._last[position.act.mover]

    def _hear(self, position: Position) -> None:
        if position.acts is not self._acts or position.number < self._count:
            scenario = position.state.scenario
            self._acts, self._count = position.acts, 0
            self._tallies = [Tally(scenario.space) for _ in scenario.ids]
            self._last = [None] * len(scenario.ids)
        # A slice: `islice` would pass over all that was heard before, again at every move.
        for act in self._acts[self._count : position.number]:
            if isinstance(act.move, Offer):
                self._tallies[act.mover].count(act.move.outcome)
                self._last[act.mover] = act
        self._count = position.number


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
