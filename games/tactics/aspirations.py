"""What a party asks of itself in each round: its aspiration, a utility that falls over time.

The *blind* time-based tactics of the literature (Faratin, Sierra and Jennings 1998) concede by the
clock alone. A *stance* falls to a closing demand; others answer their counterparts' concessions,
hold out behind a wall, or close as risk aversion would have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.outcomes import FloatArray
from games.utility import Preferences

BLIND_EXPONENTS = {"boulware": 4.0, "linear": 1.0, "conceder": 0.25}
"""How fast the blind tactics concede: the aspiration falls with t to this power."""


ANSWERS = ("mean", "least", "most")
"""Which of several counterparts' concessions is answered."""


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

    t = (k+1)/(N+1) in round k of N; lo = max(r, least utility), hi = greatest utility.
    """
    low = max(preferences.reservation, preferences.lowest)
    high = preferences.highest
    time = np.arange(1, rounds + 1) / (rounds + 1)
    return low + (high - low) * (1 - time**exponent)


def stance_aspirations(stance: Stance, low: float, high: float, rounds: int) -> FloatArray:
    """Return the aspiration of each round, shape (rounds,), between two utilities."""
    time = np.linspace(0.0, 1.0, rounds) if rounds > 1 else np.ones(1)
    demand = stance.closing_demand
    return low + (high - low) * (demand + (1 - demand) * (1 - time**stance.exponent))


def answered(concessions: Sequence[float], rule: str) -> float:
    """Return the concession to answer, of those of several counterparts; none is 0.

    Args:
        concessions: Any number of them, in any unit.
        rule: One of `ANSWERS`.
    """
    if not concessions:
        return 0.0
    if rule == "mean":
        return sum(concessions) / len(concessions)
    return min(concessions) if rule == "least" else max(concessions)


def walled_aspirations(
    preferences: Preferences, rounds: int, until: float, gives: float
) -> FloatArray:
    """Return the aspiration of each round, shape (rounds,), of a party that stonewalls.

    hi until a share of the time has passed, then down in even steps to hi − gives · (hi − lo) in
    the last round; t = k/(N−1) in round k of N, 1 where there is one round only.
    """
    low, high = max(preferences.reservation, preferences.lowest), preferences.highest
    time = np.linspace(0.0, 1.0, rounds) if rounds > 1 else np.ones(1)
    late = np.clip((time - until) / (1 - until), 0.0, 1.0)
    return high - gives * (high - low) * late


def closing_shares(survivals: Sequence[float], discount: float, aversion: float) -> FloatArray:
    """Return the least share of its possible gain at which a risk-averse party closes, by round.

    Nothing in the last round; before it, the sure share c that is worth as much as waiting for a
    next offer x and then deciding in the same way: v(c_k) = s_k v(δ) E[max(v(x), v(c_k+1))], with x
    as likely to be any share from 0 to 1 and v(x) = x^α, α = 1 − aversion. The expectation is
    (1 + α c^(α+1)) / (α+1). With α = s = δ = 1 this is Moser's c_k = (1 + c_k+1²) / 2, by which
    Baarslag and Hindriks (2013) accept optimally where offers are uncertain; that v is concave, so
    that a sure deal is worth more than an even chance of twice as much, is Pratt (1964).

    Args:
        survivals: The chance that the talks go on after each round but the last.
        discount: What a gain is worth one round later.
        aversion: Relative risk aversion, from 0 (none) to below 1.

    Returns:
        Shape (rounds,), one more than there are survivals.
    """
    power = 1 - aversion
    shares = [0.0]
    for survival in reversed(survivals):
        hoped = (1 + power * shares[-1] ** (power + 1)) / (power + 1)
        shares.append((survival * hoped) ** (1 / power) * discount)
    return np.array(shares[::-1])


def stance_schedule(preferences: Preferences, stance: Stance, rounds: int) -> list[float]:
    """Return a party's aspiration of each round at a stance, computed once."""
    return preferences.once(
        f"stance/{stance.exponent}/{stance.closing_demand}/{rounds}",
        lambda own: stance_aspirations(stance, own.reservation, own.highest, rounds).tolist(),
    )
