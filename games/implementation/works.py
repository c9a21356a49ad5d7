"""What an agreement has delivered and built: its terms, and its projects from year to year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.aftermath import Implementation, Project, Reading
from games.implementation.investment import construction_years, trigger_price, years_until_ready
from games.implementation.price_floor import FloorRange, floor_range
from games.implementation.price_paths import reversion_of
from games.outcomes import BoolArray, FloatArray
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

    def gap(self, price: FloatArray) -> FloatArray:
        """Return how far market prices lie above the contract's, as a share of it."""
        if self.contract_price <= 0:
            return np.zeros_like(price)
        return price / self.contract_price - 1


def terms_of(scenario: Scenario, outcome: int) -> Terms | None:
    """Return what an outcome says of deliveries and money; None without `implementation`."""
    plan = scenario.implementation
    if plan is None:
        return None

    def read(figure: float | Reading) -> float:
        return _read(scenario, outcome, figure)

    floor = read(plan.floor)
    return Terms(
        volume=read(plan.volume),
        floor=floor,
        contract_price=floor if plan.contract_price is None else read(plan.contract_price),
        term=float(plan.years) if plan.term is None else read(plan.term),
        invest=read(plan.invest),
        capped=tuple(read(project.capped_until) for project in plan.projects),
    )


def _read(scenario: Scenario, outcome: int, figure: float | Reading) -> float:
    if not isinstance(figure, Reading):
        return float(figure)
    position = scenario.space.issues.index(figure.issue)
    level = scenario.space.levels_of(outcome)[position]
    issue = scenario.issues[figure.issue]
    if figure.values is not None:
        return figure.scale * figure.values[issue.texts[level]]
    return figure.scale * float(issue.options[level])


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
    terms: Terms
    ready: FloatArray
    """Years until a project could be financed, shape (projects, paths)."""
    triggers: tuple[float, ...]
    """Price from which each project is financed."""

    @classmethod
    def before_the_first_year(
        cls, plan: Implementation, terms: Terms, paths: int, rngs: Sequence[np.random.Generator]
    ) -> Works:
        """Return the projects at signature, their lead times drawn by one generator each."""
        ready = [
            years_until_ready(project, capped, paths, rng)
            for project, capped, rng in zip(plan.projects, terms.capped, rngs, strict=True)
        ]
        return cls(
            plan=plan,
            terms=terms,
            ready=np.array(ready).reshape(len(plan.projects), paths),
            triggers=trigger_prices(plan, terms),
        )

    @property
    def existing(self) -> float:
        """Share of the volume that comes from existing output, from the first year on."""
        share = 1.0 - sum(project.share for project in self.plan.projects)
        return share if share > TIE else 0.0

    def are_due(self, year: int, starts: FloatArray) -> BoolArray:
        """Return on which paths deliveries are due this year or still to come, shape (paths,)."""
        lasting = np.array([self._lasting(project) for project in self.plan.projects])
        coming = np.any(starts + lasting[:, None] > year - 1, axis=0)
        return np.asarray(coming | (self.existing > 0 and self.terms.term > year - 1))

    def _lasting(self, project: Project) -> float:
        return min(self.terms.term, project.life)

    def starts_after(
        self, year: int, starts: FloatArray, price: FloatArray, intact: BoolArray
    ) -> FloatArray:
        """Return the starts with those of projects that reach financial close in this year.

        Args:
            year: The year, counted from 1.
            starts: The starts known before.
            price: The market price at its end, shape (paths,).
            intact: Where the agreement stands, shape (paths,).
        """
        triggers = np.array(self.triggers)[:, None]
        building = np.array([construction_years(project) for project in self.plan.projects])
        closing = intact & (self.ready <= year) & np.isinf(starts) & (price >= triggers)
        return np.where(closing, year + building[:, None], starts)

    def output(self, year: int, starts: FloatArray) -> FloatArray:
        """Return the share of the yearly volume that is delivered this year, shape (paths,)."""
        total = np.full(starts.shape[1], self.existing * overlap(year, 0.0, self.terms.term))
        for project, start in zip(self.plan.projects, starts, strict=True):
            total += project.share * overlap(year, start, start + self._lasting(project))
        return total


def overlap(year: int, start: float | FloatArray, end: float | FloatArray) -> FloatArray:
    """Return how much of a year, counted from 1, lies between two dates."""
    return np.clip(np.minimum(end, year) - np.maximum(start, year - 1), 0.0, 1.0)


def trigger_prices(plan: Implementation, terms: Terms) -> tuple[float, ...]:
    """Return the price from which each project is financed, public money shared out by capex."""
    capex = sum(project.capex for project in plan.projects)
    private = max(capex - terms.invest, 0.0) / capex if capex > 0 else 0.0
    return tuple(
        trigger_price(
            project,
            plan.price,
            output=project.share * terms.volume,
            capital=project.capex * private,
            floor=terms.floor,
            term=terms.term,
            rate=plan.rate,
        )
        for project in plan.projects
    )
