"""How an agreement's ambiguous words are read as the years go by: as signed, then as awarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.implementation.streams import Source, stream
from games.outcomes import FloatArray, IndexArray
from games.parts.ambiguity import OpenReading, ambiguities

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Readings:
    """The readings of an agreement that occur on some path, and when each of them holds."""

    outcomes: tuple[int, ...]
    """What the agreement amounts to under each reading; the first is as signed."""
    held: IndexArray
    """The reading that holds in each year, shape (years, paths); (years, 1) if it never changes."""
    disputed: dict[str, FloatArray]
    """By ambiguous issue, the year in which its words are disputed on each path; a year beyond
    those simulated if not within them."""


def readings_over(scenario: Scenario, outcome: int, years: int, paths: int, seed: int) -> Readings:
    """Return how an agreement is read on each path: a dispute comes at its hazard, then an award.

    An award holds from the year of the dispute on. Each issue has its own stream of the seed.
    """
    opened = ambiguities(scenario, outcome)
    if not opened:
        never = np.zeros((years, 1), dtype=np.intp)
        return Readings(outcomes=(outcome,), held=never, disputed={})
    codes = np.zeros((years, paths), dtype=np.intp)
    disputed: dict[str, FloatArray] = {}
    width = 1
    for one in opened:
        begun, award = _draw(one, paths, stream(seed, Source.DISPUTES, one.issue))
        is_ruled = np.arange(1, years + 1)[:, None] >= begun
        codes += width * np.where(is_ruled, 1 + award, 0)
        width *= 1 + len(one.awards)
        disputed[scenario.space.issues[one.issue]] = begun
    found, held = np.unique(np.append(codes, 0), return_inverse=True)
    return Readings(
        outcomes=tuple(_as_awarded(scenario, outcome, opened, int(code)) for code in found),
        held=held[:-1].reshape(years, paths),
        disputed=disputed,
    )


def _draw(one: OpenReading, paths: int, rng: np.random.Generator) -> tuple[FloatArray, IndexArray]:
    """Return the year of the dispute, infinite if there never is one, and the award's number."""
    if one.hazard > 0:
        begun = rng.geometric(one.hazard, paths).astype(np.float64)
    else:
        begun = np.full(paths, np.inf)
    chances = np.cumsum([chance for _, chance in one.awards])
    award: IndexArray = np.searchsorted(chances, rng.random(paths), side="right")
    return begun, np.minimum(award, len(one.awards) - 1)


def _as_awarded(
    scenario: Scenario, outcome: int, opened: tuple[OpenReading, ...], code: int
) -> int:
    """Return the outcome that a reading amounts to; its code has one digit an ambiguous issue."""
    levels = list(scenario.space.levels_of(outcome))
    for one in opened:
        code, digit = divmod(code, 1 + len(one.awards))
        if digit > 0:
            levels[one.issue] = one.awards[digit - 1][0]
    return scenario.space.index_of_levels(levels)
