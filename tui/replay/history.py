"""What the moves of a session came to, one entry a move: the fold, kept as arrays.

Reading a history decodes and folds every move once, in order, and stops at the first line that is
not sound. Of the states in between only every so many are kept; any other is stepped to from there.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from games.errors import TranscriptError
from games.happenings import is_injected, struck_again
from games.outcomes import FloatArray, IndexArray
from games.protocols.hall import HallState
from games.ratification import ratified
from games.session import Accept, Move, Offer, State, WalkAway, step
from transcripts.acts import move_of
from transcripts.events import Happened, MoveMade, SessionClosed
from transcripts.fold import Folded, begin
from transcripts.record import ResultStatus
from transcripts.store import decode, require_link, unseal
from tui.replay.recording import Recording

if TYPE_CHECKING:
    from games.scenario import Scenario

OFFER, ACCEPT, STAND, LEAVE, OTHER = range(5)
"""Acts: an offer, an acceptance, standing by what one accepted or offered before, walking away, and
what is done in a hall alone."""

CHECKPOINT = 256
"""Moves from one kept state to the next."""

_FIRST_LOOK = 1000
"""Moves after which a history under way is first shown; then after twice as many, and so on."""

_NUMBER = b'{"n":%d,'
_LINK = b'"prev":"%s"'
_HEAD = 240


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """The moves of a session up to some point, and the state they led to."""

    scenario: Scenario
    """As the session began."""
    scenarios: tuple[Scenario, ...]
    """The same, and as it was after each time that something had happened between moves."""
    versions: IndexArray
    """In which of `scenarios` each move was made."""
    happened: NDArray[np.int32]
    """How much had happened between moves when each move was made."""
    movers: NDArray[np.int16]
    """Position of the party that made each move."""
    acts: NDArray[np.int8]
    outcomes: IndexArray
    """The outcome each move offered, or −1."""
    rounds: NDArray[np.int32]
    """The round of each move, from 0."""
    texts: IndexArray
    """What was on the table after each move, or −1: in a hall the chair's text."""
    others: Mapping[int, Move] = field(default_factory=dict[int, Move], repr=False)
    """Moves that only a hall knows, by their positions."""
    troubled: IndexArray
    """Positions of the moves that a fallback decided or a template had to word."""
    checkpoints: tuple[State, ...] = field(repr=False)
    last: State
    closed: bool = False
    """Whether the record tells of the session's end."""
    whole: bool = False
    """Whether everything sound was read."""
    problem: str | None = None
    """What is wrong with the record, in one line."""

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
        """Every offer: its round, the offerer's position, the outcome."""
        made = self.offers
        columns = (self.rounds[made], self.movers[made], self.outcomes[made])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    @cached_property
    def utilities(self) -> FloatArray:
        """Each party's utility of each offer when it was made, shape (parties, offers)."""
        return self.worth(self.outcomes[self.offers], self.versions[self.offers])

    def worth(self, outcomes: IndexArray, versions: IndexArray) -> FloatArray:
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
        nearest = moves // CHECKPOINT
        state = self.checkpoints[nearest]
        for position in range(nearest * CHECKPOINT, moves):
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

    def last_offer(self, party: int, moves: int) -> int | None:
        """Return the position of a party's last offer among the first so many moves."""
        own = (self.movers[:moves] == party) & (self.acts[:moves] == OFFER)
        found = np.flatnonzero(own)
        return int(found[-1]) if len(found) else None

    def round_start(self, position: int, by: int) -> int:
        """Return where the round so many rounds away begins, kept within the session."""
        if not len(self):
            return 0
        here = int(self.rounds[min(position, len(self) - 1)])
        wanted = min(max(here + by, 0), int(self.rounds[-1]))
        return int(np.searchsorted(self.rounds, wanted))


@dataclass
class _Notes:
    """A history being written."""

    scenario: Scenario
    scenarios: list[Scenario] = field(init=False)
    versions: array[int] = field(default_factory=lambda: array("i"))
    happened: array[int] = field(default_factory=lambda: array("i"))
    movers: array[int] = field(default_factory=lambda: array("h"))
    acts: array[int] = field(default_factory=lambda: array("b"))
    outcomes: array[int] = field(default_factory=lambda: array("q"))
    rounds: array[int] = field(default_factory=lambda: array("i"))
    texts: array[int] = field(default_factory=lambda: array("q"))
    others: dict[int, Move] = field(default_factory=dict[int, Move])
    troubled: array[int] = field(default_factory=lambda: array("q"))
    checkpoints: list[State] = field(default_factory=list[State])

    def __post_init__(self) -> None:
        """Begin with the scenario as the session began."""
        self.scenarios = [self.scenario]

    def take(self, event: MoveMade, before: State, after: State) -> None:
        """Note a move, the state it was made in and the one it led to."""
        if len(self.movers) % CHECKPOINT == 0:
            self.checkpoints.append(before)
        move = move_of(self.scenario, event)
        if event.fallback or event.words_fallback:
            self.troubled.append(len(self.movers))
        if not isinstance(move, Offer | Accept | WalkAway):
            self.others[len(self.movers)] = move
        if before.scenario is not self.scenarios[-1]:
            self.scenarios.append(before.scenario)
        self.versions.append(len(self.scenarios) - 1)
        self.happened.append(len(before.happened))
        self.movers.append(before.mover)
        self.acts.append(_act(move, before))
        self.texts.append(-1 if after.offer is None else after.offer)
        self.outcomes.append(move.outcome if isinstance(move, Offer) else -1)
        self.rounds.append(before.round)

    def history(self, last: State, *, closed: bool, whole: bool, problem: str | None) -> History:
        """Return what was noted so far."""
        return History(
            scenario=self.scenario,
            scenarios=tuple(self.scenarios),
            versions=np.array(self.versions, dtype=np.intp),
            happened=np.array(self.happened, dtype=np.int32),
            movers=np.array(self.movers, dtype=np.int16),
            acts=np.array(self.acts, dtype=np.int8),
            outcomes=np.array(self.outcomes, dtype=np.intp),
            rounds=np.array(self.rounds, dtype=np.int32),
            texts=np.array(self.texts, dtype=np.intp),
            others=dict(self.others),
            troubled=np.array(self.troubled, dtype=np.intp),
            checkpoints=tuple(self.checkpoints),
            last=last,
            closed=closed,
            whole=whole,
            problem=problem,
        )


def _act(move: Move, before: State) -> int:
    match move:
        case Offer():
            return OFFER
        case Accept():
            return STAND if before.mover in before.standing else ACCEPT
        case WalkAway():
            return LEAVE
        case _:
            return OTHER


class HistoryReader:
    """Reads a recording once from its beginning, and on from there as it grows."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._folded = begin(recording.header)
        self._notes = _Notes(self._folded.scenario)
        self._digest = unseal(recording.transcript.line(0))[1]
        self._next = 1
        self._problem: str | None = None

    def read_on(self) -> Iterator[History]:
        """Yield the history as far as it is read, ever longer, and at last all there is by now."""
        notes, folded = self._notes, self._folded
        due = max(_FIRST_LOOK, 2 * len(notes.movers))
        while self._problem is None and self._next < len(self._recording.transcript):
            self._read_next()
            if self._problem is None and len(notes.movers) >= due:
                yield notes.history(folded.state, closed=False, whole=False, problem=None)
                due = 2 * len(notes.movers)
        problem = self._problem
        if problem is None and self._recording.transcript.tail:
            problem = "the last line is torn; everything before it is shown"
        closed = folded.closed is not None
        yield notes.history(folded.state, closed=closed, whole=True, problem=problem)

    def _read_next(self) -> None:
        number = self._next
        try:
            self._digest = _read_line(
                self._recording, number, self._digest, self._folded, self._notes
            )
        except (ValueError, TranscriptError) as error:
            told = str(error).removeprefix(f"event {number}: ")
            self._problem = f"sound up to event {number - 1}; event {number}: {told}"
        self._next = number + 1


def read_history(recording: Recording) -> Iterator[History]:
    """Yield the history as far as it is read, ever longer, and at last the whole of it."""
    yield from HistoryReader(recording).read_on()


def _read_line(
    recording: Recording, number: int, digest: str, folded: Folded, notes: _Notes
) -> str:
    """Take in a line and return its hash; only moves, what happened and the close are decoded.

    Raises:
        ValueError: If the line is not sound.
        TranscriptError: If what it tells cannot have happened.
    """
    line = recording.transcript.line(number)
    if recording.kinds[number] not in b"mhc":
        _, own = unseal(line)
        if not line.startswith(_NUMBER % number) or _LINK % digest.encode() not in line[:_HEAD]:
            raise ValueError("it does not follow the event before it")
        return own
    event, own = decode(line)
    require_link(event, number, digest)
    before = folded.state
    if isinstance(event, Happened | MoveMade | SessionClosed):
        folded.add(event)
    if isinstance(event, MoveMade):
        notes.take(event, before, folded.state)
    # The fold keeps every event it is given; here a hundred thousand of them would be kept twice.
    folded.events.clear()
    folded.made.clear()
    return own
