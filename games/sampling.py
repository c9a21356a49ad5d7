"""A uniform sample of the outcomes of a space that is too large for tables.

A sampled scenario is the scenario with an outcome space of its drawn outcomes alone: whatever works
on tables of utilities works on it, and what it finds holds among the drawn outcomes. It cannot be
played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from games.errors import UserError
from games.outcomes import FloatArray, OutcomeSpace
from games.utility import MAX_TABLE_BYTES, exclusions, feasible_mask

if TYPE_CHECKING:
    from games.scenario import Scenario

_BATCHES = 200
"""How often outcomes are drawn until there are enough that can happen and differ."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SampledSpace(OutcomeSpace):
    """Some outcomes of a larger space, numbered by rising index in it."""

    drawn: NDArray[np.int64]
    """Option positions of the drawn outcomes, shape (issues, drawn)."""
    population: int
    """How many outcomes can happen in the larger space."""
    seed: int

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """One axis over the drawn outcomes."""
        return (int(self.drawn.shape[1]),)

    def levels_of(self, index: int) -> tuple[int, ...]:
        """Return the option positions of a drawn outcome."""
        return tuple(self.drawn[:, index].tolist())

    def index_of_levels(self, levels: Sequence[int]) -> int:
        """Return which drawn outcome has these option positions.

        Raises:
            ValueError: If it was not drawn.
        """
        found = np.flatnonzero((self.drawn == np.array(levels)[:, None]).all(axis=0))
        if len(found) == 0:
            raise ValueError("the outcome is not among those drawn")
        return int(found[0])

    def along(self, issue: str, values: Sequence[float]) -> FloatArray:
        """Return the value of each drawn outcome's option of an issue."""
        return np.asarray(values, dtype=np.float64)[self.drawn[self.issues.index(issue)]]

    def across(self, first: str, second: str, values: FloatArray) -> FloatArray:
        """Return the value of each drawn outcome's pair of options of two issues."""
        rows, columns = (self.drawn[self.issues.index(issue)] for issue in (first, second))
        return values[rows, columns]


def sampled(scenario: Scenario, size: int, seed: int = 0) -> Scenario:
    """Return the scenario with a uniform sample of its outcomes as its outcome space.

    Args:
        scenario: Whose outcomes.
        size: How many different outcomes; fewer where hardly any combination can happen.
        seed: Draws them.

    Raises:
        UserError: If the size is not above 0, its tables would be too large, or nothing is found.
    """
    most = MAX_TABLE_BYTES // (8 * len(scenario.ids))
    if not 0 < size <= most:
        raise UserError(f"sample: expected 1 to {most:,} outcomes, found {size}")
    space = scenario.space
    drawn = _drawn(scenario, size, np.random.default_rng(seed % 2**64))
    if drawn.shape[1] == 0:
        raise UserError(f"{scenario.id}: sample: no combination that was drawn can happen")
    copy = scenario.model_copy()
    computed: dict[str, object] = vars(copy)
    computed["space"] = SampledSpace(
        issues=space.issues,
        options=space.options,
        drawn=drawn,
        population=space.count,
        seed=seed,
    )
    return copy


def _drawn(scenario: Scenario, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the option positions of different outcomes that can happen, by rising index."""
    space = scenario.space
    excluded = exclusions(scenario)
    strides = np.array(space.strides, dtype=np.int64)
    widths = np.array(space.shape, dtype=np.int64)
    wanted = min(size, space.count)
    found = np.array([], dtype=np.int64)
    for _ in range(_BATCHES):
        levels = rng.integers(0, widths[:, None], size=(len(widths), max(wanted, 100)))
        everything = SampledSpace(
            issues=space.issues, options=space.options, drawn=levels, population=0, seed=0
        )
        possible = feasible_mask(everything, excluded)
        indices = strides @ (levels if possible is None else levels[:, possible])
        found = np.concatenate([found, indices])
        _, first = np.unique(found, return_index=True)
        found = found[np.sort(first)]
        if len(found) >= wanted:
            break
    chosen = np.sort(found[:wanted])
    return chosen // strides[:, None] % widths[:, None]
