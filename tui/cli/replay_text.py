"""A recorded session line by line: all of it or one move, as all see it or as one seat may."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from games.errors import SeatError, TranscriptError
from transcripts.events import Asked, Event, Failed, Replied, Retried, Unusable
from transcripts.fold import Folded, fold, opened
from transcripts.proceedings import Met
from transcripts.store import Transcript
from tui.cli.output import note, say
from tui.cli.session_text import SessionText
from tui.text.brackets import some
from tui.text.hall import room_session_lines
from tui.text.prompts import plain_lines
from tui.text.result import own_result_text, result_text

_OF_CALLS = (Asked, Replied, Retried, Failed, Unusable)
"""Events of model calls; with prompts shown, they stand in full in the place of a remark."""


def replay_lines(
    path: Path, *, prompts: bool, move: int | None, seat: str | None, verbose: bool = False
) -> None:
    """Say a session line by line.

    Args:
        path: The transcript.
        prompts: Whether to say what models were asked and replied.
        move: The only move to say, from 1; None for all, and the result.
        seat: The party whose view it is said from; None for all that the transcript holds.
        verbose: Whether every move in a hall has a line; a single move always has.

    Raises:
        TranscriptError: If the transcript cannot be read, or has no such move.
        SeatError: If there is no such party.
    """
    file = Transcript(path)
    folded = opened(file)
    parties = folded.scenario.ids
    if seat is not None and seat not in parties:
        raise SeatError(f"--as {seat!r}: no such party; the session has {', '.join(parties)}")
    page = _Page(folded, prompts, move, seat, verbose=verbose or move is not None)
    page.open()
    events = file.events()
    next(events)
    for number in range(1, len(file)):
        try:
            event = next(events)
            folded.add(event)
        except TranscriptError as error:
            page.break_off()
            told = str(error).removeprefix(f"{path}: ").removeprefix(f"event {number}: ")
            raise TranscriptError(
                f"{path}: sound up to event {number - 1}; event {number}: {told}"
            ) from None
        page.show(event)
        if page.is_over:
            break
    else:
        page.end(path)
    page.tell_unasked()
    if file.is_torn and not page.is_over:
        note(f"minilateral: {path}: the last line is torn; everything before it is shown")


@dataclass
class _Page:
    """What is said of a session: lines wait until their move is known to be one to be said."""

    folded: Folded
    prompts: bool
    move: int | None
    seat: str | None
    verbose: bool = False
    waiting: list[str] = field(default_factory=list[str])
    head: int = 0
    """How many of the lines that wait are the session's title."""
    calls: int = 0
    """How often a model was asked, in what is said."""
    calls_waiting: int = 0
    """How often, in what waits."""
    live: SessionText = field(init=False)

    def __post_init__(self) -> None:
        self.live = SessionText(
            self.waiting.append, colour=False, seat=self.seat, verbose=self.verbose
        )

    def open(self) -> None:
        """Take in the title; it is said as soon as there is a move to say."""
        self.live.open(self.folded)
        self.head = len(self.waiting)

    def show(self, event: Event) -> None:
        """Take in an event; a move ends what belongs to it."""
        if self.prompts and isinstance(event, _OF_CALLS):
            if self.seat in (None, event.party):
                self.waiting += plain_lines(event)
                self.calls_waiting += isinstance(event, Asked)
        else:
            self.live.show(event, self.folded)
        if event.type == "moved":
            if self.move in (None, len(self.folded.made)):
                self.turn_over()
            del self.waiting[self.head :]
            self.calls_waiting = 0
            if self.move is not None:
                self.live.round = -1  # a move alone tells its round, whichever it is of that round

    @property
    def is_over(self) -> bool:
        """Whether the only move that was asked for is said."""
        return self.move is not None and len(self.folded.made) >= self.move > 0

    def break_off(self) -> None:
        """Say what waits, as what follows is not sound."""
        if self.move is None:
            self.turn_over()

    def turn_over(self) -> None:
        """Say what waits."""
        for line in self.waiting:
            say(line)
        self.waiting.clear()
        self.calls += self.calls_waiting
        self.head = self.calls_waiting = 0

    def tell_unasked(self) -> None:
        """Say that there are no prompts, where they were wanted and no model was asked."""
        if self.prompts and not self.calls:
            whose = "" if self.seat is None else f" for {self.seat}"
            where = " in this session" if self.move is None else f" for move {self.move}"
            note(f"minilateral: --prompts: no model was asked{whose}{where}")

    def end(self, path: Path) -> None:
        """Say what follows the last move: calls that led to none yet, and the result.

        Raises:
            TranscriptError: If there is no such move as was asked for.
        """
        moves = len(self.folded.made)
        if self.move is not None and not 1 <= self.move <= moves:
            raise TranscriptError(
                f"{path}: no move {self.move}; expected 1 to {moves}"
                if moves
                else f"{path}: no move {self.move}; none was made"
            )
        if self.move is not None:
            return
        self.turn_over()
        record = self.folded.record(path)
        say()
        say(result_text(record) if self.seat is None else own_result_text(record, self.seat))


def room_of_session(path: Path, number: int, *, seat: str | None) -> None:
    """Say what happened in one room of a hall, as a session of its own.

    Args:
        path: The transcript.
        number: The room, from 1.
        seat: The party whose view it is said from; None for all that the transcript holds.

    Raises:
        TranscriptError: If the transcript cannot be read or is of no hall, or has no such room.
        SeatError: If there is no such party, or it was not in the room.
    """
    folded = fold(Transcript(path).events())
    held = folded.record(path).proceedings
    if held is None:
        raise TranscriptError(
            f"{path}: {folded.scenario.id} is no plenary or forum and has no rooms"
        )
    numbers = sorted(met.room.number + 1 for met in held.rooms)
    found = [met for met in held.rooms if met.room.number + 1 == number]
    if not found:
        known = some([str(one) for one in numbers], 12) or "none; none met"
        raise TranscriptError(f"{path}: no room {number} that met; expected {known}")
    (met,) = found
    _require_member(folded, met, seat)
    moves = [event for event in folded.made if event.room == met.room.number]
    for line in room_session_lines(folded.scenario, held.state, met, moves):
        say(line)


def _require_member(folded: Folded, met: Met, seat: str | None) -> None:
    ids = folded.scenario.ids
    if seat is not None and seat not in ids:
        raise SeatError(f"--as {seat!r}: no such party; the session has {', '.join(ids)}")
    if seat is not None and seat not in [ids[k] for k in met.room.members]:
        raise SeatError(f"--as {seat}: it was not in that room and has not heard what was said")
