"""The replicator dynamics of two populations, many starts at a time.

A strategy grows by what it earns above its population's mean, ẋ_i = x_i ((A y)_i − x·A y), and
likewise the other population's (Taylor 1979). The logarithms of the shares then change by what each
strategy earns, up to a constant; so integrated, shares stay positive and sum to one whatever the
step, and no solver can leave the simplex. Payoffs are shifted and scaled to [0, 1], each player's
by itself: how fast a population learns does not depend on the unit of its payoffs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.equilibrium.exact import Bimatrix
from games.equilibrium.nashpy_check import unit_scaled
from games.outcomes import FloatArray

STEP = 0.5
"""Time a step; of Runge and Kutta's fourth order, at rates of at most 1."""

LOOK = 20
"""Steps between two looks at which starts have come to rest."""

AT_REST = 1e-5
"""Greatest regret of either population at which a start has come to rest: in a thousand more units
of time no share would move by more than about a hundredth."""


@dataclass(frozen=True, kw_only=True)
class Populations:
    """Shares of the strategies, one row a start."""

    rows: FloatArray
    columns: FloatArray


@dataclass(frozen=True)
class _Game:
    row: FloatArray
    column: FloatArray

    def speeds(self, rows: FloatArray, columns: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return what each strategy earns, from logarithms of shares."""
        return _shares(columns) @ self.row.T, _shares(rows) @ self.column

    def step(self, rows: FloatArray, columns: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the logarithms of the shares a step later, shifted at will."""
        first = self.speeds(rows, columns)
        half = STEP / 2
        second = self.speeds(rows + half * first[0], columns + half * first[1])
        third = self.speeds(rows + half * second[0], columns + half * second[1])
        fourth = self.speeds(rows + STEP * third[0], columns + STEP * third[1])
        sixth = STEP / 6
        return (
            rows + sixth * (first[0] + 2 * (second[0] + third[0]) + fourth[0]),
            columns + sixth * (first[1] + 2 * (second[1] + third[1]) + fourth[1]),
        )

    def regret(self, rows: FloatArray, columns: FloatArray) -> FloatArray:
        """Return the greater of the two populations' regrets of each start."""
        earned, its = self.speeds(rows, columns)
        first = earned.max(axis=1) - (earned * _shares(rows)).sum(axis=1)
        return np.maximum(first, its.max(axis=1) - (its * _shares(columns)).sum(axis=1))


def at_horizon(game: Bimatrix, starts: Populations, horizon: float) -> Populations:
    """Return where each start is in the end; one that has come to rest before is left there.

    Args:
        game: The game.
        starts: Positive shares.
        horizon: How long the dynamics run.
    """
    moves = _Game(*unit_scaled(game))
    rows, columns = np.log(starts.rows), np.log(starts.columns)
    running = np.arange(len(rows))
    for number in range(round(horizon / STEP)):
        if number % LOOK == 0:
            running = running[moves.regret(rows[running], columns[running]) > AT_REST]
            if not len(running):
                break
        rows[running], columns[running] = moves.step(rows[running], columns[running])
    return Populations(rows=_shares(rows), columns=_shares(columns))


def paths(game: Bimatrix, starts: Populations, times: int, every: int) -> tuple[Populations, ...]:
    """Return where the starts are at points of time, the first of them the start.

    Args:
        game: The game.
        starts: Positive shares.
        times: How many points.
        every: Steps from one to the next.
    """
    moves = _Game(*unit_scaled(game))
    rows, columns = np.log(starts.rows), np.log(starts.columns)
    seen = [starts]
    for _ in range(times - 1):
        for _ in range(every):
            rows, columns = moves.step(rows, columns)
        seen.append(Populations(rows=_shares(rows), columns=_shares(columns)))
    return tuple(seen)


def _shares(logarithms: FloatArray) -> FloatArray:
    weights = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
