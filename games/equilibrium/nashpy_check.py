"""What Nashpy makes of the same game: its best-reply test, and its list beside the exact one.

This is the one place that touches Nashpy. It works in floats without a tolerance, so it may reject
exact equilibria, lose some and return profiles that are none. Nothing here changes what is listed;
differences are told.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, cast

import numpy as np

from games.equilibrium.exact import Bimatrix, Mixture, integers
from games.outcomes import FloatArray

LARGEST = 5
"""Strategies a player above which Nashpy's support enumeration takes too long to be waited for."""

CLOSE = 1e-6
"""Greatest difference of a probability at which two profiles are taken for the same."""


class NashpyGame(Protocol):
    """What is used of a game of Nashpy's, which bears no types of its own."""

    payoff_matrices: tuple[FloatArray, FloatArray]

    def is_best_response(self, sigma_r: FloatArray, sigma_c: FloatArray) -> tuple[bool, bool]:
        """Return whether each mixture is a best reply to the other."""
        ...

    def support_enumeration(self) -> Iterable[tuple[FloatArray, FloatArray]]:
        """Return the profiles that Nashpy takes for equilibria."""
        ...

    def asymmetric_replicator_dynamics(
        self, x0: FloatArray, y0: FloatArray, timepoints: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return both populations at each point in time, shape (points, strategies)."""
        ...


def nashpy_game(row_payoffs: FloatArray, column_payoffs: FloatArray) -> NashpyGame:
    """Return a game of Nashpy's, which is loaded only now."""
    import nashpy  # pyright: ignore[reportMissingTypeStubs]

    return cast("NashpyGame", nashpy.Game(row_payoffs, column_payoffs))


@dataclass(frozen=True, kw_only=True)
class NashpyCheck:
    """How Nashpy's view of a game compares with the exact one."""

    confirmed: int
    """Equilibria listed that pass Nashpy's best-reply test, allowing for rounding."""
    rejected: tuple[int, ...]
    """Positions of those that do not."""
    listed: int
    """How many profiles its support enumeration returns."""
    missed: tuple[int, ...]
    """Positions of listed equilibria that it does not return."""
    unknown: int
    """Profiles it returns that are not on the exact list: not equilibria, or, in a degenerate game,
    none of the extreme ones."""

    @property
    def agrees(self) -> bool:
        """Whether Nashpy confirms every equilibrium and returns the same list."""
        return not self.rejected and not self.missed and not self.unknown

    def as_json(self) -> dict[str, object]:
        """Return the comparison as plain JSON values."""
        return {
            "agrees": self.agrees,
            "confirmed": self.confirmed,
            "rejected": list(self.rejected),
            "listed": self.listed,
            "missed": list(self.missed),
            "unknown": self.unknown,
        }


def compare_with_nashpy(
    game: Bimatrix, profiles: Sequence[tuple[Mixture, Mixture]]
) -> NashpyCheck | None:
    """Return how Nashpy's list compares with an exact one; None where it takes too long.

    Its support enumeration is given the payoffs as they are, as anyone would; its best-reply test
    those shifted and scaled to [0, 1], since it knows no tolerance.
    """
    if max(game.shape) > LARGEST:
        return None
    scaled = nashpy_game(*unit_scaled(game))
    floats = [(_floats(row), _floats(column)) for row, column in profiles]
    rejected = tuple(
        place for place, (row, column) in enumerate(floats) if not _confirms(scaled, row, column)
    )
    returned = _support_enumeration(_as_given(game) or scaled)
    missed = tuple(
        place
        for place, profile in enumerate(floats)
        if not any(_same(profile, its) for its in returned)
    )
    return NashpyCheck(
        confirmed=len(profiles) - len(rejected),
        rejected=rejected,
        listed=len(returned),
        missed=missed,
        unknown=sum(not any(_same(its, profile) for profile in floats) for its in returned),
    )


def _as_given(game: Bimatrix) -> NashpyGame | None:
    """Return the game in floats; None where a payoff lies beyond them."""
    try:
        return nashpy_game(*game.floats())
    except OverflowError:
        return None


def unit_scaled(game: Bimatrix) -> tuple[FloatArray, FloatArray]:
    """Return both payoff matrices as floats, each shifted and scaled to [0, 1]."""
    first, second = (integers(rows) for rows in (game.row_payoffs, game.column_payoffs))
    return _unit(first), _unit(second)


def _unit(payoffs: list[list[int]]) -> FloatArray:
    greatest = max(max(row) for row in payoffs) - 1
    return np.array([[float(Fraction(v - 1, max(greatest, 1))) for v in row] for row in payoffs])


def _floats(mixture: Mixture) -> FloatArray:
    return np.array([float(weight) for weight in mixture])


def _same(one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]) -> bool:
    return all(
        bool(np.abs(mine - its).max() <= CLOSE) for mine, its in zip(one, other, strict=True)
    )


def _confirms(other: NashpyGame, row: FloatArray, column: FloatArray) -> bool:
    """Return whether Nashpy calls both mixtures best replies.

    Its test compares floats for equality, so it is given what each strategy earns, rounded.
    """
    first, second = other.payoff_matrices
    alone = np.ones(1)
    for earned, own in ((first @ column, row), (second.T @ row, column)):
        worth = np.round(earned, 9)[:, None]
        if not nashpy_game(worth, worth).is_best_response(own, alone)[0]:
            return False
    return True


def _support_enumeration(other: NashpyGame) -> list[tuple[FloatArray, FloatArray]]:
    with warnings.catch_warnings():
        # Nashpy takes an even count for a sign of degeneracy; that is decided exactly elsewhere.
        warnings.simplefilter("ignore")
        return list(other.support_enumeration())
