"""The moves of minds that depend on time alone."""

from __future__ import annotations

from delegates.contract import View
from games.session import Accept, Move, Offer, WalkAway
from games.tactics.schedules import Schedule


def move_by(schedule: Schedule, view: View) -> Move:
    """Return the move that a schedule has for this round: accept what reaches it, or offer.

    Args:
        schedule: Offers and least accepted utilities of each round.
        view: Of a party; it walks away where nothing it may sign reaches its reservation value.
    """
    if view.own.highest < view.own.reservation:
        return WalkAway()
    offers, least = schedule
    if view.offer is not None and view.own.accepts(view.offer, float(least[view.round])):
        return Accept()
    return Offer(int(offers[view.round]))
