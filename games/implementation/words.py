"""The years after signature in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.aftermath import Implementation, Reading
from games.implementation.outlook import Estimate, Outlook

if TYPE_CHECKING:
    from games.scenario import Scenario


def explain_outlook(scenario: Scenario, found: Outlook) -> str:
    """Return what was simulated, as a paragraph.

    Ranges run from the 5 % to the 95 % quantile of the simulated futures.
    """
    plan = scenario.implementation
    kept = found.kept
    lead = f"In {found.paths:,} simulated futures of {found.years} years, "
    lead += (
        f"{kept.mean:.0%} of what is due is kept ({kept.low:.0%} to {kept.high:.0%})."
        if found.falls_due
        else "nothing ever falls due."
    )
    sentences = [lead]
    ends = [
        *_ends(scenario, found.breaks, "{}'s breach" + _why(plan)),
        *_ends(scenario, found.lapses, "a change of {}'s law"),
    ]
    sentences += [f"It ends by {', by '.join(ends)}."] if ends else []
    if found.closed_by_project:
        financed = ", ".join(f"{name} in {x:.0%}" for name, x in found.closed_by_project.items())
        sentences.append(f"Financed: {financed}.")
    unit = _unit(scenario, plan)
    delivered = ", ".join(
        f"{_range(estimate)}{unit} by year {year}" for year, estimate in found.delivered.items()
    )
    sentences += [f"Delivered: {delivered}."] if delivered else []
    if found.terms.floor > 0:
        sentences.append(f"The floor costs {_range(found.floor_budget)} in present value.")
    return " ".join(sentences)


def _why(plan: Implementation | None) -> str:
    """Return what tempts parties that would keep an agreement while prices stood still."""
    return " as prices tempt it" if plan is not None and any(plan.swing.values()) else ""


def _ends(scenario: Scenario, shares: dict[str, float], cause: str) -> list[str]:
    return [
        f"{cause.format(scenario.parties[party].name)} in {share:.0%}"
        for party, share in shares.items()
        if share > 0
    ]


def _range(estimate: Estimate) -> str:
    return f"{estimate.mean:,.0f} ({estimate.low:,.0f} to {estimate.high:,.0f})"


def _unit(scenario: Scenario, plan: Implementation | None) -> str:
    """Return the unit of volume, its "per year" left off, if an issue's own options state it."""
    volume = None if plan is None else plan.volume
    if not isinstance(volume, Reading) or volume.values is not None or volume.scale != 1.0:
        return ""
    unit = scenario.issues[volume.issue].unit.partition("/")[0].strip()
    return f" {unit}" if unit else ""
