"""The years after signature: what is kept, built, delivered and paid, by seeded simulation.

Each year the market price moves. Every party that owes something honours if that is worth more to
it than reneging (`gain_of_honouring`): its temptation moves with the gap between the spot price and
the contract price, its trust grows with every year in which the others honoured, its patience stays
as it is. A change of law ends a party's commitments at a constant hazard. The first breach or lapse
ends the agreement: deliveries, floor payments and financing stop with that year. A project reaches
financial close in the first year in which it is ready, the agreement stands, and the price is at
or above its trigger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from games.aftermath import Implementation
from games.compliance.enforcement import belief, gain_of_honouring
from games.compliance.game import attainable_gain, incentives
from games.compliance.verdicts import owes, patience_of, security, weight_of_later
from games.implementation.estimates import Estimate, estimate, estimates
from games.implementation.price_paths import price_paths
from games.implementation.works import Terms, Works, terms_of
from games.outcomes import BoolArray, FloatArray
from games.parts import of_party
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario

PATHS = 10_000
"""Paths simulated if nothing else is asked for."""

MILESTONES = (5, 10, 15)
"""Years after signature at which deliveries are summed up."""


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """What one year brings, over all paths; money in the unit of price times volume."""

    year: int
    """Counted from 1."""
    delivered: Estimate
    worth: Estimate
    """The deliveries at the market's price."""
    floor_paid: Estimate
    """What makes up for a price below the floor, undiscounted."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "year": self.year,
            "delivered": self.delivered.as_json(),
            "worth": self.worth.as_json(),
            "floor_paid": self.floor_paid.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What became of an agreement in the years simulated."""

    terms: Terms
    years: int
    paths: int
    seed: int
    kept: Estimate
    """Share of the party-years due in which everybody honoured."""
    falls_due: bool
    """Whether anything falls due in any path."""
    breaks: dict[str, float]
    """By party, the share of paths in which it reneges before the agreement ended otherwise."""
    lapses: dict[str, float]
    """By party, the share of paths in which a change of law ends its commitments first."""
    closed: Estimate
    """Projects that reached financial close."""
    closed_by_project: dict[str, float]
    """By project, the share of paths in which it did."""
    delivered: dict[int, Estimate]
    """By milestone, all deliveries up to the end of that year, in the unit of volume."""
    floor_budget: Estimate
    """Present value of all floor payments."""
    by_year: tuple[YearFigures, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "years": self.years,
            "paths": self.paths,
            "seed": self.seed,
            "kept": self.kept.as_json(),
            "breaks": self.breaks,
            "lapses": self.lapses,
            "closed": self.closed.as_json(),
            "delivered": {str(year): one.as_json() for year, one in self.delivered.items()},
            "floor_budget": self.floor_budget.as_json(),
            "by_year": [one.as_json() for one in self.by_year],
        }


def outlook(
    scenario: Scenario, outcome: int, *, seed: int = 0, paths: int = PATHS
) -> Outlook | None:
    """Return what becomes of an agreement; None if the scenario has no `implementation`.

    One seed draws the same prices, permits and laws for every outcome, so that two agreements are
    compared on the same futures. A party without a stated belief is sure of the others.
    """
    plan, terms = scenario.implementation, terms_of(scenario, outcome)
    if plan is None or terms is None:
        return None
    run = _simulate(scenario, outcome, plan, terms, seed, paths)
    milestones = [year for year in MILESTONES if year <= plan.years]
    total = np.cumsum(run.delivered, axis=0)
    return Outlook(
        terms=terms,
        years=plan.years,
        paths=paths,
        seed=seed,
        kept=estimate(run.kept),
        falls_due=run.falls_due,
        breaks=_shares(run.breaks),
        lapses=_shares(run.lapses),
        closed=estimate(run.closed.sum(axis=0)),
        closed_by_project={
            project.name: float(closed.mean())
            for project, closed in zip(plan.projects, run.closed, strict=True)
        },
        delivered={year: estimate(total[year - 1]) for year in milestones},
        floor_budget=estimate(run.budget),
        by_year=_by_year(run),
    )


def _by_year(run: _Run) -> tuple[YearFigures, ...]:
    figures = (run.delivered, run.delivered * run.prices, run.floor_paid)
    return tuple(
        YearFigures(year=year, delivered=delivered, worth=worth, floor_paid=paid)
        for year, (delivered, worth, paid) in enumerate(
            zip(*(estimates(one) for one in figures), strict=True), start=1
        )
    )


def _shares(events: dict[str, BoolArray]) -> dict[str, float]:
    return {party: float(happened.mean()) for party, happened in events.items()}


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What happened on each path."""

    kept: FloatArray
    falls_due: bool
    breaks: dict[str, BoolArray]
    lapses: dict[str, BoolArray]
    closed: BoolArray
    """Shape (projects, paths)."""
    delivered: FloatArray
    """Shape (years, paths)."""
    prices: FloatArray
    """At the end of each year, likewise."""
    floor_paid: FloatArray
    """Undiscounted, likewise."""
    budget: FloatArray


@dataclass(frozen=True, kw_only=True)
class _Obligor:
    """What moves one party that owes something, in shares of what it can gain."""

    party: str
    position: int
    temptation: float
    reward: float
    punishment: float
    sucker: float
    later: float
    """The weight of the years after detection."""
    swing: float
    law: float
    trust: tuple[float, float, float, float] | None
    """a, b, kept and broken; None if it is sure of the others."""

    def honours(self, gap: FloatArray, seen: FloatArray) -> BoolArray:
        """Return on which paths it honours this year.

        Args:
            gap: How far the spot price lies above the contract price, as a share of it.
            seen: Years in which the others have honoured.
        """
        trust: float | FloatArray = 1.0
        if self.trust is not None:
            a, b, kept, broken = self.trust
            trust = belief(a, b, kept + seen, broken)
        gain = gain_of_honouring(
            self.temptation + self.swing * gap,
            self.reward,
            self.punishment,
            self.sucker,
            patience=self.later,
            belief=trust,
        )
        return gain >= -TIE


def _obligors(scenario: Scenario, outcome: int, plan: Implementation) -> list[_Obligor]:
    found: list[_Obligor] = []
    for position, party in enumerate(scenario.ids):
        if not owes(scenario, party):
            continue
        own = incentives(scenario, outcome, position)
        gain = attainable_gain(scenario, position)
        trust = scenario.trust.get(party)
        found.append(
            _Obligor(
                party=party,
                position=position,
                temptation=own.temptation / gain,
                reward=own.reward / gain,
                punishment=security(own) / gain,
                sucker=own.sucker / gain,
                later=weight_of_later(scenario, patience_of(scenario, party)),
                swing=plan.swing.get(party, 0.0) / gain,
                law=min(of_party(plan.law, party), 1.0),
                trust=None if trust is None else (trust.a, trust.b, trust.kept, trust.broken),
            )
        )
    return found


def _stream(seed: int, *key: int) -> np.random.Generator:
    """Return the generator of one source of chance, the same whatever else is simulated."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _simulate(
    scenario: Scenario, outcome: int, plan: Implementation, terms: Terms, seed: int, paths: int
) -> _Run:
    prices = price_paths(plan.price, plan.years, paths, _stream(seed, 0))
    permits = [_stream(seed, 1, number) for number in range(len(plan.projects))]
    works = Works.before_the_first_year(plan, terms, paths, permits)
    conduct = _Conduct.at_signature(_obligors(scenario, outcome, plan), plan.years, paths, seed)
    starts = np.full((len(plan.projects), paths), np.inf)
    due, kept = np.zeros(paths), np.zeros(paths)
    delivered = np.zeros((plan.years, paths))
    for year in range(1, plan.years + 1):
        price = prices[year]
        at_stake = works.are_due(year, starts)
        conduct = conduct.after(year, terms.gap(price), at_stake)
        starts = works.starts_after(year, starts, price, conduct.intact)
        delivered[year - 1] = terms.volume * works.output(year, starts) * conduct.intact
        due += at_stake
        kept += at_stake & conduct.intact
    later = np.exp(-plan.rate * np.arange(1, plan.years + 1))[:, None]
    shortfall = np.maximum(terms.floor - prices[1:], 0.0)
    return _Run(
        kept=kept / np.maximum(due, 1),
        falls_due=bool(due.any()),
        breaks=conduct.breaks,
        lapses=conduct.lapses,
        closed=np.isfinite(starts),
        delivered=delivered,
        prices=prices[1:],
        floor_paid=shortfall * delivered,
        budget=(later * shortfall * delivered).sum(axis=0),
    )


@dataclass(frozen=True, kw_only=True)
class _Conduct:
    """How far the parties have kept their word, on every path."""

    obligors: list[_Obligor]
    laws: list[FloatArray]
    """By party, uniform draws that decide on a change of law, shape (years, paths)."""
    intact: BoolArray
    """Where the agreement stands."""
    seen: FloatArray
    """Years in which everybody honoured."""
    breaks: dict[str, BoolArray]
    lapses: dict[str, BoolArray]

    @classmethod
    def at_signature(cls, obligors: list[_Obligor], years: int, paths: int, seed: int) -> _Conduct:
        """Return the agreement before the first year."""
        nowhere = {one.party: np.zeros(paths, dtype=bool) for one in obligors}
        return cls(
            obligors=obligors,
            laws=[_stream(seed, 2, one.position).random((years, paths)) for one in obligors],
            intact=np.ones(paths, dtype=bool),
            seen=np.zeros(paths),
            breaks=nowhere,
            lapses=nowhere,
        )

    def after(self, year: int, gap: FloatArray, at_stake: BoolArray) -> _Conduct:
        """Return the state after one more year.

        Args:
            year: The year, counted from 1.
            gap: How far the spot price lies above the contract price, as a share of it.
            at_stake: Where something is still to be delivered.
        """
        open_still = self.intact & at_stake
        stands = self.intact.copy()
        breaks, lapses = dict(self.breaks), dict(self.lapses)
        for one, law in zip(self.obligors, self.laws, strict=True):
            lapsed = open_still & (law[year - 1] < one.law)
            broken = open_still & ~lapsed & ~one.honours(gap, self.seen)
            lapses[one.party] = lapses[one.party] | lapsed
            breaks[one.party] = breaks[one.party] | broken
            stands &= ~(lapsed | broken)
        return replace(self, intact=stands, seen=self.seen + stands, breaks=breaks, lapses=lapses)
