"""The debriefs of all seats of one session, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from delegates.classroom.efficiency import Efficiency, advantage, efficiency
from delegates.classroom.sitting import Sitting, sitting
from delegates.debriefing.debrief import Progress, of_all_seats
from delegates.debriefing.recorded import read_whole

if TYPE_CHECKING:
    from games.outcomes import Option
    from games.review.debrief import Debrief, MoveNote
    from games.scenario import Scenario
    from games.session import Status


@dataclass(frozen=True, kw_only=True)
class Side:
    """One seat: what it got, how it was played, and who sat there."""

    debrief: Debrief
    sitting: Sitting
    attainable: float
    """m: its greatest utility in the ZOPA."""
    advantage: float | None
    """(u − r)/(m − r); None where it could not gain anything."""

    @property
    def party(self) -> str:
        """Whose seat it is."""
        return self.debrief.party

    @property
    def utility(self) -> float:
        """Its points, time not counted; r without agreement."""
        return self.debrief.utilities[self.party]

    @property
    def payoff(self) -> float:
        """Its points, time counted."""
        return self.debrief.payoffs[self.party]

    @property
    def reservation(self) -> float:
        """Its points without agreement."""
        return self.debrief.reservations[self.party]

    @property
    def costliest(self) -> MoveNote | None:
        """The move that gave most away; the earliest of equal ones, None where none did."""
        lost = [one for one in self.debrief.moves if one.loss]
        return max(lost, key=lambda one: (one.loss or 0.0, -one.number), default=None)


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """A session with every seat's debrief, for whoever leads it."""

    path: Path
    session: str
    scenario: Scenario
    """As the session began."""
    status: Status
    agreement: dict[str, Option] | None
    rounds: int
    """Begun."""
    moves: int
    efficiency: Efficiency
    sides: tuple[Side, ...]
    """In the order of moves."""
    notes: tuple[str, ...]
    """What all the debriefs have to say of themselves, each once."""


def side_by_side(
    path: Path, *, is_stopped: bool = False, progress: Progress | None = None
) -> SideBySide:
    """Return every seat's debrief of a recorded session, side by side.

    Args:
        path: The transcript.
        is_stopped: Whether nobody carries the session on, though it is not over.
        progress: Told what is being worked out.

    Raises:
        TranscriptError: If the transcript cannot be read.
        UserError: If a person sits there and the session is neither over nor stopped.
    """
    recorded = read_whole(path, is_stopped=is_stopped)
    found = of_all_seats(recorded, progress or (lambda _: None))
    record = recorded.folded.record(path)
    attainable = {one.party: one.attainable for one in record.referee.standings}
    return SideBySide(
        path=path,
        session=record.session,
        scenario=recorded.scenario,
        status=record.state.status,
        agreement=found[0].agreement,
        rounds=record.state.rounds_begun,
        moves=len(record.moves),
        efficiency=efficiency(record.referee),
        sides=tuple(
            Side(
                debrief=one,
                sitting=sitting(recorded, one.party),
                attainable=attainable[one.party],
                advantage=advantage(
                    one.utilities[one.party], one.reservations[one.party], attainable[one.party]
                ),
            )
            for one in found
        ),
        notes=tuple(dict.fromkeys(note for one in found for note in one.notes)),
    )
