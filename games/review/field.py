"""The outcomes among which simulated parties choose, and what each party makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from games.outcomes import BoolArray, FloatArray, IndexArray, OutcomeSpace
from games.review.counterparts import Profiles, marks
from games.tactics.offers import BAND
from games.utility import Preferences

FIELD = 2048
"""Outcomes kept; smaller spaces are kept whole."""

BASE = 100_000
"""Outcomes searched for those to keep; smaller spaces are searched whole."""

TOP = 256
"""Of the seat's own best outcomes, how many are kept."""

MIXES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)
"""Weights of the seat's utility in the mixtures whose best outcomes are kept."""

NEAR = 1e-8
"""Shares of a party's possible gain closer than this are equal."""

_GRAIN = 9


@dataclass(frozen=True, kw_only=True, eq=False)
class Base:
    """The outcomes searched, once a session."""

    outcomes: IndexArray
    """Indices that can happen, rising, shape (base,)."""
    marks: NDArray[np.float32]
    """Which options they hold, as 0 and 1, shape (base, options); single precision for speed."""
    own: FloatArray
    """The seat's utility, as a share of its possible gain (u − r)/(highest − r)."""
    filler: IndexArray
    """Positions in a random order, of which a field that has room takes the first."""
    top: IndexArray
    """Positions of the seat's best signable outcomes."""

    def positions(self, outcomes: Iterable[int]) -> IndexArray:
        """Return where these outcomes stand in the base; all must be there."""
        return np.searchsorted(self.outcomes, np.array(sorted(outcomes), dtype=np.intp))


def base_of(
    space: OutcomeSpace, own: Preferences, needed: Iterable[int], source: np.random.Generator
) -> Base:
    """Return the outcomes searched: all that can happen, or a draw with those needed.

    Args:
        space: The outcome space.
        own: The seat's preferences; it can gain something.
        needed: Outcomes that must be there: whatever was or may be offered.
        source: Draws what is not needed.
    """
    outcomes = np.arange(space.size) if space.possible is None else np.flatnonzero(space.possible)
    order, _ = own.ranking
    top = order[-TOP:]
    if len(outcomes) > BASE:
        drawn = outcomes[source.choice(len(outcomes), BASE, replace=False)]
        outcomes = np.unique(np.concatenate([drawn, top, np.array([*needed], dtype=np.intp)]))
    shares = (own.utilities[outcomes] - own.reservation) / (own.highest - own.reservation)
    return Base(
        outcomes=outcomes,
        marks=marks(space, outcomes).astype(np.float32),
        own=np.round(shares, _GRAIN),
        filler=source.permutation(len(outcomes)),
        top=np.searchsorted(outcomes, np.sort(top)),
    )


class Band(NamedTuple):
    """What a party would choose its offer from, one row a counterpart drawn (or a sole row)."""

    places: IndexArray
    """Positions in the field by rising worth (ties by index), shape (rows, widest)."""
    worth: FloatArray
    """To the party, likewise."""
    inside: BoolArray
    """Which of them belong to the band: rows differ in length."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stake:
    """What the outcomes of a field are worth to a party, in shares of its possible gain.

    One row for each way the party may be; a single row if only one is considered.
    """

    worth: FloatArray
    """Shape (rows, field)."""
    signable: BoolArray
    """Outcomes it may sign, shape (field,)."""
    order: IndexArray
    """Signable positions by rising worth, ties by index, shape (rows, signable)."""
    values: FloatArray
    """Worth in that order."""
    reach: FloatArray
    """Width of the trade-off band, shape (rows,)."""

    def band(self, aspirations: FloatArray, rows: IndexArray) -> Band:
        """Return what the trade-off tactic chooses from at some aspirations.

        Signable outcomes from the aspiration to the top of the band; if there are none, the one
        nearest above; if nothing is above, the best (ties by index).

        Args:
            aspirations: In shares of the possible gain, shape (rows,).
            rows: Which rows.
        """
        values = self.values[rows]
        size = values.shape[1]
        first = np.count_nonzero(values < aspirations[:, None] - NEAR, axis=1)
        ceiling = aspirations + self.reach[rows] + NEAR
        last = np.count_nonzero(values <= ceiling[:, None], axis=1)
        best = np.count_nonzero(values < values[:, -1:] - NEAR, axis=1)
        above = first < size
        length: IndexArray = np.where(above, np.maximum(last - first, 1), 1)
        start: IndexArray = np.asarray(np.where(above, first, best), dtype=np.intp)
        offsets = np.arange(int(length.max()))
        inside = offsets < length[:, None]
        places = np.minimum(start[:, None] + offsets, size - 1)
        return Band(
            places=np.take_along_axis(self.order[rows], places, axis=1),
            worth=np.take_along_axis(values, places, axis=1),
            inside=inside,
        )


def stake_of_seat(base: Base, own: Preferences, field: IndexArray) -> Stake:
    """Return what a field, given as positions in the base, is worth to the seat."""
    signable = np.ones(len(field), dtype=bool)
    if own.signable is not None:
        signable = own.signable[base.outcomes[field]]
    reach = np.array([BAND * own.span / (own.highest - own.reservation)])
    return _stake(base.own[field][None, :], signable, reach)


def stake_of_drawn(base: Base, profiles: Profiles, field: IndexArray) -> Stake:
    """Return what a field is worth to each drawn counterpart; none has a red line."""
    worth = profiles.points @ base.marks[field].T.astype(np.float64)
    gain = 1 - profiles.reservations
    shares = (worth - profiles.reservations[:, None]) / gain[:, None]
    return _stake(np.round(shares, _GRAIN), np.ones(len(field), dtype=bool), BAND / gain)


def _stake(worth: FloatArray, signable: BoolArray, reach: FloatArray) -> Stake:
    allowed = np.flatnonzero(signable)
    order = allowed[np.argsort(worth[:, allowed], axis=1, kind="stable")]
    return Stake(
        worth=worth,
        signable=signable,
        order=order,
        values=np.take_along_axis(worth, order, axis=1),
        reach=reach,
    )


def field_of(base: Base, drawn: Sequence[Profiles], needed: IndexArray) -> IndexArray:
    """Return the outcomes among which simulated parties choose, as rising positions in the base.

    The whole base if it is small. Else those needed, the seat's own best, for each counterpart
    drawn the best of several mixtures of its utility and the seat's, and a random draw of the rest.
    """
    if len(base.outcomes) <= FIELD:
        return np.arange(len(base.outcomes))
    kept = np.zeros(len(base.outcomes), dtype=bool)
    kept[needed] = True
    kept[base.top] = True
    seat = np.clip(base.own, 0.0, 1.0).astype(np.float32)
    for profiles in drawn:
        theirs = profiles.points.astype(np.float32) @ base.marks.T
        mixed = np.empty_like(theirs)
        for share in MIXES:
            np.add(theirs, np.float32(share / (1 - share)) * seat, out=mixed)
            kept[mixed.argmax(axis=1)] = True
    room = FIELD - int(np.count_nonzero(kept))
    if room > 0:
        rest = base.filler[~kept[base.filler]]
        kept[rest[:room]] = True
    return np.flatnonzero(kept)
