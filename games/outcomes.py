"""The outcome space: every full assignment of one option to each issue, numbered.

An outcome's index is its mixed-radix number: the last issue varies fastest, so a table of
utilities over all outcomes is a C-ordered array with one axis an issue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Option = str | int | float
"""One possible settlement of an issue, as the scenario writes it."""

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


def option_text(option: Option) -> str:
    """Return the text by which an option is named in files and prompts."""
    return option if isinstance(option, str) else repr(option)


@dataclass(frozen=True, eq=False)
class OutcomeSpace:
    """All outcomes of a scenario, with those that cannot happen marked."""

    issues: tuple[str, ...]
    options: tuple[tuple[Option, ...], ...]
    possible: BoolArray | None = None
    """Which indices can happen, shape (size,); None when all can."""
    counted: int | None = None
    """How many outcomes can happen in a space too large for a mask; None where it is not."""

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(len(options) for options in self.options)

    @cached_property
    def size(self) -> int:
        """Number of indices, impossible outcomes included."""
        return int(np.prod(self.shape, dtype=object))

    @cached_property
    def count(self) -> int:
        """Number of outcomes that can happen."""
        if self.counted is not None:
            return self.counted
        return self.size if self.possible is None else int(np.count_nonzero(self.possible))

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """What one step of each issue adds to the index."""
        strides: list[int] = []
        step = 1
        for width in reversed(self.shape):
            strides.append(step)
            step *= width
        return tuple(reversed(strides))

    @cached_property
    def levels(self) -> NDArray[np.int32]:
        """Option positions of every outcome, shape (issues, size)."""
        return np.indices(self.shape, dtype=np.int32).reshape(len(self.shape), self.size)

    @cached_property
    def _positions(self) -> tuple[dict[str, int], ...]:
        return tuple(
            {option_text(option): position for position, option in enumerate(options)}
            for options in self.options
        )

    def index_of_levels(self, levels: Sequence[int]) -> int:
        """Return the index of the outcome with these option positions."""
        return sum(level * stride for level, stride in zip(levels, self.strides, strict=True))

    def levels_of(self, index: int) -> tuple[int, ...]:
        """Return the option positions of an outcome."""
        return tuple(
            index // stride % width for stride, width in zip(self.strides, self.shape, strict=True)
        )

    def index(self, outcome: Mapping[str, Option]) -> int:
        """Return the index of an outcome given as issue → option; options may be given as text.

        Raises:
            ValueError: If an issue is missing or unknown, or an option does not exist.
        """
        unknown = [name for name in outcome if name not in self.issues]
        if unknown:
            raise ValueError(f"no issue {unknown[0]!r}; the issues are {', '.join(self.issues)}")
        return self.index_of_levels(
            [self._level(position, outcome) for position in range(len(self.issues))]
        )

    def _level(self, position: int, outcome: Mapping[str, Option]) -> int:
        issue = self.issues[position]
        if issue not in outcome:
            raise ValueError(f"the issue {issue!r} is not settled; every issue must be")
        level = self._positions[position].get(option_text(outcome[issue]))
        if level is None:
            known = ", ".join(self._positions[position])
            raise ValueError(f"{issue} has no option {outcome[issue]!r}; its options are {known}")
        return level

    def outcome(self, index: int) -> dict[str, Option]:
        """Return an outcome as issue → option."""
        return {
            issue: options[level]
            for issue, options, level in zip(
                self.issues, self.options, self.levels_of(index), strict=True
            )
        }

    def is_possible(self, index: int) -> bool:
        """Return whether an index is an outcome that can happen."""
        if not 0 <= index < self.size:
            return False
        return self.possible is None or bool(self.possible[index])

    def along(self, issue: str, values: Sequence[float]) -> FloatArray:
        """Return one value an option of `issue`, shaped to broadcast over the space."""
        axis = self.issues.index(issue)
        shape = [1] * len(self.issues)
        shape[axis] = self.shape[axis]
        return np.asarray(values, dtype=np.float64).reshape(shape)

    def across(self, first: str, second: str, values: FloatArray) -> FloatArray:
        """Return a (first × second) table of values, shaped to broadcast over the space."""
        axes = (self.issues.index(first), self.issues.index(second))
        table = values if axes[0] < axes[1] else values.T
        shape = [1] * len(self.issues)
        for axis in axes:
            shape[axis] = self.shape[axis]
        return np.ascontiguousarray(table).reshape(shape)


def red_line_crossed(
    space: OutcomeSpace, lines: Iterable[Mapping[str, str]], outcome: int
) -> Mapping[str, str] | None:
    """Return the first of some red lines, as issue → option, that an outcome crosses."""
    settled = space.outcome(outcome)
    for line in lines:
        if all(option_text(settled[issue]) == option for issue, option in line.items()):
            return line
    return None
