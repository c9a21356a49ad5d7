"""What the parties do in the years after signature: honour, renege, be found out, reopen the price.

A change of law ends the agreement at the beginning of a year. Else each party that keeps its word
decides whether to go on doing so. Whoever reneges goes on until it is noticed and keeps what that
brings it. It is noticed at the end of a year, from `lag` years of reneging on with the same chance
each year; it may then be fined for each year in which it reneged, and the agreement ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from games.implementation.obligors import AS_SIGNED, Obligor
from games.implementation.streams import Source, stream
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.parts.aftermath import Commitments, Renegotiation

Reason = Literal["price", "incentive", "arbitration", "law", "breach", "unfinanced"]
"""Why something due is not kept: the price tempted its obligor; patience and trust never carried
it; an arbitration went against it; a law was changed; another party broke its word; the project was
never financed."""

REASONS: tuple[Reason, ...] = ("price", "incentive", "arbitration", "law", "breach", "unfinanced")

_PRICE, _INCENTIVE, _ARBITRATION, _LAW, _BREACH = range(1, 6)
"""Places in `REASONS`, from 1; 0 is kept."""


class YearBegun(NamedTuple):
    """What a year finds, on every path."""

    year: int
    """Counted from 1."""
    price: FloatArray
    """At the market."""
    contract: FloatArray
    """The contract price as signed or awarded; 0 where it follows the market."""
    signed: float
    """The same as signed."""
    reading: IndexArray
    """Which reading of the agreement holds."""
    at_stake: BoolArray
    """Where something is still to be delivered."""

    @property
    def as_signed(self) -> YearBegun:
        """The same year, had nothing been awarded."""
        return self._replace(contract=np.full(1, self.signed), reading=AS_SIGNED)


@dataclass(frozen=True)
class Checks:
    """The draws that decide on one party's reneging, drawn when first asked for."""

    seed: int
    position: int
    years: int
    paths: int

    @cached_property
    def draws(self) -> FloatArray:
        """Uniform draws, shape (2, years, paths): whether it is noticed, whether it is fined."""
        return stream(self.seed, Source.NOTICE, self.position).random((2, self.years, self.paths))


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """How reneging is noticed and punished."""

    behind: Commitments
    checks: tuple[Checks, ...]
    """By obligor."""

    def notices(self, number: int, year: int, age: IndexArray) -> BoolArray:
        """Return where an obligor's reneging of a certain age is noticed at the end of a year."""
        return (age >= self.behind.lag) & self._happens(number, 0, year, self.behind.detection)

    def fines(self, number: int, year: int) -> BoolArray:
        """Return where what is noticed is punished, shape (paths,) or (1,)."""
        return self._happens(number, 1, year, self.behind.enforcement)

    def _happens(self, number: int, which: int, year: int, chance: float) -> BoolArray:
        if chance in (0.0, 1.0):
            return np.array([chance == 1.0])
        return np.asarray(self.checks[number].draws[which, year - 1] < chance)


def monitoring(
    behind: Commitments | None, parties: list[Obligor], years: int, paths: int, seed: int
) -> Monitoring:
    """Return how reneging is noticed; at once and without a fine where nothing is stated."""
    return Monitoring(
        behind=Commitments() if behind is None else behind,
        checks=tuple(Checks(seed, one.position, years, paths) for one in parties),
    )


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """How far the parties have kept their word, on every path.

    Arrays by obligor have the shape (obligors, paths).
    """

    parties: list[Obligor]
    watch: Monitoring
    reopening: Renegotiation | None
    laws: list[FloatArray | None]
    """By obligor, uniform draws that decide on a change of law, shape (years, paths)."""
    stands: BoolArray
    """Where the agreement stands."""
    in_force: BoolArray
    """Where something was due under it in the year that has passed."""
    seen: FloatArray
    """Years in which nobody was seen to renege."""
    since: IndexArray
    """By obligor, the year in which it began to renege; 0 if it has not."""
    reneged: FloatArray
    """By obligor, the years in which it did."""
    why: IndexArray
    """By obligor, 0 as long as it keeps its word and all goes on, then the reason why not."""
    kept: FloatArray
    """By obligor, the years due in which it kept its word."""
    lapsed: BoolArray
    """By obligor, where a change of its law ended the agreement."""
    noticed: BoolArray
    """By obligor, where its reneging was noticed."""
    spoils: FloatArray
    """By obligor, the points that reneging brought it."""
    fines: FloatArray
    """By obligor, the points that it was fined in the year that has passed."""
    reopened: IndexArray
    """How many times the price was reopened."""
    moved: FloatArray
    """The contract price, as a multiple of what was signed or awarded."""

    @classmethod
    def at_signature(
        cls,
        parties: list[Obligor],
        watch: Monitoring,
        reopening: Renegotiation | None,
        *,
        years: int,
        paths: int,
        seed: int,
    ) -> Conduct:
        """Return the agreement before the first year."""
        shape = (len(parties), paths)
        return cls(
            parties=parties,
            watch=watch,
            reopening=reopening,
            laws=[
                stream(seed, Source.LAWS, one.position).random((years, paths)) if one.law else None
                for one in parties
            ],
            stands=np.ones(paths, dtype=bool),
            in_force=np.ones(paths, dtype=bool),
            seen=np.zeros(paths),
            since=np.zeros(shape, dtype=np.intp),
            reneged=np.zeros(shape),
            why=np.zeros(shape, dtype=np.intp),
            kept=np.zeros(shape),
            lapsed=np.zeros(shape, dtype=bool),
            noticed=np.zeros(shape, dtype=bool),
            spoils=np.zeros(shape),
            fines=np.zeros(shape),
            reopened=np.zeros(paths, dtype=np.intp),
            moved=np.ones(paths),
        )

    @property
    def reneging(self) -> BoolArray:
        """By obligor, where it reneged in the year that has passed."""
        return (self.since > 0) & self.in_force

    @property
    def honoured(self) -> BoolArray:
        """Where something was due in the year that has passed and everybody honoured it."""
        return self.in_force & ~self.reneging.any(axis=0)

    def after(self, now: YearBegun) -> Conduct:
        """Return the state after one more year."""
        due = self.stands & now.at_stake
        lapsing = self._lapsing(now.year, due)
        in_force = due & ~lapsing.any(axis=0)
        tempted = self._tempted(now, self.moved, in_force & (self.since == 0))
        moved = self._renegotiated(now, tempted, in_force)
        is_settled = moved != self.moved
        tempted &= ~is_settled
        why = self._reasons(now, tempted, due & ~in_force)
        since = np.where(tempted, now.year, self.since)
        return _found_out(
            now,
            replace(
                self,
                in_force=in_force,
                since=since,
                why=why,
                kept=self.kept + (now.at_stake & (why == 0)),
                lapsed=self.lapsed | lapsing,
                reopened=self.reopened + is_settled,
                moved=moved,
            ),
        )

    def _lapsing(self, year: int, due: BoolArray) -> BoolArray:
        found = np.zeros_like(self.lapsed)
        for number, (one, draws) in enumerate(zip(self.parties, self.laws, strict=True)):
            if draws is not None:
                found[number] = due & (draws[year - 1] < one.law)
        return found

    def _tempted(self, now: YearBegun, moved: FloatArray, asked: BoolArray) -> BoolArray:
        """Return where obligors would renege at a contract price, of the paths asked about."""
        gap = _gap(now, moved)
        found = [
            where & ~one.honours(now.reading, gap, self.seen)
            for one, where in zip(self.parties, asked, strict=True)
        ]
        return np.array(found).reshape(asked.shape)

    def _renegotiated(self, now: YearBegun, tempted: BoolArray, in_force: BoolArray) -> FloatArray:
        """Return the contract price, as a multiple, once it was reopened where that helps."""
        terms = self.reopening
        if terms is None:
            return self.moved
        asked = in_force & tempted.any(axis=0) & ~(self.since > 0).any(axis=0)
        asked &= (self.reopened < terms.most) & (now.contract > 0)
        for one in self.parties:
            asked &= one.would_reopen(now.reading)
        if not asked.any():
            return self.moved
        gap = _gap(now, self.moved)
        moved = self.moved * (1 + terms.share * gap)
        still = self._tempted(now, moved, np.broadcast_to(asked, tempted.shape))
        return np.where(asked & ~still.any(axis=0), moved, self.moved)

    def _reasons(self, now: YearBegun, tempted: BoolArray, lapsed: BoolArray) -> IndexArray:
        """Return why obligors do not keep their word, once some begin to renege and laws change."""
        why = self.why.copy()
        gap = _gap(now, self.moved)
        for number, one in enumerate(self.parties):
            where = tempted[number]
            if not where.any():
                continue
            cause = np.where(one.honours(now.reading, 0.0 * gap, self.seen), _PRICE, _INCENTIVE)
            if len(one.reward) > 1:
                signed = now.as_signed
                unruled = one.honours(signed.reading, _gap(signed, self.moved), self.seen)
                unruled &= now.reading > 0
                cause = np.where(unruled, _ARBITRATION, cause)
            why[number] = np.where(where, cause, why[number])
        return np.where((why == 0) & lapsed, _LAW, why)


def _found_out(now: YearBegun, then: Conduct) -> Conduct:
    """Return the state once some reneging is noticed, fined, and ends the agreement."""
    active = then.since > 0
    stands = then.stands & ~(then.lapsed.any(axis=0))
    if not active.any():
        return replace(then, stands=stands, seen=then.seen + stands, fines=0.0 * then.fines)
    reneging = then.reneging
    reneged = then.reneged + reneging
    spoils, fines = then.spoils.copy(), np.zeros_like(then.fines)
    noticed = np.zeros_like(then.noticed)
    gap = _gap(now, then.moved)
    together = np.where(active.sum(axis=0) > 1, then.watch.behind.mutual, 1.0)
    for number, one in enumerate(then.parties):
        if not active[number].any():
            continue
        age = now.year - then.since[number] + 1
        found = active[number] & stands & then.watch.notices(number, now.year, age)
        noticed[number] = found
        spoils[number] += reneging[number] * one.spoils(now.reading, gap)
        punished = found & then.watch.fines(number, now.year)
        fines[number] = punished * one.fine * reneged[number] * together
    ended = noticed.any(axis=0)
    stands = stands & ~ended
    return replace(
        then,
        stands=stands,
        seen=then.seen + stands,
        reneged=reneged,
        spoils=spoils,
        fines=fines,
        noticed=then.noticed | noticed,
        why=np.where((then.why == 0) & ended, _BREACH, then.why),
    )


def _gap(now: YearBegun, moved: FloatArray) -> FloatArray:
    """Return how far market prices lie above the contract's, as a share of it; 0 without one."""
    contract = now.contract * moved
    follows = contract <= 0
    return np.where(follows, 0.0, now.price / np.where(follows, 1.0, contract) - 1)
