"""How often intervals hold the truth: samples of scenarios from populations that are known.

`python -m tests.delegates.evaluation.judging.coverage` prints the tables of
docs/theory/statistics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from delegates.evaluation.judging.statistics import (
    SHARE,
    estimate,
    standard_error,
    t_interval,
)
from delegates.scripted import play_scripted
from delegates.seating import scripted_mind
from delegates.seats import parse_seat
from games.bargaining.solutions import bargain
from games.session import utilities
from games.utility import TIE
from tests.delegates.evaluation.judging.wild_bootstrap import wild_bootstrap_p
from tests.support.domains import random_scenario

Array = np.ndarray
Draw = Callable[[np.random.Generator, tuple[int, int]], Array]
"""Draws means of scenarios: shape (replications, scenarios)."""

SIZES = (5, 6, 10, 20)
"""Scenarios a sample."""

STRATEGIES = ("boulware", "linear", "conceder", "tit-for-tat", "micro")
PLAYED = 500
"""Random scenarios of two parties that strategies play, self-play included, both seats."""


@dataclass(frozen=True)
class Population:
    """Scenarios whose true mean is known."""

    name: str
    mean: float
    draw: Draw
    is_share: bool = True
    """Whether the quantity lies in 0 to 1 by what it is."""


def sessions_of(
    rng: np.random.Generator, rates: Array, gains: Array, counts: Array, spread: float = 8.0
) -> Array:
    """Return means over sessions: each agrees at its scenario's rate and gains a drawn share."""
    agreed = rng.binomial(counts, rates)
    total = np.zeros(rates.shape)
    for number in range(int(counts.max())):
        gained = rng.beta(spread * gains + 1e-9, spread * (1 - gains) + 1e-9)
        total += np.where(number < agreed, gained, 0)
    return total / counts


def mixture(never: float, rate: tuple[float, float], sessions: int) -> Draw:
    """Return scenarios of which some never agree, and others at a rate of their own."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> Array:
        rates = rng.beta(*rate, size) * (rng.random(size) >= never)
        return sessions_of(rng, rates, rng.beta(4, 4, size), np.full(size, sessions))

    return draw


def all_or_nothing(share: float) -> Draw:
    """Return scenarios that agree or do not, whoever plays how often, as rules without lots do."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> Array:
        return (rng.random(size) < share) * rng.beta(4, 4, size)

    return draw


def rates(first: float, second: float, sessions: int = 10) -> Draw:
    """Return shares of sessions with an agreement."""

    def draw(rng: np.random.Generator, size: tuple[int, int]) -> Array:
        return rng.binomial(sessions, rng.beta(first, second, size)) / sessions

    return draw


def unequal(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """Return advantages from 2 to 40 sessions a scenario, of very unequal noise."""
    counts = rng.choice(np.array([2, 5, 10, 40]), size)
    spread = rng.choice(np.array([2.0, 8.0, 60.0]), size)
    gains = rng.beta(3, 3, size)
    total = np.zeros(size)
    for number in range(40):
        total += np.where(number < counts, rng.beta(spread * gains, spread * (1 - gains)), 0)
    return total / counts


def unequal_differences(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """Return paired differences from 2 to 100 pairs a scenario, of very unequal noise."""
    noise = rng.choice(np.array([0.05, 0.2, 0.4]), size)
    pairs = rng.choice(np.array([2, 5, 20, 100]), size)
    return rng.normal(0.05, 0.1, size) + rng.normal(0, noise / np.sqrt(pairs))


def disasters(rng: np.random.Generator, size: tuple[int, int]) -> Array:
    """Return differences that are small but for one scenario in twenty."""
    return rng.normal(0.05, 0.05, size) - 0.6 * (rng.random(size) < 0.05)


REQUIRED = (
    Population("normal", 0.4, lambda rng, size: rng.normal(0.4, 0.2, size), is_share=False),
    Population("advantage, Beta(2, 5)", 2 / 7, lambda rng, size: rng.beta(2, 5, size)),
    Population("advantage, Beta(.8, 2.4)", 0.25, lambda rng, size: rng.beta(0.8, 2.4, size)),
    Population("advantage, Beta(6, 1.5)", 0.8, lambda rng, size: rng.beta(6, 1.5, size)),
    Population("advantage, 40 % of sessions without agreement", 0.3, mixture(0, (1.2, 0.8), 10)),
    Population("the same, 30 % of scenarios never agree", 0.2625, mixture(0.3, (3, 1), 10)),
    Population("each scenario agrees or does not, 60 %", 0.3, all_or_nothing(0.6)),
    Population("agreement rate, mean .5", 0.5, rates(2, 2)),
    Population("agreement rate, mean .8", 0.8, rates(4, 1)),
    Population("unequal noise and sessions", 0.5, unequal),
    Population(
        "differences, normal", 0.05, lambda rng, size: rng.normal(0.05, 0.12, size), is_share=False
    ),
    Population("differences, unequal noise and pairs", 0.05, unequal_differences, is_share=False),
)
"""Where 95 % intervals are to cover 92 to 97 %."""

HARSH = (
    Population("each scenario agrees or does not, 50 %", 0.25, all_or_nothing(0.5)),
    Population("each scenario agrees or does not, 30 %", 0.15, all_or_nothing(0.3)),
    Population("agreement rate, mean .95", 0.95, rates(9.5, 0.5)),
    Population(
        "differences, skewed (gamma)",
        0.07,
        lambda rng, size: rng.gamma(1.5, 0.08, size) - 0.05,
        is_share=False,
    ),
    Population("differences, a disaster in one of 20 scenarios", 0.02, disasters, is_share=False),
)
"""Where it lies outside that: what matters happens in scenarios that few samples have."""


@cache
def played() -> tuple[Array, Array]:
    """Return advantage and agreement rate by scenario and strategy, of sessions that are played.

    Random scenarios in which both can gain; each strategy meets each, itself included, in both
    seats.
    """
    minds = [scripted_mind(parse_seat(name)) for name in STRATEGIES]
    gained: list[Array] = []
    agreed: list[Array] = []
    for seed in range(PLAYED):
        scenario = random_scenario(seed, outcomes=(10, 300), rounds=(10, 40))
        rooms = [
            best - own.reservation
            for best, own in zip(bargain(scenario).best, scenario.preferences, strict=True)
        ]
        if not len(bargain(scenario).zopa) or min(rooms) <= TIE:
            continue
        cells = np.zeros((len(minds), len(minds), 3))
        for i, first in enumerate(minds):
            for j, second in enumerate(minds):
                state = play_scripted(scenario, [first, second], 0).state
                ends = zip(utilities(state).values(), scenario.preferences, rooms, strict=True)
                cells[i, j, :2] = [(u - own.reservation) / room for u, own, room in ends]
                cells[i, j, 2] = state.agreement is not None
        gained.append((cells[:, :, 0].mean(axis=1) + cells[:, :, 1].mean(axis=0)) / 2)
        agreed.append((cells[:, :, 2].mean(axis=1) + cells[:, :, 2].mean(axis=0)) / 2)
    return np.array(gained), np.array(agreed)


def resampled(name: str, values: Array, *, is_share: bool) -> Population:
    """Return the population that consists of these scenarios."""
    return Population(
        name, float(values.mean()), lambda rng, size: rng.choice(values, size), is_share
    )


def advantages() -> tuple[Population, ...]:
    """Return the advantage of each strategy on the scenarios that were played."""
    gained, _ = played()
    return tuple(
        resampled(f"played: advantage of {name}", gained[:, k], is_share=True)
        for k, name in enumerate(STRATEGIES)
    )


def agreements() -> tuple[Population, ...]:
    """Return the agreement rate of each strategy on the scenarios that were played."""
    _, agreed = played()
    return tuple(
        resampled(f"played: agreement rate of {name}", agreed[:, k], is_share=True)
        for k, name in enumerate(STRATEGIES)
    )


def gaps() -> tuple[Population, ...]:
    """Return the differences of all pairs of strategies on the scenarios that were played."""
    gained, _ = played()
    return tuple(
        resampled(
            f"played: {one} less {STRATEGIES[j]}", gained[:, i] - gained[:, j], is_share=False
        )
        for i, one in enumerate(STRATEGIES)
        for j in range(i + 1, len(STRATEGIES))
    )


def samples(population: Population, scenarios: int, replications: int) -> Array:
    """Return samples of scenarios; the same for the same arguments."""
    rng = np.random.default_rng([scenarios, *population.name.encode()])
    return population.draw(rng, (replications, scenarios))


def coverage(population: Population, scenarios: int, replications: int) -> float:
    """Return how often the interval of an `Estimate` holds the population's mean.

    A sample whose scenarios are all alike and that has no interval for it does not hold it.
    """
    within = SHARE if population.is_share else None
    held = 0
    for means in samples(population, scenarios, replications):
        found = estimate(means, sessions=1, within=within)
        if found.low is not None and found.high is not None:
            held += found.low - 1e-9 <= population.mean <= found.high + 1e-9
    return held / replications


def coverage_of_t(population: Population, scenarios: int, replications: int) -> float:
    """Return the same of Student's t."""
    limits = [t_interval(means) for means in samples(population, scenarios, replications)]
    return float(np.mean([low - 1e-9 <= population.mean <= high + 1e-9 for low, high in limits]))


def coverage_of_wild(
    population: Population, scenarios: int, replications: int, draws: int = 999
) -> float:
    """Return the same of the wild cluster bootstrap-t: how often it does not reject the truth."""
    held = 0
    for means in samples(population, scenarios, replications):
        p = wild_bootstrap_p(means, population.mean, draws=draws)
        held += p is not None and p >= 0.05
    return held / replications


def coverage_of_hall(population: Population, scenarios: int, replications: int) -> float:
    """Return the same of t corrected for skewness, which is not used."""
    limits = [hall(means) for means in samples(population, scenarios, replications)]
    return float(np.mean([low <= population.mean <= high for low, high in limits]))


def hall(means: Array) -> tuple[float, float]:
    """Return the interval of t on a scale without skewness (Hall 1992, JRSS B 54).

    With T = √G(x̄ − μ)/s and γ the sample's skewness that is T + γT²/3√G + γ²T³/27G + γ/6√G, which
    is solved for μ in closed form.
    """
    low, high = t_interval(means)
    mean, error, root = float(means.mean()), standard_error(means), len(means) ** 0.5
    skewness = float(((means - mean) ** 3).mean() / means.std() ** 3)
    if abs(skewness) < 1e-9:
        return low, high
    quantile = (high - mean) / error
    ends = [
        3 * root / skewness * (np.cbrt(1 + skewness / root * (at - skewness / (6 * root))) - 1)
        for at in (quantile, -quantile)
    ]
    return mean - error * float(ends[0]), mean - error * float(ends[1])


def wider(population: Population, scenarios: int, replications: int) -> float:
    """Return how many times as wide as t's Hall's interval is, in the mean."""
    drawn = samples(population, scenarios, replications)
    return float(np.mean([np.ptp(hall(one)) / np.ptp(t_interval(one)) for one in drawn]))


def coverage_of_percentiles(
    population: Population, scenarios: int, replications: int, draws: int = 999
) -> float:
    """Return the same of the percentile bootstrap over scenarios, which is not used."""
    limits = [percentiles(means, draws) for means in samples(population, scenarios, replications)]
    return float(np.mean([low - 1e-9 <= population.mean <= high + 1e-9 for low, high in limits]))


def percentiles(means: Array, draws: int) -> tuple[float, float]:
    """Return the percentile bootstrap's interval of a mean."""
    low, high = np.quantile(_times(len(means), draws) @ means, [0.025, 0.975])
    return float(low), float(high)


@cache
def _times(scenarios: int, draws: int) -> Array:
    """Return how often each scenario is drawn, as a share, for every draw."""
    rng = np.random.default_rng(scenarios)
    drawn = rng.integers(0, scenarios, (draws, scenarios))
    return np.stack([np.bincount(row, minlength=scenarios) for row in drawn]) / scenarios


def table(populations: Sequence[Population], replications: int) -> list[str]:
    """Return the rows of a markdown table: a population each, ours and the others' in thousandths
    by number of scenarios."""
    return [
        f"| {one.name} | "
        + " | ".join(
            f"{measure(one, size, replications):.3f}".lstrip("0")
            for measure in (coverage, coverage_of_t, coverage_of_wild, coverage_of_percentiles)
            for size in SIZES
        )
        + " |"
        for one in populations
    ]


def main() -> None:
    """Print all that was measured."""
    for group in (REQUIRED, HARSH, advantages(), agreements(), gaps()):
        for line in table(group, 10_000):
            print(line, flush=True)
        print()
    print("Hall's correction for skewness, 5, 6, 10 and 20 scenarios:")
    for one in (*REQUIRED, *HARSH, *gaps()):
        if not one.is_share:
            covered = " ".join(f"{coverage_of_hall(one, size, 10_000):.3f}" for size in SIZES)
            widths = " ".join(f"{wider(one, size, 1_000):.2f}" for size in SIZES)
            print(f"{one.name}: {covered}; as wide as t times {widths}", flush=True)


if __name__ == "__main__":
    main()
