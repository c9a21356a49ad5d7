"""The journal of an evaluation: one line a finished session, the durable truth of a batch."""

from __future__ import annotations

from delegates.evaluation.plan import Ended
from games.parts import Part

POINTS = 11
"""Points of relative time at which demands are kept: 0, .1, … 1 of the rounds."""


class SeatEnd(Part):
    """What a session came to for one seat."""

    utility: float
    """Undiscounted; the reservation value without an agreement."""
    payoff: float
    """The same, time counted."""
    demands: tuple[int | None, ...]
    """What its last offer up to each point of time asked for, as (u − r)/(m − r) in thousandths;
    None before its first offer and after the close. One a point of `POINTS`."""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    cost_usd: float | None = 0.0
    """None where a price is not known."""
    fallbacks: int = 0
    """Moves that the fallback mind made."""
    unusable: int = 0
    """Replies that could not be used."""


class Finished(Part):
    """How one planned session ended: a line of the journal."""

    key: str
    """The row's; see `design.Row`. A later line of the same key takes the place of an earlier."""
    session: str
    ended: Ended
    agreement: int | None
    """Index of the agreed outcome, or of a hall's adopted text."""
    agreed_round: int | None
    """The round of the agreed offer, from 1."""
    rounds: int
    """Rounds begun."""
    moves: int
    in_force: bool | None = None
    """Of a text that is signed."""
    seats: tuple[SeatEnd, ...]
    """One a party, in the scenario's order."""
    problem: str = ""
    """Of a failure: what happened, in a line."""
    transcript: str | None = None
    """Within the evaluation's folder, where one was kept."""
    program: str = ""
    seconds: float = 0.0
    """Wall time; enters `timings.parquet` alone, as do the following."""
    at: str = ""
    """When it finished (UTC, ISO 8601)."""
    retries: int = 0
    lost_tokens: int = 0
    """The most that attempts whose answer was lost may have used."""
    lost_cost_usd: float = 0.0

    @property
    def cost_usd(self) -> float | None:
        """Cost of all seats; None where a price is not known."""
        costs = [seat.cost_usd for seat in self.seats]
        return None if None in costs else sum(cost or 0.0 for cost in costs)
