"""Columns of numbers that grow at their end while others read what is there already."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", np.int8, np.int16, np.int32, np.int64)

_FIRST_ROOM = 1024


class Column(Generic[T]):
    """Numbers of one kind. What was read of them stays as it is while more are added."""

    def __init__(self, kind: type[T]) -> None:
        self._kept: NDArray[T] = np.empty(_FIRST_ROOM, dtype=kind)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, value: int) -> None:
        """Add a number."""
        if self._count == len(self._kept):
            self._kept = np.concatenate((self._kept, np.empty_like(self._kept)))
        self._kept[self._count] = value
        self._count += 1

    def read(self) -> NDArray[T]:
        """Return the numbers so far, not copied and not to be changed."""
        found = self._kept[: self._count]
        found.flags.writeable = False
        return found
