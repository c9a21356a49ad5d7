"""A party's rational outcomes as a ladder to climb down, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.session import Offer
from games.utility import Preferences


@dataclass(frozen=True)
class Ladder:
    """A party's rational outcomes, best first (ties by index), as offers."""

    offers: list[Offer]
    outcomes: list[int]
    """The same, as they are numbered."""
    utilities: list[float]
    places: dict[int, int]
    """Outcome → its place on the ladder, from 0."""


def ladder_of(own: Preferences) -> Ladder:
    """Return the outcomes that a party may sign and that reach its reservation value."""
    return own.once("ladder", _ladder)


def _ladder(own: Preferences) -> Ladder:
    order, values = own.ranking
    first = int(np.searchsorted(values, own.reservation))
    falling = np.argsort(-values[first:], kind="stable")
    outcomes: list[int] = order[first:][falling].tolist()
    return Ladder(
        [Offer(outcome) for outcome in outcomes],
        outcomes,
        values[first:][falling].tolist(),
        {outcome: place for place, outcome in enumerate(outcomes)},
    )
