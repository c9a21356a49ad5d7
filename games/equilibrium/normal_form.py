"""A finite game in strategic form, any number of players, in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod


@dataclass(frozen=True, kw_only=True)
class NormalForm:
    """Who plays, what each may do, and what every profile of strategies is worth to each."""

    title: str = ""
    comment: str = ""
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    """Names of each player's strategies, at least one a player."""
    payoffs: tuple[tuple[Fraction, ...], ...]
    """One tuple a player: its payoff of every profile, the last player's strategy varying fastest
    (C order over `shape`)."""

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player."""
        return tuple(len(names) for names in self.strategies)

    @cached_property
    def size(self) -> int:
        """Number of profiles."""
        return prod(self.shape)
