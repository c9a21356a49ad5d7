"""A recorded session as a review reads it: its positions, its words, and who may be told what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from delegates.debriefing.minds import replies_of_seats
from delegates.sealing import persons
from delegates.seats import SeatSpec, parse_seat
from games.errors import SeatError, TranscriptError, UserError
from games.protocols.hall import is_hall
from games.review.positions import Position, Reply, positions
from games.review.preparation import sheet_lines
from games.session import Move, State
from transcripts.acts import move_of
from transcripts.events import MoveMade, Prepared, Suggested
from transcripts.fold import Folded, fold
from transcripts.store import Transcript

if TYPE_CHECKING:
    from games.review.debrief import SheetLine
    from games.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Recorded:
    """A session as its transcript tells it, read for one party."""

    path: Path
    folded: Folded
    party: str
    is_stopped: bool = False
    """Whether whoever leads it says that nobody carries it on: nothing is kept from the page."""
    keeps_sealed: bool = False
    """Whether others' secrets are kept even once the session is over."""

    @property
    def scenario(self) -> Scenario:
        """As the session began."""
        return self.folded.scenario

    @property
    def final(self) -> State:
        """The state after the last move."""
        return self.folded.state

    @property
    def seat(self) -> int:
        """Position of the reviewed party."""
        return self.scenario.ids.index(self.party)

    @property
    def made(self) -> Sequence[MoveMade]:
        """Every move, as it was written down."""
        return self.folded.made

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Every move, in order."""
        return tuple(move_of(self.scenario, event) for event in self.made)

    @property
    def turns(self) -> list[int]:
        """The turn of each move."""
        return [event.turn for event in self.made]

    @cached_property
    def minds(self) -> dict[str, Reply]:
        """How the counterparts' own minds answer, where they follow a rule."""
        found = replies_of_seats(self.scenario, self.folded.header.seats, self.folded.header.seed)
        found.pop(self.party, None)
        return found

    @cached_property
    def followed(self) -> tuple[tuple[Position, ...], State]:
        """Every move with what its mover had before it, and the state after the last one."""
        seed, happened = self.folded.header.seed, self.final.happened
        return positions(self.scenario, self.moves, self.turns, seed, happened)

    @property
    def positions(self) -> tuple[Position, ...]:
        """Every move with what its mover had before it."""
        return self.followed[0]

    @cached_property
    def specs(self) -> Mapping[str, SeatSpec | None]:
        """Who sits for each party; None where this version cannot read it."""
        return {party: _spec(seat.spec) for party, seat in self.folded.header.seats.items()}

    @property
    def persons(self) -> tuple[str, ...]:
        """The parties for which persons sit."""
        return persons(self.folded.header)

    @property
    def is_sealed(self) -> bool:
        """Whether others' secrets are kept: that was asked for, or a person sits there and the
        session is not over."""
        is_going_on = self.final.is_open and not self.is_stopped
        return self.keeps_sealed or (is_going_on and bool(self.persons))

    @property
    def is_hall(self) -> bool:
        """Whether it is a plenary or forum."""
        return is_hall(self.scenario)

    @property
    def sheets(self) -> list[Prepared]:
        """What the party's person wrote down of the game, in order."""
        return [one for one in self.folded.sheets if one.party == self.party]

    def is_stand_ins(self, number: int) -> bool:
        """Return whether a person's stand-in decided a move, by its place among all, from 0."""
        return "standing in" in self.made[number].decided_by

    @cached_property
    def advice(self) -> tuple[Suggested, ...]:
        """What the adviser told the party's person."""
        return tuple(
            event
            for event in self.folded.events
            if isinstance(event, Suggested) and event.party == self.party
        )

    def advised(self, event: Suggested) -> Move | None:
        """Return the move that the adviser named; None if that is none of the scenario's."""
        try:
            return move_of(self.scenario, event)
        except ValueError:
            return None


def folded_at(path: Path) -> Folded:
    """Return the session of a transcript as far as it went.

    Raises:
        TranscriptError: If it cannot be read; the file is named.
    """
    try:
        return fold(Transcript(path).events())
    except TranscriptError as error:
        told = str(error)
        raise TranscriptError(told if told.startswith(str(path)) else f"{path}: {told}") from None


def read(path: Path, party: str | None, *, sealed: bool = False) -> Recorded:
    """Return a recorded session as it is reviewed for a party.

    Args:
        path: The transcript.
        party: Whose play is reviewed; None for the person's seat, else the first party.
        sealed: Whether others' secrets are kept even once the session is over.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If there is no such party, or its secrets are still kept.
    """
    folded = folded_at(path)
    ids, sitting = folded.scenario.ids, persons(folded.header)
    chosen = party if party is not None else next(iter(sitting), ids[0])
    if chosen not in ids:
        raise UserError(f"{path}: no party {chosen!r}; expected {', '.join(ids)}")
    if folded.state.is_open and sitting and chosen not in sitting:
        raise UserError(
            f"{path}: a person sits for {', '.join(sitting)} and the session is not over; "
            f"expected {' or '.join(sitting)}: {chosen} can be reviewed once it is"
        )
    return Recorded(path=path, folded=folded, party=chosen, keeps_sealed=sealed)


def read_whole(path: Path, *, is_stopped: bool = False) -> Recorded:
    """Return a recorded session as whoever leads it reads it, for its first party.

    Args:
        path: The transcript.
        is_stopped: Whether nobody carries it on, though it is not over.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If a person sits there and it is neither over nor stopped.
    """
    folded = folded_at(path)
    sitting = persons(folded.header)
    if folded.state.is_open and sitting and not is_stopped:
        raise UserError(
            f"{path}: a person sits for {', '.join(sitting)} and the session is not over; all "
            "debriefs side by side are told once it is, or where it is said to be stopped"
        )
    return Recorded(path, folded, folded.scenario.ids[0], is_stopped)


def sheet_against_truth(recorded: Recorded) -> tuple[SheetLine, ...]:
    """Return the preparation sheet against what was true and what was done; empty without one."""
    folded = recorded.folded
    written = [
        (one, then)
        for one, then in zip(folded.sheets, folded.as_prepared, strict=True)
        if one.party == recorded.party
    ]
    before = [(one.sheet, then) for one, then in written if one.when == "before"]
    again = [(one.sheet, then) for one, then in written if one.when == "half-time"]
    if not before:
        return ()
    sheet, at_first = before[0]
    guessed, then = again[-1] if again else (None, None)
    return sheet_lines(
        recorded.final, recorded.moves, recorded.party, at_first, sheet, again=guessed, then=then
    )


def _spec(text: str) -> SeatSpec | None:
    try:
        return parse_seat(text, "any")
    except SeatError:
        return None
