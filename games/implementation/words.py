"""The years after signature in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from games.implementation.accounts import Account
from games.implementation.conduct import Reason
from games.implementation.estimates import Estimate
from games.implementation.outlook import Outlook, Reopened
from games.implementation.units import UNKNOWN, money_unit, short, volume_unit
from games.naming import called, series

if TYPE_CHECKING:
    from games.scenario import Scenario

_CAUSES: dict[Reason, str] = {
    "price": "prices that tempted it",
    "incentive": "too little patience or trust",
    "arbitration": "a lost arbitration",
    "law": "a change of law",
    "breach": "another's breach",
    "unfinanced": "projects never financed",
}

LEAST_TOLD = 0.005
"""Share of futures, or of what is owed, below which nothing is said of what happens in it."""


def explain_outlook(scenario: Scenario, found: Outlook) -> str:
    """Return what was simulated, as a paragraph.

    Ranges run from the 5 % to the 95 % quantile of the simulated futures.
    """
    return " ".join(_sentences(scenario, found))


def _sentences(scenario: Scenario, found: Outlook) -> Iterator[str]:
    kept = found.kept
    span = "1 year" if found.years == 1 else f"{found.years} years"
    lead = f"In {found.paths:,} simulated futures of {span}, "
    yield lead + (
        f"all honour it in {kept.mean:.0%} of the years due ({kept.low:.0%} to {kept.high:.0%})."
        if found.falls_due
        else "nothing ever falls due."
    )
    yield from _breaches(scenario, found)
    lapses = [f"{_name(scenario, one)} {x:.0%}" for one, x in found.lapses.items() if _is_told(x)]
    if lapses:
        yield f"Changes of law end it ({', '.join(lapses)})."
    for issue, share in found.disputes.items():
        if not _is_told(share):
            continue
        yield f"What was written on {scenario.issues[issue].label} is disputed in {share:.0%}."
    if found.reopened is not None and _is_told(found.reopened.share):
        yield _reopening(scenario, found.reopened)
    yield from _accounts(scenario, found)
    if found.closed_by_project:
        financed = ", ".join(
            f"{name} {f'in {x:.0%}' if _is_told(x) else 'never'}"
            for name, x in found.closed_by_project.items()
        )
        yield f"Financed: {financed}."
    volume = volume_unit(scenario)
    unit = "" if volume is None else f" {volume}"
    delivered = ", ".join(
        f"{_range(estimate)}{unit} by year {year}" for year, estimate in found.delivered.items()
    )
    if delivered:
        yield f"Delivered: {delivered}."
    if found.terms.floor > 0 and found.floor_budget.high > 0:
        yield f"The floor costs {_money(scenario, found.floor_budget)} in present value."


def _breaches(scenario: Scenario, found: Outlook) -> Iterator[str]:
    """Yield who breaks its word, whether that is noticed, and what it brings and costs."""
    for one in found.accounts:
        if not _is_told(one.reneged):
            continue
        name = _name(scenario, one.party, begins=True)
        fined = f", less {one.fined.mean:.1f} in fines" if one.fined.mean > 0 else ""
        yield (
            f"{name} breaks it{_why(scenario, one)} in {one.reneged:.0%} "
            f"(noticed in {one.noticed:.0%}), which brings it {one.spoils.mean:.1f} points on "
            f"average{fined}."
        )


def _why(scenario: Scenario, one: Account) -> str:
    """Return what tempts a party that would keep an agreement while prices stood still."""
    plan = scenario.implementation
    moved = plan is not None and plan.swing.get(one.party, 0.0) != 0
    return " as prices tempt it" if moved and "incentive" not in one.unkept else ""


def _reopening(scenario: Scenario, found: Reopened) -> str:
    costs = [f"{_name(scenario, one)} {x:.1f}" for one, x in found.cost.items() if x >= 0.05]
    price = f"; it costs {', '.join(costs)} points on average" if costs else ""
    return (
        f"The price is reopened in {found.share:.0%}, which saves {found.kept_saved:.1%} of the "
        f"years due and {found.delivered_saved:,.0f} of deliveries{price}."
    )


def _accounts(scenario: Scenario, found: Outlook) -> Iterator[str]:
    """Yield what each party keeps of what it owes and why not the rest; those alike together."""
    told: dict[str, list[str]] = {}
    for one in found.accounts:
        told.setdefault(_account(one), []).append(_name(scenario, one.party))
    for account, names in told.items():
        yield f"Of what {series(names)} {'owes' if len(names) == 1 else 'owe'}, {account}."


def _account(one: Account) -> str:
    reasons = [
        f"{_CAUSES[reason]} {share:.0%}"
        for reason, share in sorted(one.unkept.items(), key=lambda item: -item[1])
        if _is_told(share)
    ]
    unkept = f"; not kept: {', '.join(reasons)}" if reasons else ""
    return f"{one.kept:.0%} is kept{unkept}"


def _is_told(share: float) -> bool:
    """Return whether a share rounds to more than 0 %: what all but never happens is left out."""
    return share >= LEAST_TOLD


def _name(scenario: Scenario, party: str, *, begins: bool = False) -> str:
    return called(scenario.parties[party].name, begins=begins)


def _range(estimate: Estimate) -> str:
    return f"{estimate.mean:,.0f} ({estimate.low:,.0f} to {estimate.high:,.0f})"


def _money(scenario: Scenario, estimate: Estimate) -> str:
    unit = money_unit(scenario)
    span = f"({short(estimate.low)} to {short(estimate.high)})"
    if unit is None:
        return f"{short(estimate.mean)} {span} {UNKNOWN},"
    return f"{short(estimate.mean)} {unit} {span}"
