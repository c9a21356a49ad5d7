"""Two-player games in rational numbers: best replies, regrets and supports, decided exactly."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from games.errors import UserError

T = TypeVar("T")

Number = int | float | str | Decimal | Fraction
"""A payoff: floats are taken at their binary value, the others as written."""

Mixture = tuple[Fraction, ...]
"""Probabilities over all strategies of one player, in the given order."""

Rows = tuple[tuple[Fraction, ...], ...]

ZERO = Fraction(0)

MAX_DIGITS = 5_000
"""Most digits, written out in full, of a payoff that is read at all."""

_EXPONENT = re.compile(r"[eE]([-+]?[0-9_]+)")


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


def _number(given: Number | np.integer | np.floating, player: str) -> Fraction:
    # Fractions keep the numerators they are given; one of numpy's would overflow later.
    value: Number = given.item() if isinstance(given, np.integer | np.floating) else given
    if isinstance(value, str | Decimal) and digits(value) > MAX_DIGITS:
        shown = str(value)[:40]
        raise UserError(
            f"{player} payoffs: {shown!r} has more than {MAX_DIGITS} digits; expected fewer"
        )
    try:
        return Fraction(value)
    except (ValueError, OverflowError, TypeError, ZeroDivisionError):
        raise UserError(f"{player} payoffs: expected finite numbers, found {value!r}") from None


def digits(value: str | Decimal) -> int:
    """Return about how many digits a number would have, written out without an exponent."""
    text = str(value)
    exponent = _EXPONENT.search(text)
    if exponent is None:
        return len(text)
    # An exponent of more than nine digits is beyond any limit, whatever it says.
    size = abs(int(exponent[1])) if len(exponent[1]) < 10 else 10**9
    return len(text) + size


def integers(payoffs: Rows) -> list[list[int]]:
    """Return payoffs as positive integers that order all mixtures as the payoffs do.

    A common positive factor and a common shift change neither best replies nor equilibria.
    """
    scale = lcm(*(value.denominator for row in payoffs for value in row))
    whole = [[value.numerator * (scale // value.denominator) for value in row] for row in payoffs]
    least = min(min(row) for row in whole)
    factor = gcd(*(value - least for row in whole for value in row)) or 1
    return [[(value - least) // factor + 1 for value in row] for row in whole]


def comparable(payoffs: Rows) -> NDArray[Any]:
    """Return payoffs as whole numbers in the same order, of 64 bits where they fit."""
    whole = integers(payoffs)
    fits = max(map(max, whole)) < 2**63
    return np.array(whole, dtype=np.int64 if fits else object)


def values(payoffs: Rows, mixture: Mixture) -> tuple[Fraction, ...]:
    """Return what each own strategy (a row) earns against the other's mixture."""
    used = [(place, weight) for place, weight in enumerate(mixture) if weight]
    if len(used) == 1:
        return tuple(row[used[0][0]] for row in payoffs)
    return tuple(sum((row[place] * weight for place, weight in used), ZERO) for row in payoffs)


def payoffs_and_best(
    game: Bimatrix, row: Mixture, column: Mixture
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
    """Return both players' expected payoffs under a profile, and the most each could have alone."""
    mine = values(game.row_payoffs, column)
    its = values(game.transposed_column_payoffs, row)
    return (_mean(mine, row), _mean(its, column)), (max(mine), max(its))


def regrets(game: Bimatrix, row: Mixture, column: Mixture) -> tuple[Fraction, Fraction]:
    """Return what each player could gain at most by leaving a profile alone."""
    (mine, its), (best, its_best) = payoffs_and_best(game, row, column)
    return best - mine, its_best - its


def _mean(earned: tuple[Fraction, ...], own: Mixture) -> Fraction:
    return sum((value * weight for value, weight in zip(earned, own, strict=True) if weight), ZERO)


def expected_payoffs(game: Bimatrix, row: Mixture, column: Mixture) -> tuple[Fraction, Fraction]:
    """Return both players' expected payoffs under a profile."""
    return payoffs_and_best(game, row, column)[0]


def pure_mixture(size: int, strategy: int) -> Mixture:
    """Return the mixture that plays one strategy for certain."""
    return (ZERO,) * strategy + (Fraction(1),) + (ZERO,) * (size - strategy - 1)


def support(mixture: Mixture) -> tuple[int, ...]:
    """Return the strategies played with positive probability."""
    return tuple(position for position, weight in enumerate(mixture) if weight)


def cell_of(row: Mixture, column: Mixture) -> tuple[int, int] | None:
    """Return row and column of a profile that is pure, None of one that is not."""
    rows, columns = support(row), support(column)
    return (rows[0], columns[0]) if len(rows) == len(columns) == 1 else None


def nearest_float(value: Fraction) -> float:
    """Return the float nearest to a fraction; the greatest one where it lies beyond them."""
    try:
        return float(value)
    except OverflowError:
        return sys.float_info.max if value > 0 else -sys.float_info.max
