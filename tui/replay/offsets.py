"""Where each item of a long list begins, when heights are known for those that were looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Offsets:
    """Heights of items, guessed until they are settled, and the line on which each begins."""

    def __init__(self, guesses: ArrayLike) -> None:
        self.heights: NDArray[np.int64] = np.asarray(guesses, dtype=np.int64).copy()
        self.tops: NDArray[np.int64] = np.concatenate(([0], np.cumsum(self.heights)))

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def total(self) -> int:
        """Height of all items together."""
        return int(self.tops[-1])

    def at(self, line: int) -> int:
        """Return the item that covers a line, or the nearest one."""
        found = int(np.searchsorted(self.tops, line, side="right")) - 1
        return min(max(found, 0), max(len(self) - 1, 0))

    def top(self, item: int) -> int:
        """Return the line on which an item begins."""
        return int(self.tops[item])

    def settle(self, first: int, heights: Sequence[int]) -> None:
        """Put the true heights of some neighbouring items in place of guesses."""
        end = first + len(heights)
        if np.array_equal(self.heights[first:end], heights):
            return
        self.heights[first:end] = heights
        self.tops[first + 1 :] = self.tops[first] + np.cumsum(self.heights[first:])
