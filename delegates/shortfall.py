"""Whether a move would leave its party with less than it has without any agreement."""

from __future__ import annotations

from delegates.contract import View
from games.moves import Accept, KeepSilence, Move, Offer, Sign, Vote


def falls_short(view: View, move: Move) -> bool:
    """Return whether a move offers, supports or signs what is worth less than no agreement.

    A signature is measured against staying out of the text.
    """
    match move:
        case Offer(outcome=outcome):
            return view.own.falls_short(outcome)
        case Accept() | KeepSilence() | Vote(ballot="yes"):
            return view.offer is not None and view.own.falls_short(view.offer)
        case Sign(signature=signature) if signature != "out" and view.hall is not None:
            worths = view.hall.signing()
            return worths is not None and getattr(worths, signature) < worths.out - worths.tie
        case _:
            return False
