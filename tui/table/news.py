"""What has happened between moves, as it is told to the person whose seat heard of it."""

from __future__ import annotations

from collections.abc import Sequence

from delegates.contract import News
from delegates.text import one_line

_LONGEST = 300


class FreshNews:
    """What is new to a person: told from when it is heard until they have moved.

    What had happened before they came is told by their papers alone.
    """

    def __init__(self) -> None:
        self.notes: tuple[str, ...] = ()
        """A line each."""
        self._known: int | None = None

    def hear(self, news: Sequence[News]) -> None:
        """Take in all that the seat has heard by now, oldest first."""
        known = len(news) if self._known is None else self._known
        self._known = max(known, len(news))
        fresh = (f"News (n): {one_line(one.words, _LONGEST)}" for one in news[known:])
        self.notes = (*self.notes, *fresh)

    def forget(self) -> None:
        """Tell of nothing that was told so far: the person has moved."""
        self.notes = ()
