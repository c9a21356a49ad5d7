"""Random two-player games of every kind that makes solvers stumble, by seed."""

from fractions import Fraction
from random import Random

KINDS = ("continuous", "small", "duplicated", "doubling", "tenfold")
"""Payoffs of 20 random bits; small integers, mostly tied; the same with duplicated rows and
columns; payoffs of 10 bits, each times its own power of two, or of ten."""

Payoffs = list[list[Fraction]]


def random_game(seed: int, largest: int = 8) -> tuple[Payoffs, Payoffs]:
    """Return both players' payoffs in a random game of up to so many strategies each.

    The kinds come in turn.
    """
    draw = Random(f"game/{seed}")
    kind = KINDS[seed % len(KINDS)]
    height, width = draw.randint(1, largest), draw.randint(1, largest)
    row, column = (
        [[_payoff(draw, kind) for _ in range(width)] for _ in range(height)] for _ in "ab"
    )
    if kind == "duplicated":
        for _ in range(draw.randint(1, 3)):
            _duplicate(draw, row, column)
    return row, column


def scaled(seed: int, game: tuple[Payoffs, Payoffs]) -> tuple[Payoffs, Payoffs]:
    """Return the game with each player's payoffs times a power of two or of ten, 1e-9 to 1e9."""
    draw = Random(f"scale/{seed}")
    factors = [
        draw.choice([Fraction(2) ** draw.randint(-30, 30), Fraction(10) ** draw.randint(-9, 9)])
        for _ in game
    ]
    row, column = (
        [[factor * value for value in line] for line in side]
        for factor, side in zip(factors, game, strict=True)
    )
    return row, column


def _payoff(draw: Random, kind: str) -> Fraction:
    if kind in ("small", "duplicated"):
        return Fraction(draw.randint(-2, 2))
    if kind == "continuous":
        return Fraction(draw.getrandbits(20))
    base = Fraction(2 if kind == "doubling" else 10)
    return draw.getrandbits(10) * base ** draw.randint(-4, 4)


def _duplicate(draw: Random, row: Payoffs, column: Payoffs) -> None:
    height, width = len(row), len(row[0])
    if draw.random() < 0.5:
        source, target = draw.randrange(height), draw.randrange(height)
        row[target], column[target] = row[source].copy(), column[source].copy()
    else:
        source, target = draw.randrange(width), draw.randrange(width)
        for line in (*row, *column):
            line[target] = line[source]
