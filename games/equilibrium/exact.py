"""Two-player games in rational numbers: best replies, regrets and supports, decided exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from games.errors import UserError

T = TypeVar("T")

Number = int | float | str | Decimal | Fraction
"""A payoff: floats are taken at their binary value, the others as written."""

Mixture = tuple[Fraction, ...]
"""Probabilities over all strategies of one player, in the given order."""

Rows = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Bimatrix:
    """A game of two players: one payoff matrix each, rows × columns."""

    row_payoffs: Rows
    column_payoffs: Rows

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.row_payoffs), len(self.row_payoffs[0])

    @cached_property
    def transposed_column_payoffs(self) -> Rows:
        """The column player's payoffs with its own strategies as rows."""
        return tuple(zip(*self.column_payoffs, strict=True))

    def floats(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return both matrices as floats."""
        return np.array(self.row_payoffs, dtype=float), np.array(self.column_payoffs, dtype=float)


def bimatrix(
    row_payoffs: Sequence[Sequence[Number]], column_payoffs: Sequence[Sequence[Number]]
) -> Bimatrix:
    """Return a game in exact numbers.

    Raises:
        UserError: If a matrix is empty or ragged, the shapes differ, or a payoff is not finite.
    """
    game = Bimatrix(_exact(row_payoffs, "row"), _exact(column_payoffs, "column"))
    other = (len(game.column_payoffs), len(game.column_payoffs[0]))
    if game.shape != other:
        raise UserError(f"payoff matrices of different shapes: {game.shape} and {other}")
    return game


def _exact(payoffs: Sequence[Sequence[Number]], player: str) -> Rows:
    rows = tuple(
        tuple(_number(value, player) for value in _row(row, player))
        for row in _row(payoffs, player)
    )
    if not rows or not rows[0]:
        raise UserError(f"{player} payoffs: the matrix is empty; expected at least one cell")
    if len({len(row) for row in rows}) > 1:
        raise UserError(f"{player} payoffs: the rows are of different lengths")
    return rows


def _row(values: Iterable[T], player: str) -> Iterator[T]:
    try:
        return iter(values)
    except TypeError:
        raise UserError(f"{player} payoffs: expected rows of numbers, found {values!r}") from None


def _number(value: Number, player: str) -> Fraction:
    try:
        return Fraction(value)
    except (ValueError, OverflowError, TypeError, ZeroDivisionError):
        raise UserError(f"{player} payoffs: expected finite numbers, found {value!r}") from None


def values(payoffs: Rows, mixture: Mixture) -> tuple[Fraction, ...]:
    """Return what each own strategy (a row) earns against the other's mixture."""
    return tuple(
        sum((payoff * weight for payoff, weight in zip(row, mixture, strict=True)), Fraction())
        for row in payoffs
    )


def regrets(game: Bimatrix, row: Mixture, column: Mixture) -> tuple[Fraction, Fraction]:
    """Return what each player could gain at most by leaving a profile alone."""
    return (
        _regret(values(game.row_payoffs, column), row),
        _regret(values(game.transposed_column_payoffs, row), column),
    )


def _regret(earned: tuple[Fraction, ...], own: Mixture) -> Fraction:
    return max(earned) - _mean(earned, own)


def _mean(earned: tuple[Fraction, ...], own: Mixture) -> Fraction:
    return sum((value * weight for value, weight in zip(earned, own, strict=True)), Fraction())


def expected_payoffs(game: Bimatrix, row: Mixture, column: Mixture) -> tuple[Fraction, Fraction]:
    """Return both players' expected payoffs under a profile."""
    return (
        _mean(values(game.row_payoffs, column), row),
        _mean(values(game.transposed_column_payoffs, row), column),
    )


def pure_mixture(size: int, strategy: int) -> Mixture:
    """Return the mixture that plays one strategy for certain."""
    return tuple(Fraction(int(position == strategy)) for position in range(size))


def support(mixture: Mixture) -> tuple[int, ...]:
    """Return the strategies played with positive probability."""
    return tuple(position for position, weight in enumerate(mixture) if weight > 0)


def best_reply_count(earned: tuple[Fraction, ...]) -> int:
    """Return how many strategies earn the most."""
    best = max(earned)
    return sum(value == best for value in earned)


def indifference(payoffs: Rows, own: tuple[int, ...], other: tuple[int, ...]) -> Mixture | None:
    """Return the other's mixture on its support that makes all own support strategies equal.

    Args:
        payoffs: Own payoffs, own strategies as rows.
        own: Own support.
        other: The other's support, of the same size.

    Returns:
        The mixture over all of the other's strategies if it is unique and nowhere negative.
    """
    size = len(other)
    system = [
        [payoffs[strategy][column] - payoffs[own[0]][column] for column in other] + [Fraction()]
        for strategy in own[1:]
    ]
    system.append([Fraction(1)] * (size + 1))
    solution = _solve(system)
    if solution is None or min(solution) < 0:
        return None
    weights = dict(zip(other, solution, strict=True))
    return tuple(weights.get(column, Fraction()) for column in range(len(payoffs[0])))


def _solve(system: list[list[Fraction]]) -> list[Fraction] | None:
    """Return the unique solution of a square linear system [A | b], by elimination."""
    size = len(system)
    for column in range(size):
        pivot = next((row for row in range(column, size) if system[row][column]), None)
        if pivot is None:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        head = system[column][column]
        system[column] = [value / head for value in system[column]]
        for row in range(size):
            factor = system[row][column]
            if row != column and factor:
                system[row] = [
                    value - factor * upper
                    for value, upper in zip(system[row], system[column], strict=True)
                ]
    return [row[-1] for row in system]
