"""Standing in for a person: another mind's rule, but nothing that was offered is taken back.

Minds that concede by the clock know nothing of what a person has offered before them. A stand-in
stands by the seat's own last offer until its rule would ask for no more than that; whatever is on
the table that is worth as much to the seat, it takes. In a turn whose offer nobody is left to
answer it takes whatever is worth no agreement or more.
"""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import ScriptedMind, View
from delegates.last_word import is_answered
from games.session import Accept, Move, Offer


@dataclass(frozen=True)
class StandingIn:
    """A mind that decides by rule in a person's place."""

    rule: ScriptedMind

    def choose(self, view: View) -> Move:
        """Return the rule's move; the own last offer where the rule would ask for more.

        Where an offer would lead nowhere, acceptance of what is no worse than no agreement.
        """
        if _is_last_chance(view):
            return Accept()
        move, last, own = self.rule.choose(view), own_last(view), view.own
        if not isinstance(move, Offer) or last is None:
            return move
        # What can no longer be signed, or is worse than no agreement by now, nobody need stand by.
        if not own.may_sign(last) or own.falls_short(last):
            return move
        least = own.utility(last)
        if own.utility(move.outcome) <= least + own.tie:
            return move
        if view.offer is not None and own.accepts(view.offer, least - own.tie):
            return Accept()
        return Offer(last)


def _is_last_chance(view: View) -> bool:
    """Return whether to accept is all that leads to an agreement, and the seat may and would."""
    if view.offer is None or is_answered(view) != "no":
        return False
    return view.own.may_sign(view.offer) and not view.own.falls_short(view.offer)


def own_last(view: View) -> int | None:
    """Return what the seat last offered, as it can be offered now; None if it has offered nothing.

    In a hall what is not open to it now reads as the text has it. In a room, where a few settle a
    few issues among themselves, what it has proposed there counts, not what it asks of the hall.
    """
    hall = view.hall
    if hall is None:
        return view.last_offer
    if hall.room is not None:
        return next(iter(view.offers_of(view.party)[-1:]), None)
    last, base = view.last_offer, hall.text
    if last is None or base is None:
        return last
    space = view.public.space
    asked, text = space.outcome(last), space.outcome(base)
    return space.index({name: (asked if name in hall.open_issues else text)[name] for name in text})
