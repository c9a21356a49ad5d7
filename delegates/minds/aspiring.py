"""The move of a mind that goes by an aspiration: it leaves, accepts what reaches it, or offers."""

from __future__ import annotations

from collections.abc import Callable

from delegates.contract import View
from games.moves import Accept, Move, Offer, WalkAway
from games.utility import TIE


def move_at(
    view: View, aspiration: Callable[[View], float], offer: Callable[[View, float], int]
) -> Move:
    """Return the move of a mind that goes by an aspiration.

    It leaves where nothing that it may sign reaches its reservation value, accepts what is on the
    table where that reaches the aspiration, and else makes an offer.

    Args:
        view: What it sees.
        aspiration: Returns the least utility it asks for now, in points.
        offer: Returns the outcome that it offers at an aspiration.
    """
    own = view.own
    if own.highest < own.reservation:
        return WalkAway()
    least = aspiration(view)
    if view.offer is not None and own.accepts(view.offer, least - TIE):
        return Accept()
    return Offer(offer(view, least))
