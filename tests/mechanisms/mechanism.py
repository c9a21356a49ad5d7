"""What a mechanism is to be shown with: how it is switched off, what it moves, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from delegates.trials.endings import played
from games.agreement import Agreement
from games.bargaining.solutions import nash_ranking
from games.implementation.outlook import Outlook
from games.protocols.hall import HallState
from games.scenario import Scenario
from games.session import State, payoffs, start

Change = Callable[[Scenario], Scenario]
Metric = Callable[[State], float]
Ends = Callable[[Scenario, int], State]


def as_stated(scenario: Scenario) -> Scenario:
    """Return the scenario as it is."""
    return scenario


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """Where a mechanism is seen, how it is switched off, what it should move and which way."""

    title: str
    scenario: str
    off: Change
    metric: Metric
    measures: str
    """What the metric is, in words."""
    sign: Literal[1, -1, 0]
    """Which way the mechanism should move it; 0 where theory points both ways."""
    by_construction: bool = False
    """Whether the sign follows from the formulas or the rule of signing alone: then the text is the
    same with the mechanism and without."""
    on: Change = as_stated
    """What is done to the scenario where the mechanism is at work."""
    others: dict[str, Metric] = field(default_factory=dict[str, Metric])
    """Further metrics, shown beside."""
    ends: Ends = played
    """How the session of a seed ends."""
    hangs_on_chance: bool = False
    """Whether a dozen sessions do not show it: it is then looked for in the long campaign alone."""


def hall(state: State) -> HallState:
    """Return the state of a plenary or forum."""
    assert isinstance(state, HallState)
    return state


def part(scenario: Scenario, name: str, **update: object) -> Scenario:
    """Return a scenario with some figures of one part changed."""
    return scenario.model_copy(update={name: getattr(scenario, name).model_copy(update=update)})


def changed(*changes: Change) -> Change:
    """Return one change that makes several, one after the other."""

    def change(scenario: Scenario) -> Scenario:
        for one in changes:
            scenario = one(scenario)
        return scenario

    return change


def first_payoff(state: State) -> float:
    """Return what the first party has in the end, discounted."""
    return payoffs(state)[state.scenario.ids[0]]


def agrees(state: State) -> float:
    """Return 1 if there is an agreement, else 0."""
    return float(state.status == "agreement")


def payoff_of(party: str) -> Metric:
    """Return the metric of what one party has in the end, discounted."""
    return lambda state: payoffs(state)[party]


def signed_text(scenario: Scenario, seed: int) -> State:
    """Return a session that ended in a text drawn among the hundred best under Nash welfare."""
    texts = nash_ranking(scenario, 100)
    _, text = texts[Random(f"{seed}/text").randrange(len(texts))]
    return replace(start(scenario), offer=text, status="agreement")


def tonnes_by(year: int) -> Metric:
    """Return a metric: expected tonnes delivered by a year under what was agreed; 0 without."""

    def metric(state: State) -> float:
        years = years_after(state)
        return 0.0 if years is None else years.delivered[year].mean

    return metric


def financed(state: State) -> float:
    """Return the expected share of projects financed under what was agreed; 0 without."""
    years = years_after(state)
    return 0.0 if years is None else years.closed.mean


def years_after(state: State) -> Outlook | None:
    """Return the simulated years after what was agreed, computed once a text."""
    agreed = state.agreement
    if agreed is None:
        return None
    return state.scenario.once(f"years/{agreed}", lambda same: Agreement(same, agreed).outlook)
