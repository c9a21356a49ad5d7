"""What an agreement has delivered and built: its terms, and its projects from year to year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

import numpy as np

from games.compliance.game import unmet_level
from games.compliance.verdicts import owes
from games.implementation.investment import (
    Backing,
    Trigger,
    construction_years,
    trigger,
    years_until_ready,
)
from games.implementation.price_floor import FloorRange, floor_range
from games.implementation.price_paths import reversion_of
from games.outcomes import BoolArray, FloatArray, IndexArray
from games.parts.aftermath import Implementation, Project, Reading
from games.parts.base import of_party
from games.utility import TIE

if TYPE_CHECKING:
    from games.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an agreement says about deliveries and money."""

    volume: float
    """Deliveries per year."""
    floor: float
    contract_price: float
    """Price against which the spot price tempts; 0: the contract follows the market."""
    term: float
    """Years of delivery."""
    invest: float
    """Public money towards the projects' capital."""
    capped: tuple[float, ...]
    """Years during which a legal cap rules out a permit, by project."""


def terms_of(scenario: Scenario, outcome: int) -> Terms | None:
    """Return what an outcome says of deliveries and money; None without `implementation`."""
    plan = scenario.implementation
    return None if plan is None else _terms(scenario, plan, scenario.space.levels_of(outcome))


def _terms(scenario: Scenario, plan: Implementation, levels: Sequence[int]) -> Terms:
    def read(figure: float | Reading) -> float:
        return _read(scenario, levels, figure)

    floor = read(plan.floor)
    return Terms(
        volume=read(plan.volume),
        floor=floor,
        contract_price=floor if plan.contract_price is None else read(plan.contract_price),
        term=float(plan.years) if plan.term is None else read(plan.term),
        invest=read(plan.invest),
        capped=tuple(read(project.capped_until) for project in plan.projects),
    )


def _read(scenario: Scenario, levels: Sequence[int], figure: float | Reading) -> float:
    if not isinstance(figure, Reading):
        return float(figure)
    level = levels[scenario.space.issues.index(figure.issue)]
    issue = scenario.issues[figure.issue]
    if figure.values is not None:
        return figure.scale * figure.values[issue.texts[level]]
    return figure.scale * float(issue.options[level])


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A figure of the agreement, as each way of reading it has it, and whose word it rests on."""

    agreed: FloatArray
    """Shape (readings,)."""
    withheld: FloatArray
    """What is left of it where its obligor reneges, likewise; never more than was agreed."""
    obligor: str | None
    """None if no issue settles it or nobody owes it: then nothing is left of it where anybody
    reneges."""

    def still_given(self, reading: IndexArray, reneging: Mapping[str, BoolArray]) -> FloatArray:
        """Return what is given on each path this year, shape (paths,) or (1,).

        Args:
            reading: The reading that holds on each path.
            reneging: By party that owes something, where it reneges.
        """
        theirs = reneging if self.obligor is None else {self.obligor: reneging[self.obligor]}
        kept_back = np.logical_or.reduce(list(theirs.values()))
        return np.where(kept_back, self.withheld[reading], self.agreed[reading])


def owed(scenario: Scenario, outcomes: Sequence[int], figure: float | Reading) -> Owed:
    """Return a figure as it stands under each of several readings of an agreement."""
    position, obligor = None, None
    if isinstance(figure, Reading):
        position = scenario.space.issues.index(figure.issue)
        obligor = scenario.issues[figure.issue].obligor
    agreed: list[float] = []
    withheld: list[float] = []
    for outcome in outcomes:
        levels = list(scenario.space.levels_of(outcome))
        agreed.append(_read(scenario, levels, figure))
        left = 0.0
        if position is not None and obligor is not None:
            levels[position] = unmet_level(scenario, position)
            left = _read(scenario, levels, figure)
        withheld.append(min(left, agreed[-1]))
    return Owed(agreed=np.array(agreed), withheld=np.array(withheld), obligor=obligor)


AVERAGING = 1.22
"""What a volatility measured on yearly averages is multiplied by (√1.5, Working 1960)."""

REVERSION = 0.5
"""κ of the low case where the scenario's price does not revert: a judgement."""


def floor_worth(scenario: Scenario, outcome: int) -> FloorRange | None:
    """Return the fair value of an outcome's floor per unit and year; None without a floor.

    A strip over the contract's years at a forward price that stays at spot, with the volatility
    the scenario states, with that corrected for averaging, and with that and mean reversion.
    """
    plan, terms = scenario.implementation, terms_of(scenario, outcome)
    if plan is None or terms is None or terms.floor <= 0:
        return None
    measured = plan.price.volatility
    corrected = AVERAGING * measured
    reversion = reversion_of(plan.price) or REVERSION
    return floor_range(
        plan.price.spot,
        terms.floor,
        years=max(round(terms.term), 1),
        rate=plan.rate,
        assumptions=((measured, 0.0), (corrected, 0.0), (corrected, reversion)),
    )


@dataclass(frozen=True, kw_only=True)
class Works:
    """The projects of an agreement on many paths, whose starts are kept apart.

    A start is the number of years from signature to production, infinite before financial close;
    starts have the shape (projects, paths).
    """

    plan: Implementation
    term: FloatArray
    """Years under contract, by reading of the agreement, shape (readings,)."""
    ready: FloatArray
    """Years until a project could be financed, shape (projects, paths)."""
    above: FloatArray
    """Price from which each project is financed, shape (projects, readings)."""
    below: FloatArray
    """Price below which it is financed as well, likewise."""

    @classmethod
    def before_the_first_year(
        cls,
        scenario: Scenario,
        plan: Implementation,
        outcomes: Sequence[int],
        paths: int,
        rngs: Sequence[np.random.Generator],
    ) -> Works:
        """Return the projects at signature, their lead times drawn by one generator each.

        Args:
            scenario: What was negotiated.
            plan: How the years follow from that.
            outcomes: The agreement as it may be read; the first is as signed.
            paths: How many futures there are.
            rngs: Of each project.
        """
        terms = [_terms(scenario, plan, scenario.space.levels_of(one)) for one in outcomes]
        ready = [
            years_until_ready(project, capped, paths, rng)
            for project, capped, rng in zip(plan.projects, terms[0].capped, rngs, strict=True)
        ]
        triggers = np.array([triggers_of(scenario, plan, one) for one in terms])
        triggers = triggers.reshape(len(terms), len(plan.projects), 2)
        return cls(
            plan=plan,
            term=np.array([one.term for one in terms]),
            ready=np.array(ready).reshape(len(plan.projects), paths),
            above=triggers[:, :, 0].T,
            below=triggers[:, :, 1].T,
        )

    @property
    def existing(self) -> float:
        """Share of the volume that comes from existing output, from the first year on."""
        share = 1.0 - sum(project.share for project in self.plan.projects)
        return share if share > TIE else 0.0

    def are_due(self, year: int, starts: FloatArray, reading: IndexArray) -> BoolArray:
        """Return on which paths deliveries are due this year or still to come, shape (paths,)."""
        due = np.full(starts.shape[1], self.existing > 0) & (self.term[reading] > year - 1)
        for project, start in zip(self.plan.projects, starts, strict=True):
            due |= start + self._lasting(project, reading) > year - 1
        return due

    def _lasting(self, project: Project, reading: IndexArray) -> FloatArray:
        return np.minimum(self.term[reading], project.life)

    def starts_after(
        self,
        year: int,
        starts: FloatArray,
        price: FloatArray,
        honoured: BoolArray,
        reading: IndexArray,
    ) -> FloatArray:
        """Return the starts with those of projects that reach financial close in this year.

        Args:
            year: The year, counted from 1.
            starts: The starts known before.
            price: The market price at its end, shape (paths,).
            honoured: Where the agreement stands and everybody honours it, shape (paths,).
            reading: The reading that holds on each path.
        """
        found = starts.copy()
        for number, project in enumerate(self.plan.projects):
            trigger = Trigger(self.above[number][reading], self.below[number][reading])
            closing = honoured & (self.ready[number] <= year) & np.isinf(starts[number])
            closing &= trigger.is_met(price)
            found[number][closing] = year + construction_years(project)
        return found

    def output(self, year: int, starts: FloatArray, reading: IndexArray) -> FloatArray:
        """Return the share of the yearly volume that is delivered this year, shape (paths,)."""
        paths = starts.shape[1]
        total = self.existing * np.broadcast_to(overlap(year, 0.0, self.term[reading]), paths)
        for project, start in zip(self.plan.projects, starts, strict=True):
            lasting = self._lasting(project, reading)
            total = total + project.share * overlap(year, start, start + lasting)
        return total

    def never_financed(self, starts: FloatArray) -> FloatArray:
        """Return the share of the volume whose projects were not financed, shape (paths,)."""
        shares = np.array([project.share for project in self.plan.projects])
        return shares @ np.isinf(starts)


def overlap(year: int, start: float | FloatArray, end: float | FloatArray) -> FloatArray:
    """Return how much of a year, counted from 1, lies between two dates."""
    return np.clip(np.minimum(end, year) - np.maximum(start, year - 1), 0.0, 1.0)


def triggers_of(scenario: Scenario, plan: Implementation, terms: Terms) -> list[Trigger]:
    """Return when each project is financed, public money shared out by capex.

    Those who finance it foresee that the law of anyone who owes something may end the contract, and
    that of the project's host the project; if no host is stated every supplier is one.
    """
    capex = sum(project.capex for project in plan.projects)
    private = max(capex - terms.invest, 0.0) / capex if capex > 0 else 0.0
    hazards = {
        party: _hazard(of_party(plan.law, party)) for party in scenario.ids if owes(scenario, party)
    }
    suppliers = {party for party in hazards if scenario.parties[party].side == "supplier"}
    found: list[Trigger] = []
    for project in plan.projects:
        hosts = suppliers if project.host is None else {project.host} & set(hazards)
        backing = Backing(
            floor=terms.floor,
            term=terms.term,
            rate=plan.rate,
            contract_hazard=sum(hazards.values()),
            host_hazard=sum(hazards[party] for party in hosts),
        )
        output, capital = project.share * terms.volume, project.capex * private
        found.append(trigger(project, plan.price, output=output, capital=capital, backing=backing))
    return found


def _hazard(chance: float) -> float:
    """Return λ, the rate at which something comes that comes within a year with a chance."""
    return -log1p(-min(chance, _SURE))


_SURE = 1 - 1e-9
"""A chance whose rate is still finite."""
