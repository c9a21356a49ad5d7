"""Tactics: pure functions from preferences and history to an aspiration and an offer.

Two families. The *blind* time-based tactics of the literature (Faratin, Sierra and Jennings 1998)
concede by the clock alone and offer whatever outcome is nearest above the aspiration. The
*trade-off* tactics ask the same of themselves but, among outcomes worth the same to them, offer
the one the counterparts' own offers suggest they like best (Faratin, Sierra and Jennings 2002).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.frequency_model import frequency_model
from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.tally import Tally, likings, slots_of
from games.utility import Preferences

BLIND_EXPONENTS = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}
"""How fast the blind tactics concede: the aspiration falls with t to this power."""

BLIND_TOLERANCE = 1e-4
"""Points below its aspiration to which a blind tactic reaches, as NegMAS's do."""

NEARER_BELOW = 1e-6
"""An outcome this little below counts if it is nearer than the one above."""

BAND = 0.03
"""Width of the trade-off band above the aspiration, as a share of the party's span: three points
on a scale from 0 to 100."""

MOST_SLOTTED = 100_000
"""Outcomes up to which it is kept where their options stand."""


@dataclass(frozen=True)
class Stance:
    """A way to concede: from everything to the closing demand, at a pace.

    a_t = r + (max − r) [φ + (1−φ) (1 − (t/(N−1))^e)]
    """

    exponent: float
    """e: above 1 it concedes late."""
    closing_demand: float
    """φ: the share of its possible gain that it still asks for in the last round."""


STANCES = {
    "hard": Stance(4.0, 0.55),
    "firm": Stance(4.0, 0.30),
    "balanced": Stance(1.0, 0.10),
    "soft": Stance(0.25, 0.0),
}
"""The stances of the stance game."""


def blind_aspirations(preferences: Preferences, rounds: int, exponent: float) -> FloatArray:
    """Return the aspiration of each round, shape (rounds,): lo + (hi − lo)(1 − t^e).

    t = (k+1)/(N+1) in round k of N; lo = max(r, least utility), hi = greatest utility; the
    tolerance is taken off.
    """
    low = max(preferences.reservation, preferences.lowest)
    high = preferences.highest
    time = np.arange(1, rounds + 1) / (rounds + 1)
    return low + (high - low) * (1 - time**exponent)


def blind_schedule(
    preferences: Preferences, rounds: int, exponent: float
) -> tuple[IndexArray, FloatArray]:
    """Return what a blind tactic offers and accepts in each round, whatever the others do.

    Returns:
        Offers, shape (rounds,), as outcome indices, and the least utility it accepts, shape
        (rounds,). A party that no outcome satisfies accepts nothing.
    """
    low = max(preferences.reservation, preferences.lowest)
    aspirations = blind_aspirations(preferences, rounds, exponent)
    thresholds = np.clip(aspirations - BLIND_TOLERANCE, low, max(low, preferences.highest))
    return nearest_above(preferences, thresholds), thresholds


def nearest_above(preferences: Preferences, aspirations: FloatArray) -> IndexArray:
    """Return the signable outcome whose utility is nearest above each aspiration.

    Ties go to the lowest index. Where nothing is above, the best outcome is returned.
    """
    order, values = preferences.ranking
    above = np.minimum(np.searchsorted(values, aspirations), len(values) - 1)
    below = np.maximum(above - 1, 0)
    gap_below = aspirations - values[below]
    nearer = (gap_below >= 0) & (gap_below <= NEARER_BELOW)
    nearer &= gap_below < values[above] - aspirations
    chosen = np.where(nearer, below, above)
    return order[np.searchsorted(values, values[chosen])]


def stance_aspirations(stance: Stance, low: float, high: float, rounds: int) -> FloatArray:
    """Return the aspiration of each round, shape (rounds,), between two utilities."""
    time = np.linspace(0.0, 1.0, rounds) if rounds > 1 else np.ones(1)
    demand = stance.closing_demand
    return low + (high - low) * (demand + (1 - demand) * (1 - time**stance.exponent))


def trade_off(
    preferences: Preferences,
    space: OutcomeSpace,
    aspiration: float,
    others: Sequence[Sequence[int]],
) -> int:
    """Return the offer at an aspiration that the counterparts' offers suggest they like best.

    Args:
        preferences: The offerer's.
        space: The outcome space.
        aspiration: The least utility to offer oneself, in points.
        others: Each counterpart's offers so far, as outcome indices, oldest first.

    Returns:
        Of the signable outcomes at most the band above the aspiration, the one most like what the
        others asked for; ties go to the higher own utility, then to the lowest index. Where the
        band is empty, the outcome nearest above; where nothing is above, the best.
    """
    return trade_off_by(
        preferences, space, aspiration, [Tally.of(space, offers) for offers in others]
    )


def trade_off_by(
    preferences: Preferences, space: OutcomeSpace, aspiration: float, others: Sequence[Tally]
) -> int:
    """Return the offer of `trade_off`, the counterparts' offers given as they were counted."""
    order, values = preferences.ranking
    tie = preferences.tie
    first = int(values.searchsorted(aspiration - tie))
    ceiling = aspiration + BAND * preferences.span + tie
    last = int(values.searchsorted(ceiling, side="right"))
    if first >= len(order):
        return int(order[np.searchsorted(values, values[-1])])
    if last <= first + 1:
        return int(order[first])
    liking = likings(others, _slots(preferences, space, first, last))
    # A difference in the last digits is no preference.
    best = (liking >= liking.max() - 1e-9).nonzero()[0] + first
    return int(order[best[values[best].argmax()]])


def _slots(preferences: Preferences, space: OutcomeSpace, first: int, last: int) -> IndexArray:
    """Return the slots of the outcomes from one place in the ranking to another."""
    if space.size > MOST_SLOTTED:
        return slots_of(space, preferences.ranking[0][first:last])
    whole = preferences.once("slots", lambda own: slots_of(space, own.ranking[0]))
    return whole[:, first:last]


def likeness(space: OutcomeSpace, outcomes: IndexArray, offers: Sequence[int]) -> FloatArray:
    """Return how much outcomes resemble what one counterpart's offers ask for, in [0, 1].

    The frequency model's estimate of the counterpart's utility (see `games.frequency_model`).

    Args:
        space: The outcome space.
        outcomes: Outcome indices, shape (k,).
        offers: The counterpart's offers, oldest first, at least one.
    """
    return frequency_model(space, offers).utility(outcomes)
