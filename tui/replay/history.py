"""What the moves of a session came to, one entry a move: the fold, kept as arrays.

Of the states in between only every so many are kept; any other is stepped to from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from games.happenings.happening import is_injected, struck_again
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.protocols.hall import HallState
from games.ratification import ratified
from games.session import Accept, Move, Offer, State, WalkAway, step
from transcripts.places import Audience
from transcripts.record import ResultStatus
from tui.replay.hearing import learns_of

if TYPE_CHECKING:
    from games.scenario import Scenario

OFFER, ACCEPT, STAND, LEAVE, OTHER = range(5)
"""Acts: an offer, an acceptance, standing by what one accepted or offered before, walking away, and
what is done in a hall alone."""

CHECKPOINT = 256
"""Moves from one kept state to the next, at first."""

MOST_CHECKPOINTS = 4096
"""States that are kept; of a session so long that there would be more, every other is let go."""

MOST_ASKED = 50_000
"""Offers by which it is judged how hard the parties negotiated; of more, every so many."""

_WINDOW = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The moves of a session up to some point, and the state they led to."""

    scenario: Scenario
    """As the session began."""
    scenarios: tuple[Scenario, ...]
    """The same, and as it was after each time that something had happened between moves."""
    versions: NDArray[np.int32]
    """In which of `scenarios` each move was made."""
    happened: NDArray[np.int32]
    """How much had happened between moves when each move was made."""
    movers: NDArray[np.int16]
    """Position of the party that made each move."""
    acts: NDArray[np.int8]
    outcomes: NDArray[np.int32]
    """The outcome each move offered, or −1."""
    rounds: NDArray[np.int32]
    """The round of each move, from 0."""
    texts: NDArray[np.int32]
    """What was on the table after each move, or −1: in a hall the chair's text."""
    others: Mapping[int, Move] = field(default_factory=dict[int, Move], repr=False)
    """Moves that only a hall knows, by their positions."""
    troubled: NDArray[np.int32]
    """Positions of the moves that a fallback decided or a template had to word."""
    times: NDArray[np.int64]
    """When each move was kept, in milliseconds since the session was opened; never falling."""
    heard: NDArray[np.int32]
    """Which of `audiences` alone heard of each move; 0 where all did."""
    audiences: Sequence[Audience | None] = field(repr=False)
    """The first stands for all."""
    checkpoints: tuple[State, ...] = field(repr=False)
    stride: int = CHECKPOINT
    """Moves from one kept state to the next."""
    last: State
    events: int = 1
    """How many lines were followed, each found to belong after the one before."""
    head: str = ""
    """The hash of the last of them."""
    closed: bool = False
    """Whether the record tells of the session's end."""
    whole: bool = False
    """Whether everything sound was read."""
    problem: str | None = None
    """What is wrong with the record, in one line."""
    is_broken: bool = False
    """Whether the event after those that were followed is not sound."""

    def __len__(self) -> int:
        return len(self.movers)

    @property
    def status(self) -> ResultStatus:
        """How the session ended, if it did."""
        return "incomplete" if self.last.status == "open" else self.last.status

    @cached_property
    def is_turned_down(self) -> bool:
        """Whether a capital turned down what was agreed."""
        found = ratified(self.last)
        return found is not None and bool(found.failed)

    @property
    def is_hall(self) -> bool:
        """Whether it is a plenary or forum."""
        return isinstance(self.last, HallState)

    @cached_property
    def merged(self) -> IndexArray:
        """Positions of the moves after which another text was on the table than before."""
        before = np.concatenate(([-1], self.texts))[:-1]
        return np.flatnonzero((self.texts != before) & (self.texts >= 0))

    @cached_property
    def offers(self) -> IndexArray:
        """Positions of the moves that were offers."""
        return np.flatnonzero(self.acts == OFFER)

    @property
    def asked(self) -> list[tuple[int, int, int]]:
        """Offers: the round, the offerer's position, the outcome; of very many, every so many."""
        made = self.offers[:: max(len(self.offers) // MOST_ASKED, 1)]
        columns = (self.rounds[made], self.movers[made], self.outcomes[made])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    @cached_property
    def utilities(self) -> FloatArray:
        """Each party's utility of each offer when it was made, shape (parties, offers)."""
        return self.worth(self.outcomes[self.offers], self.versions[self.offers])

    def worth(self, outcomes: NDArray[np.int32], versions: NDArray[np.int32]) -> FloatArray:
        """Return each party's utility of outcomes, each as points were then, shape (parties, n).

        Args:
            outcomes: The outcomes.
            versions: In which of `scenarios` each is valued.
        """
        found = np.zeros((len(self.scenario.ids), len(outcomes)))
        for version in np.unique(versions):
            then = versions == version
            own = self.scenarios[int(version)].preferences
            found[:, then] = [party.utilities[outcomes[then]] for party in own]
        return found

    def version_at(self, moves: int) -> int:
        """Return in which of `scenarios` the last of so many moves was made."""
        if not len(self):
            return 0
        return int(self.versions[min(max(moves, 1), len(self)) - 1])

    @cached_property
    def changes(self) -> IndexArray:
        """Positions of the moves before which something had happened since the move before."""
        before = np.concatenate(([0], self.happened))[:-1]
        return np.flatnonzero(self.happened != before)

    def state(self, moves: int) -> State:
        """Return the state after so many moves, with what happened before the next."""
        if moves >= len(self):
            return self.last
        nearest = moves // self.stride
        state = self.checkpoints[nearest]
        for position in range(nearest * self.stride, moves):
            state, _ = step(state, self.move(position))
            state = self._struck(state)
        return state

    def _struck(self, state: State) -> State:
        """Return the state with what somebody had strike in this turn."""
        for one in self.last.happened:
            if one.turn == state.turn and is_injected(one) and one not in state.happened:
                state = struck_again(state, one)
        return state

    @property
    def made(self) -> Iterator[Move]:
        """Every move, in order."""
        return map(self.move, range(len(self)))

    def move(self, position: int) -> Move:
        """Return a move by its position, from 0."""
        if position in self.others:
            return self.others[position]
        match int(self.acts[position]):
            case 0:
                return Offer(int(self.outcomes[position]))
            case 3:
                return WalkAway()
            case _:
                return Accept()

    def last_move(self, party: str) -> int | None:
        """Return the position of a party's last move; None where it has made none."""
        made = np.flatnonzero(self.movers == self.scenario.ids.index(party))
        return int(made[-1]) if len(made) else None

    def last_offer(self, party: int, moves: int) -> int | None:
        """Return the position of a party's last offer among the first so many moves."""
        found = self.last_offers(party, moves, 1)
        return int(found[-1]) if len(found) else None

    def last_offers(self, party: int, moves: int, most: int) -> IndexArray:
        """Return the positions of a party's last offers among the first so many moves.

        They are looked for backwards: what it takes hangs on how far back they lie, and not on how
        long the session is.

        Args:
            party: Its position.
            moves: How many moves are looked at.
            most: How many offers are wanted at most.
        """
        end, window = min(max(moves, 0), len(self)), _WINDOW
        while True:
            first = max(end - window, 0)
            own = (self.movers[first:end] == party) & (self.acts[first:end] == OFFER)
            found = np.flatnonzero(own)[-most:] + first
            if len(found) >= most or not first:
                return found
            window *= 4

    def hears(self, see: str | None) -> BoolArray:
        """Return of each move whether a party has heard it; all, for whoever sees all."""
        known = self._hearing.get(see)
        if known is None:
            party = None if see is None else self.scenario.ids.index(see)
            audiences = list(self.audiences)
            reached = [one is None or party is None or party in one for one in audiences]
            known = self._hearing[see] = np.array(reached, dtype=bool)[self.heard]
        return known

    @cached_property
    def _hearing(self) -> dict[str | None, BoolArray]:
        return {}

    @cached_property
    def _numbers(self) -> dict[str | None, NDArray[np.int32]]:
        return {}

    def number(self, moves: int, see: str | None) -> int:
        """Return how many of so many moves a party has heard."""
        if see is None or not self.is_hall:
            return moves
        known = self._numbers.get(see)
        if known is None:
            known = self._numbers[see] = np.cumsum(self.hears(see), dtype=np.int32)
        place = min(moves, len(self))
        return int(known[place - 1]) if place > 0 else 0

    def numbered(self, number: int, see: str | None) -> int:
        """Return the move that has a number: a party counts those that it has heard."""
        if see is None or not self.is_hall:
            return number
        heard = np.flatnonzero(self.hears(see)) + 1
        return int(heard[min(max(number, 1), len(heard)) - 1]) if len(heard) else number

    def heard_up_to(self, moves: int, see: str | None) -> int:
        """Return after how many moves the last one stands that a party has heard of so many."""
        if see is None or not 0 < moves <= len(self):
            return moves
        hears = self.hears(see)
        found = np.flatnonzero(hears[:moves][-_WINDOW:])
        if len(found):
            return max(moves - _WINDOW, 0) + int(found[-1]) + 1
        found = np.flatnonzero(hears[:moves])
        return int(found[-1]) + 1 if len(found) else 0

    def news(self, see: str | None) -> IndexArray:
        """Return the positions of the moves before which something happened that a party heard."""
        own = [learns_of(self.scenario, one, see) for one in self.last.happened]
        if all(own):
            return self.changes
        counts = np.concatenate(([0], np.cumsum(own)))[self.happened]
        return np.flatnonzero(np.diff(counts, prepend=0))

    def happened_by(self, moves: int, see: str | None) -> tuple[int, int]:
        """Return how much had happened by some move, and in all, of what a party has heard."""
        own = [learns_of(self.scenario, one, see) for one in self.last.happened]
        by = int(self.happened[moves - 1]) if 0 < moves <= len(self) else 0
        return sum(own[:by]), sum(own)

    def round_start(self, position: int, by: int) -> int:
        """Return where the round so many rounds away begins, kept within the session."""
        if not len(self):
            return 0
        here = int(self.rounds[min(position, len(self) - 1)])
        wanted = min(max(here + by, 0), int(self.rounds[-1]))
        return int(np.searchsorted(self.rounds, wanted))
