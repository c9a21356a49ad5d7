"""Who joins? Stable coalitions of identical parties, in exact arithmetic.

A coalition of s is internally stable if no member gains by leaving, U_m(s) ≥ U_o(s−1), and
externally stable if no outsider gains by joining, U_o(s) ≥ U_m(s+1) (d'Aspremont et al. 1983).
The indifferent stay where they are. A coalition of nobody is none and is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

Number = int | Fraction


@dataclass(frozen=True, kw_only=True)
class IdenticalGame:
    """What a member and an outsider get when so many of equal parties have joined."""

    parties: int
    member: Callable[[int], Fraction]
    """U_m(s), for s from 1."""
    outsider: Callable[[int], Fraction]
    """U_o(s), for s from 0 to parties − 1."""
    minimum: int = 1
    """Members below which there is no coalition."""


@dataclass(frozen=True, kw_only=True)
class StableSize:
    """A size at which nobody gains by joining or leaving."""

    size: int
    internal: Fraction
    """U_m(s) − U_o(s−1), what leaving would cost a member."""
    external: Fraction | None
    """U_o(s) − U_m(s+1), what joining would cost an outsider; None if all have joined."""

    @property
    def strict(self) -> bool:
        """Whether nobody is indifferent between its side and the other."""
        return self.internal > 0 and (self.external is None or self.external > 0)


def stable_sizes(game: IdenticalGame) -> tuple[StableSize, ...]:
    """Return all sizes that are internally and externally stable, rising."""
    sizes = (_slack(game, size) for size in range(game.minimum, game.parties + 1))
    return tuple(
        found
        for found in sizes
        if found.internal >= 0 and (found.external is None or found.external >= 0)
    )


def _slack(game: IdenticalGame, size: int) -> StableSize:
    last = size == game.parties
    return StableSize(
        size=size,
        internal=game.member(size) - game.outsider(size - 1),
        external=None if last else game.outsider(size) - game.member(size + 1),
    )


def linear_game(
    parties: int, benefit: Number = 1, cost: Number = 1, penalty: Number = 0
) -> IdenticalGame:
    """Return the game of linear benefits and quadratic costs, π_i = b·Q − c·q_i²/2.

    Q is the sum of all contributions q. An outsider maximises its own payoff: q = b/c. Members
    maximise the sum of theirs, s·b·Q − s·c·q²/2: q = b·s/c. Hence Q = (b/c)(s² + N − s) and, in
    units of b²/c, U_m(s) = s²/2 − s + N and U_o(s) = s² − s + N − 1/2, from which a penalty
    τ·s/N on outsiders is taken. With b = c = 1 a member stays iff (s−1)(s−3) ≤ 2τ(s−1)/N, that is
    up to s = 3 + 2τ/N: sizes 2 (outsiders are indifferent) and 3 without a penalty, and
    min(N, ⌊3 + 2τ/N⌋) with one.

    Args:
        parties: N.
        benefit: b, per unit of the total.
        cost: c, the slope of the marginal cost.
        penalty: τ, what an outsider would lose if all others had joined.
    """
    scale = Fraction(benefit) ** 2 / Fraction(cost)

    def member(size: int) -> Fraction:
        return scale * (Fraction(size * size, 2) - size + parties)

    def outsider(size: int) -> Fraction:
        free = scale * (Fraction(size * size) - size + parties - Fraction(1, 2))
        return free - Fraction(penalty) * size / parties

    return IdenticalGame(parties=parties, member=member, outsider=outsider)


def barrett_game(parties: int, ratio: Number, level: Number = 100) -> IdenticalGame:
    """Return Barrett's (1994) game, π_i = b(aQ − Q²/2)/N − c·q_i²/2, in which signatories lead.

    Outsiders take the total as given and set b(a−Q)/N = c·q: q_o = (a−Q)/(γN), γ = c/b. With
    members contributing q each, the total is Q = k·s·q + (N−s)a/(γN + N − s), where
    k = γN/(γN + N − s) is what is left of a member's unit after outsiders have replied. Members
    maximise the sum of their payoffs knowing this: q = k·s(a−Q)/(γN). With x = a − Q both give
    x = a·k/(1 + k²s²/(γN)). Payoffs are in units of b.

    The sizes are those of Barrett's table for as many parties: with N = 54 and a = 100 γ of .01,
    .1, .5, 1…5 and 10 give 36, 10, 4, 3 and 2. They do not depend on a.

    Args:
        parties: N.
        ratio: γ = c/b, positive.
        level: a, the total beyond which nobody wants more.
    """
    spread = Fraction(ratio) * parties

    @cache
    def both(size: int) -> tuple[Fraction, Fraction]:
        left = spread / (spread + parties - size)
        short = level * left / (1 + left**2 * size**2 / spread)
        inside, outside = left * size * short / spread, short / spread
        total = level - short
        common = (level * total - total**2 / 2) / parties
        half = Fraction(ratio) / 2
        return common - half * inside**2, common - half * outside**2

    return IdenticalGame(
        parties=parties, member=lambda size: both(size)[0], outsider=lambda size: both(size)[1]
    )


def with_minimum(game: IdenticalGame, minimum: int) -> IdenticalGame:
    """Return the game in which a treaty enters into force from so many members on.

    With fewer there is no coalition and everyone gets U_o(0), so that a member of the smallest
    coalition that counts brings down the whole by leaving.

    Raises:
        ValueError: If the minimum is not between 1 and the number of parties.
    """
    if not 1 <= minimum <= game.parties:
        raise ValueError(f"minimum {minimum!r}: expected from 1 to {game.parties}")
    nothing = game.outsider(0)
    return IdenticalGame(
        parties=game.parties,
        member=lambda size: game.member(size) if size >= minimum else nothing,
        outsider=lambda size: game.outsider(size) if size >= minimum else nothing,
        minimum=minimum,
    )
