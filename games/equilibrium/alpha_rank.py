"""Alpha-rank: how often an evolving pair of populations is found in each cell of a game.

Each player stands for a population of m that all play one strategy. Now and then a mutant appears
in one of the two, with a strategy drawn evenly among the other ones of both; it takes over with the
probability of Moran's process under the logistic (Fermi) rule,

    ρ(u) = (1 − e^(−αu)) / (1 − e^(−mαu)),   ρ(0) = 1/m,

u being what its population gains by the change, α the strength of selection. The cells are thus the
states of a Markov chain, and their *mass* is its stationary distribution (Omidshafiei et al. 2019,
"α-Rank: Multi-Agent Evaluation by Evolution", two populations).

The larger α, the better adapted the populations; the ranking is read where a larger α changes
nothing. That is found by raising α step by step, and is no matter of patience: where α times the
least difference of payoffs is large, every difference has become decisive. A tie is never decisive:
along it the populations drift, in both directions alike.

At such α the chain's rates lie hundreds of orders of magnitude apart, and an eigenvector or a
linear solve in floats returns noise, or as many answers as there are cells that are left next to
never. The elimination of Grassmann, Taksar and Heyman (1985) has no subtraction and so no loss of
digits (O'Cinneide 1993); on logarithms it has no underflow either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.errors import UserError
from games.outcomes import FloatArray

POPULATION = 50
"""m, members of each population."""

TIE = 1e-9
"""Payoffs this close are equal: far below the millionths in which payoffs are decided."""

FIRST = 0.125
"""The first strength of selection, of payoffs between 0 and 1."""

DECISIVE = 40.0
"""What α times a difference of payoffs must reach for the difference to decide: e^−40 is 4e-18."""

STEP = 4.0
"""What α is multiplied by from one look at the ranking to the next."""

MOST_STEPS = 100
"""Steps of α after which the ranking is taken as it is."""

SETTLED = 1e-6
"""Most that a mass changes with a step of α where the ranking has settled."""


@dataclass(frozen=True, kw_only=True)
class AlphaRank:
    """The mass of each cell, at the strength of selection from which it stays the same."""

    mass: FloatArray
    """Shape (rows, columns); sums to 1."""
    is_settled: bool
    """Whether a step of α changes nothing."""

    @property
    def ranking(self) -> tuple[tuple[int, int, float], ...]:
        """Every cell as (row, column, mass), greatest first; of equal ones in reading order."""
        width = self.mass.shape[1]
        flat = self.mass.ravel()
        order = np.argsort(-np.round(flat, 9), kind="stable")
        return tuple((int(at) // width, int(at) % width, float(flat[at])) for at in order)


def alpha_rank(
    row_payoffs: FloatArray, column_payoffs: FloatArray, *, population: int = POPULATION
) -> AlphaRank:
    """Return alpha-rank's masses of a game of two populations, where they have settled.

    Args:
        row_payoffs: The row player's payoffs, shape (rows, columns).
        column_payoffs: The column player's.
        population: m, members of each population, at least 2.

    Raises:
        UserError: If the matrices are not those of a finite game, or the population is too small.
    """
    chain = chain_of(row_payoffs, column_payoffs, population=population)
    differences = np.abs(chain.gain[chain.gain != 0])
    least = float(differences.min()) if len(differences) else np.inf
    alpha = FIRST
    mass = chain.mass(alpha)
    settled, steps = not len(differences), 0
    while not settled and steps < MOST_STEPS:
        alpha, steps = alpha * STEP, steps + 1
        stronger = chain.mass(alpha)
        settled = alpha * least >= DECISIVE and bool(np.abs(stronger - mass).max() <= SETTLED)
        mass = stronger
    return AlphaRank(mass=mass, is_settled=settled)


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What each change of one population's strategy gains it."""

    shape: tuple[int, int]
    population: int
    """m, members of each population."""
    start: np.ndarray[tuple[int], np.dtype[np.intp]]
    end: np.ndarray[tuple[int], np.dtype[np.intp]]
    gain: FloatArray
    """Aligned: of the population that changes; 0 at a tie."""

    def mass(self, alpha: float) -> FloatArray:
        """Return the mass of each cell at one strength of selection, above 0."""
        size = self.shape[0] * self.shape[1]
        rates = np.full((size, size), -np.inf)
        rates[self.start, self.end] = log_fixation(self.gain * alpha, self.population)
        return stationary(rates).reshape(self.shape)


def chain_of(
    row_payoffs: FloatArray, column_payoffs: FloatArray, *, population: int = POPULATION
) -> Chain:
    """Return the changes of strategy that a game's populations may make.

    Args:
        row_payoffs: The row player's payoffs, shape (rows, columns).
        column_payoffs: The column player's.
        population: m, members of each population, at least 2.

    Raises:
        UserError: If the matrices are not those of a finite game, or the population is too small.
    """
    rows = np.asarray(row_payoffs, dtype=float)
    columns = np.asarray(column_payoffs, dtype=float)
    if rows.ndim != 2 or rows.size == 0 or rows.shape != columns.shape:
        raise UserError(
            f"payoffs: expected two matrices of one shape, found {rows.shape} and {columns.shape}"
        )
    if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
        raise UserError("payoffs: expected finite numbers")
    if population < 2:
        raise UserError(f"population: expected at least 2, found {population!r}")
    height, width = rows.shape
    cell = np.arange(rows.size).reshape(rows.shape)
    by_row = np.broadcast_arrays(cell[:, None, :], cell[None, :, :])
    by_column = np.broadcast_arrays(cell[:, :, None], cell[:, None, :])
    gains = (rows[None, :, :] - rows[:, None, :], columns[:, None, :] - columns[:, :, None])
    start = np.concatenate([by_row[0].ravel(), by_column[0].ravel()])
    end = np.concatenate([by_row[1].ravel(), by_column[1].ravel()])
    gain = np.concatenate([one.ravel() for one in gains])
    moves = start != end
    gain = np.where(np.abs(gain) <= TIE, 0.0, gain)
    return Chain(
        shape=(height, width),
        population=population,
        start=start[moves],
        end=end[moves],
        gain=gain[moves],
    )


def log_fixation(selection: FloatArray, population: int) -> FloatArray:
    """Return log ρ, the probability that one mutant takes over a population.

    Args:
        selection: αu of each change.
        population: m.
    """
    strength = np.abs(selection)
    nothing = strength == 0
    safe = np.where(nothing, 1.0, strength)
    taken = np.log(-np.expm1(-safe)) - np.log(-np.expm1(-population * safe))
    against = np.where(selection < 0, (population - 1) * safe, 0.0)
    return np.where(nothing, -np.log(population), taken - against)


def stationary(log_rates: FloatArray) -> FloatArray:
    """Return the stationary distribution of an irreducible chain.

    Args:
        log_rates: Logarithms of the rates from each state (row) to each other one; −∞ where there
            is no way. Only ratios matter; the diagonal is not looked at.
    """
    rates = log_rates.copy()
    size = len(rates)
    for last in range(size - 1, 0, -1):
        leaving = np.logaddexp.reduce(rates[last, :last])
        rates[:last, last] -= leaving
        detour = rates[:last, last, None] + rates[last, None, :last]
        rates[:last, :last] = np.logaddexp(rates[:last, :last], detour)
    weights = np.zeros(size)
    for state in range(1, size):
        weights[state] = np.logaddexp.reduce(weights[:state] + rates[:state, state])
    weights = np.exp(weights - weights.max())
    return weights / weights.sum()
