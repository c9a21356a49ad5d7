"""What a mind has read of a history, so that it need not read all of it again at every turn.

A mind stays a function of its view: whatever is kept here was read from `view.history`, and is read
anew wherever the history is not the one that was read, grown by appending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from delegates.contract import PublicMove, View
from games.session import Offer
from games.tally import Tally


@dataclass
class Bookmark:
    """How far a history was read."""

    history: Sequence[PublicMove]
    read: int = 0
    last: PublicMove | None = None
    """The last move that was read."""

    def fits(self, history: Sequence[PublicMove]) -> bool:
        """Return whether what was read is how a history begins."""
        read = self.read
        return (
            history is self.history
            and len(history) >= read
            and (read == 0 or history[read - 1] is self.last)
        )

    def news(self) -> Sequence[PublicMove]:
        """Return what was said since the last time, and move on."""
        if len(self.history) == self.read:
            return ()
        news = self.history[self.read :]
        self.read, self.last = len(self.history), news[-1]
        return news


@dataclass
class Counterparts:
    """What one party has heard of the others' offers."""

    party: str
    mark: Bookmark
    tallies: dict[str, Tally]
    """Each counterpart's offers, in the order of moves."""
    opened: dict[str, int] = field(default_factory=dict[str, int])
    """Each counterpart's first offer, if it has made any."""
    latest: dict[str, int] = field(default_factory=dict[str, int])
    has_moved: bool = False
    """Whether the party itself has made a move."""

    @classmethod
    def of(cls, view: View, before: Counterparts | None = None) -> Counterparts:
        """Return what the view's party has heard, read on from `before` where that fits."""
        heard = before
        if heard is None or heard.party != view.party or not heard.mark.fits(view.history):
            others = [other for other in view.public.parties if other != view.party]
            tallies = {other: Tally(view.public.space) for other in others}
            heard = cls(view.party, Bookmark(view.history), tallies)
        for seen in heard.mark.news():
            heard.hear(seen)
        return heard

    def hear(self, seen: PublicMove) -> None:
        """Take in the next move."""
        if seen.party == self.party:
            self.has_moved = True
        elif isinstance(seen.move, Offer):
            outcome = seen.move.outcome
            self.tallies[seen.party].count(outcome)
            self.opened.setdefault(seen.party, outcome)
            self.latest[seen.party] = outcome
