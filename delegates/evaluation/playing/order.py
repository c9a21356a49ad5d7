"""Which session of models begins next: the plan's order, and towards the end the longest first.

A batch ends with its last session. If a long one begins when all others end, it goes on alone while
servers wait; to begin the longest first is within 4/3 of the shortest time (Graham 1969, *SIAM J.
Appl. Math.* 17). It is done for the last sessions only: a batch that is broken
off before has played its repetitions one after the other, as planned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Generic, TypeVar

Session = TypeVar("Session")

LAST = 2
"""How many times as many sessions as go on are the last."""


class Upcoming(Generic[Session]):
    """The sessions that have not begun."""

    def __init__(
        self, sessions: Iterable[Session], length: Callable[[Session], float], most: int
    ) -> None:
        """Look no further ahead than is needed.

        Args:
            sessions: In the plan's order.
            length: How long one is expected to take, in any unit.
            most: Sessions that go on at a time, at most.
        """
        self._further = iter(sessions)
        self._length = length
        self._most = most
        self._next: deque[Session] = deque()
        self._are_last = False
        self._look_ahead()

    def __bool__(self) -> bool:
        """Whether any is left."""
        return bool(self._next)

    def take(self, going_on: int) -> Session:
        """Return the next session.

        Args:
            going_on: How many sessions have begun and not ended.

        Raises:
            IndexError: If none is left.
        """
        taken = self._take(going_on)
        self._look_ahead()
        return taken

    def _take(self, going_on: int) -> Session:
        ahead = LAST * max(1, going_on)
        if not self._are_last and len(self._next) <= ahead:
            # Sorting is stable: sessions of one length keep the plan's order.
            self._next = deque(sorted(self._next, key=self._length, reverse=True))
            self._are_last = True
        return self._next.popleft()

    def _look_ahead(self) -> None:
        if not self._are_last:
            self._next.extend(islice(self._further, LAST * self._most + 1 - len(self._next)))
