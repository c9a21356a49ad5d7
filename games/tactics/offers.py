"""What a party offers at an aspiration: the outcome nearest above it, or the one others like best.

The *blind* tactics offer whatever outcome is nearest above the aspiration. The *trade-off* tactics
ask the same of themselves but, among outcomes worth the same to them, offer the one the
counterparts' own offers suggest they like best (Faratin, Sierra and Jennings 2002). *Logrolling*
goes issue by issue (Pruitt 1981); what serves everybody is looked for among all outcomes above the
aspiration.
"""

from collections.abc import Sequence

import numpy as np

from games.outcomes import FloatArray, IndexArray, OutcomeSpace
from games.tactics.aspirations import blind_aspirations
from games.tactics.frequency_model import frequency_model
from games.tactics.tally import Tally, likings, slots_of
from games.utility import Preferences

BLIND_TOLERANCE = 1e-4
"""Points below its aspiration to which a blind tactic reaches, as NegMAS's do."""

NEARER_BELOW = 1e-6
"""An outcome this little below counts if it is nearer than the one above."""

BAND = 0.03
"""Width of the trade-off band above the aspiration, as a share of the party's span: three points
on a scale from 0 to 100."""

MOST_SLOTTED = 100_000
"""Outcomes up to which it is kept where their options stand."""


def blind_schedule(
    preferences: Preferences, rounds: int, exponent: float
) -> tuple[IndexArray, FloatArray]:
    """Return what a blind tactic offers and accepts in each round, whatever the others do.

    Returns:
        Offers, shape (rounds,), as outcome indices, and the least utility it accepts, shape
        (rounds,). A party that no outcome satisfies accepts nothing.
    """
    return scheduled(preferences, blind_aspirations(preferences, rounds, exponent))


def scheduled(preferences: Preferences, aspirations: FloatArray) -> tuple[IndexArray, FloatArray]:
    """Return the offers nearest above some aspirations, and what is accepted at them.

    Returns:
        As `blind_schedule`; the tolerance is taken off the aspirations.
    """
    low = max(preferences.reservation, preferences.lowest)
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


def outcome_above(preferences: Preferences, aspiration: float) -> int:
    """Return the signable outcome worth least of those that reach an aspiration.

    Ties go to the lowest index. Where nothing reaches it, the best outcome.
    """
    order, values = preferences.ranking
    first = int(values.searchsorted(aspiration - preferences.tie))
    if first >= len(order):
        return best_outcome(preferences)
    return int(order[values.searchsorted(values[first])])


def best_outcome(preferences: Preferences) -> int:
    """Return the signable outcome worth most, of several the lowest index."""
    order, values = preferences.ranking
    return int(order[values.searchsorted(values[-1])])


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
        return best_outcome(preferences)
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

    The frequency model's estimate of the counterpart's utility (see
    `games.tactics.frequency_model`).

    Args:
        space: The outcome space.
        outcomes: Outcome indices, shape (k,).
        offers: The counterpart's offers, oldest first, at least one.
    """
    return frequency_model(space, offers).utility(outcomes)


def best_above(preferences: Preferences, scores: FloatArray, aspiration: float) -> int:
    """Return the outcome with the greatest score of those that reach an aspiration.

    Args:
        preferences: The offerer's; only what it may sign is looked at.
        scores: Of every outcome, shape (size,), none below 0.
        aspiration: The least utility to offer oneself, in points.

    Returns:
        Ties go to the higher own utility, then to the lowest index. Where nothing reaches the
        aspiration, the best outcome.
    """
    order, values = preferences.ranking
    first = int(values.searchsorted(min(aspiration - preferences.tie, preferences.highest)))
    found = scores[order[first:]]
    top = found.max()
    # A difference in the last digits is no preference.
    best = (found >= (1 - 1e-9) * top).nonzero()[0] + first
    return int(order[best[values[best].argmax()]])


def nash_products(preferences: Preferences, theirs: FloatArray) -> FloatArray:
    """Return the product of the own gain and the others' gains of every outcome, shape (size,).

    What is worth less than the reservation value gains nothing.
    """
    return preferences.once("gains", _gains) * theirs


def _gains(own: Preferences) -> FloatArray:
    return np.maximum(own.utilities - own.reservation, 0.0)


def nash_estimate(preferences: Preferences, theirs: FloatArray | None) -> int:
    """Return the rational outcome that maximises the Nash product, as far as it can be known.

    Args:
        preferences: The own ones.
        theirs: The product of the counterparts' estimated gains of every outcome (see
            `games.tactics.tally.joint_gain`); None before any offer, where the best outcome is the
            answer.
    """
    if theirs is None:
        return best_outcome(preferences)
    return best_above(preferences, nash_products(preferences, theirs), preferences.reservation)


def logroll(
    preferences: Preferences, space: OutcomeSpace, aspiration: float, others: Sequence[Tally]
) -> int:
    """Return the offer that gives on the issues that the others weigh most and itself least.

    From its best outcome it changes one option at a time: of all changes that keep its utility at
    the aspiration, the one that gives the others most, by estimate, for each point it costs; one
    that costs nothing before any other. It stops where no change gives them anything.

    Args:
        preferences: The offerer's.
        space: The outcome space.
        aspiration: The least utility to offer oneself, in points.
        others: What each counterpart has offered; their estimates are added.
    """
    outcome = best_outcome(preferences)
    heard = [tally.worth() for tally in others if not tally.is_empty]
    if not heard:
        return outcome
    wanted = np.add.reduce(heard)
    ways = preferences.once("changes", lambda _: _Changes(space))
    while (change := ways.best(preferences, outcome, aspiration, wanted)) is not None:
        outcome = change
    return outcome


class _Changes:
    """All changes of one option: for each option of each issue, where it leads."""

    def __init__(self, space: OutcomeSpace) -> None:
        widths = space.shape
        self._space = space
        self._issues = np.repeat(np.arange(len(widths)), widths)
        self._levels = np.array([level for width in widths for level in range(width)])
        self._strides = np.repeat(np.array(space.strides), widths)
        self._starts = np.cumsum([0, *widths[:-1]])

    def best(
        self, own: Preferences, outcome: int, aspiration: float, wanted: FloatArray
    ) -> int | None:
        """Return what the best change of an outcome leads to; None if no change is any good."""
        levels = np.array(self._space.levels_of(outcome))
        led = outcome + (self._levels - levels[self._issues]) * self._strides
        gains = wanted - wanted[self._starts + levels][self._issues]
        utilities = own.utilities[led]
        good = (gains > 1e-9) & (utilities >= aspiration - own.tie)
        if own.signable is not None:
            good &= own.signable[led]
        if not good.any():
            return None
        costs = own.utilities[outcome] - utilities
        free = good & (costs <= own.tie)
        if free.any():
            return int(led[np.where(free, gains, -1.0).argmax()])
        rates = np.where(good, gains / np.where(good, costs, 1.0), -1.0)
        return int(led[rates.argmax()])
