"""What is worked out of a seat's game, kept for as long as the game stays the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from delegates.contract import View

T = TypeVar("T")

MOST_SEATS = 128
"""Seats of scenarios for which something is kept."""


class Lasting(Generic[T]):
    """Works out of a view what the turn does not matter to, once for a seat of a scenario.

    All sessions of a scenario share it. It is worked out anew at every turn of a hall, of a seat
    with a mandate, and of one that has heard news: there the game itself may change.
    """

    def __init__(self, compute: Callable[[View], T], most: int = MOST_SEATS) -> None:
        """Keep nothing yet.

        Args:
            compute: Works it out from what a view says of the game: what everyone knows, the
                seat's own brief, preferences, quarrel and readings.
            most: For how many seats it is kept.
        """
        self._compute = compute
        self._most = most
        self._kept: dict[tuple[int, ...], tuple[tuple[object, ...], T]] = {}

    def __call__(self, view: View) -> T:
        """Return it."""
        if view.hall is not None or view.mandate is not None or view.news:
            return self._compute(view)
        # By identity, for these are made once a scenario; they are held, so that no other object
        # can take the place of one of them in memory.
        game = (view.public, view.private, view.own, view.dispute, view.readings)
        key = tuple(map(id, game))
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            found = self._kept[key] = (game, self._compute(view))
        return found[1]
