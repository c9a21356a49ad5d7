"""Where each item of a long list begins, when heights are known for those that were looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

BLOCK = 512
"""Items whose heights are summed together: settling some costs the same in a list of any length."""


class Offsets:
    """Heights of items, guessed until they are settled, and the line on which each begins.

    An item may have no height: then it covers no line.
    """

    def __init__(self, guesses: ArrayLike) -> None:
        self.heights: NDArray[np.int32] = np.array(guesses, dtype=np.int32)
        self._tops = self._summed()

    def _summed(self) -> NDArray[np.int64]:
        """Return the line on which each block begins, and where the last one ends."""
        starts = np.arange(0, len(self.heights), BLOCK)
        sums = np.add.reduceat(self.heights, starts, dtype=np.int64) if len(starts) else starts
        return np.concatenate(([0], np.cumsum(sums, dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def total(self) -> int:
        """Height of all items together."""
        return int(self._tops[-1])

    def at(self, line: int) -> int:
        """Return the item that covers a line, or the nearest one."""
        if not self.total:
            return 0
        line = min(max(line, 0), self.total - 1)
        block = int(np.searchsorted(self._tops, line, side="right")) - 1
        within = np.cumsum(self.heights[block * BLOCK : (block + 1) * BLOCK])
        sought = line - int(self._tops[block])
        return block * BLOCK + int(np.searchsorted(within, sought, side="right"))

    def top(self, item: int) -> int:
        """Return the line on which an item begins."""
        block = item // BLOCK
        before = self.heights[block * BLOCK : item].sum(dtype=np.int64)
        return int(self._tops[min(block, len(self._tops) - 1)] + before)

    def settle(self, first: int, heights: Sequence[int]) -> None:
        """Put the true heights of some neighbouring items in place of guesses."""
        end = first + len(heights)
        if np.array_equal(self.heights[first:end], heights):
            return
        self.heights[first:end] = heights
        for block in range(first // BLOCK, (end - 1) // BLOCK + 1):
            own = int(self.heights[block * BLOCK : (block + 1) * BLOCK].sum(dtype=np.int64))
            self._tops[block + 1 :] += own - int(self._tops[block + 1] - self._tops[block])

    def extend(self, guesses: ArrayLike) -> None:
        """Add items at the end."""
        added = np.array(guesses, dtype=np.int32)
        self.heights = np.concatenate((self.heights, added))
        self._tops = self._summed()
