"""What holds a party to its word: patience, fines, linkage and trust, as formulas.

T: one reneges and the other honours; R: both honour; P: both renege; S: one honours and the other
reneges. Payoffs are those of a year. Reneging is answered by reneging for good (grim trigger,
Friedman 1971), from the year in which it is noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from games.outcomes import FloatArray
from games.utility import TIE

_HALVINGS = 60


def effective_discount(patience: float, lag: int = 1, detection: float = 1.0) -> float:
    """Return E[δ^τ], what the years after detection weigh, τ being the year it is noticed in.

    Reneging stays unnoticed for lag − 1 years and is then noticed each year with the same chance
    q: E[δ^τ] = δ^(L−1) · δq/(1 − δ(1−q)). Honouring is worthwhile iff R ≥ (1−E)T + E·P, so that E
    takes the place of δ in every condition: with q = 1 it is δ^L, with L = 1 δq/(1 − δ(1−q)).
    """
    return patience**lag * detection / (1 - patience * (1 - detection))


def critical_discount(
    temptation: float, reward: float, punishment: float, lag: int = 1, detection: float = 1.0
) -> float:
    """Return δ*, the least patience that makes honouring worthwhile under grim trigger.

    With E* = (T−R)/(T−P): δ* = E*^(1/L) for a lag of L years; (T−R)/((T−R) + q(R−P)) for a chance
    q of detection per year; where both hold, the root of `effective_discount` = E*, by bisection
    to 1e-15. 0 if there is no temptation (T ≤ R).

    Raises:
        ValueError: If honouring together is no better than reneging together.
    """
    if reward <= punishment:
        raise ValueError(f"R = {reward!r} is not above P = {punishment!r}; δ* is undefined")
    if temptation <= reward:
        return 0.0
    needed = (temptation - reward) / (temptation - punishment)
    if detection == 1.0:
        return needed ** (1 / lag)
    if lag == 1:
        return needed / (needed + detection * (1 - needed))
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = effective_discount(middle, lag, detection) < needed
        low, high = (middle, high) if below else (low, middle)
    return high


def smallest_fine(
    temptation: float, reward: float, punishment: float, patience: float, mutual: float = 0.0
) -> float:
    """Return the smallest expected fine x that makes honouring worthwhile, given patience.

    T and P are gross, before any fine. Reneging costs x in the year in which the other honours,
    and o·x in each later year in which both renege. Honouring is worthwhile iff
    R/(1−δ) ≥ T − x + δ(P − o·x)/(1−δ), that is x·(1 − δ + δo) ≥ (1−δ)T + δP − R. Levied once
    (o = 0): x = T − (R − δP)/(1−δ). In every year (o = 1): x = (1−δ)T + δP − R.

    Args:
        temptation: T before any fine.
        reward: R.
        punishment: P before any fine.
        patience: δ of a year, or E[δ^τ] where reneging is not noticed at once; below 1.
        mutual: o, the share of the fine still levied when both renege.
    """
    shortfall = (1 - patience) * temptation + patience * punishment - reward
    return max(0.0, shortfall / (1 - patience + patience * mutual))


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """The patience that agreements need one by one, and as one package."""

    apart: tuple[float, ...]
    """δ* of each agreement by itself."""
    pooled: float
    """δ* if breaking one breaks all."""

    @property
    def gained(self) -> tuple[int, ...]:
        """Agreements that need less patience in the package than by themselves."""
        return tuple(k for k, alone in enumerate(self.apart) if self.pooled < alone)

    @property
    def lost(self) -> tuple[tuple[int, float, float], ...]:
        """Agreements lost by linking, and the patience [from, below) for which that is so."""
        return tuple(
            (k, alone, self.pooled) for k, alone in enumerate(self.apart) if alone < self.pooled
        )


def linkage(gains: Sequence[float], losses: Sequence[float]) -> Linkage:
    """Return what linking agreements does: it pools the slack of their incentive constraints.

    Apart, agreement k holds iff g_k ≤ δ/(1−δ)·c_k, so that δ*_k = g_k/(g_k + c_k); as a package,
    in which whoever breaks one breaks all, iff Σg ≤ δ/(1−δ)·Σc (Bernheim and Whinston 1990). Where
    c is not positive no patience below 1 holds what there is a gain in breaking: δ* = 1.

    Args:
        gains: g, what breaking each agreement brings in the year it is broken, from 0.
        losses: c, what the end of each agreement costs in every later year.

    Raises:
        ValueError: If there are not as many losses as gains, or a gain is negative.
    """
    if len(gains) != len(losses) or min([*gains, 0.0]) < 0:
        raise ValueError(f"expected as many gains, from 0, as losses: {gains!r}, {losses!r}")
    apart = tuple(_patience_for(gain, loss) for gain, loss in zip(gains, losses, strict=True))
    return Linkage(apart=apart, pooled=_patience_for(sum(gains), sum(losses)))


def _patience_for(gain: float, loss: float) -> float:
    if gain <= 0:
        return 0.0
    return gain / (gain + loss) if loss > 0 else 1.0


def dispute_threshold(gain: float, audience_cost: float, depth: float) -> float:
    """Return s* = (u⁰ − r)/(A·d), the dispute level up to which a party signs a text.

    It signs iff u⁰ − r ≥ A·s·d. Infinite where the dispute costs it nothing and it gains by the
    text; minus infinity where it would not sign even so. Above 1 no dispute keeps it from signing,
    below 0 it does not sign without any.

    Args:
        gain: u⁰ − r, the text's worth above the reservation value, the dispute left aside.
        audience_cost: A, in the same points.
        depth: d, the text's legal depth; a shallower text is the way out.
    """
    exposure = audience_cost * depth
    if exposure > 0:
        return gain / exposure
    return inf if gain >= -TIE else -inf


def belief(
    a: float, b: float, kept: float | FloatArray = 0.0, broken: float | FloatArray = 0.0
) -> FloatArray:
    """Return p = (a + kept)/(a + b + kept + broken), the trust that the others honour.

    The mean of a Beta distribution with prior weights a and b after commitments were seen kept
    and broken. It enters what a party signs and whether it honours, never its patience.
    """
    return np.asarray((a + kept) / (a + b + kept + broken), dtype=np.float64)


def gain_of_honouring(
    temptation: float | FloatArray,
    reward: float | FloatArray,
    punishment: float | FloatArray,
    sucker: float | FloatArray,
    *,
    patience: float,
    belief: float | FloatArray,
) -> FloatArray:
    """Return how much better honouring this year is than reneging, per year; it honours iff ≥ 0.

    With belief p the other honours, and goes on as long as it is honoured; with 1 − p it reneges.
    Once either reneged both get the punishment. Averaged over the years with weight E (see
    `effective_discount`), honouring is worth p·R + (1−p)[(1−E)S + E·P], reneging
    p[(1−E)T + E·P] + (1−p)P. With p = 1 this is the condition of grim trigger; with E = 0 and a
    stag hunt it says p ≥ p*.

    Args:
        temptation: T, any shape.
        reward: R.
        punishment: P, or what the party can secure for itself once cooperation has ended.
        sucker: S.
        patience: E.
        belief: p, broadcast against T.
    """
    late = patience * punishment
    honour = belief * reward + (1 - belief) * ((1 - patience) * sucker + late)
    renege = belief * ((1 - patience) * temptation + late) + (1 - belief) * punishment
    return np.asarray(honour - renege, dtype=np.float64)


def expected_utility_of_signing(
    utility: float,
    *,
    temptation: float,
    reward: float,
    punishment: float,
    sucker: float,
    belief: float,
) -> float:
    """Return what signing is worth this year to one who honours or reneges as suits it best.

    The utility of the agreement is what it is worth if both honour; if the other reneges, an
    honouring party loses R − S of it, a reneging one R − P, and one who alone reneges gains T − R:
    u + max(−(1−p)(R−S), p(T−R) − (1−p)(R−P)). It signs iff this reaches its reservation value.
    """
    honour = -(1 - belief) * (reward - sucker)
    renege = belief * (temptation - reward) - (1 - belief) * (reward - punishment)
    return utility + max(honour, renege)
