"""What lessons are drawn from: the record of a session as one party played it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from delegates.debriefing.beliefs import beliefs
from delegates.debriefing.leftover import Better, better_outcome
from delegates.debriefing.notes import move_notes
from delegates.debriefing.recorded import Recorded
from delegates.debriefing.wording import listed, name
from games.bargaining.solutions import Bargain, bargain
from games.moves import Accept, Offer
from games.review.debrief import Belief, MoveNote
from games.review.positions import Position
from games.session import expected_payoffs
from games.utility import TIE, Preferences

if TYPE_CHECKING:
    from delegates.debriefing.readings import Readings
    from games.preparation import Sheet
    from games.review.close import CloseReading
    from games.review.reading import SessionReading
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that the record shows, and what it weighs."""

    kind: str
    """Its name in the registry."""
    title: str
    words: str
    moves: tuple[int, ...]
    """As numbered in the session, from 1."""
    weight: float
    """In shares of what the party could gain; see the function that found it."""
    is_merit: bool = False
    """Whether it was done right."""


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
    close: CloseReading
    notes: tuple[MoveNote, ...]
    beliefs: tuple[Belief, ...]

    @property
    def scenario(self) -> Scenario:
        """As it is at the close."""
        return self.recorded.final.scenario

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
        """The outcome agreed, if the party is not outside of it."""
        final = self.recorded.final
        return None if self.recorded.seat in final.left else final.agreement

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
        """Those of the reviewed party."""
        return [one for one in self.offers if one.party == self.recorded.party]

    @cached_property
    def own_positions(self) -> Sequence[Position]:
        """Where the reviewed party moved."""
        return [one for one in self.recorded.positions if one.act.mover == self.recorded.seat]

    @property
    def last_word(self) -> tuple[int, ...]:
        """The party's last offer or acceptance, as a move to point to."""
        named = [
            one.number + 1 for one in self.own_positions if isinstance(one.act.move, Offer | Accept)
        ]
        return tuple(named[-1:])

    def called(self, party: str, *, begins: bool = False) -> str:
        """Return what a party is called in a sentence."""
        return name(self.scenario, party, begins=begins)

    @property
    def them(self) -> str:
        """What the counterparts are called in a sentence."""
        names = [self.called(one.party) for one in self.others]
        return listed(names) if len(names) <= 2 else "the others"

    @property
    def sheet(self) -> Sheet | None:
        """The preparation sheet, if the party's person filled one in."""
        first = [one.sheet for one in self.recorded.sheets if one.when == "before"]
        return first[0] if first else None

    @cached_property
    def wasted(self) -> Mapping[int, tuple[int, float]]:
        """Own offers that could have been better for the others at no cost.

        Number of the move → the better outcome, and how much better it was for the others: the mean
        over them, in shares of what lies between each one's reservation value and best outcome.
        """
        if self.reading is None:
            return {}
        found: dict[int, tuple[int, float]] = {}
        for read, position in zip(self.reading.moves, self.own_positions, strict=True):
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


def evidence_of(recorded: Recorded, found: Readings) -> Evidence:
    """Return what lessons are drawn from, the moves annotated and the wants set side by side."""
    offers = [
        one.act.move.outcome
        for one in recorded.positions
        if one.act.mover == recorded.seat and isinstance(one.act.move, Offer)
    ]
    return Evidence(
        recorded=recorded,
        reading=found.own,
        close=found.close,
        notes=move_notes(recorded, found.own),
        beliefs=beliefs(recorded.final.scenario, recorded.seat, offers, found.close),
    )


def sorted_moves(numbers: Sequence[int], most: int = 5) -> tuple[int, ...]:
    """Return the first few of some moves, in order, each once."""
    return tuple(sorted(set(numbers))[:most])
