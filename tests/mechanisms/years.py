"""What is at work in the years after signature.

Here the seed draws a text among the hundred best under Nash welfare, and futures of it are
simulated.
"""

from __future__ import annotations

from games.agreement import Agreement
from games.implementation.works import terms_of
from games.parts.aftermath import Components
from games.parts.base import PerParty
from games.scenario import Scenario
from games.session import State
from tests.mechanisms.mechanism import (
    Change,
    Mechanism,
    Metric,
    changed,
    financed,
    part,
    signed_text,
    tonnes_by,
    years_after,
)

FIRM = ("self-enforcing", "holds if each expects it")
"""Verdicts by which a text is kept without anyone being fined for it."""


def at_hand(scenario: Scenario) -> Scenario:
    """Return the scenario in which every mine can be built in a year and no law forbids it."""
    plan = scenario.implementation
    assert plan is not None
    soon = Components(kind="components", build=1.0)
    ready = tuple(
        one.model_copy(update={"lead": soon, "capped_until": 0.0}) for one in plan.projects
    )
    return part(scenario, "implementation", projects=ready)


def calm(scenario: Scenario) -> Scenario:
    """Return the scenario in which prices hardly move."""
    plan = scenario.implementation
    assert plan is not None
    price = plan.price.model_copy(update={"volatility": 0.05})
    return part(scenario, "implementation", price=price)


def at_volatility(volatility: float) -> Change:
    """Return the change to prices that move by so much a year."""

    def change(scenario: Scenario) -> Scenario:
        plan = scenario.implementation
        assert plan is not None
        price = plan.price.model_copy(update={"volatility": volatility})
        return part(scenario, "implementation", price=price)

    return change


def with_floor(floor: float) -> Change:
    """Return the change to a floor of this height, whatever was agreed."""
    return lambda scenario: part(scenario, "implementation", floor=floor)


def with_law(hazard: PerParty) -> Change:
    """Return the change to a chance per year that a law ends the agreement."""
    return lambda scenario: part(scenario, "implementation", law=hazard)


def watched(**update: object) -> Change:
    """Return a change to what stands behind a signature."""
    return lambda scenario: part(scenario, "commitments", **update)


def closed_by_floor(state: State) -> float:
    """Return how many more projects are financed for the floor than without one."""
    bare = with_floor(0.0)
    assert state.agreement is not None
    without = state.scenario.once("bare", bare)
    alone = without.once(f"years/{state.agreement}", _years_of(state.agreement))
    return financed(state) - alone


def _years_of(text: int):
    def closed(scenario: Scenario) -> float:
        years = Agreement(scenario, text).outlook
        return 0.0 if years is None else years.closed.mean

    return closed


def kept(state: State) -> float:
    """Return the expected share of what is due in which everybody honours."""
    years = years_after(state)
    return 0.0 if years is None else years.kept.mean


def firm(state: State) -> float:
    """Return 1 if the text is kept without anyone being fined for it, else 0."""
    assert state.agreement is not None
    found = Agreement(state.scenario, state.agreement).verdict
    return float(found is not None and found.kind in FIRM)


def of_nameplate(year: int) -> Metric:
    """Return a metric: tonnes expected by a year, as a share of what the text promises by then."""

    def metric(state: State) -> float:
        years, agreed = years_after(state), state.agreement
        if years is None or agreed is None:
            return 0.0
        terms = terms_of(state.scenario, agreed)
        promised = 0.0 if terms is None else terms.volume * year
        return years.delivered[year].mean / promised if promised else 0.0

    return metric


def with_host(party: str) -> Change:
    """Return the change to projects that all stand in one party's country."""

    def change(scenario: Scenario) -> Scenario:
        plan = scenario.implementation
        assert plan is not None
        there = tuple(one.model_copy(update={"host": party}) for one in plan.projects)
        return part(scenario, "implementation", projects=there)

    return change


LATE = watched(lag=3, detection=0.3)
PROMPT = watched(lag=1, detection=1.0)

YEARS: dict[str, Mechanism] = {
    "Arctic lead times": Mechanism(
        title="Mines in the Arctic need permits, seasons and a law, and are years away",
        scenario="greenland-linkage",
        ends=signed_text,
        off=at_hand,
        metric=tonnes_by(10),
        measures="tonnes expected by year 10 of a good text",
        sign=-1,
        by_construction=True,
        others={
            "tonnes by year 5": tonnes_by(5),
            "share of what is promised by year 5": of_nameplate(5),
            "share of what is promised by year 15": of_nameplate(15),
            "projects financed": financed,
        },
    ),
    "price swings": Mechanism(
        title="Prices move by 42 % a year, not by 5 %",
        scenario="greenland-linkage",
        ends=signed_text,
        off=changed(at_hand, calm),
        on=at_hand,
        metric=financed,
        measures="projects financed of a good text",
        sign=-1,
        others={"tonnes by year 15": tonnes_by(15)},
    ),
    "a price floor": Mechanism(
        title="The buyer makes up for a price below 80 USD/kg; spot is 88",
        scenario="greenland-linkage",
        ends=signed_text,
        off=changed(at_hand, with_floor(0.0)),
        on=changed(at_hand, with_floor(80.0)),
        metric=financed,
        measures="projects financed of a good text",
        sign=1,
        others={"tonnes by year 15": tonnes_by(15)},
    ),
    "floor × volatility": Mechanism(
        title="What the floor adds, where prices move by 60 % a year and not by 15 %",
        scenario="greenland-linkage",
        ends=signed_text,
        off=changed(at_hand, at_volatility(0.15), with_floor(80.0)),
        on=changed(at_hand, at_volatility(0.60), with_floor(80.0)),
        metric=closed_by_floor,
        measures="projects financed for the floor",
        sign=1,
        others={"projects financed": financed},
    ),
    "regulatory hazard": Mechanism(
        title="A law may take the projects in the host country, with 10 % a year",
        scenario="nickel-hub",
        ends=signed_text,
        off=changed(with_host("IDN"), with_law(0.0)),
        on=changed(with_host("IDN"), with_law({"IDN": 0.10})),
        metric=financed,
        measures="projects financed of a good text",
        sign=-1,
        others={"tonnes by year 15": tonnes_by(15)},
    ),
    "late detection": Mechanism(
        title="Reneging is noticed from the third year on, with 30 % a year, not at once",
        scenario="nickel-hub",
        ends=signed_text,
        off=PROMPT,
        on=LATE,
        metric=firm,
        measures="good texts that hold by themselves",
        sign=-1,
        by_construction=True,
        others={"due and honoured by all": kept},
    ),
    "the fine": Mechanism(
        title="Whoever reneges is fined 15 points with a chance of one half",
        scenario="nickel-hub",
        ends=signed_text,
        off=watched(enforcement=0.5, fine=0.0),
        on=watched(enforcement=0.5),
        metric=firm,
        measures="good texts that hold by themselves",
        sign=1,
        by_construction=True,
        others={"due and honoured by all": kept},
    ),
}
"""By the name that its row has."""
