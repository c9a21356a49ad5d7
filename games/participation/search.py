"""The search for stable coalitions: joining and leaving, in floating point.

What comes out are candidates; `games.participation.membership` proves each in exact arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from games.outcomes import BoolArray, FloatArray
from games.participation.outside import Reply

STARTS = 256
"""Random coalitions from which joining and leaving sets out."""

_SWEEPS = 200
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True)
class Searched:
    """How a search for what is stable went, whatever it looked at."""

    looked_at: ClassVar[str]
    """What was looked at, as a plural."""
    complete: bool
    """Whether every one was looked at."""
    starts: int
    """From how many best replies set out; all of them where complete."""
    unsettled: int
    """Starts from which best replies never came to rest."""

    @property
    def note(self) -> str:
        """What the list may be taken for, in words."""
        if self.complete:
            return f"all of {self.starts} {self.looked_at} were looked at"
        going = f"; {self.unsettled} never came to rest" if self.unsettled else ""
        return f"found from {self.starts} random starts, more may exist{going}"


def every_coalition(parties: int) -> BoolArray:
    """Return all coalitions, shape (2^parties, parties)."""
    return np.indices((2,) * parties, dtype=np.int8).reshape(parties, -1).T == 1


def random_coalitions(parties: int, rng: np.random.Generator) -> BoolArray:
    """Return random coalitions of every size, shape (STARTS, parties)."""
    density = np.linspace(0.0, 1.0, STARTS)[:, None]
    return rng.random((STARTS, parties)) < density


@dataclass(frozen=True, kw_only=True)
class Floats:
    """The game in floating point, to search in."""

    benefit: FloatArray
    capacity: FloatArray
    penalty: FloatArray
    weights: FloatArray
    threshold: float
    reply: Reply | None = None

    def gains(self, members: BoolArray, who: slice | int = slice(None)) -> FloatArray:
        """Return what parties gain by being inside, and not outside, each of some coalitions.

        Args:
            members: Coalitions, shape (coalitions, parties).
            who: The party, or parties, of whom it is asked.
        """
        x = members[:, who].astype(np.float64)
        b, k = self.benefit[who], self.capacity[who]
        sums = members.astype(np.float64) @ np.column_stack(
            (self.benefit, self.capacity, self.benefit * self.capacity, self.weights)
        )
        extra = (1,) * (x.ndim - 1)
        joint, able, own, weight = (column.reshape(-1, *extra) for column in sums.T)
        size = members.sum(axis=1).reshape(-1, *extra)
        alone = float(self.benefit @ self.capacity)
        worth: list[FloatArray] = []
        for side in (1.0, 0.0):
            change = side - x
            force = weight + change * self.weights[who] >= self.threshold - _ROUNDING
            drive = joint + change * b
            total = drive * (able + change * k) + alone - own - change * b * k
            effort = np.where(side > 0, drive, b)
            fine = (1 - side) * self.penalty[who] * (size + change) / len(self.benefit)
            together = b * total - effort**2 * k / 2 - fine
            if self.reply is not None:
                share = (weight + change * self.weights[who]) / self.weights.sum()
                bound = -self.reply.squeeze[who]
                together = together + np.where(side > 0, bound, self.reply.rises(share, who))
            worth.append(np.where(force, together, b * alone - b**2 * k / 2))
        # What differs by rounding alone is equal; candidates are proved exactly later.
        gain = worth[0] - worth[1]
        gain[np.abs(gain) <= _ROUNDING * (1 + np.abs(worth[0]) + np.abs(worth[1]))] = 0.0
        return gain


def look_stable(game: Floats, members: BoolArray) -> BoolArray:
    """Return in which coalitions no party gains by changing sides, up to rounding.

    Args:
        game: The parties.
        members: Coalitions, shape (coalitions, parties).
    """
    gains = game.gains(members)
    return np.all(np.where(members, gains >= 0, gains <= 0), axis=1)


def settle(game: Floats, rng: np.random.Generator) -> tuple[BoolArray, int]:
    """Return where joining and leaving came to rest, and from how many starts it never did.

    From random coalitions of every size, one party after the other, in random order, changes sides
    if it gains by it; the indifferent stay where they are.
    """
    parties = len(game.benefit)
    members = random_coalitions(parties, rng)
    moved = np.ones(STARTS, dtype=bool)
    for _ in range(_SWEEPS):
        before = members.copy()
        for position in rng.permutation(parties):
            gains = game.gains(members, int(position))
            stays = members[:, position] & (gains >= 0)
            members[:, position] = stays | (gains > 0)
        moved = (members != before).any(axis=1)
        if not moved.any():
            break
    return members[~moved], int(moved.sum())


def surpluses(game: Floats, members: BoolArray) -> FloatArray:
    """Return Σ over members of U_i(S) − U_i(S∖i), for coalitions of shape (coalitions, parties)."""
    return np.where(members, game.gains(members), 0.0).sum(axis=1)


def pay_to_stay(game: Floats, rng: np.random.Generator) -> BoolArray:
    """Return coalitions whose members could be paid to stay, found from random ones.

    The member with most to gain by leaving is dropped until what the others gain by staying would
    pay for the rest; then parties are taken in, in random order, as long as that remains so.
    """
    parties = len(game.benefit)
    members = random_coalitions(parties, rng)
    for _ in range(parties):
        short = surpluses(game, members) < 0
        if not short.any():
            break
        gains = np.where(members, game.gains(members), np.inf)
        members[short, gains.argmin(axis=1)[short]] = False
    for position in rng.permutation(parties):
        larger = members.copy()
        larger[:, position] = True
        members[surpluses(game, larger) >= 0, position] = True
    return members
