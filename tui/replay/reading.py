"""Reading a recording into a history: every move decoded and folded once, in order.

Reading stops at the first line that is not sound. It is carried on as the recording grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from games.errors import TranscriptError, UnsoundEvent
from games.scenario import Scenario
from games.session import Accept, Move, Offer, State, WalkAway
from transcripts.acts import move_of
from transcripts.events import Happened, MoveMade, SessionClosed
from transcripts.fold import Folded, begin
from transcripts.places import Audience, audience
from transcripts.store import decode_next, unseal
from tui.replay.columns import Column
from tui.replay.history import (
    ACCEPT,
    CHECKPOINT,
    LEAVE,
    MOST_CHECKPOINTS,
    OFFER,
    OTHER,
    STAND,
    History,
)
from tui.replay.recording import Recording

_FIRST_LOOK = 1000
"""Moves after which a history under way is first shown; then after twice as many, and so on."""

_ASKED_EVERY = 2000
"""Lines after which it is told how far reading has come, and asked whether to read on."""

_NUMBER = b'{"n":%d,'
_LINK = b'"prev":"%s"'
_HEAD = 240

GoOn = Callable[[int], bool]
"""Is told how many lines were followed, and says whether to read on."""


@dataclass
class _Notes:
    """A history being written."""

    scenario: Scenario
    opened_at: int
    scenarios: list[Scenario] = field(init=False)
    versions: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    happened: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    movers: Column[np.int16] = field(default_factory=lambda: Column(np.int16))
    acts: Column[np.int8] = field(default_factory=lambda: Column(np.int8))
    outcomes: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    rounds: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    texts: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    times: Column[np.int64] = field(default_factory=lambda: Column(np.int64))
    heard: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    audiences: dict[Audience | None, int] = field(default_factory=lambda: {None: 0})
    others: dict[int, Move] = field(default_factory=dict[int, Move])
    troubled: Column[np.int32] = field(default_factory=lambda: Column(np.int32))
    checkpoints: list[State] = field(default_factory=list[State])
    stride: int = field(default_factory=lambda: CHECKPOINT)
    last_time: int = 0

    def __post_init__(self) -> None:
        """Begin with the scenario as the session began."""
        self.scenarios = [self.scenario]

    def take(self, event: MoveMade, before: State, after: State) -> None:
        """Note a move, the state it was made in and the one it led to."""
        place = len(self.movers)
        if place % self.stride == 0:
            self._keep(before)
        move = move_of(self.scenario, event)
        if event.fallback or event.words_fallback:
            self.troubled.append(place)
        if not isinstance(move, Offer | Accept | WalkAway):
            self.others[place] = move
        if before.scenario is not self.scenarios[-1]:
            self.scenarios.append(before.scenario)
        self.versions.append(len(self.scenarios) - 1)
        self.happened.append(len(before.happened))
        self.acts.append(_act(move, before))
        self.texts.append(-1 if after.offer is None else after.offer)
        self.outcomes.append(move.outcome if isinstance(move, Offer) else -1)
        self.rounds.append(before.round)
        self.last_time = max(milliseconds(event.at) - self.opened_at, self.last_time)
        self.times.append(self.last_time)
        heard = audience(event, before)
        self.heard.append(self.audiences.setdefault(heard, len(self.audiences)))
        self.movers.append(before.mover)

    def _keep(self, state: State) -> None:
        self.checkpoints.append(state)
        if len(self.checkpoints) > MOST_CHECKPOINTS:
            self.stride *= 2
            self.checkpoints = self.checkpoints[::2]

    def history(self, last: State, **how: object) -> History:
        """Return what was noted so far; nothing of it is copied."""
        return History(
            scenario=self.scenario,
            scenarios=tuple(self.scenarios),
            versions=self.versions.read(),
            happened=self.happened.read(),
            movers=self.movers.read(),
            acts=self.acts.read(),
            outcomes=self.outcomes.read(),
            rounds=self.rounds.read(),
            texts=self.texts.read(),
            times=self.times.read(),
            heard=self.heard.read(),
            audiences=tuple(self.audiences),
            others=self.others,
            troubled=self.troubled.read(),
            checkpoints=tuple(self.checkpoints),
            stride=self.stride,
            last=last,
            **how,  # pyright: ignore[reportArgumentType]
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


def milliseconds(at: str) -> int:
    """Return a time as a transcript writes it in milliseconds since 1970; 0 if it is none."""
    try:
        return round(datetime.fromisoformat(at).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0


class HistoryReader:
    """Reads a recording once from its beginning, and on from there as it grows."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._folded = begin(recording.header)
        self._notes = _Notes(self._folded.scenario, milliseconds(recording.header.at))
        self._digest = unseal(recording.transcript.line(0))[1]
        self._next = 1
        self._problem: str | None = None

    def read_on(self, go_on: GoOn = lambda _: True) -> Iterator[History]:
        """Yield the history as far as it is read, ever longer, and at last all there is by now.

        Args:
            go_on: Is told now and then how far reading has come, and may stop it; then nothing
                more is yielded.
        """
        notes = self._notes
        due = max(_FIRST_LOOK, 2 * len(notes.movers))
        while self._problem is None and self._next < len(self._recording.kinds):
            if self._next % _ASKED_EVERY == 0 and not go_on(self._next):
                return
            self._read_next()
            if self._problem is None and len(notes.movers) >= due:
                yield self._history(whole=False, problem=None)
                due = 2 * len(notes.movers)
        problem = self._problem
        if problem is None and self._recording.transcript.is_torn:
            problem = "the last line is torn; everything before it is shown"
        yield self._history(whole=True, problem=problem)

    def _history(self, *, whole: bool, problem: str | None) -> History:
        return self._notes.history(
            self._folded.state,
            closed=self._folded.closed is not None,
            whole=whole,
            problem=problem,
            events=self._next - (self._problem is not None),
            is_broken=self._problem is not None,
            head=self._digest,
        )

    def _read_next(self) -> None:
        number = self._next
        try:
            self._digest = _read_line(
                self._recording, number, self._digest, self._folded, self._notes
            )
        except (ValueError, TranscriptError) as error:
            told = error.problem if isinstance(error, UnsoundEvent) else error
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
    event, own = decode_next(line, number, digest)
    before = folded.state
    if isinstance(event, Happened | MoveMade | SessionClosed):
        folded.add(event)
    if isinstance(event, MoveMade):
        notes.take(event, before, folded.state)
    # The fold keeps every event it is given; here a hundred thousand of them would be kept twice.
    folded.forget()
    return own
