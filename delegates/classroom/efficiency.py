"""How good a session's end was for all together, and how much of what it could a party won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.utility import TIE

if TYPE_CHECKING:
    from games.referee import Findings

_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Efficiency:
    """The referee's figures on what was agreed; no agreement is read as every party's r."""

    undominated: bool | None
    """Whether no other outcome improves on it at nobody's cost; None if not known."""
    distance_to_frontier: float | None
    distance_to_nash: float | None
    """Both Euclidean, in shares of what each can gain."""
    nash_ratio: float | None
    """Nash product as a share of the greatest."""


def efficiency(found: Findings) -> Efficiency:
    """Return what the referee found of a session's end."""
    return Efficiency(
        undominated=found.undominated,
        distance_to_frontier=found.distance_to_frontier,
        distance_to_nash=found.distance_to_nash,
        nash_ratio=found.nash_ratio,
    )


def advantage(utility: float, reservation: float, attainable: float) -> float | None:
    """Return (u − r)/(m − r): how much of what a party could gain it gained; None where m = r.

    It is the measure of that name in the tables of an evaluation.
    """
    span = attainable - reservation
    return round((utility - reservation) / span, _DIGITS) + 0.0 if span > TIE else None
