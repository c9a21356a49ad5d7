"""The simulated years themselves: prices, conduct, projects, deliveries and payments, by path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.implementation.conduct import Conduct, YearBegun, monitoring
from games.implementation.obligors import AS_SIGNED, obligors
from games.implementation.price_paths import price_paths
from games.implementation.readings import Readings, readings_over
from games.implementation.streams import Source, stream
from games.implementation.works import Owed, Works, owed
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.parts.aftermath import Implementation, Renegotiation

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Run:
    """What happened on each path; by year the shape is (years, paths)."""

    conduct: Conduct
    """At the end of the years."""
    due: FloatArray
    """Years in which something was due, shape (paths,)."""
    honoured: FloatArray
    """Of these, those in which everybody honoured, likewise."""
    starts: FloatArray
    """When projects begin to produce, infinite if they were not financed, shape (projects, paths).
    """
    unfinanced: FloatArray
    """Share of the volume whose projects were not financed, shape (paths,)."""
    delivered: FloatArray
    """By year."""
    worth: FloatArray
    """By year, the deliveries at the market's price."""
    floor_paid: FloatArray
    """By year, undiscounted."""
    fines: FloatArray
    """In points, shape (parties, years, paths)."""
    disputed: dict[str, BoolArray]
    """By ambiguous issue, where its words are disputed while the agreement stands."""


def simulate(
    scenario: Scenario,
    outcome: int,
    plan: Implementation,
    *,
    seed: int,
    paths: int,
    renegotiation: Renegotiation | None,
) -> Run:
    """Return what becomes of an agreement on each path.

    Args:
        scenario: What was negotiated.
        outcome: What was agreed.
        plan: How the years follow from that.
        seed: Of all draws.
        paths: How many futures.
        renegotiation: How the price may be reopened; None if it may not.
    """
    prices = price_paths(plan.price, plan.years, paths, stream(seed, Source.PRICES))
    readings = readings_over(scenario, outcome, plan.years, paths, seed)
    permits = [stream(seed, Source.PERMITS, number) for number in range(len(plan.projects))]
    works = Works.before_the_first_year(scenario, plan, readings.outcomes, paths, permits)
    parties = obligors(scenario, readings.outcomes, plan)
    conduct = Conduct.at_signature(
        parties,
        monitoring(scenario.commitments, parties, plan.years, paths, seed),
        renegotiation,
        years=plan.years,
        paths=paths,
        seed=seed,
    )
    return _Simulation(
        scenario=scenario, plan=plan, prices=prices, readings=readings, works=works
    ).run(conduct)


@dataclass(frozen=True, kw_only=True)
class _Simulation:
    """Everything that does not change from year to year."""

    scenario: Scenario
    plan: Implementation
    prices: FloatArray
    readings: Readings
    works: Works

    def run(self, conduct: Conduct) -> Run:
        """Return what happens from signature to the end of the years."""
        works, years, paths = self.works, self.plan.years, self.prices.shape[1]
        volume, floor, contract = self._terms()
        starts = np.full((len(self.plan.projects), paths), np.inf)
        due, honoured = np.zeros(paths), np.zeros(paths)
        delivered, floor_paid = np.zeros((years, paths)), np.zeros((years, paths))
        fines = np.zeros((len(conduct.parties), years, paths))
        disputed = {name: np.zeros(paths, dtype=bool) for name in self.readings.disputed}
        for year in range(1, years + 1):
            price, reading = self.prices[year], self.readings.held[year - 1]
            at_stake = works.are_due(year, starts, reading)
            for name, begun in self.readings.disputed.items():
                # Whether anything was due before the award that came of it.
                open_ = works.are_due(year, starts, self._held_before(year))
                disputed[name] |= conduct.stands & open_ & (begun == year)
            agreed, signed = contract.agreed[reading], float(contract.agreed[0])
            now = YearBegun(year, price, agreed, signed, reading, at_stake)
            conduct = conduct.after(now)
            starts = works.starts_after(year, starts, price, conduct.honoured, reading)
            reneging = {
                one.party: where
                for one, where in zip(conduct.parties, conduct.reneging, strict=True)
            }
            flow = volume.still_given(reading, reneging) * conduct.in_force
            delivered[year - 1] = flow * works.output(year, starts, reading)
            moved = conduct.moved if self.plan.contract_price is None else 1.0
            support = floor.still_given(reading, reneging) * moved
            floor_paid[year - 1] = np.maximum(support - price, 0.0) * delivered[year - 1]
            if conduct.fines.any():
                fines[:, year - 1] = conduct.fines
            due += at_stake
            honoured += at_stake & conduct.honoured
        return Run(
            conduct=conduct,
            due=due,
            honoured=honoured,
            starts=starts,
            unfinanced=works.never_financed(starts),
            delivered=delivered,
            worth=delivered * self.prices[1:],
            floor_paid=floor_paid,
            fines=fines,
            disputed=disputed,
        )

    def _held_before(self, year: int) -> IndexArray:
        """Return the reading that held until a year began."""
        return AS_SIGNED if year == 1 else self.readings.held[year - 2]

    def _terms(self) -> tuple[Owed, Owed, Owed]:
        """Return volume, floor and contract price under each reading of the agreement."""
        plan, outcomes = self.plan, self.readings.outcomes
        price = plan.floor if plan.contract_price is None else plan.contract_price
        volume, floor, contract = (
            owed(self.scenario, outcomes, figure) for figure in (plan.volume, plan.floor, price)
        )
        return volume, floor, contract
