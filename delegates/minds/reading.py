"""What a mind has read of a history, so that it need not read all of it again at every turn.

A mind stays a function of its view: whatever is kept here was read from `view.history`, and is read
anew wherever the history is not the one that was read, grown by appending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from delegates.contract import PublicMove, View
from games.session import Accept, Offer
from games.tactics.offers import trade_off_by
from games.tactics.tally import Tally
from games.utility import Preferences


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
    """What one party has heard of the others' offers, and where it stands with each."""

    party: str
    own: Preferences
    mark: Bookmark
    tallies: dict[str, Tally]
    """Each counterpart's offers, in the order of moves."""
    positions: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """What each counterpart has stood for, from its first offer on: the outcomes it offered, and
    those it accepted, since who accepts an outcome says as much as who offers it."""
    best: dict[str, float] = field(default_factory=dict[str, float])
    """The most that a position of each counterpart was worth to the party."""
    best_offer: int | None = None
    """The outcome worth most to the party of those that others offered and it may sign."""
    has_moved: bool = False
    """Whether the party itself has made a move."""
    on_table: int | None = None
    """What was offered last: whoever accepts accepts that."""

    @classmethod
    def of(cls, view: View, before: Counterparts | None = None) -> Counterparts:
        """Return what the view's party has heard, read on from `before` where that fits."""
        heard = before
        if heard is None or heard.own is not view.own or not heard.mark.fits(view.history):
            others = [other for other in view.public.parties if other != view.party]
            tallies = {other: Tally(view.public.space) for other in others}
            heard = cls(view.party, view.own, Bookmark(view.history), tallies)
        for seen in heard.mark.news():
            heard.hear(seen)
        return heard

    def hear(self, seen: PublicMove) -> None:
        """Take in the next move."""
        move, other = seen.move, seen.party
        self.has_moved |= other == self.party
        if isinstance(move, Offer):
            self.on_table = move.outcome
            if other != self.party:
                self._offered(other, move.outcome)
        elif isinstance(move, Accept) and other in self.positions and self.on_table is not None:
            self._stands(other, self.on_table)

    def _offered(self, other: str, outcome: int) -> None:
        own, best = self.own, self.best_offer
        self.tallies[other].count(outcome)
        self.positions.setdefault(other, [])
        self._stands(other, outcome)
        if own.may_sign(outcome) and (best is None or own.utility(outcome) > own.utility(best)):
            self.best_offer = outcome

    def _stands(self, other: str, outcome: int) -> None:
        self.positions[other].append(outcome)
        worth = self.own.utility(outcome)
        self.best[other] = max(worth, self.best.get(other, worth))


@dataclass
class Attentive:
    """A mind that goes by what its counterparts have stood for so far."""

    heard: Counterparts | None = field(default=None, compare=False, repr=False, kw_only=True)
    """What was read last; read anew from the view wherever it does not fit."""

    def counterparts(self, view: View) -> Counterparts:
        """Return what its seat has heard of its counterparts by now."""
        self.heard = Counterparts.of(view, self.heard)
        return self.heard

    def trade_off(self, view: View, aspiration: float) -> int:
        """Return, of the outcomes worth an aspiration to it, what they seem to like best."""
        tallies = list(self.counterparts(view).tallies.values())
        return trade_off_by(view.own, view.public.space, aspiration, tallies)
