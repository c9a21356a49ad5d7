"""What lessons are drawn from: the record of a session as one party played it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from delegates.debriefing.beliefs import beliefs
from delegates.debriefing.hall_notes import hall_notes
from delegates.debriefing.leftover import Better, better_outcome
from delegates.debriefing.notes import move_notes
from delegates.debriefing.recorded import Recorded
from delegates.debriefing.wording import name
from games.bargaining.solutions import Bargain, bargain
from games.moves import Accept, Offer, Sign, Vote
from games.naming import series
from games.protocols.hall import HallState
from games.protocols.stages import is_signed
from games.ratification import ratified
from games.review.debrief import Belief, MoveNote
from games.review.positions import Position
from games.session import expected_payoffs, utilities
from games.utility import TIE, Preferences

if TYPE_CHECKING:
    from delegates.debriefing.readings import Readings
    from games.preparation import Sheet
    from games.review.close import CloseReading
    from games.review.hall import HallMove, HallReading
    from games.review.reading import MoveReading, SessionReading
    from games.scenario import Scenario


NOTICEABLE = 0.02
"""Share of the possible gain from which a difference is told."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that the record shows, and what it weighs."""

    kind: str
    """What tells it from other findings; see `delegates.debriefing.lessons`."""
    title: str
    words: str
    moves: tuple[int, ...]
    """As numbered in the session, from 1."""
    weight: float
    """In shares of what the party could gain; see the function that found it."""
    is_merit: bool = False
    """Whether it was done right."""
    is_first: bool = False
    """Whether it is told before all others, whatever they weigh."""


class Made(NamedTuple):
    """An offer that was made."""

    number: int
    """Among all moves, from 1."""
    party: str
    outcome: int
    own: float
    """Its worth to the reviewed party."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """A session that is over, or as far as it went."""

    recorded: Recorded
    reading: SessionReading | None
    hall: HallReading | None
    close: CloseReading
    notes: tuple[MoveNote, ...]

    @property
    def scenario(self) -> Scenario:
        """As it is at the close."""
        return self.recorded.final.scenario

    @property
    def own_notes(self) -> Sequence[MoveNote]:
        """The moves that the reviewed party decided itself, a person's stand-in's aside."""
        return [one for one in self.notes if not one.is_stand_ins]

    @property
    def own(self) -> Preferences:
        """The reviewed party's preferences at the close."""
        return self.scenario.preferences[self.recorded.seat]

    @property
    def others(self) -> list[Preferences]:
        """Every other party's."""
        return [one for one in self.scenario.preferences if one.party != self.recorded.party]

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return not self.recorded.final.is_open

    @property
    def agreement(self) -> int | None:
        """The outcome agreed; None if the party is outside of it or capitals undid it in a hall."""
        final = self.recorded.final
        is_out = self.recorded.seat in final.left or self.is_turned_down
        return None if is_out else final.agreement

    @cached_property
    def is_turned_down(self) -> bool:
        """Whether what a hall adopted came to nothing for the party because of a capital.

        What it then has is the lot's doing. At a table it is reckoned before any capital spoke.
        """
        final = self.recorded.final
        found = ratified(final) if isinstance(final, HallState) else None
        return found is not None and (not found.holds or self.recorded.seat in found.failed)

    @property
    def has_signed(self) -> bool:
        """Whether the party itself put its name to what was agreed."""
        final, seat = self.recorded.final, self.recorded.seat
        if self.agreement is None:
            return False
        if not isinstance(final, HallState):
            return seat in final.accepted
        if is_signed(final.scenario):
            return final.signatures[seat] not in (None, "out")
        ballots = [one.act.move for one in self.own_positions if isinstance(one.act.move, Vote)]
        return not ballots or ballots[-1].ballot == "yes"

    @cached_property
    def bargain(self) -> Bargain:
        """What bargaining theory says of the scenario at the close."""
        return bargain(self.scenario)

    @property
    def spread(self) -> float:
        """What the party could gain in the ZOPA; 0 where that is nothing."""
        return max(0.0, float(self.bargain.best[self.recorded.seat]) - self.own.reservation)

    def share(self, points: float) -> float:
        """Return own points as a share of what could be gained, at most 1.

        Where nothing could be gained, as a share of the distance from worst to best outcome.
        """
        scale = self.spread if self.spread > TIE else max(self.own.span, TIE)
        return min(1.0, points / scale)

    @cached_property
    def had(self) -> float:
        """What the party has in the end, time counted, before any capital has spoken."""
        return expected_payoffs(self.recorded.final)[self.recorded.party]

    @cached_property
    def worth(self) -> float:
        """What the party has in the end, undiscounted, before any capital has spoken.

        In a hall with what signatures, side deals and carried-out threats brought it; else what was
        agreed is worth, or its reservation value.
        """
        if self.hall is not None:
            return utilities(self.recorded.final)[self.recorded.party]
        agreed = self.agreement
        return self.own.reservation if agreed is None else self.own.utility(agreed)

    @property
    def gains(self) -> Mapping[str, float]:
        """Party → (u − r)/(m − r) at the close."""
        return self.close.gains

    @cached_property
    def nash_worth(self) -> float | None:
        """What the Nash outcome is worth to the party, the best for it of several; None without."""
        found = self.bargain.solutions["nash"]
        return float(self.own.utilities[found].max()) if len(found) else None

    @cached_property
    def better(self) -> Better | None:
        """The outcome that was better for the party at nobody's cost, if there was one."""
        return better_outcome(self.recorded.final, self.recorded.seat)

    @cached_property
    def offers(self) -> Sequence[Made]:
        """Every offer made, in order."""
        return [
            Made(
                position.number + 1,
                position.state.party,
                position.act.move.outcome,
                position.state.scenario.preferences[self.recorded.seat].utility(
                    position.act.move.outcome
                ),
            )
            for position in self.recorded.positions
            if isinstance(position.act.move, Offer)
        ]

    @property
    def own_offers(self) -> list[Made]:
        """Those of the reviewed party; in a hall, the readings that its statements stood for."""
        if self.hall is None:
            return [one for one in self.offers if one.party == self.recorded.party]
        return [
            Made(one.number + 1, self.recorded.party, one.outcome, one.utility)
            for one in self.hall.moves
            if isinstance(one.move, Offer) and one.outcome is not None and one.utility is not None
        ]

    @cached_property
    def beliefs(self) -> tuple[Belief, ...]:
        """What the counterparts wanted, against what the party's own offers amount to."""
        offers = [one.outcome for one in self.own_offers]
        return beliefs(self.scenario, self.recorded.seat, offers, self.close)

    @property
    def answerable_offers(self) -> list[Made]:
        """The own offers after which somebody moved: the session's last one nobody could take."""
        return [one for one in self.own_offers if one.number < len(self.recorded.positions)]

    @cached_property
    def own_positions(self) -> Sequence[Position]:
        """Where the reviewed party moved."""
        return [one for one in self.recorded.positions if one.act.mover == self.recorded.seat]

    @property
    def last_word(self) -> tuple[int, ...]:
        """The party's last offer, acceptance, vote or signature, as a move to point to."""
        named = [
            one.number + 1
            for one in self.own_positions
            if isinstance(one.act.move, Offer | Accept | Vote | Sign)
        ]
        return tuple(named[-1:])

    def called(self, party: str, *, begins: bool = False) -> str:
        """Return what a party is called in a sentence."""
        return name(self.scenario, party, begins=begins)

    @property
    def them(self) -> str:
        """What the counterparts are called in a sentence."""
        names = [self.called(one.party) for one in self.others]
        return series(names) if len(names) <= 2 else "the others"

    @property
    def sheet(self) -> Sheet | None:
        """The preparation sheet, if the party's person filled one in."""
        first = [one.sheet for one in self.recorded.sheets if one.when == "before"]
        return first[0] if first else None

    @property
    def moves_read(self) -> Sequence[MoveReading | HallMove]:
        """The party's moves as they were read, at a table or in a hall."""
        if self.hall is not None:
            return self.hall.moves
        return () if self.reading is None else self.reading.moves

    @cached_property
    def wasted(self) -> Mapping[int, tuple[int, float]]:
        """Own offers that could have been better for the others at no cost.

        Number of the move → the better outcome, and how much better it was for the others: the mean
        over them, in shares of what lies between each one's reservation value and best outcome.
        """
        found: dict[int, tuple[int, float]] = {}
        for read, position in zip(self.moves_read, self.own_positions, strict=True):
            truth, move = read.dominated_in_truth, position.act.move
            if truth is None or truth.better is None or not isinstance(move, Offer):
                continue
            shares = [
                (one.utility(truth.better) - one.utility(move.outcome)) / reach
                for one in position.state.scenario.preferences
                if one.party != self.recorded.party
                and (reach := one.highest - one.reservation) > TIE
            ]
            found[position.number + 1] = (truth.better, float(np.mean(shares)) if shares else 0.0)
        return found


def notes_of(recorded: Recorded, found: Readings) -> tuple[MoveNote, ...]:
    """Return the party's moves, annotated, at a table or in a hall."""
    if found.hall is not None:
        return hall_notes(recorded, found.hall)
    return move_notes(recorded, found.own)


def evidence_of(recorded: Recorded, found: Readings) -> Evidence:
    """Return what lessons are drawn from, the moves annotated."""
    return Evidence(
        recorded=recorded,
        reading=found.own,
        hall=found.hall,
        close=found.close,
        notes=notes_of(recorded, found),
    )


def sorted_moves(numbers: Sequence[int], most: int = 5) -> tuple[int, ...]:
    """Return the first few of some moves, in order, each once."""
    return tuple(sorted(set(numbers))[:most])
