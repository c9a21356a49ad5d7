"""The years after signature: what is kept, built, delivered and paid, by seeded simulation.

Each year the market price moves. Every party that owes something honours if that is worth more to
it than reneging (`gain_of_honouring`): its temptation moves with the gap between the spot price and
the contract price, its trust grows with every year in which nobody was seen to renege, its patience
stays as it is. What reneging leads to is in `conduct`: it is noticed sooner or later, fined with
some chance, and ends the agreement; parties may reopen the price instead. A change of law ends the
agreement at a constant hazard; an arbitration changes what ambiguous words amount to (`readings`).
Deliveries, floor payments and financing stop with the agreement. A project reaches financial close
in the first year in which it is ready, everybody honours, and the price is such that it is worth it
(`investment`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.implementation.accounts import Account, accounts, share_of_due
from games.implementation.conduct import Conduct
from games.implementation.estimates import Estimate, estimate, estimates
from games.implementation.simulation import Run, simulate
from games.implementation.works import Terms, terms_of
from games.outcomes import BoolArray
from games.parts.aftermath import Implementation

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
    fines: dict[str, Estimate]
    """By party, points that it is fined; those that never are are left out."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "year": self.year,
            "delivered": self.delivered.as_json(),
            "worth": self.worth.as_json(),
            "floor_paid": self.floor_paid.as_json(),
            "fines": {party: one.as_json() for party, one in self.fines.items()},
        }


@dataclass(frozen=True, kw_only=True)
class Reopened:
    """How often the price was reopened, and what that saved on the same futures."""

    share: float
    """Of paths in which it was."""
    times: float
    """A path, on average."""
    kept_saved: float
    """By how much it raised the share of years in which everybody honoured."""
    delivered_saved: float
    """By how much it raised deliveries over all years, on average."""
    cost: dict[str, float]
    """By party, the points that it cost on average."""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "share": self.share,
            "times": self.times,
            "kept_saved": self.kept_saved,
            "delivered_saved": self.delivered_saved,
            "cost": dict(self.cost),
        }


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What became of an agreement in the years simulated."""

    terms: Terms
    years: int
    paths: int
    seed: int
    kept: Estimate
    """Share of the years due in which everybody honoured, whatever could be financed meanwhile."""
    falls_due: bool
    """Whether anything falls due in any path."""
    accounts: tuple[Account, ...]
    """By party that owes something, what was kept and why the rest was not; none if nothing falls
    due."""
    breaks: dict[str, float]
    """By party, the share of paths in which it reneges before the agreement ended otherwise."""
    lapses: dict[str, float]
    """By party, the share of paths in which a change of law ends its commitments first."""
    disputes: dict[str, float]
    """By ambiguous issue, the share of paths in which its words are disputed in time."""
    reopened: Reopened | None
    """None if the scenario does not let the price be reopened."""
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
            "accounts": {one.party: one.as_json() for one in self.accounts},
            "disputes": self.disputes,
            "reopened": None if self.reopened is None else self.reopened.as_json(),
            "closed": self.closed.as_json(),
            "delivered": {str(year): one.as_json() for year, one in self.delivered.items()},
            "floor_budget": self.floor_budget.as_json(),
            "by_year": [one.as_json() for one in self.by_year],
        }


def outlook(
    scenario: Scenario, outcome: int, *, seed: int = 0, paths: int = PATHS
) -> Outlook | None:
    """Return what becomes of an agreement; None if the scenario has no `implementation`.

    One seed draws the same prices, permits, laws, disputes and checks for every outcome, so that
    two agreements are compared on the same futures. A party without a stated belief is sure of the
    others.
    """
    plan, terms = scenario.implementation, terms_of(scenario, outcome)
    if plan is None or terms is None:
        return None
    run = simulate(
        scenario, outcome, plan, seed=seed, paths=paths, renegotiation=plan.renegotiation
    )
    total = np.cumsum(run.delivered, axis=0)
    later = np.exp(-plan.rate * np.arange(1, plan.years + 1))[:, None]
    conduct = run.conduct
    return Outlook(
        terms=terms,
        years=plan.years,
        paths=paths,
        seed=seed,
        kept=estimate(share_of_due(run.honoured, run.due)),
        falls_due=bool(run.due.any()),
        accounts=accounts(conduct, run.due, run.unfinanced, run.fines.sum(axis=1)),
        breaks=_shares(conduct, conduct.since > 0),
        lapses=_shares(conduct, conduct.lapsed),
        disputes={name: float(where.mean()) for name, where in run.disputed.items()},
        reopened=_reopened(scenario, outcome, plan, run, seed),
        closed=estimate(np.isfinite(run.starts).sum(axis=0)),
        closed_by_project={
            project.name: float(closed.mean())
            for project, closed in zip(plan.projects, np.isfinite(run.starts), strict=True)
        },
        delivered={year: estimate(total[year - 1]) for year in MILESTONES if year <= plan.years},
        floor_budget=estimate((later * run.floor_paid).sum(axis=0)),
        by_year=_by_year(run),
    )


def _shares(conduct: Conduct, happened: BoolArray) -> dict[str, float]:
    shares = happened.mean(axis=1).tolist()
    return {one.party: share for one, share in zip(conduct.parties, shares, strict=True)}


def _reopened(
    scenario: Scenario, outcome: int, plan: Implementation, run: Run, seed: int
) -> Reopened | None:
    """Return what reopening the price did, against the same futures without it."""
    if plan.renegotiation is None:
        return None
    times, paths = run.conduct.reopened, len(run.due)
    firm = simulate(scenario, outcome, plan, seed=seed, paths=paths, renegotiation=None)
    due, firm_due = np.maximum(run.due, 1), np.maximum(firm.due, 1)
    return Reopened(
        share=float((times > 0).mean()),
        times=float(times.mean()),
        kept_saved=float((run.honoured / due - firm.honoured / firm_due).mean()),
        delivered_saved=float((run.delivered - firm.delivered).sum(axis=0).mean()),
        cost={
            one.party: float(times.mean()) * one.reopening * one.unit for one in run.conduct.parties
        },
    )


def _by_year(run: Run) -> tuple[YearFigures, ...]:
    figures = (estimates(one) for one in (run.delivered, run.worth, run.floor_paid))
    fines = {
        one.party: estimates(paid)
        for one, paid in zip(run.conduct.parties, run.fines, strict=True)
        if paid.any()
    }
    return tuple(
        YearFigures(
            year=year,
            delivered=delivered,
            worth=worth,
            floor_paid=paid,
            fines={party: of_party[year - 1] for party, of_party in fines.items()},
        )
        for year, (delivered, worth, paid) in enumerate(zip(*figures, strict=True), start=1)
    )
